package csvsource

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// Charset is how a file's text is encoded.
type Charset string

// The charsets. Auto believes a byte order mark; without one, a file whose first
// 64 KiB are UTF-8 is UTF-8, and any other is Windows-1252.
const (
	Auto        Charset = ""
	UTF8        Charset = "utf-8"
	UTF16LE     Charset = "utf-16le"
	UTF16BE     Charset = "utf-16be"
	Windows1252 Charset = "windows-1252"
	Latin1      Charset = "iso-8859-1"
)

const sampleSize = 64 << 10

// decodeCharset returns the file's text in UTF-8 without byte order mark.
func decodeCharset(file io.Reader, charset Charset) io.Reader {
	in := bufio.NewReaderSize(file, sampleSize)
	head, err := in.Peek(sampleSize)
	marks := []struct {
		charset Charset
		mark    string
	}{{UTF8, "\xEF\xBB\xBF"}, {UTF16LE, "\xFF\xFE"}, {UTF16BE, "\xFE\xFF"}}
	for _, m := range marks {
		if (charset == Auto || charset == m.charset) && bytes.HasPrefix(head, []byte(m.mark)) {
			in.Discard(len(m.mark))
			charset = m.charset
		}
	}
	if charset == Auto {
		charset = Windows1252
		if isUTF8Start(head, err != nil) {
			charset = UTF8
		}
	}
	switch charset {
	case UTF8:
		return &decoder{in: in, next: nextUTF8}
	case UTF16LE:
		return &decoder{in: in, next: nextUTF16(binary.LittleEndian)}
	case UTF16BE:
		return &decoder{in: in, next: nextUTF16(binary.BigEndian)}
	case Windows1252:
		return &decoder{in: in, next: nextByte(&windows1252)}
	case Latin1:
		return &decoder{in: in, next: nextByte(&[32]rune{})}
	}
	charsets := []Charset{UTF8, UTF16LE, UTF16BE, Windows1252, Latin1}
	err = fmt.Errorf("unknown charset %.80q: must be one of %q", charset, charsets)
	return &decoder{err: err}
}

// isUTF8Start reports whether head is UTF-8, but for a rune cut at its end.
func isUTF8Start(head []byte, whole bool) bool {
	for i := 1; !whole && i <= min(utf8.UTFMax, len(head)); i++ {
		if cut := len(head) - i; utf8.RuneStart(head[cut]) {
			if !utf8.FullRune(head[cut:]) {
				head = head[:cut]
			}
			break
		}
	}
	return utf8.Valid(head)
}

// decoder turns runes into UTF-8.
type decoder struct {
	in   *bufio.Reader
	next func(*bufio.Reader) (rune, error)
	err  error
}

func (d *decoder) Read(p []byte) (int, error) {
	n := 0
	for d.err == nil && len(p)-n >= utf8.UTFMax {
		r, err := d.next(d.in)
		if err != nil {
			d.err = err
			break
		}
		n += utf8.EncodeRune(p[n:], r)
	}
	if n > 0 || len(p) == 0 {
		return n, nil
	}
	return 0, d.err
}

func nextUTF8(in *bufio.Reader) (rune, error) {
	r, size, err := in.ReadRune()
	if err == nil && r == utf8.RuneError && size == 1 {
		return 0, fmt.Errorf("invalid UTF-8; set Charset")
	}
	return r, err
}

func nextUTF16(order binary.ByteOrder) func(*bufio.Reader) (rune, error) {
	unit := func(in *bufio.Reader) (rune, error) {
		var b [2]byte
		if _, err := io.ReadFull(in, b[:]); err != nil {
			return 0, err // io.ErrUnexpectedEOF for half a unit
		}
		return rune(order.Uint16(b[:])), nil
	}
	return func(in *bufio.Reader) (rune, error) {
		r, err := unit(in)
		if err != nil || !utf16.IsSurrogate(r) {
			return r, err
		}
		low, err := unit(in)
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		if r = utf16.DecodeRune(r, low); err == nil && r == utf8.RuneError {
			err = fmt.Errorf("invalid UTF-16: unpaired surrogate")
		}
		return r, err
	}
}

// nextByte decodes one byte a rune; high holds 0x80 to 0x9F, 0 for the rune of
// the same value.
func nextByte(high *[32]rune) func(*bufio.Reader) (rune, error) {
	return func(in *bufio.Reader) (rune, error) {
		b, err := in.ReadByte()
		if b >= 0x80 && b < 0xA0 && high[b-0x80] != 0 {
			return high[b-0x80], err
		}
		return rune(b), err
	}
}

// windows1252 is 0x80 to 0x9F of the code page (the WHATWG Encoding Standard's
// index; the five that are not assigned stay control characters).
var windows1252 = [32]rune{
	'€', 0, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0, 'Ž', 0,
	0, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0, 'ž', 'Ÿ',
}
