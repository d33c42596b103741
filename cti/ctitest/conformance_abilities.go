package ctitest

import (
	"context"
	"sync"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
)

// ability ties an operation to the interface that has it, and to a call of it
// whose arguments no PBX accepts.
type ability struct {
	op   cti.Operation
	has  func(cti.Session) bool
	call func(context.Context, cti.Session) error
	// connection: the operation is about a connection, and this one has ended.
	connection bool
	// device: the operation is about a device, and this one does not exist.
	device bool
}

// of makes an ability from one of the interfaces of package cti.
func of[T any](op cti.Operation, call func(context.Context, T) error) ability {
	return ability{
		op:   op,
		has:  func(s cti.Session) bool { _, ok := s.(T); return ok },
		call: func(ctx context.Context, s cti.Session) error { return call(ctx, s.(T)) },
	}
}

func (a ability) onConnection() ability { a.connection = true; return a }
func (a ability) onDevice() ability     { a.device = true; return a }

// private is data that is valid in every protocol: octets, and NULL in BER.
var private = []byte{5, 0}

// over is a connection that has ended, gone a device that does not exist.
var over = cti.ConnectionID{Call: "99999", Device: "4001"}

const gone = cti.DeviceID("4999")

type ctxt = context.Context

// abilities are the operations of the optional interfaces.
var abilities = []ability{
	of(cti.OpMakeCall, func(c ctxt, s cti.CallMaker) error { _, err := s.MakeCall(c, gone, "4002"); return err }).onDevice(),
	of(cti.OpAnswerCall, func(c ctxt, s cti.CallAnswerer) error { return s.AnswerCall(c, over) }).onConnection(),
	of(cti.OpClearConnection, func(c ctxt, s cti.CallClearer) error { return s.ClearConnection(c, over) }).onConnection(),
	of(cti.OpClearCall, func(c ctxt, s cti.CallClearer) error { return s.ClearCall(c, over) }).onConnection(),
	of(cti.OpHoldCall, func(c ctxt, s cti.Holder) error { return s.HoldCall(c, over) }).onConnection(),
	of(cti.OpRetrieveCall, func(c ctxt, s cti.Holder) error { return s.RetrieveCall(c, over) }).onConnection(),
	of(cti.OpAlternateCall, func(c ctxt, s cti.Alternator) error { return s.AlternateCall(c, over, over) }).onConnection(),
	of(cti.OpReconnectCall, func(c ctxt, s cti.Consulter) error { return s.ReconnectCall(c, over, over) }).onConnection(),
	of(cti.OpConsultationCall, func(c ctxt, s cti.Consulter) error { _, err := s.ConsultationCall(c, over, "4002"); return err }).onConnection(),
	of(cti.OpTransferCall, func(c ctxt, s cti.Transferer) error { _, err := s.TransferCall(c, over, over); return err }).onConnection(),
	of(cti.OpSingleStepTransfer, func(c ctxt, s cti.SingleStepTransferer) error {
		_, err := s.SingleStepTransfer(c, over, "4002")
		return err
	}).onConnection(),
	of(cti.OpConferenceCall, func(c ctxt, s cti.Conferencer) error { _, err := s.ConferenceCall(c, over, over); return err }).onConnection(),
	of(cti.OpSingleStepConference, func(c ctxt, s cti.SingleStepConferencer) error {
		_, err := s.SingleStepConference(c, over, "4002")
		return err
	}).onConnection(),
	of(cti.OpDeflectCall, func(c ctxt, s cti.Deflector) error { return s.DeflectCall(c, over, "4002") }).onConnection(),
	of(cti.OpDirectedPickup, func(c ctxt, s cti.Pickuper) error { return s.DirectedPickup(c, "4002", over) }).onConnection(),
	of(cti.OpGroupPickup, func(c ctxt, s cti.Pickuper) error { return s.GroupPickup(c, gone) }).onDevice(),
	of(cti.OpParkCall, func(c ctxt, s cti.Parker) error { return s.ParkCall(c, over, "4002") }).onConnection(),
	of(cti.OpJoinCall, func(c ctxt, s cti.Joiner) error { _, err := s.JoinCall(c, "4002", over); return err }).onConnection(),
	of(cti.OpIntrudeCall, func(c ctxt, s cti.Joiner) error { _, err := s.IntrudeCall(c, over.Device, over); return err }).onConnection(),
	of(cti.OpCampOnCall, func(c ctxt, s cti.CallCompleter) error { return s.CampOnCall(c, over) }).onConnection(),
	of(cti.OpCallBack, func(c ctxt, s cti.CallCompleter) error { return s.CallBack(c, over) }).onConnection(),
	of(cti.OpDialDigits, func(c ctxt, s cti.DigitDialer) error { return s.DialDigits(c, over, "1") }).onConnection(),
	of(cti.OpGenerateDigits, func(c ctxt, s cti.DigitSender) error { return s.GenerateDigits(c, over, "1") }).onConnection(),
	of(cti.OpGetForwarding, func(c ctxt, s cti.Forwarder) error { _, err := s.Forwarding(c, gone); return err }).onDevice(),
	of(cti.OpSetForwarding, func(c ctxt, s cti.Forwarder) error {
		return s.SetForwarding(c, gone, cti.Forward{Active: true, To: "4002"})
	}).onDevice(),
	of(cti.OpGetDoNotDisturb, func(c ctxt, s cti.DoNotDisturber) error { _, err := s.DoNotDisturb(c, gone); return err }).onDevice(),
	of(cti.OpSetDoNotDisturb, func(c ctxt, s cti.DoNotDisturber) error { return s.SetDoNotDisturb(c, gone, true) }).onDevice(),
	of(cti.OpGetMessageWaiting, func(c ctxt, s cti.MessageWaiter) error { _, err := s.MessageWaiting(c, gone); return err }).onDevice(),
	of(cti.OpSetMessageWaiting, func(c ctxt, s cti.MessageWaiter) error { return s.SetMessageWaiting(c, gone, true) }).onDevice(),
	of(cti.OpGetAgentState, func(c ctxt, s cti.AgentController) error { _, err := s.AgentState(c, gone); return err }).onDevice(),
	of(cti.OpSetAgentState, func(c ctxt, s cti.AgentController) error { return s.SetAgentState(c, gone, cti.AgentReady) }).onDevice(),
	of(cti.OpSnapshotDevice, func(c ctxt, s cti.Snapshotter) error { _, err := s.SnapshotDevice(c, gone); return err }).onDevice(),
	of(cti.OpSnapshotCall, func(c ctxt, s cti.Snapshotter) error { _, err := s.SnapshotCall(c, over); return err }).onConnection(),
	of(cti.OpMonitorFeatures, func(c ctxt, s cti.FeatureMonitor) error { _, err := s.MonitorFeatures(c, gone); return err }).onDevice(),
	of(cti.OpListDevices, func(c ctxt, s cti.DeviceLister) error { _, err := s.ListDevices(c); return err }),
	of(cti.OpEscape, func(c ctxt, s cti.Escaper) error { _, err := s.Escape(c, private); return err }),
	of(cti.OpPing, func(c ctxt, s cti.Pinger) error { return s.Ping(c) }),
}

