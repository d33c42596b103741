package csta

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/ctikit/ctikit/csta/internal/encoding"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// Application sessions (ECMA-354): where CSTA in XML has one, the link begins
// with it, and it must be renewed before it expires.

// startApplicationSession opens an application session, and starts to renew it where the
// PBX says that it ends.
func (s *session) startApplicationSession(ctx context.Context) error {
	ask := &message.Session{
		Application: s.cfg.Application, Protocols: []string{s.encoding.Namespace()},
		Duration: message.Some(int64(s.profile.SessionDuration / time.Second)),
	}
	if ask.Application == "" {
		ask.Application = "ctikit"
	}
	if s.profile.Login {
		ask.User, ask.Password = s.cfg.User, s.cfg.Password
	}
	a, err := s.askService(ctx, cti.OpOpen, "", &message.Request{Op: message.StartApplicationSession, Session: ask})
	switch {
	case err != nil:
		return err
	case a.session == nil || a.session.Reason != "":
		return &cti.Error{Err: s.refusalSentinel(a.session), Code: "application session refused: " + refusalReason(a.session)}
	}
	if other := findOtherEdition(a.session.Protocols, s.encoding); other != "" {
		return &cti.Error{Err: cti.ErrRefused, Code: "application session granted in " + other,
			Detail: "the PBX granted another edition; change Profile.Encoding"}
	}
	s.application = a.session.ID
	if d := sessionLifetime(a.session); d > 0 {
		s.Spawn(func() { s.renewSession(d) })
	}
	return nil
}

// findOtherEdition returns the edition of ECMA-323 that a session was granted in, if
// it is not that of the encoding. A vendor's own names of protocols are ignored.
func findOtherEdition(granted []string, e encoding.Encoding) string {
	for _, known := range []encoding.Encoding{encoding.XML3, encoding.XML4, encoding.XML5, encoding.XML6} {
		for _, g := range granted {
			if known != e && (g == known.Namespace() || strings.HasPrefix(g, known.Namespace()+"/")) {
				return g
			}
		}
	}
	return ""
}

// refusalSentinel returns why there is no application session. The name and the password
// are in its application information (ECMA-354 invalidApplicationInfo). A PBX that
// gives no reason is taken to mean them where there are any.
func (s *session) refusalSentinel(a *message.Session) error {
	switch refusalReason(a) {
	case "invalidApplicationInfo":
		return cti.ErrBadCredentials
	case "serverResourcesBusy", "maxNumberSessions":
		return cti.ErrBusy
	case noReason:
		if s.profile.Login {
			return cti.ErrBadCredentials
		}
	}
	return cti.ErrRefused
}

// noReason is the text of a refusal without a reason.
const noReason = "no reason given"

func refusalReason(a *message.Session) string {
	if a == nil {
		return noReason
	}
	return a.Reason
}

// sessionLifetime returns how long a session lasts from now on; 0 is for ever.
func sessionLifetime(a *message.Session) time.Duration {
	if a == nil || !a.Duration.Set || a.Duration.Value <= 0 || a.Duration.Value > int64(maxLifetime/time.Second) {
		return 0
	}
	return time.Duration(a.Duration.Value) * time.Second
}

// maxLifetime: longer ones are as good as endless.
const maxLifetime = 100 * 24 * time.Hour

// renewSession resets the session's timer after two thirds of its life, until the link
// ends. One that cannot be renewed would be cut off by the PBX at its end: the
// link is ended then.
func (s *session) renewSession(d time.Duration) {
	for {
		select {
		case <-s.Exchange.Done():
			return
		case <-time.After(d * 2 / 3):
		}
		ctx, cancel := context.WithTimeout(context.Background(), d/3)
		a, err := s.askService(ctx, cti.OpOpen, "", &message.Request{Op: message.ResetApplicationSessionTimer,
			Session: &message.Session{ID: s.application,
				Duration: message.Some(int64(s.profile.SessionDuration / time.Second))}})
		cancel()
		if err == nil && a.session != nil && a.session.Reason != "" {
			err = fmt.Errorf("refused: %q", a.session.Reason)
		}
		if err != nil {
			s.Exchange.End(fmt.Errorf("%w: renewing the application session failed: %v", cti.ErrLinkDown, err))
			return
		}
		if next := sessionLifetime(a.session); next > 0 {
			d = next
		}
	}
}

// stopApplicationSession ends the application session.
func (s *session) stopApplicationSession() {
	if s.application != "" {
		s.postNoted(message.Request{Op: message.StopApplicationSession,
			Session: &message.Session{ID: s.application, Reason: "normal"}}, request{})
	}
}

// handleSessionEnd: the PBX ends the application session. It sends a message
// without an answer (ECMA-354 ApplicationSessionTerminated), or as we would.
func (s *session) handleSessionEnd(m *message.Message) error {
	why := refusalReason(m.Request.Session)
	if m.Request.Op.Answered() {
		_ = s.sendAcknowledgement(m.InvokeID, m.Request.Op)
		s.Exchange.Flush(releaseTime) // before the connection ends
	}
	return fmt.Errorf("%w: the PBX ended the application session: %q", cti.ErrLinkDown, why)
}
