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
)

// requestMutants break the rules of requests and of what a request does.
func requestMutants() []mutant {
	call := func(do func(*ctitest.Session, context.Context, driver.Request) (driver.Reply, error)) altered {
		return performs(cti.OpMakeCall, do)
	}
	callTells := func(change func(e *cti.Error)) altered { return doTells(cti.OpMakeCall, change) }
	return []mutant{
		{name: "MakeCall is deaf to ctx", caught: "a request ends with ctx",
			driver: call(func(s *ctitest.Session, ctx context.Context, r driver.Request) (driver.Reply, error) {
				return s.Do(deaf(ctx), r)
			})},
		{name: "everything is safe to retry", caught: "a request ends with ctx",
			driver: callTells(func(e *cti.Error) { e.NotSent = true })},
		{name: "an answer is safe to retry", caught: "an answer is not safe to retry",
			driver: callTells(func(e *cti.Error) { e.NotSent = e.NotSent || errors.Is(e.Err, cti.ErrInvalidDestination) })},
		{name: "nothing is safe to retry", caught: "a request under a ctx that has ended is not sent",
			driver: callTells(func(e *cti.Error) { e.NotSent = false })},
		{name: "nothing is safe to retry after the end", caught: "a request after the end is safe to retry",
			driver: superviseTells(func(e *cti.Error) { e.NotSent = false })},
		{name: "an ended ctx is looked at too late", caught: "a request under a ctx that has ended is not sent",
			driver: call(func(s *ctitest.Session, ctx context.Context, r driver.Request) (driver.Reply, error) {
				if ctx.Err() != nil {
					_, _ = s.Do(context.WithoutCancel(ctx), r)
				}
				return s.Do(ctx, r)
			})},
		{name: "requests wait for one another", caught: "slow answers do not hold up others", driver: takesTurns()},
		{name: "a late answer goes to the next request", caught: "a late answer goes to no other request",
			driver: answersTheNext()},
		{name: "a late call is forgotten", caught: "a late call is cleared or reported",
			driver: altered{sink: edits(func(ev *cti.Event) bool { return ev.Kind != cti.LateAnswer })}},
		{name: "a late change is forgotten", caught: "a late change is reported",
			driver: altered{sink: edits(func(ev *cti.Event) bool { return ev.Kind != cti.LateAnswer })}},
		{name: "Ping asks nobody", caught: "Ping answers, and finds a silent peer", driver: answers(cti.OpPing, nil)},
		{name: "HoldCall does nothing", caught: "HoldCall and RetrieveCall", driver: answers(cti.OpHoldCall, nil)},
		{name: "TransferCall returns what it was given", caught: "TransferCall",
			driver: performs(cti.OpTransferCall, func(s *ctitest.Session, ctx context.Context, r driver.Request) (driver.Reply, error) {
				_, err := s.Do(ctx, r)
				return driver.Reply{Connection: r.Connection}, err
			})},
		{name: "forwards lose their origin", link: wide, caught: "forwards are set, read and cancelled",
			driver: performs(cti.OpSetForwarding, func(s *ctitest.Session, ctx context.Context, r driver.Request) (driver.Reply, error) {
				r.Forward.Origin = cti.AllCalls
				return s.Do(ctx, r)
			})},
		{name: "MonitorFeatures supervises", link: wide, caught: "MonitorFeatures watches features only",
			driver: performs(cti.OpMonitorFeatures, func(s *ctitest.Session, ctx context.Context, r driver.Request) (driver.Reply, error) {
				shot, err := s.Supervise(ctx, cti.Extension{Number: r.Device})
				return driver.Reply{Features: shot.Features}, err
			})},
		{name: "a request outlives the session", caught: "a request ends with the session",
			driver: call(func(s *ctitest.Session, ctx context.Context, r driver.Request) (driver.Reply, error) {
				reply, err := s.Do(ctx, r)
				if errors.Is(err, cti.ErrLinkDown) {
					time.Sleep(time.Hour)
				}
				return reply, err
			})},
		{name: "a late refusal is reported", caught: "a late refusal is no event",
			driver: call(func(s *ctitest.Session, ctx context.Context, r driver.Request) (driver.Reply, error) {
				reply, err := s.Do(ctx, r)
				if errors.Is(err, context.DeadlineExceeded) {
					time.AfterFunc(time.Second, func() {
						s.Sink().Event(&cti.Event{Kind: cti.LateAnswer, Time: time.Now(), Device: r.Device})
					})
				}
				return reply, err
			})},
		{name: "garbage is a refusal", caught: "garbage for an answer ends the request",
			driver: callTells(func(e *cti.Error) { e.Err = cti.ErrRefused })},
		{name: "a call that has ended is in the wrong state", caught: "an operation on a call that has ended is ErrInvalidCall",
			driver: doTells(cti.OpHoldCall, func(e *cti.Error) { e.Err = cti.ErrInvalidState })},
		{name: "an unknown device is a refusal", caught: "an operation on an unknown device is ErrInvalidDevice",
			driver: callTells(func(e *cti.Error) { e.Err = cti.ErrRefused })},
		{name: "HoldCall is deaf to ctx", caught: "every operation ends with its ctx",
			driver: performs(cti.OpHoldCall, func(s *ctitest.Session, ctx context.Context, r driver.Request) (driver.Reply, error) {
				return s.Do(deaf(ctx), r)
			})},
		{name: "HoldCall cannot be refused", caught: "every operation that was refused says so",
			driver: answers(cti.OpHoldCall, nil)},
	}
}

