package message

// Kind is the kind of a [Message].
type Kind uint8

// The kinds.
const (
	NoKind          Kind = iota
	RequestKind          // Request
	ResultKind           // Result
	FailureKind          // Failure
	RejectKind           // Reject
	EventKind            // Event
	AssociationKind      // Association
)

var kindNames = [...]string{"none", "request", "result", "failure", "reject", "event", "association"}

// String is the kind in a word.
func (k Kind) String() string { return valueName(kindNames[:], int(k), "Kind") }

// MarshalText encodes the kind by name.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Message is one decoded message. Decode fills the part that Kind names and
// leaves the others as they were; keep one Message for each reader.
type Message struct {
	Kind     Kind
	InvokeID InvokeID
	// Unknown: the codec does not know the operation, event or result. Code
	// names it; Raw is its argument, in the encoding of the link.
	Unknown bool
	Code    int64 // operation code as sent; of an unknown event its number
	Raw     Raw
	// Skipped counts the unknown elements that were skipped.
	Skipped int

	Request     Request
	Result      Result
	Failure     Failure
	Reject      Reject
	Event       Event
	Association Association
}

// Reset makes the message that of nothing. The parts keep their values until
// Decode fills them.
func (m *Message) Reset() {
	m.Kind, m.InvokeID, m.Unknown, m.Code, m.Raw, m.Skipped = NoKind, 0, false, 0, nil, 0
}

// Reject says that a message was not understood (ITU-T X.880).
type Reject struct {
	InvokeID Opt[InvokeID] // absent where not even that could be read
	Class    RejectClass
	Problem  int64
}

// RejectClass is the kind of message that was rejected.
type RejectClass uint8

// The classes.
const (
	RejectGeneral RejectClass = iota // problems: 0 unrecognized, 1 mistyped, 2 badly structured PDU
	RejectInvoke                     // 0 duplicate, 1 unrecognized operation, 2 mistyped argument, 3 resource limitation
	RejectResult                     // 0 unrecognized invocation, 1 result unexpected, 2 mistyped result
	// RejectError has 0 unrecognized invocation, 1 error unexpected, 2 unrecognized,
	// 3 unexpected error, 4 mistyped.
	RejectError
)

var rejectNames = [...][]string{
	{"unrecognized PDU", "mistyped PDU", "badly structured PDU"},
	{"duplicate invocation", "unrecognized operation", "mistyped argument", "resource limitation", "releasing in progress",
		"unrecognized linked identifier", "linked response unexpected", "unexpected linked operation"},
	{"unrecognized invocation", "result response unexpected", "mistyped result"},
	{"unrecognized invocation", "error response unexpected", "unrecognized error", "unexpected error",
		"mistyped parameter"},
}

// String is the problem in words.
func (r *Reject) String() string {
	if int(r.Class) < len(rejectNames) && r.Problem >= 0 && r.Problem < int64(len(rejectNames[r.Class])) {
		return rejectNames[r.Class][r.Problem]
	}
	return "unknown problem"
}
