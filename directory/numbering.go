package directory

import "strings"

// Numbering tells how numbers are written where the contacts come from, so
// that different spellings of one number meet. It is the directory's own small
// share of a dial plan; use the values of the domain's plan.
type Numbering struct {
	Country        string // country code of national numbers: "33"; "" knows none
	NationalPrefix string // trunk prefix in front of national numbers: "0"; "" where there is none
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

func (n Numbering) withDefaults() Numbering {
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
	return n
}

// maxDigits is the longest number that is looked up: E.164 allows 15 digits,
// and a prefix may stand before them.
const maxDigits = 18

// digits holds a number's digits without touching the heap.
type digits struct {
	d    [maxDigits]byte
	n    int
	plus bool // written with a leading "+"
}

func (d *digits) bytes() []byte { return d.d[:d.n] }

// read takes the digits of s and drops punctuation. "(0)" behind an
// international number is the trunk prefix as letterheads write it: dropped.
// Not a number: no digits, too many, or anything but punctuation between them.
func (d *digits) read(s string) bool {
	d.n, d.plus = 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			if d.n == maxDigits {
				return false
			}
			d.d[d.n] = c
			d.n++
		case c == '+':
			if d.n > 0 || d.plus {
				return false
			}
			d.plus = true
		case c == '(' && d.plus && strings.HasPrefix(s[i:], "(0)"):
			i += len("(0)") - 1
		case c == ' ' || c == '.' || c == '-' || c == '/' || c == '(' || c == ')' || c == 0xC2 || c == 0xA0: // with the two bytes of a no-break space
		default:
			return false
		}
	}
	return d.n > 0
}

// dropFront removes n digits at the start.
func (d *digits) dropFront(n int) {
	copy(d.d[:], d.d[n:d.n])
	d.n -= n
}

// canonical turns the digits into those of E.164, without "+", where the
// spelling says enough for it, and tells whether it did.
func (n *Numbering) canonical(d *digits) bool {
	switch {
	case d.plus:
		return true
	case hasPrefix(d, n.International) && d.n > len(n.International)+n.InternalLength:
		d.dropFront(len(n.International))
		d.plus = true
		return true
	case n.Country != "" && d.n > n.InternalLength && hasPrefix(d, n.NationalPrefix):
		if d.n-len(n.NationalPrefix)+len(n.Country) > maxDigits {
			return false
		}
		d.dropFront(len(n.NationalPrefix))
		copy(d.d[len(n.Country):], d.d[:d.n])
		copy(d.d[:], n.Country)
		d.n += len(n.Country)
		d.plus = true
		return true
	}
	return false
}

func hasPrefix(d *digits, prefix string) bool {
	return d.n > len(prefix) && string(d.d[:len(prefix)]) == prefix
}

// code packs all digits into an integer: a leading 1 keeps leading zeros apart.
func (d *digits) code() uint64 {
	c := uint64(1)
	for _, b := range d.bytes() {
		c = c*10 + uint64(b-'0')
	}
	return c
}

// key is what the number table is sorted by: the last suffix digits; of a
// shorter number all its digits, above every key of a long one.
func (d *digits) key(suffix int) (key uint32, short bool) {
	b := d.bytes()
	if short = d.n < suffix; !short {
		b = b[d.n-suffix:]
	}
	for _, c := range b {
		key = key*10 + uint32(c-'0')
	}
	if short {
		key += shortKeys + uint32(d.n)<<shortShift // "12" is not "012"
	}
	return key * spread, short
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
	if !d.read(s) {
		return s
	}
	if d.plus {
		return "+" + string(d.bytes())
	}
	return string(d.bytes())
}
