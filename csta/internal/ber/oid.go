package ber

import (
	"strconv"
	"strings"
)

// OID is an OBJECT IDENTIFIER that must be there, as dotted numbers.
func (w *Walker) OID(v *string) {
	if w.writing {
		b, ok := AppendOID(nil, *v)
		if !ok {
			w.Failf("invalid object identifier %q", *v)
			return
		}
		w.Put(TagOID, b)
		return
	}
	if b, ok := w.Take(TagOID, true); ok {
		if *v, ok = OIDString(b); !ok {
			w.Failf("invalid object identifier %x", b)
		}
	}
}

// OIDString is the dotted form of the content of an OBJECT IDENTIFIER.
func OIDString(b []byte) (string, bool) {
	var out []byte
	n, fresh := uint64(0), true
	for _, c := range b {
		if (fresh && c == 0x80) || n>>56 != 0 {
			return "", false
		}
		n = n<<7 | uint64(c&0x7f)
		if fresh = c&0x80 == 0; !fresh {
			continue
		}
		if out == nil {
			first := min(n/40, 2)
			out = strconv.AppendUint(out, first, 10)
			n -= first * 40
		}
		out = append(out, '.')
		out = strconv.AppendUint(out, n, 10)
		n = 0
	}
	return string(out), out != nil && fresh
}

// AppendOID appends the content of an OBJECT IDENTIFIER given in dotted form.
func AppendOID(dst []byte, dotted string) ([]byte, bool) {
	start := len(dst)
	var first uint64
	for i, part := range strings.Split(dotted, ".") {
		n, err := strconv.ParseUint(part, 10, 56)
		if err != nil {
			return dst[:start], false
		}
		switch i {
		case 0:
			first = n
			continue
		case 1:
			if first > 2 || (first < 2 && n > 39) {
				return dst[:start], false
			}
			n += first * 40
		}
		for shift := 63; shift >= 0; shift -= 7 {
			if c := n >> shift; c != 0 || shift == 0 {
				b := byte(c & 0x7f)
				if shift > 0 {
					b |= 0x80
				}
				dst = append(dst, b)
			}
		}
	}
	return dst, len(dst) > start
}
