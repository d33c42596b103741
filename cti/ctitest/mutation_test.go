package ctitest_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/cti/driver/drivertest"
)

// mutant is a driver that breaks one rule, and the subtest that must find it.
type mutant struct {
	name   string
	caught string
	link   ctitest.LinkOptions
	driver altered
}

// TestConformanceFindsMutants checks the suite: a driver that keeps every rule
// but one must fail the subtest of that rule.
func TestConformanceFindsMutants(t *testing.T) {
	rules := map[string]drivertest.Rule{}
	for _, c := range drivertest.Rules() {
		require.NotContains(t, rules, c.Name, "two rules of one name")
		rules[c.Name] = c
	}
	for _, m := range mutants() {
		t.Run(m.name, func(t *testing.T) {
			rule, ok := rules[m.caught]
			require.True(t, ok, "no rule %q", m.caught)
			synctest.Test(t, func(t *testing.T) {
				sound := attempt(t, rule, m.link, altered{})
				require.Empty(t, sound.failure, "the sound driver")
				require.Empty(t, sound.skipped, "the sound driver")
			})
			synctest.Test(t, func(t *testing.T) {
				tried := attempt(t, rule, m.link, m.driver)
				require.NotEmpty(t, tried.failure, "the rule %q let it pass (skipped: %q)", m.caught, tried.skipped)
			})
		})
	}
	t.Run("every rule has one", func(t *testing.T) {
		broken := brokenRules()
		for _, c := range drivertest.Rules() {
			// The others are broken by TestConformanceFindsRefusals.
			require.True(t, !c.Needs.IsEmpty() || broken[c.Name], "no mutant breaks %q", c.Name)
		}
	})
}

// brokenRules are those that some mutant breaks.
func brokenRules() map[string]bool {
	broken := map[string]bool{}
	for _, m := range mutants() {
		broken[m.caught] = true
	}
	return broken
}

// TestConformanceFindsRefusals: a driver that can do nothing of what a rule is
// about must fail the rule.
func TestConformanceFindsRefusals(t *testing.T) {
	broken := brokenRules()
	for _, c := range drivertest.Rules() {
		if c.Needs.IsEmpty() || broken[c.Name] {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tried := attempt(t, c, wide, altered{open: func(ctx context.Context, d *ctitest.Connector, sink driver.EventSink) (driver.Session, error) {
					for _, op := range c.Needs.List() {
						d.Link().Network().Inject(ctitest.Fault{Op: op, Count: -1, Action: ctitest.Refuse})
					}
					return d.Open(ctx, sink)
				}})
				require.NotEmpty(t, tried.failure, "it passed with nothing done (skipped: %q)", tried.skipped)
			})
		})
	}
}

// TestHarnessTellsOfTLSAndRecording: a harness that is silent about a setting
// of its connector fails the rule of the setting.
func TestHarnessTellsOfTLSAndRecording(t *testing.T) {
	type secured struct {
		*ctitest.Connector
		TLS *tls.Config
	}
	type recorder struct {
		*ctitest.Connector
		Record io.Writer
	}
	for rule, has := range map[string]func(*ctitest.Connector) driver.Connector{
		"a changed TLS configuration is another link": func(c *ctitest.Connector) driver.Connector { return secured{Connector: c} },
		"a link that is recorded is another link":     func(c *ctitest.Connector) driver.Connector { return &recorder{Connector: c} },
	} {
		i := slices.IndexFunc(drivertest.Rules(), func(r drivertest.Rule) bool { return r.Name == rule })
		silent := func(t *testing.T, connector func(*ctitest.Connector) driver.Connector) *trial {
			return attemptWith(t, drivertest.Rules()[i], func(t testing.TB) drivertest.Harness {
				h := memory(ctitest.LinkOptions{}, 0)(t)
				h.TLS, h.Recorded, h.Connector = nil, nil, connector(h.Connector.(*ctitest.Connector))
				return h
			})
		}
		synctest.Test(t, func(t *testing.T) { require.NotEmpty(t, silent(t, has).failure, rule) })
		synctest.Test(t, func(t *testing.T) {
			without := silent(t, func(c *ctitest.Connector) driver.Connector { return c })
			require.Empty(t, without.failure, rule)
			require.NotEmpty(t, without.skipped, rule)
		})
	}
}

// attempt performs one rule on a driver and tells how it went.
func attempt(t testing.TB, rule drivertest.Rule, link ctitest.LinkOptions, mutated altered) *trial {
	return attemptWith(t, rule, func(t testing.TB) drivertest.Harness { return mutated.alterAll(memory(link, 0)(t)) })
}

// attemptWith performs one rule on a harness and tells how it went.
func attemptWith(t testing.TB, rule drivertest.Rule, newHarness func(testing.TB) drivertest.Harness) *trial {
	tried := &trial{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		rule.Check(tried, newHarness)
	}()
	<-done
	for _, f := range slices.Backward(tried.cleanups) {
		f()
	}
	time.Sleep(48 * time.Hour) // what a mutant leaks ends before its bubble
	return tried
}

// trial is a test that may fail without failing the real one.
type trial struct {
	testing.TB
	mu               sync.Mutex
	failure, skipped string
	cleanups         []func()
}

// Cleanup keeps f for the end of the attempt.
func (t *trial) Cleanup(f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cleanups = append(t.cleanups, f)
}

