package driver

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
)

// Requests, replies and settings print on one line, without what is secret and
// without what could forge a line of a log.
func TestPrinting(t *testing.T) {
	const s = "a\x1b]0;pwned\a\r\nb\u202e\u2028"
	connection := cti.ConnectionID{Call: s, Device: s}
	party := cti.Party{Number: s, Name: s, Status: cti.Known}
	call := cti.Call{ID: s, Calling: party, Called: party}
	request := Request{Op: cti.OpMakeCall, Device: s, Connection: connection, Held: connection, Number: s, Target: s, On: true,
		Forward: cti.Forward{Active: true, To: s}, Agent: cti.Agent{State: cti.AgentReady, ID: s, Password: ctikit.NewSecret("hunter2"), Group: s},
		Data: cti.CallData{Account: "hunter2", Authorisation: ctikit.NewSecret("hunter2")}, Private: []byte("hunter2")}
	reply := Reply{Connection: connection, On: true, Forwards: []cti.Forward{request.Forward}, Agent: cti.AgentReady,
		Snapshot: &cti.Snapshot{Device: s, Calls: []cti.Call{call}}, Call: &call, Features: cti.Features{Forwards: []cti.Forward{request.Forward}},
		Devices: []cti.DeviceID{s}, Private: []byte("hunter2")}
	settings := LinkSettings{Address: s, PBX: s, User: s, Password: ctikit.NewSecret("hunter2"), Application: s, TLS: true}
	digits := Request{Op: cti.OpGenerateDigits, Connection: connection, Number: "12345"}
	values := []any{request, &request, reply, &reply, settings, &settings, digits}
	for _, v := range values {
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("m", "v", v)
		require.Equal(t, 1, strings.Count(log.String(), "\n"))
		for _, verb := range []string{"%v", "%+v", "%s"} {
			text := fmt.Sprintf(verb, v)
			require.False(t, strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u202e' }), "%T: %q", v, text)
			require.NotContains(t, text, "0x", "%T", v)
			for _, secret := range []string{"hunter2", "12345"} {
				require.NotContains(t, text+log.String(), secret, "%T", v)
			}
		}
	}
	for want, v := range map[string]any{
		"make call 4001 number 0612":                    Request{Op: cti.OpMakeCall, Device: "4001", Number: "0612"},
		"alternate call call 1/4001 held 2/4001":        Request{Op: cti.OpAlternateCall, Connection: cti.ConnectionID{Call: "1", Device: "4001"}, Held: cti.ConnectionID{Call: "2", Device: "4001"}},
		"generate digits call 1/4001 5 digits":          Request{Op: cti.OpGenerateDigits, Connection: cti.ConnectionID{Call: "1", Device: "4001"}, Number: "12345"},
		"set do not disturb 4001 off":                   Request{Op: cti.OpSetDoNotDisturb, Device: "4001"},
		"set forwarding 4001 forward immediate to 4009": Request{Op: cti.OpSetForwarding, Device: "4001", Forward: cti.Forward{Active: true, To: "4009"}},
		"escape 7 bytes of vendor data":                 Request{Op: cti.OpEscape, Private: []byte("hunter2")},
		"done":                                          Reply{},
		"call 17/4001":                                  Reply{Connection: cti.ConnectionID{Call: "17", Device: "4001"}},
		"on; 2 devices":                                 Reply{On: true, Devices: make([]cti.DeviceID, 2)},
		"pbx:3211 as cti, TLS":                          LinkSettings{Address: "pbx:3211", User: "cti", TLS: true},
	} {
		require.Equal(t, want, fmt.Sprint(v))
	}
}
