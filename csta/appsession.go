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

// startSession opens an application session, and starts to renew it where the
// PBX says that it ends.
func (s *session) startSession(ctx context.Context) error {
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
	a, err := s.askAnd(ctx, cti.OpOpen, "", &message.Request{Op: message.StartApplicationSession, Session: ask}, request{})
	switch {
	case err != nil:
		return err
	case a.session == nil || a.session.Reason != "":
		return &cti.Error{Err: s.refused(a.session), Code: "application session refused: " + reason(a.session)}
	}
	if other := otherEdition(a.session.Protocols, s.encoding); other != "" {
		return &cti.Error{Err: cti.ErrRefused, Code: "application session granted in " + other,
			Detail: "that is another edition than asked for: change Profile.Encoding"}
	}
	s.application = a.session.ID
	if d := lifetime(a.session); d > 0 {
		s.Spawn(func() { s.renew(d) })
	}
	return nil
}

// otherEdition is the edition of ECMA-323 that a session was granted in, where it
// is not that of the encoding. A vendor's own names of protocols tell nothing.
func otherEdition(granted []string, e encoding.Encoding) string {
	for _, known := range []encoding.Encoding{encoding.XML3, encoding.XML4, encoding.XML5, encoding.XML6} {
		for _, g := range granted {
			if known != e && (g == known.Namespace() || strings.HasPrefix(g, known.Namespace()+"/")) {
				return g
			}
		}
	}
	return ""
}

// refused tells why there is no application session: the name and the password
// are in its application information (ECMA-354 invalidApplicationInfo). A PBX that
// gives no reason is taken to mean them where there are any.
func (s *session) refused(a *message.Session) error {
	switch reason(a) {
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

// noReason is what the codec makes of a refusal without a reason.
const noReason = "no reason given"

func reason(a *message.Session) string {
	if a == nil {
		return noReason
	}
	return a.Reason
}

// lifetime is how long a session lasts from now on; 0 for ever.
func lifetime(a *message.Session) time.Duration {
	if a == nil || !a.Duration.Set || a.Duration.Value <= 0 || a.Duration.Value > int64(maxLifetime/time.Second) {
		return 0
	}
	return time.Duration(a.Duration.Value) * time.Second
}

// maxLifetime: longer ones are as good as endless.
const maxLifetime = 100 * 24 * time.Hour

// renew resets the session's timer after two thirds of its life, until the link
// ends. One that cannot be renewed would be cut off by the PBX at its end: the
// link is given up then.
func (s *session) renew(d time.Duration) {
	for {
		select {
		case <-s.Exchange.Done():
			return
		case <-time.After(d * 2 / 3):
		}
		ctx, cancel := context.WithTimeout(context.Background(), d/3)
		a, err := s.askAnd(ctx, cti.OpOpen, "", &message.Request{Op: message.ResetApplicationSessionTimer,
			Session: &message.Session{ID: s.application, Duration: message.Some(int64(s.profile.SessionDuration / time.Second))}}, request{})
		cancel()
		if err == nil && a.session != nil && a.session.Reason != "" {
			err = fmt.Errorf("refused: %s", a.session.Reason)
		}
		if err != nil {
			s.Exchange.End(fmt.Errorf("%w: the application session could not be renewed: %v", cti.ErrLinkDown, err))
			return
		}
		if next := lifetime(a.session); next > 0 {
			d = next
		}
	}
}

// stopSession tells the PBX that the application leaves.
func (s *session) stopSession() {
	if s.application != "" {
		s.post(message.Request{Op: message.StopApplicationSession, Session: &message.Session{ID: s.application, Reason: "normal"}})
	}
}

// sessionEnded: the PBX ends the application session. It says so by a message
// without an answer (ECMA-354 ApplicationSessionTerminated), or as we would.
func (s *session) sessionEnded(m *message.Message) error {
	why := reason(m.Request.Session)
	if m.Request.Op.Answered() {
		_ = s.acknowledge(m.InvokeID, m.Request.Op)
		s.Exchange.Flush(releaseTime) // before the connection ends
	}
	return fmt.Errorf("%w: the PBX ended the application session: %s", cti.ErrLinkDown, why)
}
