package dialplan

import (
	"unicode/utf8"

	"github.com/ctikit/ctikit/dialplan/internal/automaton"
)

const (
	// maxDialable bounds the dialable characters of a number. E.164 allows 15
	// digits; prefixes and service codes make numbers longer.
	maxDialable = automaton.MaxLength
	// maxLight bounds the light form, which holds parentheses too.
	maxLight = maxDialable + 16
)

// forms holds the two forms of a number that rules are matched against. It
// lives on the caller's stack.
type forms struct {
	light           [maxLight]byte
	strict          [maxDialable]byte // only where it differs from light
	lightN, strictN int
	plus            bool // the first dialable character is +
}

func (f *forms) lightForm() []byte { return f.light[:f.lightN] }

func (f *forms) strictForm() []byte {
	if f.hasParentheses() {
		return f.strict[:f.strictN]
	}
	return f.lightForm()
}

func (f *forms) selectForm(strict bool) []byte {
	if strict {
		return f.strictForm()
	}
	return f.lightForm()
}

// hasParentheses reports whether the number has parentheses.
func (f *forms) hasParentheses() bool { return f.lightN != f.strictN }

// countDigits is the number of digits, # and *, without a leading +.
func (f *forms) countDigits() int {
	if f.plus {
		return f.strictN - 1
	}
	return f.strictN
}

// Classes of ASCII characters.
const (
	charDropped = iota
	charDigit
	charPlus
	charService // # *
	charParenthesis
)

var charClass = func() (class [256]uint8) {
	for c := '0'; c <= '9'; c++ {
		class[c] = charDigit
	}
	class['+'] = charPlus
	class['#'], class['*'] = charService, charService
	class['('], class[')'] = charParenthesis, charParenthesis
	return class
}()

// reduceNumber reduces a number to its forms. Full-width digits and the full-width
// plus are folded to ASCII; what is not dialable, such as blanks, letters,
// marks and invalid UTF-8, is dropped.
func (f *forms) reduceNumber(number string) error {
	light, strict, service := 0, 0, false
	for i := 0; i < len(number); i++ {
		c := number[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(number[i:])
			i += size - 1
			switch {
			case '０' <= r && r <= '９':
				c = '0' + byte(r-'０')
			case r == '＋':
				c = '+'
			default:
				continue
			}
		}
		switch charClass[c] {
		case charDropped:
			continue
		case charParenthesis:
			strict-- // it counts for the light form only
		case charPlus:
			if strict > 0 {
				continue
			}
			f.plus = true
		case charService:
			if strict == 0 {
				service = true
			} else if !service {
				continue
			}
		}
		if strict == maxDialable || light == maxLight {
			return ErrTooLong
		}
		f.light[light] = c
		light++
		strict++
	}
	f.lightN, f.strictN = light, strict
	if f.countDigits() == 0 {
		return ErrEmpty
	}
	if f.hasParentheses() {
		appendDialable(f.strict[:0], 0, f.lightForm())
	}
	return nil
}

// appendDialable appends the characters of text that are not parentheses,
// and + only where it comes first.
func appendDialable(dst []byte, start int, text []byte) []byte {
	for _, c := range text {
		if c == '(' || c == ')' || c == '+' && len(dst) > start {
			continue
		}
		dst = append(dst, c)
	}
	return dst
}
