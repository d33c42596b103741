package ctitest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ctikit/ctikit/cti"
)

var wide = LinkOptions{Protocol: cti.CSTA, ReportsExistingCalls: true, SnapshotAtomic: true, GlobalCallIDs: true, AnnounceLimit: true}

// sinkFunc is a function as a sink.
type sinkFunc func(ev *cti.Event)

func (f sinkFunc) Event(ev *cti.Event) { f(ev) }

// edits lets every event be changed, or swallowed, on its way.
func edits(edit func(ev *cti.Event) bool) func(cti.EventSink) cti.EventSink {
	return func(to cti.EventSink) cti.EventSink {
		return sinkFunc(func(ev *cti.Event) {
			if edit(ev) {
				to.Event(ev)
			}
		})
	}
}

// tells changes the error of an operation.
func tells(err error, change func(e *cti.Error)) error {
	if e, ok := errors.AsType[*cti.Error](err); ok {
		change(e)
	}
	return err
}

func superviseTells(change func(e *cti.Error)) altered {
	return altered{parts: parts{supervise: func(s *session, ctx context.Context, ext cti.Extension) (cti.Snapshot, error) {
		shot, err := s.Supervise(ctx, ext)
		return shot, tells(err, change)
	}}}
}

func superviseShows(change func(shot *cti.Snapshot)) altered {
	return altered{parts: parts{supervise: func(s *session, ctx context.Context, ext cti.Extension) (cti.Snapshot, error) {
		shot, err := s.Supervise(ctx, ext)
		change(&shot)
		return shot, err
	}}}
}

func makeCallTells(change func(e *cti.Error)) altered {
	return altered{parts: parts{makeCall: func(s *session, ctx context.Context, device cti.DeviceID, number string) (cti.ConnectionID, error) {
		c, err := s.MakeCall(ctx, device, number)
		return c, tells(err, change)
	}}}
}

// deaf is a ctx that outlives the one it is made of by far.
func deaf(ctx context.Context) context.Context {
	out, cancel := context.WithTimeout(context.WithoutCancel(ctx), 24*time.Hour)
	context.AfterFunc(out, cancel)
	return out
}

// mutants are drivers that break one rule each, in the order of the rules.
func mutants() []mutant {
	return append(append(openMutants(), sessionMutants()...), append(eventMutants(), requestMutants()...)...)
}

func openMutants() []mutant {
	return []mutant{
		{name: "Open is deaf to ctx", caught: "ctx bounds the opening", driver: altered{
			open: func(ctx context.Context, c *Connector, sink cti.EventSink) (cti.Session, error) {
				return c.Open(deaf(ctx), sink)
			}}},
		{name: "Open leaks when given up", caught: "an opening that was given up leaves nothing", driver: altered{
			open: func(ctx context.Context, c *Connector, sink cti.EventSink) (cti.Session, error) {
				type result struct {
					s   cti.Session
					err error
				}
				opened := make(chan result, 1)
				go func() {
					s, err := c.Open(deaf(ctx), sink)
					if opened <- (result{s, err}); err == nil {
						time.Sleep(time.Hour)
						s.Close()
					}
				}()
				select {
				case r := <-opened:
					return r.s, r.err
				case <-ctx.Done():
					return nil, opening(ctx.Err())
				}
			}}},
		{name: "the session ends with the ctx of Open", caught: "the session outlives the ctx of its opening", driver: altered{
			open: func(ctx context.Context, c *Connector, sink cti.EventSink) (cti.Session, error) {
				s, err := c.Open(ctx, sink)
				context.AfterFunc(ctx, func() { s.Close() })
				return s, err
			}}},
		{name: "refused credentials are just a refusal", caught: "refused credentials are ErrBadCredentials", driver: altered{
			open: func(ctx context.Context, c *Connector, sink cti.EventSink) (cti.Session, error) {
				s, err := c.Open(ctx, sink)
				return s, tells(err, func(e *cti.Error) { e.Err = cti.ErrRefused })
			}}},
		{name: "a refused connection is an untyped error", caught: "a link that is down is ErrLinkDown", driver: altered{
			open: func(ctx context.Context, c *Connector, sink cti.EventSink) (cti.Session, error) {
				if s, err := c.Open(ctx, sink); err == nil {
					return s, nil
				}
				return nil, errors.New("connection refused")
			}}},
		{name: "a second Open fails", caught: "Open works again after the session has ended", driver: altered{
			open: func() func(ctx context.Context, c *Connector, sink cti.EventSink) (cti.Session, error) {
				var opened atomic.Bool
				return func(ctx context.Context, c *Connector, sink cti.EventSink) (cti.Session, error) {
					if opened.Swap(true) {
						return nil, opening(cti.ErrClosed)
					}
					return c.Open(ctx, sink)
				}
			}()}},
		{name: "garbage at the opening is a lost link", caught: "garbage at the opening is ErrProtocol", driver: altered{
			open: func(ctx context.Context, c *Connector, sink cti.EventSink) (cti.Session, error) {
				s, err := c.Open(ctx, sink)
				return s, tells(err, func(e *cti.Error) { e.Err = cti.ErrLinkDown })
			}}},
		{name: "Identity is the same for all", caught: "Identity tells links apart and holds no secret",
			driver: altered{identity: func(*Connector) string { return "a PBX" }}},
		{name: "Identity shows the password", caught: "Identity tells links apart and holds no secret",
			driver: altered{identity: func(c *Connector) string { return c.Identity() + c.options.Password.Reveal() }}},
		{name: "Identity differs each time", caught: "Identity tells links apart and holds no secret",
			driver: altered{identity: func() func(c *Connector) string {
				var n atomic.Int64
				return func(c *Connector) string { return fmt.Sprint(c.Identity(), n.Add(1)) }
			}()}},
	}
}