func (t *trial) Error(args ...any)                 { t.note(&t.failure, fmt.Sprint(args...)) }
func (t *trial) Errorf(format string, args ...any) { t.note(&t.failure, fmt.Sprintf(format, args...)) }
func (t *trial) Fatal(args ...any)                 { t.Error(args...); runtime.Goexit() }
func (t *trial) Fatalf(format string, args ...any) { t.Errorf(format, args...); runtime.Goexit() }
func (t *trial) Fail()                             { t.Error("failed") }
func (t *trial) FailNow()                          { t.Error("failed"); runtime.Goexit() }
func (t *trial) Skip(args ...any)                  { t.note(&t.skipped, fmt.Sprint(args...)); runtime.Goexit() }
func (t *trial) Skipf(format string, args ...any)  { t.Skip(fmt.Sprintf(format, args...)) }

func (t *trial) note(field *string, text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if *field == "" {
		*field = text
	}
}

// altered is the driver without a wire, with parts of it replaced.
type altered struct {
	wired
	open     func(ctx context.Context, c *ctitest.Connector, sink driver.EventSink) (driver.Session, error)
	validate func(c *ctitest.Connector) error
	identity func(w wired) string
	protocol cti.Protocol
	sink     func(driver.EventSink) driver.EventSink
	parts    parts
	wrap     func(driver.Session) driver.Session
}

// alterAll puts the broken driver in place of every connector of a harness.
func (d altered) alterAll(h drivertest.Harness) drivertest.Harness {
	alter := func(c driver.Connector) driver.Connector {
		out := d
		if plain, ok := c.(*ctitest.Connector); ok {
			out.wired = wired{Connector: plain}
		} else {
			out.wired = c.(wired)
		}
		return out
	}
	h.Connector, h.Same, h.Refused, h.Recorded = alter(h.Connector), alter(h.Same), alter(h.Refused), alter(h.Recorded)
	for i, c := range h.Different {
		h.Different[i] = alter(c)
	}
	for path, c := range h.Invalid {
		h.Invalid[path] = alter(c)
	}
	encrypted := h.TLS
	h.TLS = func(c *tls.Config) driver.Connector { return alter(encrypted(c)) }
	return h
}

func (d altered) Protocol() cti.Protocol {
	if d.protocol != cti.NoProtocol {
		return d.protocol
	}
	return d.Connector.Protocol()
}

func (d altered) Identity() string {
	if d.identity != nil {
		return d.identity(d.wired)
	}
	return d.wired.Identity()
}

func (d altered) Validate() error {
	if d.validate != nil {
		return d.validate(d.Connector)
	}
	return d.Connector.Validate()
}

func (d altered) Open(ctx context.Context, sink driver.EventSink) (driver.Session, error) {
	if d.sink != nil {
		sink = d.sink(sink)
	}
	open := (*ctitest.Connector).Open
	if d.open != nil {
		open = func(c *ctitest.Connector, ctx context.Context, sink driver.EventSink) (driver.Session, error) {
			return d.open(ctx, c, sink)
		}
	}
	opened, err := open(d.Connector, ctx, sink)
	if err != nil {
		return nil, err
	}
	if d.wrap != nil {
		return d.wrap(opened), nil
	}
	return &patched{Session: opened.(*ctitest.Session), parts: d.parts}, nil
}

// parts replace methods of a session.
type parts struct {
	supervise    func(s *ctitest.Session, ctx context.Context, ext cti.Extension) (cti.Snapshot, error)
	release      func(s *ctitest.Session, ctx context.Context, device cti.DeviceID) error
	do           func(s *ctitest.Session, ctx context.Context, r driver.Request) (driver.Reply, error)
	capabilities func(s *ctitest.Session) driver.Capabilities
	counters     func(s *ctitest.Session) driver.Counters
	err          func(s *ctitest.Session) error
	done         func(s *ctitest.Session) <-chan struct{}
	close        func(s *ctitest.Session) error
}

type patched struct {
	*ctitest.Session
	parts parts
}

func (p *patched) Supervise(ctx context.Context, ext cti.Extension) (cti.Snapshot, error) {
	if p.parts.supervise != nil {
		return p.parts.supervise(p.Session, ctx, ext)
	}
	return p.Session.Supervise(ctx, ext)
}

func (p *patched) Release(ctx context.Context, device cti.DeviceID) error {
	if p.parts.release != nil {
		return p.parts.release(p.Session, ctx, device)
	}
	return p.Session.Release(ctx, device)
}

func (p *patched) Do(ctx context.Context, r driver.Request) (driver.Reply, error) {
	if p.parts.do != nil {
		return p.parts.do(p.Session, ctx, r)
	}
	return p.Session.Do(ctx, r)
}

func (p *patched) Capabilities() driver.Capabilities {
	if p.parts.capabilities != nil {
		return p.parts.capabilities(p.Session)
	}
	return p.Session.Capabilities()
}

func (p *patched) Counters() driver.Counters {
	if p.parts.counters != nil {
		return p.parts.counters(p.Session)
	}
	return p.Session.Counters()
}

func (p *patched) Err() error {
	if p.parts.err != nil {
		return p.parts.err(p.Session)
	}
	return p.Session.Err()
}

func (p *patched) Done() <-chan struct{} {
	if p.parts.done != nil {
		return p.parts.done(p.Session)
	}
	return p.Session.Done()
}

func (p *patched) Close() error {
	if p.parts.close != nil {
		return p.parts.close(p.Session)
	}
	return p.Session.Close()
}
