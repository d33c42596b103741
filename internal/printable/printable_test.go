package printable

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"":                      "",
		"Zoë 4001 → 4002 \"x\\": "Zoë 4001 → 4002 \"x\\",
		"a\nb\r\tc":             `a\nb\r\tc`,
		"\x1b]0;pwned\a\x00":    `\x1b]0;pwned\a\x00`,
		"\u202e1234\u2028":      `\u202e1234\u2028`,
		"\xff\uFFFD":            `\xff` + "\uFFFD",
		"06\u00A012":            "06\u00A012",
		"\u009b2J":              `\u009b2J`,
	} {
		require.Equal(t, want, Text(in), "%q", in)
	}
	require.Zero(t, testing.AllocsPerRun(100, func() { Text("Delivered 4001 call 17") }))
}

func FuzzText(f *testing.F) {
	f.Add("4001\n")
	f.Fuzz(func(t *testing.T, s string) {
		out := Text(s)
		require.True(t, utf8.ValidString(out))
		require.False(t, strings.ContainsFunc(out, unicode.IsControl), "%q", out)
		require.Equal(t, out, Text(out))
	})
}
