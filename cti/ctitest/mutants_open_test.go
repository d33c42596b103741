package ctitest_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
)

var wide = ctitest.LinkOptions{Protocol: cti.CSTA, ReportsExistingCalls: true, SnapshotAtomic: true, GlobalCallIDs: true, AnnounceLimit: true, Escape: echo}

// sinkFunc is a function as a sink.
type sinkFunc func(ev *cti.Event)

func (f sinkFunc) Event(ev *cti.Event) { f(ev) }

// edits lets every event be changed, or swallowed, on its way.
func edits(edit func(ev *cti.Event) bool) func(driver.EventSink) driver.EventSink {
	return func(to driver.EventSink) driver.EventSink {
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

func openTells(change func(e *cti.Error)) func(context.Context, *ctitest.Connector, driver.EventSink) (driver.Session, error) {
	return func(ctx context.Context, c *ctitest.Connector, sink driver.EventSink) (driver.Session, error) {
		s, err := c.Open(ctx, sink)
		return s, tells(err, change)
	}
}

func superviseTells(change func(e *cti.Error)) altered {
	return altered{parts: parts{supervise: func(s *ctitest.Session, ctx context.Context, ext cti.Extension) (cti.Snapshot, error) {
		shot, err := s.Supervise(ctx, ext)
		return shot, tells(err, change)
	}}}
}

func superviseShows(change func(shot *cti.Snapshot)) altered {
	return altered{parts: parts{supervise: func(s *ctitest.Session, ctx context.Context, ext cti.Extension) (cti.Snapshot, error) {
		shot, err := s.Supervise(ctx, ext)
		change(&shot)
		return shot, err
	}}}
}

// performs changes how one operation is performed.
func performs(op cti.Operation, do func(*ctitest.Session, context.Context, driver.Request) (driver.Reply, error)) altered {
	return altered{parts: parts{do: func(s *ctitest.Session, ctx context.Context, r driver.Request) (driver.Reply, error) {
		if r.Op == op {
			return do(s, ctx, r)
		}
		return s.Do(ctx, r)
	}}}
}

// answers gives one operation an answer without asking the PBX.
func answers(op cti.Operation, err error) altered {
	return performs(op, func(*ctitest.Session, context.Context, driver.Request) (driver.Reply, error) {
		return driver.Reply{}, err
	})
}

// doTells changes the error of one operation.
func doTells(op cti.Operation, change func(e *cti.Error)) altered {
	return performs(op, func(s *ctitest.Session, ctx context.Context, r driver.Request) (driver.Reply, error) {
		reply, err := s.Do(ctx, r)
		return reply, tells(err, change)
	})
}

// deaf is a ctx that outlives the one it is made of by far.
func deaf(ctx context.Context) context.Context {
	out, cancel := context.WithTimeout(context.WithoutCancel(ctx), 24*time.Hour)
	context.AfterFunc(out, cancel)
	return out
}

// mutants are drivers that break one rule each, in the order of the rules.
func mutants() []mutant {
	return slices.Concat(openMutants(), settingMutants(), sessionMutants(), eventMutants(), requestMutants(), capabilityMutants())
}

func openMutants() []mutant {
	return []mutant{
		{name: "Open is deaf to ctx", caught: "ctx bounds the opening", driver: altered{
			open: func(ctx context.Context, c *ctitest.Connector, sink driver.EventSink) (driver.Session, error) {
				return c.Open(deaf(ctx), sink)
			}}},
		{name: "Open leaks when given up", caught: "an opening that was given up leaves nothing", driver: altered{
			open: func(ctx context.Context, c *ctitest.Connector, sink driver.EventSink) (driver.Session, error) {
				type result struct {
					s   driver.Session
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
					return nil, ctitest.OpenError(ctx.Err())
				}
			}}},
		{name: "the session ends with the ctx of Open", caught: "the session outlives the ctx of its opening", driver: altered{
			open: func(ctx context.Context, c *ctitest.Connector, sink driver.EventSink) (driver.Session, error) {
				s, err := c.Open(ctx, sink)
				context.AfterFunc(ctx, func() { s.Close() })
				return s, err
			}}},
		{name: "refused credentials are just a refusal", caught: "refused credentials are ErrBadCredentials", driver: altered{
			open: openTells(func(e *cti.Error) { e.Err = cti.ErrRefused })}},
		{name: "a refused connection is an untyped error", caught: "a link that is down is ErrLinkDown", driver: altered{
			open: func(ctx context.Context, c *ctitest.Connector, sink driver.EventSink) (driver.Session, error) {
				if s, err := c.Open(ctx, sink); err == nil {
					return s, nil
				}
				return nil, errors.New("connection refused")
			}}},
		{name: "a second Open fails", caught: "Open works again after the session has ended", driver: altered{
			open: func() func(ctx context.Context, c *ctitest.Connector, sink driver.EventSink) (driver.Session, error) {
				var opened atomic.Bool
				return func(ctx context.Context, c *ctitest.Connector, sink driver.EventSink) (driver.Session, error) {
					if opened.Swap(true) {
						return nil, ctitest.OpenError(cti.ErrClosed)
					}
					return c.Open(ctx, sink)
				}
			}()}},
		{name: "garbage at the opening is a lost link", caught: "garbage at the opening is ErrProtocol", driver: altered{
			open: openTells(func(e *cti.Error) { e.Err = cti.ErrLinkDown })}},
		{name: "Identity is the same for all", caught: "Identity tells links apart and holds no secret",
			driver: altered{identity: func(wired) string { return "a PBX" }}},
		{name: "Identity shows the password", caught: "Identity tells links apart and holds no secret",
			driver: altered{identity: func(w wired) string { return w.Identity() + w.Options().Password.Reveal() }}},
		{name: "Identity differs each time", caught: "Identity tells links apart and holds no secret",
			driver: altered{identity: func() func(w wired) string {
				var n atomic.Int64
				return func(w wired) string { return fmt.Sprint(w.Identity(), n.Add(1)) }
			}()}},
		{name: "a huge length at the opening is believed", caught: "a huge length at the opening is ErrProtocol", driver: altered{
			open: openTells(func(e *cti.Error) { e.Err = cti.ErrLinkDown })}},
		{name: "half a message at the opening is a refusal", caught: "half a message at the opening is an error", driver: altered{
			open: openTells(func(e *cti.Error) { e.Err = cti.ErrRefused })}},
		{name: "Open leaves a second connection", caught: "Open begins a session", driver: altered{
			open: func(ctx context.Context, c *ctitest.Connector, sink driver.EventSink) (driver.Session, error) {
				_, _ = c.Link().Open(ctx, c.Options().User, c.Options().Password.Reveal())
				return c.Open(ctx, sink)
			}}},
		{name: "the wrong protocol", caught: "Protocol is that of the link", driver: altered{protocol: cti.CSTA}},
	}
}

// settingMutants break the rules of Identity and Validate.
func settingMutants() (all []mutant) {
	for field, forget := range map[string]func(*tls.Config){
		"ServerName":         func(c *tls.Config) { c.ServerName = "" },
		"InsecureSkipVerify": func(c *tls.Config) { c.InsecureSkipVerify = false },
		"RootCAs":            func(c *tls.Config) { c.RootCAs = nil },
		"Certificates":       func(c *tls.Config) { c.Certificates = nil },
		"MinVersion":         func(c *tls.Config) { c.MinVersion = 0 },
		"MaxVersion":         func(c *tls.Config) { c.MaxVersion = 0 },
		"CipherSuites":       func(c *tls.Config) { c.CipherSuites = nil },
		"VerifyConnection":   func(c *tls.Config) { c.VerifyConnection = nil },
		"KeyLogWriter":       func(c *tls.Config) { c.KeyLogWriter = nil },
		"everything":         func(c *tls.Config) { *c = tls.Config{} },
	} {
		all = append(all, mutant{name: "Identity forgets TLS: " + field, caught: "a changed TLS configuration is another link",
			driver: altered{identity: func(w wired) string {
				if w.tls != nil {
					w.tls = w.tls.Clone()
					forget(w.tls)
				}
				return w.Identity()
			}}})
	}
	return append(all,
		mutant{name: "a copy of a TLS configuration is another", caught: "a changed TLS configuration is another link",
			driver: altered{identity: func(w wired) string { return fmt.Sprintf("%s %p", w.Identity(), w.tls) }}},
		mutant{name: "Identity forgets TLS", caught: "a changed TLS configuration is another link",
			driver: altered{identity: func(w wired) string { return w.Connector.Identity() }}},
		mutant{name: "Identity forgets the recording", caught: "a link that is recorded is another link",
			driver: altered{identity: func(w wired) string { return w.Connector.Identity() }}},
		mutant{name: "Validate finds nothing", caught: "Validate reports what cannot be opened",
			driver: altered{validate: func(*ctitest.Connector) error { return nil }}},
		mutant{name: "Validate finds fault with everything", caught: "Validate reports what cannot be opened",
			driver: altered{validate: func(*ctitest.Connector) error {
				return ctikit.Problems{{Severity: ctikit.SeverityError, Path: "latency", Message: "must be negative"}}
			}}},
		mutant{name: "Validate names no path", caught: "Validate reports what cannot be opened",
			driver: altered{validate: func(c *ctitest.Connector) error {
				if err := c.Validate(); err != nil {
					return fmt.Errorf("%w: %w", ctikit.ErrInvalid, errors.New(err.Error()))
				}
				return nil
			}}},
		mutant{name: "Validate names another path", caught: "Validate reports what cannot be opened",
			driver: altered{validate: func(c *ctitest.Connector) (err error) {
				var ps ctikit.Problems
				ps.AddUnder("options", c.Validate())
				return ps.Err()
			}}},
		mutant{name: "Open opens what Validate refuses", caught: "Validate reports what cannot be opened", driver: altered{
			open: func(ctx context.Context, c *ctitest.Connector, sink driver.EventSink) (driver.Session, error) {
				o := c.Options()
				o.Latency = max(0, o.Latency)
				return c.Link().Connector(o).Open(ctx, sink)
			}}},
	)
}
