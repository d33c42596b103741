package auth

import "context"

// WindowsSession is the method WindowsSecurity for applications whose HTTP front proves
// the Windows account (package auth/negotiate): the user whom the ticket names
// is signed in without a prompt. A login that names another user is rejected.
type WindowsSession struct{}

// Authenticate compares the proved account with the user who wants to sign in.
func (WindowsSession) Authenticate(_ context.Context, r Request) Answer {
	switch {
	case r.Windows == nil:
		return Answer{Verdict: NotApplicable, Reason: ReasonNoMethod}
	case r.WindowsUser == "":
		return Answer{Verdict: Rejected, Reason: ReasonUnknownUser}
	case r.WindowsUser != r.User:
		return Answer{Verdict: Rejected, Reason: ReasonOtherUser}
	}
	return Answer{Verdict: Accepted}
}
