package csta

import (
	"context"
	"fmt"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// associate opens an ACSE association (ITU-T X.227; ECMA-285 annex on its use)
// and waits for the PBX to accept it.
func (s *session) associate(ctx context.Context) error {
	a := &message.Association{Step: message.Associate, Context: s.profile.Context}
	if s.profile.Version >= 0 {
		a.Versions = message.BitsOf(uint8(s.profile.Version+1), s.profile.Version)
	}
	if s.profile.Login {
		a.User, a.Password = s.cfg.User, s.cfg.Password
	}
	if err := s.send(func(dst []byte) ([]byte, error) { return s.codec.AppendAssociation(dst, a) }); err != nil {
		return err
	}
	select {
	case err := <-s.associated:
		return err
	case <-s.done:
		return s.err
	case <-ctx.Done():
		return fmt.Errorf("no answer to the association request: %w", ctx.Err())
	}
}

// association deals with the PBX's side of it.
func (s *session) association(a *message.Association) error {
	switch a.Step {
	case message.Associated:
		var err error
		if a.Result != message.Accepted {
			err = s.notAssociated(a)
		}
		select {
		case s.associated <- err:
		default: // nobody asked
		}
		return nil
	case message.Release:
		_ = s.send(func(dst []byte) ([]byte, error) {
			return s.codec.AppendAssociation(dst, &message.Association{Step: message.Released, Reason: message.Some(int64(0))})
		})
		return fmt.Errorf("%w: the PBX released the association", cti.ErrLinkDown)
	case message.Abort:
		return fmt.Errorf("%w: the PBX aborted the association", cti.ErrLinkDown)
	}
	return nil
}

// Diagnostics of an association that was not accepted (ITU-T X.227
// Associate-source-diagnostic, acse-service-user).
const (
	noReasonGiven       = 1
	contextNotSupported = 2
	mechanismUnknown    = 11 // 11 to 14 are of the authentication
	authenticationLast  = 14
)

// notAssociated tells why: the login, or something that another profile mends.
func (s *session) notAssociated(a *message.Association) error {
	d := a.Diagnostic.Value
	e := &cti.Error{Err: cti.ErrRefused, Code: fmt.Sprintf("association %v, diagnostic %d", a.Result, d)}
	switch {
	case a.ByProvider:
		e.Detail = "the PBX's ACSE provider refused: it wants another version"
	case d >= mechanismUnknown && d <= authenticationLast, d <= noReasonGiven && s.profile.Login:
		e.Err = cti.ErrBadCredentials
	case d == contextNotSupported:
		e.Detail = "the PBX does not take the application context " + s.profile.Context + ": change Profile.Context"
	}
	return e
}
