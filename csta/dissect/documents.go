package dissect

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
)

// documents are messages in XML without their headers, one behind the other.
type documents struct{ in *bufio.Reader }

// longest bounds one document.
const longest = 1 << 20

var errLong = errors.New("a document of more than 1 MiB")

func (s documents) nextDocument() (raw, error) {
	var text bytes.Buffer
	d := xml.NewDecoder(&byByte{in: s.in, copy: &text})
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	for depth := 0; ; {
		token, err := d.RawToken()
		switch token.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			if depth--; depth == 0 {
				return raw{bytes: bytes.TrimSpace(text.Bytes())}, nil
			}
		}
		if err == nil {
			continue
		}
		// What cannot be read is one message to its end; decoding it tells why.
		_, _ = io.CopyN(&text, s.in, int64(max(0, longest-text.Len())))
		b := bytes.TrimSpace(text.Bytes())
		switch {
		case errors.Is(err, errLong):
			return raw{bytes: b, err: err}, nil
		case len(b) == 0:
			return raw{}, io.EOF
		}
		return raw{bytes: b}, nil
	}
}

// byByte hands out one byte after the other, so that nothing behind a document
// is taken, and keeps a copy.
type byByte struct {
	in   *bufio.Reader
	copy *bytes.Buffer
}

func (r *byByte) ReadByte() (byte, error) {
	if r.copy.Len() >= longest {
		return 0, errLong
	}
	b, err := r.in.ReadByte()
	if err == nil {
		r.copy.WriteByte(b)
	}
	return b, err
}

func (r *byByte) Read([]byte) (int, error) { return 0, errors.New("read byte by byte") }
