package directory

import (
	"strconv"
	"strings"
)

// Numbering describes how numbers are written where the contacts come from, so that
// different spellings of one number are found as one. It is the part of a dial plan that
// the directory needs; use the values of the domain's plan.
type Numbering struct {
	Country        string // country code of national numbers: "33"; "" knows none
	NationalPrefix string // trunk prefix before national numbers: "0"; "" if there is none
	International  string // international prefix: "00", the default
	// InternalLength is the longest internal number; a longer one is public.
	// Default 6.
	InternalLength int
	// Suffix is how many digits at the end must agree for the last stage of
	// look-up; 4 to 9, default 9. Shorter ones name the wrong caller: with
	// 150,000 contacts a random number meets one of them by its last 7 digits in
	// 1.5 % of all calls, by its last 9 in 0.015 %.
	Suffix int
}

// numbering is a Numbering with its defaults and its prefixes as numbers.
type numbering struct {
	Numbering
	country, national, international digits
}

func (n Numbering) parsePrefixes() numbering {
	if n.International == "" {
		n.International = "00"
	}
	if n.InternalLength <= 0 {
		n.InternalLength = 6
	}
	if n.Suffix == 0 {
		n.Suffix = 9
	}
	n.Suffix = min(max(n.Suffix, 4), 9)
	out := numbering{Numbering: n}
	out.country.parseDigits(n.Country) // what is no number counts as empty
	out.national.parseDigits(n.NationalPrefix)
	out.international.parseDigits(n.International)
	return out
}

// maxDigits is the longest number that is looked up: E.164 allows 15 digits,
// and a prefix may stand before them. So many fit into an integer.
const maxDigits = 18

var pow10 = func() (out [maxDigits + 2]uint64) {
	out[0] = 1
	for i := range out[1:] {
		out[i+1] = out[i] * 10
	}
	return out
}()

// digits is a number as an integer and a count, since zeros in front matter.
type digits struct {
	value uint64
	n     int
	plus  bool // in E.164
}

// parseDigits takes the digits of s and drops punctuation. "(0)" behind an
// international number is the trunk prefix as letterheads write it: dropped.
// Not a number: no digits, too many, or anything but punctuation between them.
func (d *digits) parseDigits(s string) bool {
	*d = digits{}
	value, n, plus := uint64(0), 0, false // not in *d, which would go through memory for each digit: a third slower
	for i := 0; i < len(s); i++ {
		c := s[i]
		if digit := c - '0'; digit < 10 {
			value = value*10 + uint64(digit)
			n++
			continue
		}
		switch {
		case c == '+':
			if n > 0 || plus {
				return false
			}
			plus = true
		case c == '(' && plus && strings.HasPrefix(s[i:], "(0)"):
			i += len("(0)") - 1
		case c == ' ' || c == '.' || c == '-' || c == '/' || c == '(' || c == ')':
		case c == 0xC2 || c == 0xA0: // the two bytes of a no-break space
		default:
			return false
		}
	}
	if n == 0 || n > maxDigits {
		return false
	}
	*d = digits{value, n, plus}
	return true
}

// toE164 turns the digits into those of E.164, without "+", where the
// spelling says enough for it, and reports whether it did.
func (n *numbering) toE164(d *digits) bool {
	switch {
	case d.plus:
	case d.hasPrefix(&n.international) && d.n > n.international.n+n.InternalLength:
		d.dropPrefix(&n.international)
	case n.country.n > 0 && d.n > n.InternalLength && d.hasPrefix(&n.national) &&
		d.n-n.national.n+n.country.n <= maxDigits:
		d.dropPrefix(&n.national)
		d.value += n.country.value * pow10[d.n]
		d.n += n.country.n
	default:
		return false
	}
	d.plus = true
	return true
}

// hasPrefix reports whether the number begins with the prefix and goes on after it.
func (d *digits) hasPrefix(prefix *digits) bool {
	return d.n > prefix.n && d.value/pow10[d.n-prefix.n] == prefix.value
}

func (d *digits) dropPrefix(prefix *digits) {
	d.n -= prefix.n
	d.value %= pow10[d.n]
}

// prefixedValue is the whole number: a leading 1 keeps leading zeros apart.
func (d *digits) prefixedValue() uint64 { return d.value + pow10[d.n] }

// splitSuffix parts the number at its last suffix digits. Those are the key that the
// number table is sorted by; of a shorter number all its digits are, above every
// key of a long one. rest is what stands before them, a leading 1 keeping zeros
// apart as in code: numbers with one key and one rest are the same.
func (d *digits) splitSuffix(suffix int) (key uint32, rest uint64, short bool) {
	if short = d.n < suffix; short {
		key, rest = uint32(d.value)+shortKeys+uint32(d.n)<<shortShift, 1 // "12" is not "012"
	} else if suffix == 9 { // by a constant, which is no division
		key, rest = uint32(d.value%1_000_000_000), d.value/1_000_000_000+pow10[d.n-9]
	} else {
		key, rest = uint32(d.value%pow10[suffix]), d.value/pow10[suffix]+pow10[d.n-suffix]
	}
	return key * spread, rest, short
}

// spread is odd, so that multiplying permutes the 32-bit keys: blocks of
// consecutive numbers, as companies have them, spread evenly over the index.
const spread = 2654435769

// Keys of long numbers are below 10⁹. A short number has at most 8 digits, so
// its value needs 27 bits; its length goes above them.
const (
	shortShift = 27
	shortKeys  = 1 << 30
)

// dialable returns the digits of s, "+" kept, for comparing two spellings.
func dialable(s string) string {
	var d digits
	if !d.parseDigits(s) {
		return s
	}
	text := strconv.FormatUint(d.prefixedValue(), 10)[1:]
	if d.plus {
		return "+" + text
	}
	return text
}
