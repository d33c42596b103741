package dissect

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/ctikit/ctikit/csta/internal/encoding"
	"github.com/ctikit/ctikit/csta/internal/framing"
	"github.com/ctikit/ctikit/csta/internal/message"
)

// PDU is one message of the input.
type PDU struct {
	Number    int       // from 1
	Time      time.Time // zero where the input does not tell
	Direction string    // ">" sent by the application, "<" by the switch, "" not known
	Encoding  string    // "CSTA III BER" and so on
	Framing   string    // "delimited" and so on, "" where the input has none
	Bytes     []byte    // as they stand, without the framing's header
	Err       error     // why it could not be decoded, nil otherwise
	Offset    int       // of the first bad byte, where Err is not nil

	start   bool // no message: see oxo
	message message.Message
}

// Reader reads an input message by message.
type Reader struct {
	from    source
	ahead   []raw // read to find the encoding
	codec   message.Codec
	name    string
	xml     message.Codec
	number  int
	started bool
	last    error
}

// NewReader looks at the beginning of the input. An input that is not one of those
// in the package comment is an error.
func NewReader(in io.Reader) (*Reader, error) {
	s, err := openSource(in)
	if err != nil {
		return nil, err
	}
	return &Reader{from: s, xml: encoding.New(encoding.XML6, encoding.Variant{}, message.Options{})}, nil
}

// Next returns the next message, io.EOF at the end.
func (r *Reader) Next() (*PDU, error) {
	if !r.started {
		r.started = true
		r.choosePhase()
	}
	var m raw
	if len(r.ahead) > 0 {
		m, r.ahead = r.ahead[0], r.ahead[1:]
	} else if r.last != nil {
		return nil, r.last
	} else if m, r.last = r.from(); r.last != nil {
		return nil, r.last
	}
	r.number++
	p := &PDU{Number: r.number, Time: m.time, Direction: m.dir, Encoding: r.name, Framing: m.frame, Bytes: m.bytes,
		Err: m.err, Offset: m.at, start: m.start}
	switch {
	case p.start:
		p.Encoding = "Alcatel OmniPCX Office"
	case p.Err == nil:
		r.decodePDU(p)
	case len(p.Bytes) == 0:
		p.Encoding = "unknown"
	case isXML(p.Bytes) || m.frame == framing.XML.String():
		p.Encoding = xmlName
	}
	return p, nil
}

func (r *Reader) decodePDU(p *PDU) {
	c, b := r.codec, p.Bytes
	if isXML(b) {
		c, p.Encoding = r.xml, xmlName
		if b[0] == '<' {
			b = append([]byte("0000"), b...) // a document without its header
		}
	}
	p.Err = c.Decode(b, &p.message)
	var e *message.DecodeError
	if errors.As(p.Err, &e) {
		p.Offset = max(0, e.Offset-(len(b)-len(p.Bytes)))
	}
}

const xmlName = "CSTA III XML"

// isXML: a document, or one behind the four digits of its invoke identifier.
func isXML(b []byte) bool {
	return len(b) > 0 && b[0] == '<' || len(b) > 4 && b[4] == '<' && len(bytes.Trim(b[:4], "0123456789")) == 0
}

// ahead is how many messages the phase is judged by.
const ahead = 64

// choosePhase finds the phase of BER that explains the first messages best: the one
// with the fewest that cannot be decoded, then the fewest elements passed over.
// Where phases are equal, phase I wins if something else speaks for it.
func (r *Reader) choosePhase() {
	for len(r.ahead) < ahead && r.last == nil {
		var m raw
		if m, r.last = r.from(); r.last == nil {
			r.ahead = append(r.ahead, m)
		}
	}
	best := -1
	phases := []encoding.Encoding{encoding.BER3, encoding.BER2, encoding.BER1}
	if phase1(r.ahead) {
		phases = []encoding.Encoding{encoding.BER1, encoding.BER3, encoding.BER2}
	}
	for _, e := range phases {
		c := encoding.New(e, encoding.Variant{}, message.Options{})
		if bad := penalty(c, r.ahead); best < 0 || bad < best {
			best, r.codec, r.name = bad, c, e.String()
		}
	}
	if best < 0 {
		r.last = io.EOF
	}
}

// phase1 reports whether a message begins an association in the context of
// phase I, or the stream is the OmniPCX Office's, which speaks it.
func phase1(messages []raw) bool {
	c := encoding.New(encoding.BER1, encoding.Variant{}, message.Options{})
	var m message.Message
	for _, p := range messages {
		if p.start {
			return true
		}
		if p.err == nil && c.Decode(p.bytes, &m) == nil && m.Kind == message.AssociationKind &&
			strings.HasPrefix(m.Association.Context, "1.3.12.0.180") {
			return true
		}
	}
	return false
}

func penalty(c message.Codec, messages []raw) (bad int) {
	var m message.Message
	for _, p := range messages {
		if p.err != nil || p.start || isXML(p.bytes) {
			continue
		}
		if c.Decode(p.bytes, &m) != nil {
			bad += 100
			continue
		}
		if bad += m.Skipped; m.Unknown {
			bad += 10
		}
	}
	return bad
}
