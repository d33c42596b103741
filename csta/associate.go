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
			err = &cti.Error{Err: cti.ErrBadCredentials, Code: fmt.Sprintf("association %v, diagnostic %d", a.Result, a.Diagnostic.Value)}
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
