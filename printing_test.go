package ctikit_test

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

	"github.com/ctikit/ctikit"
)

// Nothing from outside can end a line of a log or command a terminal.
func TestPrinting(t *testing.T) {
	const hostile = "a\x1b]0;pwned\a\r\nb\u202e\u2028"
	problem := ctikit.Problem{Path: hostile, Message: hostile}
	incident := ctikit.Incident{Code: hostile, Subject: hostile, Message: hostile, Err: errors.New(hostile), Company: hostile}
	_, sealErr := ctikit.NewSealKey().Open("x", ctikit.Binding{Kind: hostile, ID: hostile})
	for _, v := range []any{problem, &problem, ctikit.Problem{Message: hostile}, ctikit.Problems{problem}, incident, &incident,
		sealErr, ctikit.SameCompany(hostile, hostile, hostile, "")} {
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("m", "v", v)
		require.Equal(t, 1, strings.Count(log.String(), "\n"), "%T", v)
		for _, verb := range []string{"%v", "%+v", "%s"} {
			text := fmt.Sprintf(verb, v)
			require.False(t, strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u202e' }), "%T: %q", v, text)
		}
	}
	require.Equal(t, "a: b\nc", fmt.Sprint(ctikit.Problems{{Path: "a", Message: "b"}, {Message: "c"}}), "one line each")
	require.Equal(t, "2026-03-01T09:00:00Z WARN link.down paris: connection lost: EOF (acme)", fmt.Sprint(ctikit.Incident{
		Time: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC), Severity: slog.LevelWarn, Code: "link.down", Subject: "paris",
		Message: "connection lost", Err: errors.New("EOF"), Company: "acme"}))
	require.Equal(t, "INFO link.up: up", fmt.Sprint(ctikit.Incident{Code: "link.up", Message: "up"}))
}
