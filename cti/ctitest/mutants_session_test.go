package ctitest_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
)

// sessionMutants break the rules of a session, of Supervise and of Release.
func sessionMutants() []mutant {
	return []mutant{
		{name: "Err after Close", caught: "Close ends the session without an error",
			driver: altered{parts: parts{err: func(*ctitest.Session) error { return cti.ErrClosed }}}},
		{name: "Close does not wait", caught: "Close ends the session without an error",
			driver: altered{parts: parts{
				close: func(s *ctitest.Session) error { time.AfterFunc(time.Second, func() { s.Close() }); return nil }}}},
		{name: "the second Close fails", caught: "Close may be called several times and at once",
			driver: altered{parts: parts{close: func(s *ctitest.Session) error {
				if isDone(s.Done()) {
					return cti.ErrClosed
				}
				return s.Close()
			}}}},
		{name: "Close leaves a goroutine", caught: "Close leaves no goroutine",
			driver: altered{parts: parts{close: func(s *ctitest.Session) error {
				go time.Sleep(24 * time.Hour)
				return s.Close()
			}}}},
		{name: "the loss of the link is no error", caught: "a lost link ends the session with ErrLinkDown",
			driver: altered{parts: parts{err: func(*ctitest.Session) error { return nil }}}},
		{name: "the loss of the link is not noticed", caught: "a lost link ends the session with ErrLinkDown",
			driver: altered{parts: parts{done: func(*ctitest.Session) <-chan struct{} { return nil }}}},
		{name: "a goroutine outlives the lost session", caught: "a lost session leaves no goroutine",
			driver: altered{wrap: func(opened driver.Session) driver.Session {
				go time.Sleep(24 * time.Hour)
				return opened
			}}},
		{name: "garbage is a lost link", caught: "garbage ends the session with ErrProtocol",
			driver: altered{parts: parts{err: func(s *ctitest.Session) error {
				if s.Err() != nil {
					return cti.ErrLinkDown
				}
				return nil
			}}}},
		{name: "a length is believed", caught: "a huge length ends the session with ErrProtocol",
			driver: altered{parts: parts{done: func(s *ctitest.Session) <-chan struct{} {
				done := make(chan struct{})
				go func() {
					defer close(done)
					<-s.Done()
					keep(make([]byte, 128<<20))
				}()
				return done
			}}}},
		{name: "the sink is called after Done", caught: "the sink is not called after Done", driver: altered{
			open: func(ctx context.Context, c *ctitest.Connector, sink driver.EventSink) (driver.Session, error) {
				s, err := c.Open(ctx, sink)
				go func() {
					<-s.Done()
					time.Sleep(time.Second)
					sink.Event(&cti.Event{Kind: cti.LateAnswer, Time: time.Now()})
				}()
				return s, err
			}}},
		{name: "the snapshot is empty", caught: "Supervise starts the monitor and reads the snapshot",
			driver: superviseShows(func(shot *cti.Snapshot) { shot.Calls = nil })},
		{name: "the snapshot has no parties", caught: "Supervise starts the monitor and reads the snapshot",
			driver: superviseShows(func(shot *cti.Snapshot) {
				for i := range shot.Calls {
					shot.Calls[i].Parties = nil
				}
			})},
		{name: "a full link is a refusal", caught: "a full link is ErrCapacity with the limit",
			driver: superviseTells(func(e *cti.Error) { e.Err = cti.ErrRefused })},
		{name: "the limit is not told", caught: "a full link is ErrCapacity with the limit",
			driver: superviseTells(func(e *cti.Error) { e.Limit = 0 })},
		{name: "an error does not name the device", caught: "an unknown extension is ErrInvalidDevice",
			driver: superviseTells(func(e *cti.Error) { e.Device = "" })},
		{name: "an error does not name the operation", caught: "a site out of reach is ErrUnreachable",
			driver: superviseTells(func(e *cti.Error) { e.Op = cti.OpNone })},
		{name: "an i2052 is a refusal", caught: "a set that the link cannot supervise is ErrUnsupportedSet",
			driver: superviseTells(func(e *cti.Error) { e.Err = cti.ErrRefused })},
		{name: "an error shows the password", caught: "a wrong extension password is ErrBadPassword",
			driver: superviseTells(func(e *cti.Error) { e.Detail = "guessed-password was refused" })},
		{name: "a refused snapshot leaves the monitor", caught: "a refused snapshot leaves no monitor",
			driver: altered{parts: parts{supervise: leavesMonitor}}},
		{name: "Supervise is deaf to ctx", caught: "a supervision given up leaves no monitor",
			driver: altered{parts: parts{supervise: func(s *ctitest.Session, ctx context.Context, ext cti.Extension) (cti.Snapshot, error) {
				return s.Supervise(deaf(ctx), ext)
			}}}},
		{name: "a late monitor stays", caught: "a supervision given up leaves no monitor",
			driver: altered{parts: parts{supervise: func(s *ctitest.Session, ctx context.Context, ext cti.Extension) (cti.Snapshot, error) {
				done := make(chan struct{})
				var shot cti.Snapshot
				var err error
				go func() {
					defer close(done)
					shot, err = s.Supervise(deaf(ctx), ext)
				}()
				select {
				case <-done:
					return shot, err
				case <-ctx.Done():
					return cti.Snapshot{}, ctitest.RequestError(cti.OpSupervise, ext.Number, ctx.Err())
				}
			}}}},
		{name: "Release leaves the monitor", caught: "Release stops the monitor",
			driver: altered{parts: parts{release: func(s *ctitest.Session, ctx context.Context, device cti.DeviceID) error { return nil }}}},
		{name: "Release returns before events end", caught: "no event follows Release",
			driver: altered{parts: parts{release: func(s *ctitest.Session, ctx context.Context, device cti.DeviceID) error {
				time.AfterFunc(100*time.Millisecond, func() { _ = s.Release(context.WithoutCancel(ctx), device) })
				return nil
			}}}},
		{name: "Release of nothing fails", caught: "releasing what is not supervised is no error",
			driver: altered{parts: parts{release: func(s *ctitest.Session, ctx context.Context, device cti.DeviceID) error {
				if s.MonitorOf(device) == 0 {
					return cti.ErrUnsupervised
				}
				return s.Release(ctx, device)
			}}}},
		{name: "Close lets a request wait", caught: "Close ends requests in flight", driver: altered{parts: parts{supervise: lingers}}},
		{name: "Close lets many requests wait", caught: "Close amid many requests ends them all", driver: altered{parts: parts{
			release: func(s *ctitest.Session, ctx context.Context, device cti.DeviceID) error {
				err := s.Release(ctx, device)
				time.Sleep(10 * time.Second)
				return err
			}}}},
		{name: "a password is escaped twice", caught: "an extension password may hold any character",
			driver: altered{parts: parts{supervise: func(s *ctitest.Session, ctx context.Context, ext cti.Extension) (cti.Snapshot, error) {
				ext.Password = ctikit.NewSecret(strings.ReplaceAll(ext.Password.Reveal(), "&", "&amp;"))
				return s.Supervise(ctx, ext)
			}}}},
		{name: "nothing is safe to retry after Close", caught: "a request after Close is safe to retry",
			driver: superviseTells(func(e *cti.Error) { e.NotSent = false })},
		{name: "another refusal is untyped", caught: "another refusal is typed and names the extension",
			driver: superviseTells(func(e *cti.Error) { e.Err = errors.New("no") })},
		{name: "what was lost is safe to retry", caught: "a link lost while supervising is ErrLinkDown",
			driver: superviseTells(func(e *cti.Error) { e.NotSent = true })},
		{name: "a monitor stays behind a late snapshot", caught: "a supervision given up during the snapshot leaves no monitor",
			driver: altered{parts: parts{supervise: leavesMonitor}}},
		{name: "unknown monitors are passed on", caught: "a monitor whose answer was lost reports nothing",
			driver: altered{parts: parts{supervise: passesOn}}},
		{name: "a stop that overtakes is forgotten", caught: "a stop that overtakes the answer of Supervise is no success in silence",
			driver: altered{parts: parts{supervise: keepsNothing}}},
		{name: "events that overtake are forgotten", caught: "events that overtake the answer of Supervise are delivered in their order",
			driver: altered{parts: parts{supervise: keepsNothing}}},
		{name: "events of what was given up are passed on", caught: "events that overtake the answer of a supervision given up are not delivered",
			driver: altered{parts: parts{supervise: passesOn}}},
		{name: "events of what is released go to another", caught: "what is said of a monitor that is being released concerns no other that is being started",
			driver: altered{
				sink: edits(func(ev *cti.Event) bool { ev.Device = "4002"; return true }),
				parts: parts{release: func(s *ctitest.Session, ctx context.Context, device cti.DeviceID) error {
					id := s.MonitorOf(device)
					s.ReportAs("4002", id)
					return s.StopMonitor(ctx, device, id)
				}}}},
		{name: "a release given up is forgotten", caught: "a release given up ends with ctx and stays silent",
			driver: altered{parts: parts{release: func(s *ctitest.Session, ctx context.Context, device cti.DeviceID) error {
				id := s.MonitorOf(device)
				err := s.Release(ctx, device)
				if err != nil {
					s.RecordMonitor(device, id)
				}
				return err
			}}}},
		{name: "half a message is an untyped error", caught: "half a message ends the session",
			driver: altered{parts: parts{err: func(s *ctitest.Session) error {
				if s.Err() != nil {
					return errors.New("unexpected EOF")
				}
				return nil
			}}}},
		{name: "a goroutine outlives the broken session", caught: "a broken session leaves no goroutine",
			driver: altered{wrap: func(opened driver.Session) driver.Session {
				go time.Sleep(24 * time.Hour)
				return opened
			}}},
		{name: "snapshots are mixed up", caught: "methods may be called at once", driver: mixesUp()},
		{name: "a late snapshot goes to the next", caught: "a late snapshot goes to no other supervision", driver: mixesUp()},
	}
}

