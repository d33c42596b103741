package forwardrules

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPatterns(t *testing.T) {
	for _, test := range []struct {
		pattern, number string
		want            bool
	}{
		{"+33 6*", "+33612345678", true},
		{"+33 6*", "+33712345678", false},
		{"4???", "4001", true},
		{"4???", "40011", false},
		{"*", "", true},
		{"?", "", false},
		{"01 55-17.18 (0)89", "0155171889", true},
		{"*17*89", "0155171889", true},
		{"*17*8", "0155171889", false},
		{"withheld", "withheld", true},
	} {
		p, err := parseCallerPattern(test.pattern)
		require.NoError(t, err)
		require.Equal(t, test.want, p.matches(test.number), "%s %s", test.pattern, test.number)
	}
}

// FuzzPattern compares with a regular expression.
func FuzzPattern(f *testing.F) {
	f.Add("+336*", "+33612345678")
	f.Add("*1*1?*", "111")
	f.Fuzz(func(t *testing.T, text, number string) {
		p, err := parseCallerPattern(text)
		if err != nil {
			require.Less(t, len(err.Error()), 500)
			return
		}
		number = stripPunctuation(number)
		want := strings.NewReplacer(`\*`, "(?s:.*)", `\?`, `\C`).Replace(regexp.QuoteMeta(string(p)))
		want = strings.ReplaceAll(want, `\C`, "(?s:.)")
		for _, r := range number {
			if r >= 0x80 {
				return // a regular expression counts characters, a number has none of these
			}
		}
		require.Equal(t, regexp.MustCompile("^"+want+"$").MatchString(number), p.matches(number), "%q %q", p, number)
	})
}
