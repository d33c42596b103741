package directory

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// foldText makes spellings comparable: lower case, without accents, ligatures
// spelled out, every run of other characters than letters and digits one blank.
func foldText(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	put := func(r rune) {
		if gap && b.Len() > 0 {
			b.WriteByte(' ')
		}
		gap = false
		b.WriteRune(r)
	}
	decompose(s, func(r rune) {
		switch {
		case unicode.Is(unicode.Mn, r): // an accent
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			r = unicode.ToLower(r)
			if spelled, ok := ligatures[r]; ok {
				for _, r := range spelled {
					put(r)
				}
				return
			}
			put(r)
		default:
			gap = true
		}
	})
	return b.String()
}

// decompose calls f for every rune of s with accents split off; text that is
// ASCII throughout, most of it, goes by without normalisation.
func decompose(s string, f func(rune)) {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			for _, r := range norm.NFKD.String(s) {
				f(r)
			}
			return
		}
	}
	for _, r := range s {
		f(r)
	}
}

// ligatures are letters that Unicode does not decompose but people type apart.
var ligatures = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'ł': "l", 'þ': "th", 'ı': "i", 'ħ': "h",
}
