package auth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/ctikit/ctikit"
)

// Remember issues a token for a user who has just signed in and ticked "Save".
// label names the device for [Tokens.List]. A sign-in by None or by a token gets no
// token, because it proves nothing.
func (c *Chain) Remember(ctx context.Context, s SignIn, label string) (ctikit.Secret, error) {
	if c.cfg.Tokens == nil {
		return ctikit.Secret{}, errors.New("auth: Config.Tokens is not set")
	}
	if s.User == "" || s.Method == "" {
		return ctikit.Secret{}, errors.New("auth: remember: not the result of a sign-in")
	}
	switch {
	case s.Method == None:
		return ctikit.Secret{}, errors.New("auth: remember: signed in by name alone: nothing was proved")
	case s.Remembered:
		return ctikit.Secret{}, errors.New("auth: remember: already signed in by a token, which stays valid")
	}
	if err := checkText("label", label, 256); err != nil {
		return ctikit.Secret{}, fmt.Errorf("auth: remember: %w", err)
	}
	return c.cfg.Tokens.issueToken(ctx, s, label)
}

// Resume signs a user in by a token, if the user is still enabled and the method
// of the first sign-in still belongs to the user's AuthMethods. next replaces
// the token; where it is empty the token stays (two requests at once). The
// error is a *[Refusal].
func (c *Chain) Resume(ctx context.Context, token ctikit.Secret, remote string) (
	s SignIn, next ctikit.Secret, err error,
) {
	refuse := func(user string, cause error) (SignIn, ctikit.Secret, error) {
		r := Request{Attempt: Attempt{Login: user, Remote: remote}, User: user}
		return SignIn{}, ctikit.Secret{}, c.recordRefusal(r, &Refusal{Reason: ReasonToken, Cause: cause})
	}
	if c.cfg.Tokens == nil {
		return refuse("", errors.New("Config.Tokens is not set"))
	}
	record, next, stolen, err := c.cfg.Tokens.redeemToken(ctx, token, remote)
	if stolen && c.cfg.Incidents != nil {
		c.cfg.Incidents.Record(ctikit.Incident{
			Severity: slog.LevelError,
			Code:     "auth.token-stolen",
			Subject:  record.User,
			Message: fmt.Sprintf("a remember-me token of %q was used from %q after it had been replaced; its series has ended",
				clip(record.User), remote),
			Company: c.companyOf(record.User),
		})
	}
	if err != nil {
		return refuse(record.User, err)
	}
	methods, err := c.methodsOf(record.User)
	switch {
	case err != nil:
		return refuse(record.User, err)
	case !slices.Contains(methods, record.Method):
		return refuse(record.User, fmt.Errorf("%s is no longer a method of this user", record.Method))
	case !c.cfg.Users.Enabled(record.User):
		return refuse(record.User, errors.New("the user is disabled or was removed"))
	}
	return SignIn{User: record.User, Method: record.Method, Remote: remote, At: time.Now(), Remembered: true}, next, nil
}

// ChangePassword replaces the password that a [Local] keeps of a user who gives
// the present one, throttled as a sign-in is. An error that wraps [ErrPassword] is about
// next and may be shown.
func (c *Chain) ChangePassword(ctx context.Context, a Attempt, next ctikit.Secret) error {
	r, refusal := c.readAttempt(a)
	if refusal != nil {
		return c.recordRefusal(r, refusal)
	}
	local, ok := c.cfg.Methods[TWS].(*Local)
	methods, err := c.methodsOf(r.User)
	if err != nil || !ok || !slices.Contains(methods, TWS) {
		return c.recordRefusal(r, &Refusal{Reason: ReasonNoMethod, Cause: err})
	}
	if r.User != "" && !c.cfg.Users.Enabled(r.User) {
		r.User = "" // the work of a wrong password, and nothing more
	}
	_, refusal = c.attemptThrottled(r, func() (Method, *Refusal) {
		var answer Answer
		answer, err = local.changePassword(ctx, r, next)
		if answer.Verdict == Accepted || answer.Reason == ReasonPasswordChange {
			return TWS, nil
		}
		return "", &Refusal{Reason: answer.Reason, Trials: []Trial{{TWS, answer}}}
	})
	if refusal != nil {
		return c.recordRefusal(r, refusal)
	}
	return err
}