// takesTurns performs one call at a time.
func takesTurns() altered {
	turn := make(chan struct{}, 1)
	return performs(cti.OpMakeCall, func(s *ctitest.Session, ctx context.Context, r driver.Request) (driver.Reply, error) {
		// A turn that is taken by time, not by a channel of another bubble.
		for len(turn) > 0 {
			time.Sleep(time.Millisecond)
		}
		turn <- struct{}{}
		defer func() { <-turn }()
		return s.Do(ctx, r)
	})
}

// answersTheNext gives the answer of a call that failed to the next.
func answersTheNext() altered {
	var first atomic.Pointer[cti.ConnectionID]
	return performs(cti.OpMakeCall, func(s *ctitest.Session, ctx context.Context, r driver.Request) (driver.Reply, error) {
		reply, err := s.Do(ctx, r)
		if late := first.Swap(nil); late != nil && err == nil {
			return driver.Reply{Connection: *late}, nil
		}
		if err != nil {
			first.Store(&cti.ConnectionID{Call: "1", Device: r.Device})
		}
		return reply, err
	})
}

// unsupported is what a driver says of an operation that the link cannot do.
func unsupported(op cti.Operation) error {
	return &cti.Error{Op: op, NotSent: true, Err: ctikit.ErrUnsupported}
}

// capabilityMutants break the rules of Capabilities.
func capabilityMutants() []mutant {
	const unnamed, named = "what Capabilities do not name is ErrUnsupported", "what Capabilities name is not ErrUnsupported"
	const data = "call data that the driver cannot carry is ErrUnsupported"
	return []mutant{
		{name: "Capabilities do not name Release", caught: "Capabilities name what every session does", driver: altered{parts: parts{
			capabilities: func(s *ctitest.Session) driver.Capabilities {
				c := s.Capabilities()
				c.Operations = c.Operations.Without(cti.OpRelease)
				return c
			}}}},
		{name: "what is not possible is ignored", caught: unnamed, driver: answers(cti.OpSetForwarding, nil)},
		{name: "a release of what is not possible is ignored", caught: unnamed, driver: answers(cti.OpReleaseFeatures, nil)},
		{name: "an unknown operation is ignored", caught: unnamed, driver: answers(cti.Operation(127), nil)},
		{name: "the PBX is asked for what is not possible", caught: unnamed, driver: altered{parts: parts{
			do: func(s *ctitest.Session, ctx context.Context, r driver.Request) (driver.Reply, error) {
				return s.DoUnchecked(ctx, r)
			}}}},
		{name: "the PBX is asked in secret for what is not possible", caught: unnamed, driver: sendsFirst(func(r driver.Request) bool {
			return r.Op == cti.OpSetForwarding
		})},
		{name: "Capabilities promise too much", caught: named,
			driver: answers(cti.OpHoldCall, unsupported(cti.OpHoldCall))},
		{name: "Capabilities promise a release that is not possible", link: wide, caught: named,
			driver: answers(cti.OpReleaseFeatures, unsupported(cti.OpReleaseFeatures))},
		{name: "call data is dropped", caught: data, driver: drops(func(d *cti.CallData) { *d = cti.CallData{} })},
		{name: "the account is dropped", caught: data, driver: drops(func(d *cti.CallData) { d.Account = "" })},
		{name: "the authorisation is dropped", caught: data,
			driver: drops(func(d *cti.CallData) { d.Authorisation = ctikit.Secret{} })},
		{name: "the correlator is dropped", caught: data, driver: drops(func(d *cti.CallData) { d.Correlator = "" })},
		{name: "user data is dropped", caught: data, driver: drops(func(d *cti.CallData) { d.UserData = "" })},
		{name: "call data is sent first", caught: data, driver: sendsFirst(func(r driver.Request) bool { return !r.Data.IsZero() })},
		{name: "an error shows the authorisation", caught: data, driver: altered{parts: parts{
			do: func(s *ctitest.Session, ctx context.Context, r driver.Request) (driver.Reply, error) {
				reply, err := s.Do(ctx, r)
				return reply, tells(err, func(e *cti.Error) { e.Detail += r.Data.Authorisation.Reveal() })
			}}}},
		{name: "Capabilities change in silence", link: wide, caught: "Capabilities change only with an event",
			driver: altered{sink: edits(func(ev *cti.Event) bool { return ev.Kind != cti.CapabilitiesChanged })}},
		{name: "nothing is counted", caught: "Counters count",
			driver: altered{parts: parts{counters: func(*ctitest.Session) driver.Counters { return driver.Counters{} }}}},
		{name: "Capabilities are invented", caught: "Capabilities are those of the link", driver: altered{parts: parts{
			capabilities: func(s *ctitest.Session) driver.Capabilities {
				c := s.Capabilities()
				c.ReportsExistingCalls = !c.ReportsExistingCalls
				return c
			}}}},
	}
}

// drops takes something away from call data, and performs the request without it.
func drops(change func(*cti.CallData)) altered {
	return altered{parts: parts{do: func(s *ctitest.Session, ctx context.Context, r driver.Request) (driver.Reply, error) {
		change(&r.Data)
		return s.Do(ctx, r)
	}}}
}

// sendsFirst sends some of the requests that it refuses.
func sendsFirst(selects func(driver.Request) bool) altered {
	return altered{parts: parts{do: func(s *ctitest.Session, ctx context.Context, r driver.Request) (driver.Reply, error) {
		if selects(r) {
			_, _ = s.DoUnchecked(ctx, r)
		}
		return s.Do(ctx, r)
	}}}
}
