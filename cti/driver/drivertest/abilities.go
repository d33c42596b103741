package drivertest

import (
	"context"
	"sync"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
)

// private is data that is valid in every protocol: octets, and NULL in BER.
var private = []byte{5, 0}

// over is a connection that has ended, gone a device that does not exist.
var over = cti.ConnectionID{Call: "99999", Device: "4001"}

const gone = cti.DeviceID("4999")

// sample is a request of an operation whose arguments no PBX accepts: made of
// its row, so that a new operation is checked as soon as it has one.
func sample(op cti.Operation) driver.Request {
	r := driver.Request{Op: op, Device: "4002", Connection: over, Held: over, Number: "1", Target: "4002",
		Forward: cti.Forward{Active: true, To: "4002"}, Agent: cti.Agent{State: cti.AgentReady}, Private: private}
	switch takes := op.Info().Takes; {
	case !takes.Has(cti.FieldConnection):
		r.Device, r.Connection, r.Held = gone, cti.ConnectionID{}, cti.ConnectionID{}
	case op == cti.OpIntrudeCall: // from the device's own connection
		r.Device = over.Device
	case !takes.Has(cti.FieldDevice):
		r.Device = ""
	}
	if !op.Info().Takes.Has(cti.FieldDevice) {
		r.Device = ""
	}
	return r
}

func onConnection(op cti.Operation) bool { return op.Info().Takes.Has(cti.FieldConnection) }
func onDevice(op cti.Operation) bool {
	return op.Info().Takes.Has(cti.FieldDevice) && !onConnection(op) && op != cti.OpReleaseFeatures
}

// operations are those of [driver.Session.Do].
var operations = cti.FullCTI().Without(cti.OpSupervise, cti.OpRelease, cti.OpOpen, cti.OpReleaseFeatures).List()

// capabilityRules are the rules of Session.Capabilities and of the abilities
// as a whole.
var capabilityRules = []Rule{
	{Name: "Capabilities name what every session does", run: func(s *suite) {
		require.True(s, s.caps.Operations.Has(cti.OpSupervise) && s.caps.Operations.Has(cti.OpRelease))
	}},
	{Name: "what Capabilities do not name is ErrUnsupported", run: func(s *suite) {
		for _, op := range operations {
			if !s.caps.Operations.Has(op) {
				err := s.trySample(op)
				s.isError(err, ctikit.ErrUnsupported, op, "")
				require.True(s, cti.SafeToRetry(err), "%s: nothing was sent", op)
			}
		}
	}},
	{Name: "what Capabilities name is not ErrUnsupported", run: func(s *suite) {
		for _, op := range operations {
			if s.caps.Operations.Has(op) {
				require.NotErrorIs(s, s.trySample(op), ctikit.ErrUnsupported, op)
			}
		}
	}},
	{Name: "an operation on a call that has ended is ErrInvalidCall", run: func(s *suite) {
		s.supervise("4001")
		for _, op := range operations {
			if s.caps.Operations.Has(op) && onConnection(op) {
				s.isError(s.trySample(op), cti.ErrInvalidCall, op, "")
			}
		}
	}},
	{Name: "an operation on an unknown device is ErrInvalidDevice", run: func(s *suite) {
		for _, op := range operations {
			if s.caps.Operations.Has(op) && onDevice(op) {
				s.isError(s.trySample(op), cti.ErrInvalidDevice, op, gone)
			}
		}
	}},
	{Name: "every operation ends with its ctx", run: func(s *suite) {
		errs := make([]error, len(operations))
		ctx, cancel := s.soon(1)
		defer cancel()
		var all sync.WaitGroup
		for i, op := range operations {
			if s.caps.Operations.Has(op) {
				s.Network.Inject(ctitest.Fault{Op: op, Action: ctitest.LoseRequest, Count: -1})
				all.Go(func() { _, errs[i] = s.session.Do(ctx, sample(op)) })
			}
		}
		s.within("one of all operations", all.Wait)
		for i, op := range operations {
			if s.caps.Operations.Has(op) {
				s.isError(errs[i], context.DeadlineExceeded, op, "")
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
			s.isError(s.trySample(op), cti.ErrRefused, op, "")
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
			require.Contains(s, kindsOf(s.sink.all()), cti.CapabilitiesChanged)
			return
		}
		require.Equal(s, s.caps, now)
	}},
	{Name: "Counters count", run: func(s *suite) {
		c := s.session
		before := c.Counters()
		s.supervise("4001")
		s.must(s.Network.Set("4001").Call("4002"))
		s.await("4001", cti.Delivered)
		after := c.Counters()
		require.GreaterOrEqual(s, after.MessagesOut, before.MessagesOut+2, "a monitor and a snapshot")
		require.GreaterOrEqual(s, after.MessagesIn, before.MessagesIn+5, "two answers, three events")
		require.Zero(s, after.LateAnswers)
	}},
	{Name: "Ping answers, and finds a silent peer", Needs: cti.OperationsOf(cti.OpPing), run: func(s *suite) {
		s.within("Ping", func() { s.performRequest(driver.Request{Op: cti.OpPing}) })
		s.Link.Mute()
		ctx, cancel := s.soon(1)
		defer cancel()
		var err error
		s.within("Ping", func() { _, err = s.session.Do(ctx, driver.Request{Op: cti.OpPing}) })
		s.isError(err, context.DeadlineExceeded, cti.OpPing, "")
		s.within("Close", func() { _ = s.session.Close() })
	}},
}

// trySample performs an operation with arguments that no PBX accepts.
func (s *suite) trySample(op cti.Operation) error {
	s.Helper()
	_, err := s.tryRequest(sample(op))
	return err
}
