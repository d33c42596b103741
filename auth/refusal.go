package auth

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// ErrRefused is the error of every refused sign-in. Its text may be shown to the
// user; it is the same for every reason.
var ErrRefused = errors.New("sign-in refused: check user name and password, or ask your administrator")

// ErrPasswordChange is wrapped by the refusal of a user who gave the right
// local password but must choose another one first: [Chain.ChangePassword].
var ErrPasswordChange = errors.New("the password must be changed first")

// Trial is the answer of one method.
type Trial struct {
	Method Method
	Answer
}

// Refusal is the error of a refused sign-in. Error is the same text for every
// reason, so that an application that shows it does not reveal whether a user exists;
// Detail and the fields are for the log. errors.Is(err, ErrRefused) holds.
type Refusal struct {
	Reason     Reason
	User       string // "" where unknown
	Login      string // as typed, cut short
	Remote     string
	Trials     []Trial       // in order
	RetryAfter time.Duration // how long to wait, where Reason is ReasonThrottled
	Cause      error         // where no method was asked; may be nil
}

// Error returns the text of [ErrRefused].
func (r *Refusal) Error() string { return ErrRefused.Error() }

// Is makes every refusal ErrRefused, and one for ReasonPasswordChange
// ErrPasswordChange too.
func (r *Refusal) Is(target error) bool {
	return target == ErrRefused || target == ErrPasswordChange && r.Reason == ReasonPasswordChange
}

// Detail describes the complete refusal, for administrators.
func (r *Refusal) Detail() string {
	var b strings.Builder
	fmt.Fprintf(&b, "sign-in of %q from %q refused: %s", r.Login, r.Remote, r.Reason)
	if r.Cause != nil {
		fmt.Fprintf(&b, ": %v", r.Cause)
	}
	if r.RetryAfter > 0 {
		fmt.Fprintf(&b, ", again in %s", r.RetryAfter.Round(time.Second))
	}
	for i, t := range r.Trials {
		b.WriteString([...]string{" (", ", "}[min(i, 1)])
		fmt.Fprintf(&b, "%s: %s", t.Method, t.Verdict)
		if t.Reason != "" {
			fmt.Fprintf(&b, ", %s", t.Reason)
		}
		if t.Err != nil {
			fmt.Fprintf(&b, ": %v", t.Err)
		}
	}
	if len(r.Trials) > 0 {
		b.WriteByte(')')
	}
	return b.String()
}

// LogValue logs the detail.
func (r *Refusal) LogValue() slog.Value { return slog.StringValue(r.Detail()) }
