// Package encoding names the phases and encodings of CSTA and makes their codecs.
package encoding

import (
	"fmt"

	"github.com/ctikit/ctikit/csta/internal/ecma323"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/csta/internal/phase12"
	"github.com/ctikit/ctikit/csta/internal/phase3"
)

// Encoding is a phase of CSTA in one of its encodings.
type Encoding uint8

// The encodings.
const (
	BER3 Encoding = iota // CSTA III (ECMA-285) in BER
	BER2                 // CSTA II (ECMA-218)
	BER1                 // CSTA I (ECMA-180)
	XML3                 // CSTA III in XML (ECMA-323), 3rd edition
	XML4                 // 4th edition
	XML5                 // 5th edition
	XML6                 // 6th edition
)

var names = [...]string{"CSTA III BER", "CSTA II BER", "CSTA I BER",
	"CSTA III XML ed3", "CSTA III XML ed4", "CSTA III XML ed5", "CSTA III XML ed6"}

// String is "CSTA III BER" and so on.
func (e Encoding) String() string {
	if int(e) < len(names) {
		return names[e]
	}
	return fmt.Sprintf("Encoding(%d)", uint8(e))
}

// Valid reports whether there is such an encoding.
func (e Encoding) Valid() bool { return int(e) < len(names) }

// XML reports whether it is one in XML.
func (e Encoding) XML() bool { return e >= XML3 && e.Valid() }

// Namespace is that of the messages, in XML.
func (e Encoding) Namespace() string {
	if !e.XML() {
		return ""
	}
	return ecma323.Namespace(e.edition())
}

func (e Encoding) edition() uint8 { return uint8(e-XML3) + 3 }

// Variant is what a PBX does differently within its encoding.
type Variant struct {
	// Wrapped: services of phases I and II whose argument is one identifier
	// have it inside a SEQUENCE.
	Wrapped bool
	// Codes gives services of phases I and II other operation codes, by the
	// names of ECMA-269: {"generateDigits": 19}.
	Codes map[string]int64
	// Login is where the user and the password of an application session go, in XML.
	Login ecma323.Login
}

// New makes the codec of an encoding.
func New(e Encoding, v Variant, o message.Options) message.Codec {
	switch e {
	case XML3, XML4, XML5, XML6:
		return ecma323.New(ecma323.Config{Edition: e.edition(), Login: v.Login}, o)
	case BER2:
		return phase12.New(phase12.Config{Phase: phase12.II, Wrapped: v.Wrapped, Codes: codes(v)}, o)
	case BER1:
		return phase12.New(phase12.Config{Phase: phase12.I, Wrapped: v.Wrapped, Codes: codes(v)}, o)
	}
	return phase3.New(o)
}

func codes(v Variant) map[message.Operation]int64 {
	if v.Codes == nil {
		return nil
	}
	out := make(map[message.Operation]int64, len(v.Codes))
	for _, op := range message.Operations() {
		if code, ok := v.Codes[op.String()]; ok {
			out[op] = code
		}
	}
	return out
}
