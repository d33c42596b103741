package drivertest

import (
	"context"
	"crypto/tls"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
)

// Harness is a driver under test with its PBX.
type Harness struct {
	// Network is a network without extensions: the suite adds those it needs.
	Network *ctitest.Network
	// Link is the port of Network that the driver's test server serves; the suite
	// changes it and injects faults. Its limit is 0 and it reaches every place.
	Link *ctitest.Link
	// Connector is the driver, with what it needs to open Link.
	Connector driver.Connector

	// Same is another value with the configuration of Connector.
	Same driver.Connector
	// Different open another link than Connector, or open it in another way.
	Different []driver.Connector
	// TLS returns Connector with another TLS configuration, nil for a
	// connection without TLS. TLS is nil only if the driver has none: it is
	// required for a connector with an exported field of type *tls.Config.
	TLS func(*tls.Config) driver.Connector
	// Recorded is Connector with its recording switched on, nil only if the
	// driver records nothing: it is required for a connector with an exported
	// field of type io.Writer.
	Recorded driver.Connector
	// Invalid cannot be opened, each because of one setting, whose JSON path is
	// the key.
	Invalid map[string]driver.Connector
	// Refused is Connector with a wrong user or password, nil where the
	// protocol has no login.
	Refused driver.Connector
	// Secrets are the passwords in the configuration of Connector.
	Secrets []string
	// Unreported are kinds of events that the protocol does not have.
	Unreported []cti.Kind
	// NoOrigins: forwards are for all calls only, not for internal or external
	// ones.
	NoOrigins bool
	// NoRestricted: the protocol cannot tell a withheld number from an unknown one.
	NoRestricted bool
	// NoHandshake: the driver has a session as soon as it is connected, because
	// its protocol has no handshake.
	NoHandshake bool
}

// TestConnector checks that a driver keeps the contract of [driver.Connector] and
// [driver.Session]: each rule is a subtest with its own harness and session. A
// subtest is skipped only if the session's Capabilities do not name the
// operations that it needs, or the harness says that the protocol lacks the
// subject of the rule.
//
// Every subtest runs in a testing/synctest bubble: newHarness must put the test
// server on [ctitest.Listen], and end it with t.Cleanup:
//
//	drivertest.TestConnector(t, func(t testing.TB) drivertest.Harness {
//		net := ctitest.NewNetwork(ctitest.Options{})
//		link := net.Link("a", ctitest.LinkOptions{Protocol: cti.CSTA})
//		l := ctitest.Listen(ctitest.PipeOptions{Latency: time.Millisecond})
//		server := cstatest.Serve(l, link, csta.A5000)
//		t.Cleanup(server.Close)
//		config := csta.Config{Dial: l.Dial}
//		return drivertest.Harness{Network: net, Link: link, Connector: config, Same: config, ...}
//	})
//
// A server whose [ctitest.Link.Open] waits because of a fault must give it up when
// it is closed.
func TestConnector(t *testing.T, newHarness func(t testing.TB) Harness) {
	for _, r := range Rules() {
		t.Run(r.Name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { r.Check(t, newHarness) })
		})
	}
}

// TestConnectorInRealTime is [TestConnector] without bubbles, for a test server
// on a socket of the operating system.
func TestConnectorInRealTime(t *testing.T, newHarness func(t testing.TB) Harness) {
	for _, r := range Rules() {
		t.Run(r.Name, func(t *testing.T) { r.checkPaced(t, newHarness, wall) })
	}
}

// pace is how long the suite waits for things.
type pace struct {
	tick     time.Duration // one step of a test that is about time
	slow     time.Duration // how late an answer comes that comes too late: many ticks, on a busy machine
	quiet    time.Duration // how long nothing must happen
	patience time.Duration // how long something may take to happen
}

var (
	virtual = pace{tick: time.Second, slow: 2 * time.Second, quiet: 10 * time.Second, patience: time.Minute}
	wall    = pace{
		tick: 100 * time.Millisecond, slow: 1500 * time.Millisecond,
		quiet: 100 * time.Millisecond, patience: 10 * time.Second,
	}
)

// Rule is one rule of the contract of drivers.
type Rule struct {
	// Name is the rule in short, unique among [Rules], and the name of the subtest.
	Name string
	// Needs are the operations without which a driver cannot break the rule:
	// its check is skipped for a session that lacks one of them.
	Needs cti.Operations

	run func(*suite)
	// unopened: run opens the session itself.
	unopened bool
}

// Rules returns all rules, in the order of the contract.
func Rules() []Rule {
	return slices.Concat(connectorRules, openRules, endRules, superviseRules, overtakenRules, releaseRules,
		eventRules, requestRules, lateRules, brokenRules, capabilityRules,
		callRules, mergeRules, redirectRules, featureRules, snapshotRules)
}

// Check checks a driver against this rule alone: it fails or skips t as the
// subtest of [TestConnector] would. Call it in a testing/synctest bubble.
//
// A suite that no broken driver fails shows nothing. Give Check a [testing.TB]
// that records failures instead of reporting them, and a driver that breaks
// the rule, and require that it failed. Check ends the goroutine
// (runtime.Goexit) at a failure that is fatal, so call it on a new one; run
// the functions given to Cleanup afterwards.
func (r Rule) Check(t testing.TB, newHarness func(t testing.TB) Harness) {
	r.checkPaced(t, newHarness, virtual)
}

