package ecma323_test

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/testenv"
)

// elements are the components of ECMA-285 whose element has another name.
var elements = map[string]string{
	"originatingNIDConnection": "", "requestedMonitorObject": "monitorObject", "eventCause": "cause",
}

// TestMandatory: what ECMA-285 does not call OPTIONAL is in every event, even
// where the model has nothing for it. The schema at hand cannot tell.
func TestMandatory(t *testing.T) {
	asn1, err := os.ReadFile(testenv.Standards(t, "csta", "CSTA3.asn1"))
	require.NoError(t, err)
	c, checked := codec(6), 0
	for kind := cti.Bridged; kind < cti.Private; kind++ {
		e := message.Event{Kind: kind, CrossRef: message.Text("1"), Connection: message.ConnectionOf("1", message.Number("2")),
			Secondary: message.ConnectionOf("3", message.Number("2")), State: cti.Null}
		e.Device, e.Subject = message.Number("3"), message.Number("2")
		out, err := c.AppendEvent(nil, 0, &e)
		if err != nil {
			if !errors.Is(err, message.ErrNotCarried) {
				require.ErrorContains(t, err, "is missing") // needs more than a device and a call
			}
			continue
		}
		doc := string(out)
		name := doc[strings.Index(doc, "?><")+3:]
		name = name[:strings.IndexByte(name, ' ')]
		for _, component := range mandatory(string(asn1), strings.Replace(name, "TransferedEvent", "TransferredEvent", 1)) {
			element, renamed := elements[component]
			if !renamed {
				element = component
			}
			if strings.Contains(doc, "<"+element) {
				checked++
				continue
			}
			assert.Fail(t, name+" lacks "+component)
		}
	}
	require.Greater(t, checked, 100)
}

var component = regexp.MustCompile(`(?m)^\s+([a-z]\w*)\s+([^,\n]*)`)

// mandatory are the components of a SEQUENCE that are not OPTIONAL.
func mandatory(module, name string) (out []string) {
	_, body, ok := strings.Cut(module, "\n"+name+" ::= SEQUENCE {")
	if !ok {
		return nil
	}
	body, _, _ = strings.Cut(body, "\n}")
	for _, m := range component.FindAllStringSubmatch(body, -1) {
		if !strings.Contains(m[2], "OPTIONAL") && !strings.Contains(m[2], "DEFAULT") {
			out = append(out, m[1])
		}
	}
	return out
}