// passesOn lets a supervision that was given up report.
func passesOn(s *ctitest.Session, ctx context.Context, ext cti.Extension) (cti.Snapshot, error) {
	shot, err := s.Supervise(ctx, ext)
	if err != nil {
		s.ReportAs(ext.Number, s.Started()...)
	}
	return shot, err
}

// keepsNothing of what overtakes the answer.
func keepsNothing(s *ctitest.Session, ctx context.Context, ext cti.Extension) (cti.Snapshot, error) {
	defer s.DropEarly()()
	return s.Supervise(ctx, ext)
}

// lingers does not notice the end of the session.
func lingers(s *ctitest.Session, ctx context.Context, ext cti.Extension) (cti.Snapshot, error) {
	shot, err := s.Supervise(ctx, ext)
	if isDone(s.Done()) {
		time.Sleep(time.Hour)
	}
	return shot, err
}

// leavesMonitor has a monitor behind a failed supervision.
func leavesMonitor(s *ctitest.Session, ctx context.Context, ext cti.Extension) (cti.Snapshot, error) {
	shot, err := s.Supervise(ctx, ext)
	if err != nil {
		s.StartUnrecorded(ext)
	}
	return shot, err
}

// mixesUp gives each supervision the device of the one before.
func mixesUp() altered {
	var last atomic.Value
	return altered{parts: parts{supervise: func(s *ctitest.Session, ctx context.Context, ext cti.Extension) (cti.Snapshot, error) {
		shot, err := s.Supervise(ctx, ext)
		if before, ok := last.Swap(ext.Number).(cti.DeviceID); ok {
			shot.Device = before
		}
		return shot, err
	}}}
}

// keep keeps an allocation from being left out.
//
//go:noinline
func keep(b []byte) { b[0] = 1 }
