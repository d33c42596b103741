package calllog

import (
	"fmt"
	"slices"
	"time"

	"github.com/ctikit/ctikit/cti"
)

// Kind is the kind of an [Entry].
type Kind uint8

// The kinds.
const (
	Incoming   Kind = iota + 1
	Outgoing        //
	Unobserved      // not a call: from Begin to End nothing is known of the extension
)

var kindWords = []string{"", "incoming", "outgoing", "unobserved"}

// String is the kind in lower case.
func (k Kind) String() string { return wordOf(kindWords, int(k)) }

// MarshalText encodes the kind as [Kind.String].
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText decodes the text of MarshalText.
func (k *Kind) UnmarshalText(text []byte) error {
	n, err := parseWord(kindWords, "kind", text)
	*k = Kind(n)
	return err
}

// Outcome is how a call ended.
type Outcome uint8

// The outcomes. Missed, Diverted and PickedUp apply to incoming calls; Unanswered,
// Busy and Rejected to outgoing ones.
const (
	Answered   Outcome = iota + 1
	Missed             // it rang and was not answered
	Diverted           // it was forwarded or deflected: see Transfer
	PickedUp           // it was answered from another extension
	Unanswered         // the other side rang, or was not reached yet
	Busy               //
	Rejected           // the call could not be set up; see Cause
)

var outcomeWords = []string{"", "answered", "missed", "diverted", "picked up", "unanswered", "busy", "rejected"}

// String is the outcome in words.
func (o Outcome) String() string { return wordOf(outcomeWords, int(o)) }

// MarshalText encodes the outcome as [Outcome.String].
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText decodes the text of MarshalText.
func (o *Outcome) UnmarshalText(text []byte) error {
	n, err := parseWord(outcomeWords, "outcome", text)
	*o = Outcome(n)
	return err
}

func wordOf(words []string, n int) string {
	if n < len(words) {
		return words[n]
	}
	return fmt.Sprintf("unknown (%d)", n)
}

func parseWord(words []string, what string, text []byte) (int, error) {
	if i := slices.Index(words, string(text)); i >= 0 {
		return i, nil
	}
	return 0, fmt.Errorf("call log: unknown %s %q", what, text)
}

// Entry is one call of one extension, or a period without observation.
type Entry struct {
	ID     string       `json:"id"` // of extension, call and begin
	Kind   Kind         `json:"kind"`
	User   string       `json:"user,omitempty"` // of the extension when the call began
	Device cti.DeviceID `json:"device"`

	// The other party: the number as the PBX sent it, the number to look up, E.164 if
	// it has one, and the name from the namer or the PBX.
	Number   string `json:"number,omitempty"`
	Lookup   string `json:"lookup,omitempty"`
	E164     string `json:"e164,omitempty"`
	Name     string `json:"name,omitempty"`
	Internal bool   `json:"internal,omitempty"` // an extension of the same network
	Withheld bool   `json:"withheld,omitempty"` // the caller hid the number
	// Redirection is the last number that the call was diverted from before it came here.
	Redirection string `json:"redirection,omitempty"`

	Outcome Outcome   `json:"outcome,omitzero"`
	Cause   cti.Cause `json:"cause,omitzero"` // of the end, as the PBX reported it
	// Transferred: the call was transferred, by this side or another. Transfer is the
	// number of the party that was added, or that a diverted call went to.
	Transferred bool   `json:"transferred,omitempty"`
	Transfer    string `json:"transfer,omitempty"`
	Conference  bool   `json:"conference,omitempty"` // it became part of one

	Begin    time.Time `json:"begin"`
	Answer   time.Time `json:"answer,omitzero"` // when the two sides were connected
	End      time.Time `json:"end"`
	Duration int64     `json:"duration,omitempty"` // of the conversation, in milliseconds

	// Incomplete: a part of the call was not observed; times and outcome are those of
	// the observed part.
	Incomplete bool `json:"incomplete,omitempty"`
}

// Talk is the duration of the conversation.
func (e *Entry) Talk() time.Duration { return time.Duration(e.Duration) * time.Millisecond }

// Ring is how long the call rang before it was answered or ended.
func (e *Entry) Ring() time.Duration {
	if e.Answer.IsZero() {
		return e.End.Sub(e.Begin)
	}
	return e.Answer.Sub(e.Begin)
}
