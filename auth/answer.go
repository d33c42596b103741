package auth

import "context"

// Verdict is the result of one method for one attempt. The zero value is
// [Unavailable], so a method that forgets to set a verdict signs no user in.
type Verdict int

// The verdicts, and how the chain continues after each.
const (
	Unavailable   Verdict = iota // no answer available; the next method is tried, but never None
	NotApplicable                // the attempt lacks the data that the method needs; next
	Rejected                     // the method refused the attempt; next
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

// Reason says why a sign-in was refused. It is for the log and for administrators,
// not for the user.
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

// Abandoned is the answer of a method whose ctx was cancelled after the password
// was sent to a server, which counts the attempt. Throttling counts it, too, so
// that cancelled attempts cannot lock a user out at the server.
func Abandoned(cause error) Answer { return Answer{Unavailable, ReasonAbandoned, cause} }

// Request is an attempt as a method sees it, checked for length and characters.
// For an unknown user, User is empty. A method then does the same work as for a
// known user, so that the duration reveals nothing; its verdict is ignored.
type Request struct {
	Attempt
	User   string // key of the user in the directory; "" if unknown
	Name   string // the user's name in Login, without domain
	Domain string // the domain in Login, "" if none was typed
	// WindowsUser is the key of the user whom [Attempt.Windows] names, "" if there
	// is none.
	WindowsUser string
}

// Authenticator is one method. Authenticate may be called concurrently; it
// returns soon after ctx ends, with Unavailable.
type Authenticator interface {
	Authenticate(ctx context.Context, r Request) Answer
}
