package drivertest

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
)

// privateData is data that is valid in every protocol: octets, and NULL in BER.
var privateData = []byte{5, 0}

// endedConnection is a connection that has ended, gone a device that does not
// exist.
var endedConnection = cti.ConnectionID{Call: "99999", Device: "4001"}

const unknownDevice = cti.DeviceID("4999")

// sampleRequest is a request of an operation whose arguments no PBX accepts: made
// of its row, so that a new operation is checked as soon as it has one.
func sampleRequest(op cti.Operation) driver.Request {
	r := driver.Request{Op: op, Device: "4002", Connection: endedConnection, Held: endedConnection,
		Number: "1", Target: "4002", Forward: cti.Forward{Active: true, To: "4002"},
		Agent: cti.Agent{State: cti.AgentReady}, Private: privateData}
	switch takes := op.Info().Takes; {
	case !takes.Has(cti.FieldConnection):
		r.Device, r.Connection, r.Held = unknownDevice, cti.ConnectionID{}, cti.ConnectionID{}
	case op == cti.OpIntrudeCall: // from the device's own connection
		r.Device = endedConnection.Device
	case !takes.Has(cti.FieldDevice):
		r.Device = ""
	}
	if !op.Info().Takes.Has(cti.FieldDevice) {
		r.Device = ""
	}
	return r
}

func takesConnection(op cti.Operation) bool { return op.Info().Takes.Has(cti.FieldConnection) }
func takesDeviceOnly(op cti.Operation) bool {
	return op.Info().Takes.Has(cti.FieldDevice) && !takesConnection(op)
}

// operations are those of [driver.Session.Do] that always reach the PBX.
// OpReleaseFeatures does only if the features are monitored.
var operations = cti.FullCTI().Without(cti.OpSupervise, cti.OpRelease, cti.OpOpen, cti.OpReleaseFeatures).List()

// everyOperation is operations, OpReleaseFeatures and one that is unknown.
var everyOperation = append(slices.Clone(operations), cti.OpReleaseFeatures, cti.Operation(127))

const authorisationCode = "the-authorisation-code"

// callData are call data with one field each.
var callData = []cti.CallData{
	{Account: "account"},
	{Authorisation: ctikit.NewSecret(authorisationCode)},
	{Correlator: "correlator\x00"},
	{UserData: "user data\x00"},
}

