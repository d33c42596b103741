package message

import (
	"errors"
	"fmt"
)

// InvokeID matches an answer to its request within one link.
type InvokeID int64

// Codec writes and reads the messages of one encoding and phase. The Append
// methods add one whole message, without framing, to dst and may be called
// concurrently; after an error dst is returned as it was. Decode keeps a cache
// of identifiers and has one caller at a time.
type Codec interface {
	// Decode reads the content of one frame. Its errors are *DecodeError; Kind
	// and InvokeID of into are then right as far as they were readable. An
	// operation, event or result that the codec does not know is not an error:
	// Unknown is set and Raw holds the argument.
	Decode(frame []byte, into *Message) error
	AppendRequest(dst []byte, id InvokeID, r *Request) ([]byte, error)
	AppendResult(dst []byte, id InvokeID, r *Result) ([]byte, error)
	AppendFailure(dst []byte, id InvokeID, f *Failure) ([]byte, error)
	AppendReject(dst []byte, r *Reject) ([]byte, error)
	AppendEvent(dst []byte, id InvokeID, e *Event) ([]byte, error)
	AppendAssociation(dst []byte, a *Association) ([]byte, error)
}

// Options are what every codec needs to know of its link.
type Options struct {
	// Asked returns the operation that a request that is in flight asked for, and
	// NoOperation for an invoke identifier that is not in flight. Phases I and
	// II need it: one of their operation codes covers several services. A
	// codec without it takes the operation from the result as far as that goes.
	Asked func(InvokeID) Operation
	// CacheSize bounds the identifiers that Decode remembers; 0 means 65536.
	CacheSize int
}

// ErrNotCarried is in the error of an Append method whose phase or encoding
// has no such service, event or value.
var ErrNotCarried = errors.New("not carried by this phase and encoding")

// Problem classes a malformed message as ROSE does (ITU-T X.880, general and
// invoke problems): it is what a reject of it would say.
type Problem uint8

// The problems.
const (
	Unrecognized    Problem = iota // no message of the protocol at all
	Mistyped                       // the envelope is not as it should be
	BadlyStructured                // lengths that do not fit, not even an envelope
	MistypedContent                // the envelope is right, the argument or result is not
	TooLong                        // over a size limit
)

var problemNames = [...]string{"unrecognized message", "mistyped message", "badly structured message",
	"mistyped argument", "message too long"}

// String is the problem in words.
func (p Problem) String() string {
	if int(p) < len(problemNames) {
		return problemNames[p]
	}
	return fmt.Sprintf("Problem(%d)", uint8(p))
}

// DecodeError describes why a message could not be decoded, and where.
type DecodeError struct {
	Problem Problem
	Offset  int    // of the first bad byte within the frame
	Detail  string // what was expected and what was found
}

// Error is `csta: mistyped argument at byte 17: want tag 63, found 30`.
func (e *DecodeError) Error() string {
	return fmt.Sprintf("csta: %s at byte %d: %s", e.Problem, e.Offset, e.Detail)
}
