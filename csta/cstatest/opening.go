package cstatest

import (
	"errors"
	"slices"
	"time"

	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/csta/internal/message"
)

// opening is the first message of a driver.
type opening struct {
	user, password string
	id             message.InvokeID
	lifetime       message.Opt[int64] // of the application session, s
	// foreign: it is not the protocol that this PBX speaks: another application
	// context, another edition.
	foreign bool
	// versions: it lists the versions of CSTA that it speaks; unversed: not ours.
	versions, unversed bool
}

// readOpening takes the association or the start of an application session, where
// the profile has one.
func (c *conn) readOpening(p csta.Profile) (opening, error) {
	if !p.Association && !p.Session {
		return opening{}, nil
	}
	frame, err := c.frames.Next()
	if err != nil {
		return opening{}, err
	}
	var m message.Message
	if err := c.codec.Decode(frame, &m); err != nil {
		return opening{}, err
	}
	switch {
	case p.Association && m.Kind == message.AssociationKind && m.Association.Step == message.Associate:
		a := &m.Association
		unversed := a.Versions.Set && p.Version >= 0 && !a.Versions.Has(p.Version)
		return opening{user: a.User, password: a.Password.Reveal(), foreign: a.Context != p.Context || unversed,
			versions: a.Versions.Set, unversed: unversed}, nil
	case p.Session && m.Kind == message.RequestKind && m.Request.Op == message.StartApplicationSession:
		s := m.Request.Session
		return opening{user: s.User, password: s.Password.Reveal(), id: m.InvokeID, lifetime: s.Duration,
			foreign: !slices.Contains(s.Protocols, c.encoding.Namespace())}, nil
	}
	return opening{}, errors.New("missing association request")
}

// sendRefusal refuses a user, or another protocol.
func (c *conn) sendRefusal(p csta.Profile, first opening) error {
	diagnostic, reason := int64(1), "invalidApplicationInfo" // no reason given (ITU-T X.227)
	if first.foreign {
		diagnostic, reason = 2, "requestedProtocolVersionNotSupported" // application context name not supported
	}
	switch {
	case p.Association:
		no := message.Association{Step: message.Associated, Result: message.RejectedPermanently,
			Diagnostic: message.Some(diagnostic)}
		no.ByProvider = first.unversed // whose diagnostic 2 is that there is no common version
		return c.writeAssociation(&no)
	case p.Session:
		return c.sendResult(first.id, message.Result{Op: message.StartApplicationSession,
			Session: &message.Session{Reason: reason}})
	}
	return nil
}

// sendAcceptance lets the driver in.
func (c *conn) sendAcceptance(p csta.Profile, first opening) error {
	switch {
	case p.Association:
		yes := message.Association{Step: message.Associated, Context: p.Context}
		if first.versions && p.Version >= 0 {
			yes.Versions = message.BitsOf(uint8(p.Version+1), p.Version)
		}
		return c.writeAssociation(&yes)
	case p.Session:
		if first.lifetime.Set {
			c.life = time.AfterFunc(time.Duration(first.lifetime.Value)*time.Second, func() {
				c.sendRequest(message.Request{Op: message.ApplicationSessionTerminated,
					Session: &message.Session{ID: sessionID, Reason: "sessionTimerExpired"}})
				c.Close()
			})
		}
		return c.sendResult(first.id, message.Result{Op: message.StartApplicationSession, Session: &message.Session{
			ID: sessionID, Protocols: []string{c.encoding.Namespace()}, Duration: first.lifetime}})
	}
	return nil
}

// sessionID: each connection has one session, so one name does.
const sessionID = "1"

// serveSession serves the requests about the application session itself; it reports
// whether r is one. A session that is not renewed in time loses its connection.
func (c *conn) serveSession(id message.InvokeID, r *message.Request) bool {
	known := r.Session != nil && r.Session.ID == sessionID
	answer := message.Result{Op: r.Op, Session: &message.Session{}}
	switch {
	case r.Op != message.ResetApplicationSessionTimer && r.Op != message.StopApplicationSession:
		return false
	case !known || c.life == nil:
		answer.Session.Reason = "invalidSessionID"
	case r.Op == message.StopApplicationSession:
		c.life.Stop()
	case r.Session.Duration.Set:
		c.life.Reset(time.Duration(r.Session.Duration.Value) * time.Second)
		answer.Session.Duration = r.Session.Duration
	}
	_ = c.sendResult(id, answer)
	return true
}

func (c *conn) sendResult(id message.InvokeID, r message.Result) error {
	return c.writeMessage(func(dst []byte) ([]byte, error) { return c.codec.AppendResult(dst, id, &r) })
}

func (c *conn) writeAssociation(a *message.Association) error {
	return c.writeMessage(func(dst []byte) ([]byte, error) { return c.codec.AppendAssociation(dst, a) })
}
