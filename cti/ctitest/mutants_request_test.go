package ctitest_test

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/cti/driver/drivertest"
)

// requestMutants break the rules of requests, abilities and Capabilities.
func requestMutants() []mutant {
	return []mutant{
		{name: "MakeCall is deaf to ctx", caught: "a request ends with ctx", driver: altered{parts: parts{
			makeCall: func(s *ctitest.Session, ctx context.Context, device cti.DeviceID, number string) (cti.ConnectionID, error) {
				return drivertest.Ask(s).MakeCall(deaf(ctx), device, number)
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
			makeCall: func(s *ctitest.Session, ctx context.Context, device cti.DeviceID, number string) (cti.ConnectionID, error) {
				if ctx.Err() != nil {
					_, _ = drivertest.Ask(s).MakeCall(context.WithoutCancel(ctx), device, number)
				}
				return drivertest.Ask(s).MakeCall(ctx, device, number)
			}}}},
		{name: "requests wait for one another", caught: "slow answers do not hold up others", driver: func() altered {
			turn := make(chan struct{}, 1)
			return altered{parts: parts{makeCall: func(s *ctitest.Session, ctx context.Context, device cti.DeviceID, number string) (cti.ConnectionID, error) {
				// A turn that is taken by time, not by a channel of another bubble.
				for len(turn) > 0 {
					time.Sleep(time.Millisecond)
				}
				turn <- struct{}{}
				defer func() { <-turn }()
				return drivertest.Ask(s).MakeCall(ctx, device, number)
			}}}
		}()},
		{name: "a late answer goes to the next request", caught: "a late answer goes to no other request", driver: altered{parts: parts{
			makeCall: func() func(s *ctitest.Session, ctx context.Context, device cti.DeviceID, number string) (cti.ConnectionID, error) {
				var first atomic.Pointer[cti.ConnectionID]
				return func(s *ctitest.Session, ctx context.Context, device cti.DeviceID, number string) (cti.ConnectionID, error) {
					c, err := drivertest.Ask(s).MakeCall(ctx, device, number)
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
		{name: "Capabilities promise too much", caught: "what Capabilities name is not ErrUnsupported", driver: altered{parts: parts{
			hold: func(*ctitest.Session, context.Context, cti.ConnectionID) error {
				return &cti.Error{Op: cti.OpHoldCall, NotSent: true, Err: ctikit.ErrUnsupported}
			}}}},
		{name: "Capabilities do not name Release", caught: "Capabilities name what every session does", driver: altered{parts: parts{
			capabilities: func(s *ctitest.Session) driver.Capabilities {
				c := s.Capabilities()
				c.Operations = c.Operations.Without(cti.OpRelease)
				return c
			}}}},
		{name: "Capabilities change in silence", link: wide, caught: "Capabilities change only with an event",
			driver: altered{sink: edits(func(ev *cti.Event) bool { return ev.Kind != cti.CapabilitiesChanged })}},
		{name: "what is not possible is ignored", caught: "what Capabilities do not name is ErrUnsupported", driver: altered{parts: parts{
			forward: func(s *ctitest.Session, ctx context.Context, device cti.DeviceID, f cti.Forward) error {
				if !s.Capabilities().Operations.Has(cti.OpSetForwarding) {
					return nil
				}
				return drivertest.Ask(s).SetForwarding(ctx, device, f)
			}}}},
		{name: "Ping asks nobody", caught: "Ping answers, and finds a silent peer",
			driver: altered{parts: parts{ping: func(*ctitest.Session, context.Context) error { return nil }}}},
		{name: "HoldCall does nothing", caught: "HoldCall and RetrieveCall",
			driver: altered{parts: parts{hold: func(*ctitest.Session, context.Context, cti.ConnectionID) error { return nil }}}},
		{name: "TransferCall returns what it was given", caught: "TransferCall", driver: altered{parts: parts{
			transfer: func(s *ctitest.Session, ctx context.Context, held, active cti.ConnectionID) (cti.ConnectionID, error) {
				_, err := drivertest.Ask(s).TransferCall(ctx, held, active)
				return active, err
			}}}},
		{name: "forwards lose their origin", link: wide, caught: "forwards are set, read and cancelled", driver: altered{parts: parts{
			forward: func(s *ctitest.Session, ctx context.Context, device cti.DeviceID, f cti.Forward) error {
				f.Origin = cti.AllCalls
				return drivertest.Ask(s).SetForwarding(ctx, device, f)
			}}}},
		{name: "MonitorFeatures supervises", link: wide, caught: "MonitorFeatures watches features only", driver: altered{parts: parts{
			features: func(s *ctitest.Session, ctx context.Context, device cti.DeviceID) (cti.Features, error) {
				shot, err := s.Supervise(ctx, cti.Extension{Number: device})
				return shot.Features, err
			}}}},
		{name: "a request outlives the session", caught: "a request ends with the session", driver: altered{parts: parts{
			makeCall: func(s *ctitest.Session, ctx context.Context, device cti.DeviceID, number string) (cti.ConnectionID, error) {
				c, err := drivertest.Ask(s).MakeCall(ctx, device, number)
				if errors.Is(err, cti.ErrLinkDown) {
					time.Sleep(time.Hour)
				}
				return c, err
			}}}},
		{name: "a late refusal is reported", caught: "a late refusal is no event", driver: altered{parts: parts{
			makeCall: func(s *ctitest.Session, ctx context.Context, device cti.DeviceID, number string) (cti.ConnectionID, error) {
				c, err := drivertest.Ask(s).MakeCall(ctx, device, number)
				if errors.Is(err, context.DeadlineExceeded) {
					time.AfterFunc(time.Second, func() { s.Sink().Event(&cti.Event{Kind: cti.LateAnswer, Time: time.Now(), Device: device}) })
				}
				return c, err
			}}}},
		{name: "garbage is a refusal", caught: "garbage for an answer ends the request",
			driver: makeCallTells(func(e *cti.Error) { e.Err = cti.ErrRefused })},
		{name: "a call that has ended is in the wrong state", caught: "an operation on a call that has ended is ErrInvalidCall",
			driver: holdTells(func(e *cti.Error) { e.Err = cti.ErrInvalidState })},
		{name: "an unknown device is a refusal", caught: "an operation on an unknown device is ErrInvalidDevice",
			driver: makeCallTells(func(e *cti.Error) { e.Err = cti.ErrRefused })},
		{name: "HoldCall is deaf to ctx", caught: "every operation ends with its ctx", driver: altered{parts: parts{
			hold: func(s *ctitest.Session, ctx context.Context, c cti.ConnectionID) error {
				return drivertest.Ask(s).HoldCall(deaf(ctx), c)
			}}}},
		{name: "HoldCall cannot be refused", caught: "every operation that was refused says so",
			driver: altered{parts: parts{hold: func(*ctitest.Session, context.Context, cti.ConnectionID) error { return nil }}}},
		{name: "nothing is counted", caught: "Counters count",
			driver: altered{wrap: func(opened driver.Session) driver.Session { return uncounted{opened.(*ctitest.Session)} }}},
		{name: "Capabilities are invented", caught: "Capabilities are those of the link", driver: altered{parts: parts{
			capabilities: func(s *ctitest.Session) driver.Capabilities {
				c := s.Capabilities()
				c.ReportsExistingCalls = !c.ReportsExistingCalls
				return c
			}}}},
	}
}

func holdTells(change func(e *cti.Error)) altered {
	return altered{parts: parts{hold: func(s *ctitest.Session, ctx context.Context, c cti.ConnectionID) error {
		return tells(drivertest.Ask(s).HoldCall(ctx, c), change)
	}}}
}

// uncounted always counts nothing.
type uncounted struct{ *ctitest.Session }

func (uncounted) Counters() driver.Counters { return driver.Counters{} }
