package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/vtixml/vtixmltest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func runGateway(ctx context.Context, args ...string) (status int, out, errs string) {
	var o, e bytes.Buffer
	status = showGateway(ctx, args, &o, &e)
	return status, o.String(), e.String()
}

func file(t *testing.T, name, text string) string {
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func TestMistakesAreAllNamed(t *testing.T) {
	path := file(t, "bad.json", `{
		"links": [
			{"name": "a", "protocol": "VTI-XML", "address": "x:1", "capacity": 0},
			{"name": "a", "protocol": "CSTA", "address": "y:1", "pbx": "Unheard Of", "capacity": 5}
		],
		"extensions": [{"first": "100", "count": 3, "protocol": "VTI-XML"}, {"first": "102", "protocol": "VTI-XML"}],
		"dialPlan": {"InternalLength": -1},
		"contacts": "nowhere.csv"
	}`)
	status, out, errs := runGateway(t.Context(), "-config", path)
	require.Equal(t, 2, status)
	require.Empty(t, out)
	for _, mistake := range []string{"  links[0].capacity: must be at least 1", "links[1].name", `links[1].pbx: unknown type of PBX "Unheard Of"`,
		"extensions[1].number", "dialPlan", "InternalLength", "contacts.directory.company: missing"} {
		require.Contains(t, errs, mistake)
	}
	path = file(t, "worse.json", `{
		"links": [{"name": "a", "protocol": "VTI-XML", "address": "x:1", "location": "99", "capacity": "many"}],
		"extensions": [{"first": "100", "protocol": "SIP"}],
		"size": 2
	}`)
	status, _, errs = runGateway(t.Context(), "-config", path)
	require.Equal(t, 2, status)
	for _, mistake := range []string{`links[0].location: must be site.cluster, two decimal numbers, got "99"`, "links[0].capacity: must be a whole number, got a string", `extensions[0].protocol: unknown protocol "SIP"`, "size: unknown field"} {
		require.Contains(t, errs, mistake)
	}
	for _, args := range [][]string{{"-config", "none.json"}, {"-nonsense"}, {"more"}, {"-export", "a", "-import", "b"}, {"-key", "none"}, {"-key", path}} {
		status, out, errs := runGateway(t.Context(), args...)
		require.Equal(t, 2, status, args)
		require.Empty(t, out)
		require.NotEmpty(t, errs)
	}
}

// TestRealLinks: the addresses in the file are dialled; what cannot be reached
// is told, and a call is shown.
func TestRealLinks(t *testing.T) {
	network := ctitest.NewNetwork(ctitest.Options{})
	network.Add(cti.Extension{Number: "4001"}, cti.Extension{Number: "4002"})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer vtixmltest.Serve(listener, network.Link("there", ctitest.LinkOptions{}), vtixmltest.Options{}).Close()
	path := file(t, "site.json", `{
		"links": [
			{"name": "there", "protocol": "VTI-XML", "address": "`+listener.Addr().String()+`", "capacity": 10},
			{"name": "nowhere", "protocol": "CSTA", "address": "127.0.0.1:1", "capacity": 10}
		],
		"extensions": [{"first": "4001", "count": 2, "protocol": "VTI-XML"}, {"first": "5001", "protocol": "CSTA"}]
	}`)
	status, out, errs := runGateway(t.Context(), "-config", path, "-json")
	require.Zero(t, status, errs)
	var got struct {
		Supervised   int
		Unsupervised map[string]int
		Links        []struct{ Name, State string }
	}
	require.NoError(t, json.Unmarshal([]byte(out), &got))
	require.Equal(t, 2, got.Supervised)
	require.Equal(t, map[string]int{"link down": 1}, got.Unsupervised)
	require.Equal(t, "up", got.Links[0].State)

	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	shown := &untilCall{network: network, seen: interrupt}
	var e bytes.Buffer
	require.Zero(t, showGateway(ctx, []string{"-config", path}, shown, &e), e.String())
	require.Contains(t, shown.String(), "supervised: 2 of 3")
	require.Contains(t, shown.String(), "nowhere: ")
	require.Contains(t, shown.String(), "Delivered 4002")
}

// untilCall has somebody call once events are shown, and ends the program when
// the call is.
type untilCall struct {
	bytes.Buffer
	network *ctitest.Network
	seen    func()
	called  bool
}

func (u *untilCall) Write(p []byte) (int, error) {
	n, err := u.Buffer.Write(p)
	if text := u.String(); !u.called && strings.Contains(text, "\nEvents\n") {
		u.called = true
		_ = u.network.Set("4001").Call("4002") // not shown, then
	} else if strings.Contains(text, "Delivered 4002") {
		u.seen()
	}
	return n, err
}

// TestWholeConfiguration: what is exported, imported and exported again is the
// same, with a key as without one.
func TestWholeConfiguration(t *testing.T) {
	dir := t.TempDir()
	key := file(t, "key", strings.Repeat("0123456789abcdef", 4)+"\n")
	for name, flags := range map[string][]string{"sealed": {"-key", key}, "without": nil} {
		first := filepath.Join(dir, name+".json")
		status, out, errs := runGateway(t.Context(), append(flags, "-export", first)...)
		require.Zero(t, status, errs)
		require.Regexp(t, regexp.MustCompile(`(?s)^-------------  START --------------\n.*Exporting companies\.\.\. 1 done\n.*`+
			`Exporting links\.\.\. 4 done\nExporting extensions\.\.\. 960 done\n.*Exporting users\.\.\. 2 done\n.*--------------  END ---------------\n$`), out)
		document, err := os.ReadFile(first)
		require.NoError(t, err)
		require.NotContains(t, string(document), `"0000"`)
		status, _, _ = runGateway(t.Context(), append(flags, "-export", first)...)
		require.Equal(t, 1, status, "nothing is overwritten")

		status, out, errs = runGateway(t.Context(), append(flags, "-import", first)...)
		require.Zero(t, status, errs)
		require.Contains(t, out, "Checking extensions... 960 done\n")
		require.NotContains(t, out, "Creating")
		require.Contains(t, out, "Nothing was changed. With -yes")
		status, out, errs = runGateway(t.Context(), append(flags, "-import", first, "-yes")...)
		require.Zero(t, status, errs)
		require.Contains(t, out, "Creating extensions... 960 done\n")
		require.Regexp(t, `supervised: 960 of 960`, out)
	}
	// Without a key the passwords are missing elsewhere, and that is told.
	empty := file(t, "empty.json", `{"links": [{"name": "x", "protocol": "VTI-XML", "address": "127.0.0.1:1", "capacity": 1}], "extensions": []}`)
	status, _, errs := runGateway(t.Context(), "-config", empty, "-import", filepath.Join(dir, "without.json"), "-yes")
	require.Equal(t, 1, status)
	require.Contains(t, errs, "extensions[0].password: ")
	// A sealed one needs the key.
	status, _, errs = runGateway(t.Context(), "-config", empty, "-import", filepath.Join(dir, "sealed.json"))
	require.Equal(t, 1, status)
	require.Contains(t, errs, "no seal key")
}