func sessionMutants() []mutant {
	return []mutant{
		{name: "Err after Close", caught: "Close ends the session without an error",
			driver: altered{parts: parts{err: func(*session) error { return cti.ErrClosed }}}},
		{name: "Close does not wait", caught: "Close ends the session without an error",
			driver: altered{parts: parts{
				close: func(s *session) error { time.AfterFunc(time.Second, func() { s.Close() }); return nil }}}},
		{name: "the second Close fails", caught: "Close may be called several times and at once",
			driver: altered{parts: parts{close: func(s *session) error {
				if isClosed(s.done) {
					return cti.ErrClosed
				}
				return s.Close()
			}}}},
		{name: "Close leaves a goroutine", caught: "Close leaves no goroutine",
			driver: altered{parts: parts{close: func(s *session) error {
				go time.Sleep(24 * time.Hour)
				return s.Close()
			}}}},
		{name: "the loss of the link is no error", caught: "a lost link ends the session with ErrLinkDown",
			driver: altered{parts: parts{err: func(*session) error { return nil }}}},
		{name: "the loss of the link is not noticed", caught: "a lost link ends the session with ErrLinkDown",
			driver: altered{parts: parts{done: func(*session) <-chan struct{} { return nil }}}},
		{name: "a goroutine outlives the lost session", caught: "a lost session leaves no goroutine",
			driver: altered{wrap: func(opened cti.Session) cti.Session {
				go time.Sleep(24 * time.Hour)
				return opened
			}}},
		{name: "garbage is a lost link", caught: "garbage ends the session with ErrProtocol",
			driver: altered{parts: parts{err: func(s *session) error {
				if s.Err() != nil {
					return cti.ErrLinkDown
				}
				return nil
			}}}},
		{name: "a length is believed", caught: "a huge length ends the session with ErrProtocol",
			driver: altered{parts: parts{done: func(s *session) <-chan struct{} {
				done := make(chan struct{})
				go func() {
					defer close(done)
					<-s.done
					keep(make([]byte, 128<<20))
				}()
				return done
			}}}},
		{name: "the sink is called after Done", caught: "the sink is not called after Done", driver: altered{
			open: func(ctx context.Context, c *Connector, sink cti.EventSink) (cti.Session, error) {
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
			driver: altered{parts: parts{supervise: func(s *session, ctx context.Context, ext cti.Extension) (cti.Snapshot, error) {
				shot, err := s.Supervise(ctx, ext)
				if err != nil {
					go s.assoc.Serve(cti.OpSupervise, ext.Number, &pending{ready: make(chan struct{})}, func(sw *Switch) (any, error) {
						return sw.StartMonitor(ext.Number, ext.Password)
					})
				}
				return shot, err
			}}}},
		{name: "Supervise is deaf to ctx", caught: "a supervision given up leaves no monitor",
			driver: altered{parts: parts{supervise: func(s *session, ctx context.Context, ext cti.Extension) (cti.Snapshot, error) {
				return s.Supervise(deaf(ctx), ext)
			}}}},
		{name: "a late monitor stays", caught: "a supervision given up leaves no monitor",
			driver: altered{parts: parts{supervise: func(s *session, ctx context.Context, ext cti.Extension) (cti.Snapshot, error) {
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
					return cti.Snapshot{}, (&pending{op: cti.OpSupervise, device: ext.Number}).failed(ctx.Err(), false)
				}
			}}}},
		{name: "Release leaves the monitor", caught: "Release stops the monitor",
			driver: altered{parts: parts{release: func(s *session, ctx context.Context, device cti.DeviceID) error { return nil }}}},
		{name: "Release returns before events end", caught: "no event follows Release",
			driver: altered{parts: parts{release: func(s *session, ctx context.Context, device cti.DeviceID) error {
				time.AfterFunc(100*time.Millisecond, func() { _ = s.Release(context.WithoutCancel(ctx), device) })
				return nil
			}}}},
		{name: "Release of nothing fails", caught: "releasing what is not supervised is no error",
			driver: altered{parts: parts{release: func(s *session, ctx context.Context, device cti.DeviceID) error {
				if s.current(watch{device: device}) == 0 {
					return cti.ErrUnsupervised
				}
				return s.Release(ctx, device)
			}}}},
	}
}

// keep keeps an allocation from being left out.
//
//go:noinline
func keep(b []byte) { b[0] = 1 }

func eventMutants() []mutant {
	const order = "events are those of the PBX in its order"
	return []mutant{
		{name: "events before the snapshot are dropped", caught: "events between monitor and snapshot are not lost",
			driver: altered{sink: edits(func(ev *cti.Event) bool { return ev.Kind != cti.Delivered })}},
		{name: "the end of a monitor is not reported", caught: "a monitor that the PBX stops is reported",
			driver: altered{sink: edits(func(ev *cti.Event) bool { return ev.Kind != cti.MonitorStopped })}},
		{name: "every seventh event is lost", caught: order, driver: altered{sink: func(to cti.EventSink) cti.EventSink {
			n := 0
			return sinkFunc(func(ev *cti.Event) {
				if n++; n%7 != 0 {
					to.Event(ev)
				}
			})
		}}},
		{name: "events come twice", caught: order, driver: altered{sink: func(to cti.EventSink) cti.EventSink {
			return sinkFunc(func(ev *cti.Event) { to.Event(ev); to.Event(ev) })
		}}},
		{name: "a goroutine for each event", caught: order, driver: altered{sink: func(to cti.EventSink) cti.EventSink {
			var mu sync.Mutex
			n := 0
			return sinkFunc(func(ev *cti.Event) {
				n++
				copied, late := *ev, time.Duration(n%3)*time.Millisecond
				time.AfterFunc(late, func() { mu.Lock(); defer mu.Unlock(); to.Event(&copied) })
			})
		}}},
		{name: "the redirection is lost", caught: order,
			driver: altered{sink: edits(func(ev *cti.Event) bool { ev.Redirection = cti.Party{}; return true })}},
		{name: "the cause is lost", caught: order,
			driver: altered{sink: edits(func(ev *cti.Event) bool { ev.Cause = cti.CauseNone; return true })}},
		{name: "the old calls are lost", caught: order,
			driver: altered{sink: edits(func(ev *cti.Event) bool { ev.OldCall, ev.OtherCall = "", ""; return true })}},
		{name: "the global identifier is lost", caught: order, link: wide,
			driver: altered{sink: edits(func(ev *cti.Event) bool { ev.Global = ""; return true })}},
		{name: "withheld is unknown", caught: "a caller who withholds his number is Restricted",
			driver: altered{sink: edits(func(ev *cti.Event) bool {
				if ev.Calling.Status == cti.Restricted {
					ev.Calling.Status = cti.NotKnown
				}
				return true
			})}},
		{name: "the state is that of the subject", caught: "an incoming call is reported to its end",
			driver: altered{sink: edits(func(ev *cti.Event) bool {
				if ev.Kind == cti.ConnectionCleared {
					ev.State = cti.Connected
				}
				return true
			})}},
		{name: "existing calls are silent, whatever is promised", link: wide, caught: "existing calls report events where Capabilities say so",
			driver: altered{sink: edits(func(ev *cti.Event) bool { return ev.Kind != cti.Established })}},
		{name: "a transfer has the wrong parties", caught: "TransferCall",
			driver: altered{sink: edits(func(ev *cti.Event) bool { ev.Subject, ev.Target = ev.Target, ev.Subject; return true })}},
	}
}

func requestMutants() []mutant {
	return []mutant{
		{name: "MakeCall is deaf to ctx", caught: "a request ends with ctx", driver: altered{parts: parts{
			makeCall: func(s *session, ctx context.Context, device cti.DeviceID, number string) (cti.ConnectionID, error) {
				return s.MakeCall(deaf(ctx), device, number)
			}}}},
		{name: "everything is safe to retry", caught: "a request ends with ctx",
			driver: makeCallTells(func(e *cti.Error) { e.NotSent = true })},
		{name: "an answer is safe to retry", caught: "an answer is not safe to retry",
			driver: makeCallTells(func(e *cti.Error) { e.NotSent = e.NotSent || errors.Is(e.Err, cti.ErrInvalidDestination) })},
		{name: "nothing is safe to retry", caught: "a request under a ctx that has ended is not sent",
			driver: makeCallTells(func(e *cti.Error) { e.NotSent = false })},
		{name: "nothing is safe to retry after the end", caught: "a request after the end is safe to retry",
			driver: superviseTells(func(e *cti.Error) { e.NotSent = false })},
		{name: "an ended ctx is looked at too late", caught: "a request under a ctx that has ended is not sent", driver: altered{parts: parts{
			makeCall: func(s *session, ctx context.Context, device cti.DeviceID, number string) (cti.ConnectionID, error) {
				if ctx.Err() != nil {
					_, _ = s.MakeCall(context.WithoutCancel(ctx), device, number)
				}
				return s.MakeCall(ctx, device, number)
			}}}},
		{name: "requests wait for one another", caught: "slow answers do not hold up others", driver: func() altered {
			turn := make(chan struct{}, 1)
			return altered{parts: parts{makeCall: func(s *session, ctx context.Context, device cti.DeviceID, number string) (cti.ConnectionID, error) {
				// A turn that is taken by time, not by a channel of another bubble.
				for len(turn) > 0 {
					time.Sleep(time.Millisecond)
				}
				turn <- struct{}{}
				defer func() { <-turn }()
				return s.MakeCall(ctx, device, number)
			}}}
		}()},
		{name: "a late answer goes to the next request", caught: "a late answer goes to no other request", driver: altered{parts: parts{
			makeCall: func() func(s *session, ctx context.Context, device cti.DeviceID, number string) (cti.ConnectionID, error) {
				var first atomic.Pointer[cti.ConnectionID]
				return func(s *session, ctx context.Context, device cti.DeviceID, number string) (cti.ConnectionID, error) {
					c, err := s.MakeCall(ctx, device, number)
					if late := first.Swap(nil); late != nil && err == nil {
						return *late, nil
					}
					if err != nil {
						first.Store(&cti.ConnectionID{Call: "1", Device: device})
					}
					return c, err
				}
			}()}}},
		{name: "a late call is forgotten", caught: "a late call is cleared or reported",
			driver: altered{sink: edits(func(ev *cti.Event) bool { return ev.Kind != cti.LateAnswer })}},
		{name: "a late change is forgotten", caught: "a late change is reported",
			driver: altered{sink: edits(func(ev *cti.Event) bool { return ev.Kind != cti.LateAnswer })}},
		{name: "Capabilities promise too much", caught: "the session is what Capabilities name",
			driver: altered{wrap: func(opened cti.Session) cti.Session { return struct{ cti.Session }{opened} }}},
		{name: "Capabilities change in silence", link: wide, caught: "Capabilities change only with an event",
			driver: altered{sink: edits(func(ev *cti.Event) bool { return ev.Kind != cti.CapabilitiesChanged })}},
		{name: "what is not possible is ignored", caught: "what Capabilities do not name is ErrUnsupported", driver: altered{parts: parts{
			forward: func(s *session, ctx context.Context, device cti.DeviceID, f cti.Forward) error {
				if !s.Capabilities().Operations.Has(cti.OpSetForwarding) {
					return nil
				}
				return s.SetForwarding(ctx, device, f)
			}}}},
		{name: "Ping asks nobody", caught: "Ping answers, and finds a silent peer",
			driver: altered{parts: parts{ping: func(*session, context.Context) error { return nil }}}},
		{name: "HoldCall does nothing", caught: "HoldCall and RetrieveCall",
			driver: altered{parts: parts{hold: func(*session, context.Context, cti.ConnectionID) error { return nil }}}},
		{name: "TransferCall returns what it was given", caught: "TransferCall", driver: altered{parts: parts{
			transfer: func(s *session, ctx context.Context, held, active cti.ConnectionID) (cti.ConnectionID, error) {
				_, err := s.TransferCall(ctx, held, active)
				return active, err
			}}}},
		{name: "forwards lose their origin", link: wide, caught: "forwards are set, read and cancelled", driver: altered{parts: parts{
			forward: func(s *session, ctx context.Context, device cti.DeviceID, f cti.Forward) error {
				f.Origin = cti.AllCalls
				return s.SetForwarding(ctx, device, f)
			}}}},
		{name: "MonitorFeatures supervises", link: wide, caught: "MonitorFeatures watches features only", driver: altered{parts: parts{
			features: func(s *session, ctx context.Context, device cti.DeviceID) (cti.Features, error) {
				shot, err := s.Supervise(ctx, cti.Extension{Number: device})
				return shot.Features, err
			}}}},
	}
}
