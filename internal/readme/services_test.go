package readme

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/csta/cstatest"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/internal/testenv"
	"github.com/ctikit/ctikit/vtixml"
	"github.com/ctikit/ctikit/vtixml/vtixmltest"
)

// TestServices: the table of docs/services.md is what sessions say of
// themselves. Write it anew with
//
//	go test ./internal/readme -run TestServices -update
func TestServices(t *testing.T) {
	const begin, end = "<!-- written by a test: begin -->\n", "<!-- end -->\n"
	file := filepath.Join(testenv.Root(t), "docs", "services.md")
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	before, rest, ok := strings.Cut(string(data), begin)
	require.True(t, ok, begin)
	old, after, ok := strings.Cut(rest, end)
	require.True(t, ok, end)
	now := "\n" + table(t) + "\n"
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(before+begin+now+end+after), 0o644))
		return
	}
	require.Equal(t, now, old, "write it anew with -update")
}

// table has a row for each operation and a column for each driver.
func table(t *testing.T) string {
	var b strings.Builder
	heads := []string{"operation", "VTI-XML", "CSTA I", "CSTA II", "CSTA III", "CSTA III in XML"}
	fmt.Fprintf(&b, "| %s |\n|%s\n", strings.Join(heads, " | "), strings.Repeat("---|", len(heads)))
	columns := []cti.Operations{overVTIXML(t), overCSTA(t, csta.Generic1), overCSTA(t, csta.Generic2), overCSTA(t, csta.Generic3), overCSTA(t, csta.GenericXML)}
	for _, op := range cti.FullCTI().Without(cti.OpOpen).List() {
		fmt.Fprintf(&b, "| %s |", op)
		for _, can := range columns {
			if can.Has(op) {
				b.WriteString(" yes |")
			} else {
				b.WriteString(" – |")
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

func overVTIXML(t *testing.T) cti.Operations {
	listener, port := pbx(cti.VTIXML)
	server := vtixmltest.Serve(listener, port, vtixmltest.Options{})
	defer server.Close()
	return operations(t, vtixml.Config{Addr: "pbx.example", Dial: listener.Dial})
}

func overCSTA(t *testing.T, p csta.Profile) cti.Operations {
	listener, port := pbx(cti.CSTA)
	server := cstatest.Serve(listener, port, p)
	defer server.Close()
	return operations(t, csta.Config{Addr: "pbx.example", Profile: p, Dial: listener.Dial})
}

// pbx is a PBX in memory that can do everything, and a listener for it.
func pbx(p cti.Protocol) (*ctitest.Listener, *ctitest.Link) {
	return ctitest.Listen(ctitest.PipeOptions{}), ctitest.NewNetwork(ctitest.Options{}).Link("pbx", ctitest.LinkOptions{Protocol: p,
		Escape: func([]byte) ([]byte, error) { return nil, nil }})
}

// operations opens a session and asks it.
func operations(t *testing.T, c driver.Connector) cti.Operations {
	s, err := c.Open(context.Background(), deaf{})
	require.NoError(t, err)
	defer s.Close()
	return s.Capabilities().Operations
}

// deaf is a sink for sessions without events.
type deaf struct{}

func (deaf) Event(*cti.Event) {}
