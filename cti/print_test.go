package cti_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
)

func TestValuesPrintOnOneLine(t *testing.T) {
	bob := cti.Party{Number: "4002", Name: "Bob", Status: cti.Known}
	on := true
	call := cti.Call{ID: "17", State: cti.Connected, Calling: cti.PartyOf("0612"), Called: cti.PartyOf("4001"),
		Parties: []cti.CallParty{{Device: cti.PartyOf("0612"), State: cti.Connected}, {Device: bob, State: cti.Hold}}, Stale: true}
	features := cti.Features{Forwards: []cti.Forward{{Type: cti.ForwardBusy, Origin: cti.ExternalCalls, Active: true, To: "4009"}}, DoNotDisturb: &on, Agent: cti.AgentReady}
	ev := cti.Event{Kind: cti.Delivered, Device: "4001", Call: "17", State: cti.Alerting, Calling: cti.PartyOf("0612"), Called: cti.PartyOf("4001"), Cause: cti.CauseNewCall}
	shot := &cti.Snapshot{Device: "4001", Time: time.Now(), Calls: []cti.Call{call}, Features: features}
	for want, v := range map[string]any{
		"Delivered 4001 call 17 alerting 0612 → 4001 (new call)": ev,
		"4002 Bob":                            bob,
		"4002 Bob hold":                       call.Parties[1],
		"withheld":                            cti.Party{Status: cti.Restricted, Number: "0612"},
		"4001: no call":                       cti.Snapshot{Device: "4001"},
		"17/4001":                             cti.ConnectionID{Call: "17", Device: "4001"},
		"unknown":                             cti.Other{},
		"0612 Paul":                           cti.Other{Number: "0612", Name: "Paul"},
		"immediate off":                       cti.Forward{},
		"agent ready":                         cti.Features{Agent: cti.AgentReady},
		"Gap 4001 overflow, 3 lost":           cti.Event{Kind: cti.GapFound, Device: "4001", Gap: cti.Gap{Reason: cti.GapOverflow, Count: 3}},
		"Forwarding 4001 no answer to 4009":   cti.Event{Kind: cti.Forwarding, Device: "4001", Forward: cti.Forward{Type: cti.ForwardNoAnswer, Active: true, To: "4009"}},
		"LinkDown paris \"connection reset\"": cti.Event{Kind: cti.LinkDown, Link: "paris", Text: "connection reset"},
		"Snapshot 4001: call 17 connected 0612 → 4001, with 0612 connected and 4002 Bob hold (stale); forward busy, external calls, to 4009; do not disturb; agent ready": cti.Event{Kind: cti.SnapshotTaken, Device: "4001", Snapshot: shot},
	} {
		require.Equal(t, want, fmt.Sprint(v))
		require.Equal(t, want, fmt.Sprintf("%v", v))
		require.Equal(t, want, fmt.Sprintf("%+v", v))
		for _, out := range logged(v) {
			require.Contains(t, out, strings.ReplaceAll(want, `"`, `\"`), "slog")
			require.Equal(t, 1, strings.Count(out, "\n"), "slog")
		}
	}
	require.Equal(t, fmt.Sprint(ev), fmt.Sprint(&ev))
}

func logged(v any) []string {
	var text, json bytes.Buffer
	slog.New(slog.NewTextHandler(&text, nil)).Info("m", "v", v)
	slog.New(slog.NewJSONHandler(&json, nil)).Info("m", "v", fmt.Sprint(v))
	return []string{text.String(), json.String()}
}

// Nothing that a PBX or a caller sends can end a line of a log or command a
// terminal.
func TestHostileTextDoesNotReachALog(t *testing.T) {
	hostile(t, "\x1b]0;pwned\a\x1b[2J\nDelivered 4001 call 9 alerting 0800\u202e\u2028\x85")
}

func FuzzHostileText(f *testing.F) {
	f.Add("0612\r\n")
	f.Fuzz(func(t *testing.T, s string) { hostile(t, s) })
}

func hostile(t *testing.T, s string) {
	device := cti.DeviceID("06" + s)
	party := cti.Party{Number: device, Name: s, Status: cti.Known}
	call := cti.Call{ID: cti.CallID(s), Calling: party, Called: party, Parties: []cti.CallParty{{Device: party}, {Device: party}}}
	shot := cti.Snapshot{Device: device, Calls: []cti.Call{call, call}, Features: cti.Features{Forwards: []cti.Forward{{Active: true, To: s}}}}
	values := []any{party, call, call.Parties[0], shot, shot.Features, shot.Features.Forwards[0], cti.Other{Number: device}, cti.Other{Number: device, Name: s}, cti.ConnectionID{Call: cti.CallID(s), Device: device},
		&cti.Error{Op: cti.OpMakeCall, Device: device, Line: "4001", Link: s, Code: s, Detail: s, Err: errors.New(s)},
		fmt.Errorf("host: %w", &cti.Error{Code: s, Err: cti.ErrRefused})}
	for k := cti.Kind(1); k.Class() != cti.NoClass; k++ {
		values = append(values, cti.Event{Kind: k, Device: device, Call: cti.CallID(s), Link: s, Text: s, Calling: party, Called: party, Subject: party,
			Snapshot: &shot, Forward: cti.Forward{Active: true, To: s}, Agent: s})
	}
	for _, v := range values {
		text := fmt.Sprint(v)
		require.False(t, strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u202e' }), "%T: %q", v, text)
	}
}