// capabilityRules are the rules of Session.Capabilities and of all operations.
var capabilityRules = []Rule{
	{Name: "Capabilities name what every session does", run: func(s *suite) {
		require.True(s, s.caps.Operations.Has(cti.OpSupervise) && s.caps.Operations.Has(cti.OpRelease))
	}},
	{Name: "what Capabilities do not name is ErrUnsupported", run: func(s *suite) {
		var requests []driver.Request
		for _, op := range everyOperation {
			if !s.caps.Operations.Has(op) {
				requests = append(requests, sampleRequest(op))
			}
		}
		s.expectUnsent(requests)
	}},
	{Name: "what Capabilities name is not ErrUnsupported", run: func(s *suite) {
		for _, op := range everyOperation {
			if s.caps.Operations.Has(op) {
				require.NotErrorIs(s, s.trySample(op), ctikit.ErrUnsupported, op)
			}
		}
	}},
	{Name: "call data that the driver cannot carry is ErrUnsupported", run: func(s *suite) {
		var requests []driver.Request
		for _, op := range s.caps.Operations.And(cti.OperationsOf(everyOperation...)).List() {
			for _, data := range callData {
				r := sampleRequest(op)
				r.Data = data
				requests = append(requests, r)
			}
		}
		s.expectUnsent(requests)
	}},
	{Name: "an operation on a call that has ended is ErrInvalidCall", run: func(s *suite) {
		s.superviseDevices("4001")
		for _, op := range operations {
			if s.caps.Operations.Has(op) && takesConnection(op) {
				s.requireError(s.trySample(op), cti.ErrInvalidCall, op, "")
			}
		}
	}},
	{Name: "an operation on an unknown device is ErrInvalidDevice", run: func(s *suite) {
		for _, op := range operations {
			if s.caps.Operations.Has(op) && takesDeviceOnly(op) {
				s.requireError(s.trySample(op), cti.ErrInvalidDevice, op, unknownDevice)
			}
		}
	}},
	{Name: "every operation ends with its ctx", run: func(s *suite) {
		errs := make([]error, len(operations))
		ctx, cancel := s.soonEnding(1)
		defer cancel()
		var all sync.WaitGroup
		for i, op := range operations {
			if s.caps.Operations.Has(op) {
				s.Network.Inject(ctitest.Fault{Op: op, Action: ctitest.LoseRequest, Count: -1})
				all.Go(func() { _, errs[i] = s.session.Do(ctx, sampleRequest(op)) })
			}
		}
		s.runWithin("one of all operations", all.Wait)
		for i, op := range operations {
			if s.caps.Operations.Has(op) {
				s.requireError(errs[i], context.DeadlineExceeded, op, "")
				require.False(s, cti.SafeToRetry(errs[i]), "%s had been sent", op)
			}
		}
	}},
	{Name: "every operation that was refused says so", run: func(s *suite) {
		for _, op := range operations {
			if !s.caps.Operations.Has(op) || op == cti.OpPing {
				continue
			}
			s.Network.Inject(ctitest.Fault{Op: op, Action: ctitest.Refuse})
			s.requireError(s.trySample(op), cti.ErrRefused, op, "")
		}
	}},
	{Name: "Capabilities are those of the link", run: func(s *suite) {
		o := s.Link.Options()
		require.Equal(s, o.ReportsExistingCalls, s.caps.ReportsExistingCalls)
		if !o.SnapshotAtomic {
			require.False(s, s.caps.SnapshotAtomic)
		}
		if !o.GlobalCallIDs {
			require.False(s, s.caps.GlobalCallIDs)
		}
		require.Empty(s, s.caps.Operations.Minus(o.Operations).List(), "operations that the link does not have")
	}},
	{Name: "Capabilities change only with an event", run: func(s *suite) {
		s.Link.SetMaxSupervisions(7)
		time.Sleep(s.quiet)
		now := s.session.Capabilities()
		if s.Link.Options().AnnounceLimit && s.caps.MaxSupervisions != now.MaxSupervisions {
			require.Equal(s, 7, now.MaxSupervisions)
			require.Contains(s, kindsOf(s.sink.allEvents()), cti.CapabilitiesChanged)
			return
		}
		require.Equal(s, s.caps, now)
	}},
	{Name: "Counters count", run: func(s *suite) {
		c := s.session
		before := c.Counters()
		s.superviseDevices("4001")
		s.mustSucceed(s.Network.Set("4001").Call("4002"))
		s.awaitEvent("4001", cti.Delivered)
		after := c.Counters()
		require.GreaterOrEqual(s, after.MessagesOut, before.MessagesOut+2, "a monitor and a snapshot")
		require.GreaterOrEqual(s, after.MessagesIn, before.MessagesIn+5, "two answers, three events")
		require.Zero(s, after.LateAnswers)
	}},
	{Name: "Ping answers, and finds a silent peer", Needs: cti.OperationsOf(cti.OpPing), run: func(s *suite) {
		s.runWithin("Ping", func() { s.performRequest(driver.Request{Op: cti.OpPing}) })
		s.Link.Mute()
		ctx, cancel := s.soonEnding(1)
		defer cancel()
		var err error
		s.runWithin("Ping", func() { _, err = s.session.Do(ctx, driver.Request{Op: cti.OpPing}) })
		s.requireError(err, context.DeadlineExceeded, cti.OpPing, "")
		s.runWithin("Close", func() { _ = s.session.Close() })
	}},
}

// expectUnsent performs requests that must fail with ErrUnsupported, and checks
// that none of them reached the PBX.
func (s *suite) expectUnsent(requests []driver.Request) {
	s.Helper()
	sent := map[cti.Operation]*ctitest.Injected{}
	for _, r := range requests {
		if sent[r.Op] == nil {
			sent[r.Op] = s.Network.Inject(ctitest.Fault{Link: s.Link.Name(), Op: r.Op, Count: -1,
				Action: ctitest.Refuse, Err: ctikit.ErrUnsupported})
		}
		_, err := s.tryRequest(r)
		s.requireError(err, ctikit.ErrUnsupported, r.Op, "")
		require.True(s, cti.SafeToRetry(err), "%s: nothing was sent", r.Op)
		require.NotContains(s, err.Error(), authorisationCode)
	}
	time.Sleep(s.tick)
	for op, fault := range sent {
		require.Zero(s, fault.Hits(), "%s was sent", op)
	}
}

// trySample performs an operation with arguments that no PBX accepts.
func (s *suite) trySample(op cti.Operation) error {
	s.Helper()
	_, err := s.tryRequest(sampleRequest(op))
	return err
}
