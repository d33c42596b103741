package auth

import "context"

// Verdict is what one method says about one attempt. The zero value decides
// nothing, so that an answer that was forgotten lets nobody in.
type Verdict int

// The verdicts, and how the chain goes on after each.
const (
	Unavailable   Verdict = iota // could not ask; the next method is tried, but never None
	NotApplicable                // the attempt has nothing for this method; next
	Rejected                     // asked and refused; next
	Locked                       // the account is locked, disabled or expired: stop
	Accepted                     // signed in: stop
)

var verdictNames = [...]string{"unavailable", "not applicable", "rejected", "locked", "accepted"}

// String returns the verdict in words.
func (v Verdict) String() string {
	if v < 0 || int(v) >= len(verdictNames) {
		return "invalid verdict"
	}
	return verdictNames[v]
}

// Reason says why a sign-in was refused: for the log and for administrators,
// not for the one who tried.
type Reason string

// The reasons.
const (
	ReasonNoMethod        Reason = "no method applies"
	ReasonUnavailable     Reason = "unavailable"
	ReasonAbandoned       Reason = "broken off after the password was sent" // counts as a failure; see [Abandoned]
	ReasonMalformed       Reason = "malformed"
	ReasonUnknownUser     Reason = "unknown user"
	ReasonWrongPassword   Reason = "wrong password"
	ReasonEmptyPassword   Reason = "empty password"
	ReasonOtherUser       Reason = "ticket of another user"
	ReasonDisabled        Reason = "disabled"
	ReasonLocked          Reason = "locked"
	ReasonPasswordExpired Reason = "password expired"
	ReasonPasswordChange  Reason = "password must be changed"
	ReasonAccountExpired  Reason = "account expired"
	ReasonNotPermitted    Reason = "not permitted here or now"
	ReasonAdministrator   Reason = "administrators need a password"
	ReasonThrottled       Reason = "too many attempts"
	ReasonToken           Reason = "remember-me token"
)

// Answer is what a method returns. Reason and Err are for the log; Err may be
// nil and never holds a secret.
type Answer struct {
	Verdict Verdict
	Reason  Reason
	Err     error
}

// Abandoned is the answer of a method whose ctx was cancelled when the password
// was already on its way to a server, which counts it. Throttling counts it too:
// who breaks off each attempt shall not lock a user out there.
func Abandoned(cause error) Answer { return Answer{Unavailable, ReasonAbandoned, cause} }

// Request is an attempt as a method sees it, checked for length and characters.
// An unknown user walks the same path as a known one, with User empty: a method
// then does the work that it would do for a known user, so that time reveals
// nothing, and its verdict does not matter.
type Request struct {
	Attempt
	User   string // key of the user in the directory; "" is unknown
	Name   string // the user's name in Login, without domain
	Domain string // the domain in Login, "" where none was typed
	// WindowsUser is the key of the user whom [Attempt.Windows] names, "" where
	// there is none.
	WindowsUser string
}

// Authenticator is one method. Authenticate may be called concurrently; it
// returns soon after ctx ends, with Unavailable.
type Authenticator interface {
	Authenticate(ctx context.Context, r Request) Answer
}
