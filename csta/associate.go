package csta

import (
	"context"
	"fmt"
	"time"

	"github.com/ctikit/ctikit/csta/internal/framing"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/wire"
)

// openAssociation opens an ACSE association (ITU-T X.227; ECMA-285 annex on its use)
// and waits for the PBX to accept it.
func (s *session) openAssociation(ctx context.Context) error {
	a := &message.Association{Step: message.Associate, Context: s.profile.Context}
	if s.profile.Version >= 0 {
		a.Versions = message.BitsOf(uint8(s.profile.Version+1), s.profile.Version)
	}
	if s.profile.Login {
		a.User, a.Password = s.cfg.User, s.cfg.Password
	}
	if err := s.sendAssociation(a); err != nil {
		return err
	}
	select {
	case err := <-s.associated:
		return err
	case <-s.Exchange.Done():
		return wire.Lost(s.Exchange.Err())
	case <-ctx.Done():
		return fmt.Errorf("no answer to the association request: %w", ctx.Err())
	}
}

func (s *session) sendAssociation(a *message.Association) error {
	return s.sendMessage(func(dst []byte) ([]byte, error) { return s.codec.AppendAssociation(dst, a) })
}

// handleAssociation deals with the PBX's side of it.
func (s *session) handleAssociation(a *message.Association) error {
	switch a.Step {
	case message.Associate:
		return fmt.Errorf("%w: the peer sent an association request; it is an application, not a PBX", cti.ErrProtocol)
	case message.Released:
		select {
		case s.released <- struct{}{}:
		default: // a second time
		}
	case message.Associated:
		var err error
		switch {
		case a.Result != message.Accepted:
			err = s.associationError(a)
		case a.Versions.Set && a.Versions.Mask&versionsOf(s.profile.Encoding) == 0:
			err = &cti.Error{Err: cti.ErrRefused, Code: "association accepted with CSTA version " + a.Versions.String(),
				Detail: "the PBX does not speak " + s.profile.Encoding.String() + "; change Profile.Encoding and Profile.Version"}
		}
		select {
		case s.associated <- err:
		default: // not requested
		}
		return nil
	case message.Release:
		_ = s.sendAssociation(&message.Association{Step: message.Released, Reason: message.Some(int64(0))})
		s.Exchange.Flush(releaseTime) // before the connection ends
		return fmt.Errorf("%w: the PBX released the association", cti.ErrLinkDown)
	case message.Abort:
		return fmt.Errorf("%w: the PBX aborted the association", cti.ErrLinkDown)
	}
	return nil
}

// versionsOf returns the bits of CSTAVersion (ECMA-285 annex) of an encoding.
func versionsOf(e Encoding) uint64 {
	switch e {
	case BER1:
		return 1 << 0
	case BER2:
		return 1 << 1
	}
	const inXML = 0x1ff<<5 | 7<<15 // ECMA-323: bits 5 to 13, 15 to 17
	return ^uint64(inXML | 3)
}

// releaseTime bounds the wait for the answer to a release.
const releaseTime = time.Second

// releaseAssociation ends it. An OmniPCX Office expects one more message after its
// answer.
func (s *session) releaseAssociation() {
	if !s.profile.Association {
		return
	}
	_ = s.sendAssociation(&message.Association{Step: message.Release, Reason: message.Some(int64(0))})
	if s.profile.Start != OXOStart {
		return
	}
	timer := time.NewTimer(releaseTime)
	defer timer.Stop()
	select {
	case <-s.released:
	case <-s.Exchange.Done():
	case <-timer.C:
	}
	_ = s.Exchange.Send(func(dst []byte) ([]byte, error) { return append(dst, framing.OXOExit...), nil })
}

// Diagnostics of an association that was not accepted (ITU-T X.227
// Associate-source-diagnostic, acse-service-user).
const (
	noReasonGiven       = 1
	contextNotSupported = 2
	mechanismUnknown    = 11 // 11 to 14 are of the authentication
	authenticationLast  = 14
)

// associationError returns why: the login, or something that another profile solves.
func (s *session) associationError(a *message.Association) error {
	d := a.Diagnostic.Value
	e := &cti.Error{Err: cti.ErrRefused, Code: fmt.Sprintf("association %v, diagnostic %d", a.Result, d)}
	switch {
	case a.ByProvider:
		e.Detail = "the PBX's ACSE provider requires another version; change Profile.Version"
	case d >= mechanismUnknown && d <= authenticationLast, d <= noReasonGiven && s.profile.Login:
		e.Err = cti.ErrBadCredentials
	case d == contextNotSupported:
		e.Detail = "the PBX does not support the application context " + s.profile.Context + "; change Profile.Context"
	}
	return e
}