// suite is the state of the check of one rule.
type suite struct {
	testing.TB
	Harness
	pace
	ctx     context.Context
	sink    *recorder
	session driver.Session
	caps    driver.Capabilities
}

func (r Rule) checkPaced(t testing.TB, newHarness func(t testing.TB) Harness, p pace) {
	h := newHarness(t)
	s := &suite{TB: t, Harness: h, pace: p, ctx: t.Context()}
	for _, number := range numbers {
		h.Network.Add(extension(number))
	}
	if !r.unopened {
		s.openSession()
		if missing := r.Needs.Minus(s.caps.Operations); !missing.IsEmpty() {
			t.Skipf("the driver does not offer: %s", missing)
		}
	}
	r.run(s)
}

// numbers are the suite's extensions.
var numbers = []cti.DeviceID{"4001", "4002", "4003", "4004", "4005", "4006"}

// extension is one of the suite's extensions as a host would configure it.
func extension(number cti.DeviceID) cti.Extension {
	return cti.Extension{Number: number, Location: cti.Location{Site: 1, Cluster: 1}, SetType: cti.Digital,
		Password: ctikit.NewSecret("pass" + string(number))}
}

// openSession opens the session of the check, which is closed at its end.
func (s *suite) openSession() {
	s.Helper()
	session, sink, err := s.openConnector(s.ctx, s.Connector)
	require.NoError(s, err, "Open")
	s.session, s.sink, s.caps = session, sink, session.Capabilities()
}

func (s *suite) openConnector(ctx context.Context, c driver.Connector) (driver.Session, *recorder, error) {
	s.Helper()
	sink := &recorder{t: s}
	var session driver.Session
	var err error
	s.runWithin("Open", func() { session, err = c.Open(ctx, sink) })
	if err == nil {
		require.NotNil(s, session, "Open returned neither a session nor an error")
		sink.setSessionDone(session.Done())
		s.Cleanup(func() { session.Close() })
	}
	return session, sink, err
}

// runWithin runs f and fails where it takes too long.
func (s *suite) runWithin(what string, f func()) {
	s.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	timer := time.NewTimer(s.patience)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
		s.Fatalf("%s did not return", what)
	}
}

// awaitCondition waits until something holds.
func (s *suite) awaitCondition(holds func() bool, what string, args ...any) {
	s.Helper()
	for end := time.Now().Add(s.patience); !holds(); {
		if time.Now().After(end) {
			s.Fatalf("never: "+what, args...)
		}
		time.Sleep(s.tick / 10)
	}
}

// awaitEnd waits until a session has ended.
func (s *suite) awaitEnd(session driver.Session) {
	s.Helper()
	timer := time.NewTimer(s.patience)
	defer timer.Stop()
	select {
	case <-session.Done():
	case <-timer.C:
		s.Fatal("the session did not end")
	}
}

// superviseDevices supervises some of the suite's extensions.
func (s *suite) superviseDevices(devices ...cti.DeviceID) {
	s.Helper()
	for _, d := range devices {
		_, err := s.trySupervise(s.ctx, extension(d))
		require.NoError(s, err, "Supervise %s", d)
	}
}

func (s *suite) trySupervise(ctx context.Context, ext cti.Extension) (shot cti.Snapshot, err error) {
	s.Helper()
	s.runWithin("Supervise", func() { shot, err = s.session.Supervise(ctx, ext) })
	return shot, err
}

// soonEnding is a ctx that ends after some ticks.
func (s *suite) soonEnding(ticks int) (context.Context, context.CancelFunc) {
	return context.WithTimeout(s.ctx, time.Duration(ticks)*s.tick)
}

// performRequest performs a request that must succeed.
func (s *suite) performRequest(r driver.Request) driver.Reply {
	s.Helper()
	reply, err := s.tryRequest(r)
	require.NoError(s, err, "%s", r.Op)
	return reply
}

// expectRefusal performs a request that must fail for a reason. The error names
// device; "" is any.
func (s *suite) expectRefusal(r driver.Request, reason error, device cti.DeviceID) {
	s.Helper()
	_, err := s.tryRequest(r)
	s.requireError(err, reason, r.Op, device)
}

func (s *suite) tryRequest(r driver.Request) (driver.Reply, error) {
	s.Helper()
	return s.tryRequestUnder(s.ctx, r)
}

func (s *suite) tryRequestUnder(ctx context.Context, r driver.Request) (reply driver.Reply, err error) {
	s.Helper()
	s.runWithin(r.Op.String(), func() { reply, err = s.session.Do(ctx, r) })
	return reply, err
}

// requireError checks that an error says what it must.
func (s *suite) requireError(err error, sentinel error, op cti.Operation, device cti.DeviceID) {
	s.Helper()
	require.ErrorIs(s, err, sentinel)
	var e *cti.Error
	require.ErrorAs(s, err, &e, "errors are *cti.Error")
	require.Equal(s, op, e.Op, "the error names the operation: %v", err)
	if device != "" {
		require.Equal(s, device, e.Device, "the error names the device: %v", err)
	}
}

// mustSucceed acts on the network; it is not the driver that would be to blame.
func (s *suite) mustSucceed(err error) {
	s.Helper()
	require.NoError(s, err, "the network refused the suite")
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