// capabilityChecks are the rules of Session.Capabilities and of the abilities
// as a whole.
var capabilityChecks = []check{
	{name: "the session is what Capabilities name", run: func(s *suite) {
		require.True(s, s.caps.Operations.Has(cti.OpSupervise) && s.caps.Operations.Has(cti.OpRelease),
			"Capabilities name what every session does")
		for _, a := range abilities {
			if s.caps.Operations.Has(a.op) {
				require.True(s, a.has(s.session), "Capabilities name %q, which the session has no method for", a.op)
			}
		}
	}},
	{name: "what Capabilities do not name is ErrUnsupported", run: func(s *suite) {
		for _, a := range abilities {
			if a.has(s.session) && !s.caps.Operations.Has(a.op) {
				s.isError(s.try(a), cti.ErrUnsupported, a.op, "")
			}
		}
	}},
	{name: "an operation on a call that has ended is ErrInvalidCall", run: func(s *suite) {
		s.supervise("4001")
		for _, a := range abilities {
			if s.caps.Operations.Has(a.op) && a.connection {
				s.isError(s.try(a), cti.ErrInvalidCall, a.op, "")
			}
		}
	}},
	{name: "an operation on an unknown device is ErrInvalidDevice", run: func(s *suite) {
		for _, a := range abilities {
			if s.caps.Operations.Has(a.op) && a.device {
				s.isError(s.try(a), cti.ErrInvalidDevice, a.op, gone)
			}
		}
	}},
	{name: "every operation ends with its ctx", run: func(s *suite) {
		errs := make([]error, len(abilities))
		ctx, cancel := s.soon(1)
		defer cancel()
		var all sync.WaitGroup
		for i, a := range abilities {
			if s.caps.Operations.Has(a.op) {
				s.Network.Inject(Fault{Op: a.op, Action: LoseRequest, Count: -1})
				all.Go(func() { errs[i] = a.call(ctx, s.session) })
			}
		}
		s.within("one of all operations", all.Wait)
		for i, a := range abilities {
			if s.caps.Operations.Has(a.op) {
				s.isError(errs[i], context.DeadlineExceeded, a.op, "")
				require.False(s, cti.SafeToRetry(errs[i]), "%s had been sent", a.op)
			}
		}
	}},
	{name: "every operation that was refused says so", run: func(s *suite) {
		for _, a := range abilities {
			if !s.caps.Operations.Has(a.op) || a.op == cti.OpPing {
				continue
			}
			s.Network.Inject(Fault{Op: a.op, Action: Refuse})
			s.isError(s.try(a), cti.ErrRefused, a.op, "")
		}
	}},
	{name: "Capabilities are those of the link", run: func(s *suite) {
		o := s.Link.Options()
		require.Equal(s, o.ReportsExistingCalls, s.caps.ReportsExistingCalls)
		if !o.SnapshotAtomic {
			require.False(s, s.caps.SnapshotAtomic)
		}
		if !o.GlobalCallIDs {
			require.False(s, s.caps.GlobalCallIDs)
		}
		require.Zero(s, s.caps.Operations&^o.Operations, "operations that the link does not have")
	}},
	{name: "Capabilities change only with an event", run: func(s *suite) {
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
	{name: "Counters count", run: func(s *suite) {
		c, ok := s.session.(cti.Counter)
		if !ok {
			s.Skip("the session does not count")
		}
		before := c.Counters()
		s.supervise("4001")
		s.must(s.Network.Set("4001").Call("4002"))
		s.await("4001", cti.Delivered)
		after := c.Counters()
		require.GreaterOrEqual(s, after.MessagesOut, before.MessagesOut+2, "a monitor and a snapshot")
		require.GreaterOrEqual(s, after.MessagesIn, before.MessagesIn+5, "two answers, three events")
		require.Zero(s, after.LateAnswers)
	}},
	{name: "Ping answers, and finds a silent peer", needs: cti.OperationsOf(cti.OpPing), run: func(s *suite) {
		ping := able[cti.Pinger](s)
		s.within("Ping", func() { require.NoError(s, ping.Ping(s.ctx)) })
		s.Link.Mute()
		ctx, cancel := s.soon(1)
		defer cancel()
		s.within("Ping", func() { s.isError(ping.Ping(ctx), context.DeadlineExceeded, cti.OpPing, "") })
		s.within("Close", func() { _ = s.session.Close() })
	}},
}

func (s *suite) try(a ability) (err error) {
	s.Helper()
	s.within(a.op.String(), func() { err = a.call(s.ctx, s.session) })
	return err
}
