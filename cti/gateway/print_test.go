package gateway

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
)

// Statuses and changes print on one line, without what could forge a line of a log.
func TestPrinting(t *testing.T) {
	const s = "a\x1b]0;pwned\a\r\nb\u202e\u2028"
	link := LinkStatus{Name: s, Address: s, LastError: s}
	ext := ExtensionStatus{Number: s, User: s, Link: s, Reason: cti.ReasonMoving}
	change := Change{LinksAdded: []string{s}, DevicesAdded: []cti.DeviceID{s}}
	values := []any{link, &link, ext, &ext, change, &change}
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
		"paris CSTA pbx:3211 up, 12 of 50 used, last error: EOF":                   LinkStatus{Name: "paris", Protocol: cti.CSTA, Address: "pbx:3211", State: LinkIsUp, Used: 12, Capacity: 50, LastError: "EOF"},
		"4001 ann supervised by paris (explicit), calls: 1":                        ExtensionStatus{Number: "4001", User: "ann", State: StateSupervised, Link: "paris", Mode: ModeExplicit, Calls: 1},
		"4001 unsupervised: " + cti.ReasonMoving.String() + ", calls: 0":           ExtensionStatus{Number: "4001", Reason: cti.ReasonMoving},
		"links +1 -0 reopened 0 updated 0, extensions +1 -0 restarted 0 updated 0": change,
	} {
		require.Equal(t, want, fmt.Sprint(v))
	}
	var none *Change
	require.Equal(t, "<nil>", fmt.Sprint(none))
}
