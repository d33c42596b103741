package gateway_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/gateway"
)

// call is the first call of an extension.
func (w *world) call(number cti.DeviceID) cti.CallID {
	calls := w.net.Picture(number).Calls
	if len(calls) == 0 {
		return "none"
	}
	return calls[len(calls)-1].ID
}

// talking lets 1000 and 1001 talk, and rings has 1001 call 1000.
func (w *world) talking() cti.CallID {
	must := func(err error) { require.NoError(w.t, err) }
	must(w.net.Set("1000").Call("1001"))
	must(w.net.Set("1001").Answer())
	return w.call("1000")
}

func (w *world) rings() cti.CallID {
	require.NoError(w.t, w.net.Set("1001").Call("1000"))
	return w.call("1000")
}

// consulting has 1000 hold 1001 and talk to 1002.
func (w *world) consulting() (held, active cti.CallID) {
	held = w.talking()
	require.NoError(w.t, w.net.Set("1000").Consult("1002"))
	require.NoError(w.t, w.net.Set("1002").Answer())
	return held, w.call("1000")
}

// lineOperations is every operation that a line offers, done on 1000.
var lineOperations = map[cti.Operation]func(ctx context.Context, w *world, l *gateway.Line) error{
	cti.OpMakeCall: func(ctx context.Context, w *world, l *gateway.Line) error {
		_, err := l.MakeCall(ctx, "1001")
		return err
	},
	cti.OpAnswerCall:      func(ctx context.Context, w *world, l *gateway.Line) error { return l.Answer(ctx, w.rings()) },
	cti.OpClearConnection: func(ctx context.Context, w *world, l *gateway.Line) error { return l.Drop(ctx, w.talking()) },
	cti.OpClearCall:       func(ctx context.Context, w *world, l *gateway.Line) error { return l.ClearCall(ctx, w.talking()) },
	cti.OpHoldCall:        func(ctx context.Context, w *world, l *gateway.Line) error { return l.Hold(ctx, w.talking()) },
	cti.OpRetrieveCall: func(ctx context.Context, w *world, l *gateway.Line) error {
		call := w.talking()
		require.NoError(w.t, w.net.Set("1000").Hold())
		return l.Retrieve(ctx, call)
	},
	cti.OpAlternateCall: func(ctx context.Context, w *world, l *gateway.Line) error {
		held, active := w.consulting()
		return l.Alternate(ctx, held, active)
	},
	cti.OpReconnectCall: func(ctx context.Context, w *world, l *gateway.Line) error {
		held, active := w.consulting()
		return l.Reconnect(ctx, held, active)
	},
	cti.OpConsultationCall: func(ctx context.Context, w *world, l *gateway.Line) error {
		_, err := l.Consult(ctx, w.talking(), "1002")
		return err
	},
	cti.OpTransferCall: func(ctx context.Context, w *world, l *gateway.Line) error {
		held, active := w.consulting()
		_, err := l.Transfer(ctx, held, active)
		return err
	},
	cti.OpSingleStepTransfer: func(ctx context.Context, w *world, l *gateway.Line) error {
		_, err := l.BlindTransfer(ctx, w.talking(), "1002")
		return err
	},
	cti.OpConferenceCall: func(ctx context.Context, w *world, l *gateway.Line) error {
		held, active := w.consulting()
		_, err := l.Conference(ctx, held, active)
		return err
	},
	cti.OpSingleStepConference: func(ctx context.Context, w *world, l *gateway.Line) error {
		_, err := l.AddParty(ctx, w.talking(), "1002")
		return err
	},
	cti.OpDeflectCall: func(ctx context.Context, w *world, l *gateway.Line) error { return l.Deflect(ctx, w.rings(), "1002") },
	cti.OpDirectedPickup: func(ctx context.Context, w *world, l *gateway.Line) error {
		require.NoError(w.t, w.net.Set("1001").Call("1002"))
		return l.PickUp(ctx, cti.ConnectionID{Call: w.call("1002"), Device: "1002"})
	},
	cti.OpGroupPickup: func(ctx context.Context, w *world, l *gateway.Line) error {
		for _, n := range []cti.DeviceID{"1000", "1002"} {
			require.NoError(w.t, w.net.Set(n).Group("g"))
		}
		require.NoError(w.t, w.net.Set("1001").Call("1002"))
		return l.GroupPickUp(ctx)
	},
	cti.OpParkCall: func(ctx context.Context, w *world, l *gateway.Line) error { return l.Park(ctx, w.talking(), "1002") },
	cti.OpJoinCall: func(ctx context.Context, w *world, l *gateway.Line) error {
		_, err := l.Join(ctx, w.others())
		return err
	},
	cti.OpIntrudeCall: func(ctx context.Context, w *world, l *gateway.Line) error {
		_, err := l.Intrude(ctx, w.others())
		return err
	},
	cti.OpCampOnCall: func(ctx context.Context, w *world, l *gateway.Line) error { return l.CampOn(ctx, w.busy()) },
	cti.OpCallBack:   func(ctx context.Context, w *world, l *gateway.Line) error { return l.CallBack(ctx, w.busy()) },
	cti.OpDialDigits: func(ctx context.Context, w *world, l *gateway.Line) error {
		c, err := l.MakeCall(ctx, "")
		require.NoError(w.t, err)
		return l.DialDigits(ctx, c.Call, "1001")
	},
	cti.OpGenerateDigits: func(ctx context.Context, w *world, l *gateway.Line) error { return l.SendDTMF(ctx, w.talking(), "12#") },
	cti.OpGetForwarding: func(ctx context.Context, w *world, l *gateway.Line) error {
		_, err := l.Forwarding(ctx)
		return err
	},
	cti.OpSetForwarding: func(ctx context.Context, w *world, l *gateway.Line) error {
		for _, origin := range []cti.Origin{cti.AllCalls, cti.InternalCalls, cti.ExternalCalls} {
			for _, kind := range []cti.ForwardType{cti.ForwardImmediate, cti.ForwardBusy, cti.ForwardNoAnswer} {
				for _, active := range []bool{true, true, false} { // idempotent
					if err := l.SetForwarding(ctx, cti.Forward{Type: kind, Origin: origin, Active: active, To: "1001"}); err != nil {
						return err
					}
				}
			}
		}
		return nil
	},
	cti.OpGetDoNotDisturb: func(ctx context.Context, w *world, l *gateway.Line) error {
		_, err := l.DoNotDisturb(ctx)
		return err
	},
	cti.OpSetDoNotDisturb: func(ctx context.Context, w *world, l *gateway.Line) error { return l.SetDoNotDisturb(ctx, true) },
	cti.OpGetMessageWaiting: func(ctx context.Context, w *world, l *gateway.Line) error {
		_, err := l.MessageWaiting(ctx)
		return err
	},
	cti.OpSetMessageWaiting: func(ctx context.Context, w *world, l *gateway.Line) error { return l.SetMessageWaiting(ctx, true) },
	cti.OpGetAgentState: func(ctx context.Context, w *world, l *gateway.Line) error {
		_, err := l.AgentState(ctx)
		return err
	},
	cti.OpSetAgentState: func(ctx context.Context, w *world, l *gateway.Line) error {
		return l.SetAgentState(ctx, cti.AgentReady)
	},
	cti.OpSnapshotDevice: func(ctx context.Context, w *world, l *gateway.Line) error {
		call := w.talking()
		s, err := l.ReadSnapshot(ctx)
		if err == nil {
			require.Equal(w.t, call, s.Calls[0].ID)
		}
		return err
	},
	cti.OpSnapshotCall: func(ctx context.Context, w *world, l *gateway.Line) error {
		call := w.talking()
		c, err := l.ReadCall(ctx, call)
		if err == nil {
			require.Equal(w.t, call, c.ID)
			require.Len(w.t, c.Parties, 1)
		}
		return err
	},
	cti.OpEscape: func(ctx context.Context, w *world, l *gateway.Line) error {
		_, err := l.Escape(ctx, []byte("x"))
		return err
	},
}

// others has 1001 and 1002 talk.
func (w *world) others() cti.ConnectionID {
	require.NoError(w.t, w.net.Set("1001").Call("1002"))
	require.NoError(w.t, w.net.Set("1002").Answer())
	return cti.ConnectionID{Call: w.call("1002"), Device: "1002"}
}

// busy has 1000 call 1001, who talks to 1002 on each of the lines.
func (w *world) busy() cti.CallID {
	w.others()
	for _, from := range []cti.DeviceID{"0612345678", "0612345679", "0612345670"} {
		_, _ = w.net.Dial(from, "1001")
	}
	require.NoError(w.t, w.net.Set("1000").Call("1001"))
	return w.call("1000")
}

// newOperations is a world of three extensions behind one CSTA link.
func newOperations(t *testing.T, ops cti.Operations) *world {
	w := newWorld(t, 0)
	w.port["pbx"] = w.net.Link("pbx", ctitest.LinkOptions{Protocol: cti.CSTA, SnapshotAtomic: true, ReportsExistingCalls: true,
		Operations: ops, Escape: func(data []byte) ([]byte, error) { return data, nil }})
	w.cfg.Links = []gateway.Link{{Name: "pbx", Capacity: 5, Connector: w.port["pbx"].Connector(ctitest.ConnectorOptions{})}}
	for _, n := range []cti.DeviceID{"1000", "1001", "1002"} {
		w.extension(n, cti.Location{})
		w.cfg.Extensions[len(w.cfg.Extensions)-1].Protocol = cti.CSTA
	}
	return w
}

// TestEveryOperation: a line does it; it says what it cannot do, by name of the
// operation and the link; and nothing was sent then.
func TestEveryOperation(t *testing.T) {
	gatewaysOwn := cti.OperationsOf(cti.OpSupervise, cti.OpRelease, cti.OpMonitorFeatures, cti.OpReleaseFeatures, cti.OpListDevices, cti.OpPing, cti.OpOpen)
	for _, op := range cti.FullCTI().Without(gatewaysOwn.List()...).List() {
		do := lineOperations[op]
		t.Run(op.String(), func(t *testing.T) {
			require.NotNil(t, do, "a line does not offer it")
			synctest.Test(t, func(t *testing.T) {
				w := newOperations(t, cti.FullCTI())
				require.NoError(t, do(t.Context(), w, w.run().Line("1000")))
			})
			synctest.Test(t, func(t *testing.T) {
				w := newOperations(t, cti.FullCTI().Without(op))
				gw := w.run()
				err := do(t.Context(), w, gw.Line("1000"))
				if op == cti.OpSnapshotDevice { // without it nothing is supervised
					require.ErrorIs(t, err, cti.ErrUnsupervised)
					return
				}
				require.ErrorIs(t, err, ctikit.ErrUnsupported)
				require.True(t, cti.SafeToRetry(err))
				var e *cti.Error
				require.ErrorAs(t, err, &e)
				require.Equal(t, []any{op, "pbx", cti.DeviceID("1000")}, []any{e.Op, e.Link, e.Device})
			})
			synctest.Test(t, func(t *testing.T) {
				w := newOperations(t, cti.FullCTI())
				gw := w.run()
				err := do(t.Context(), w, gw.Line("1000", gateway.Allow(cti.FullCTI().Without(op))))
				require.ErrorIs(t, err, cti.ErrNotPermitted)
				require.True(t, cti.SafeToRetry(err))
			})
		})
	}
}

// TestRepeatedOperations: what acts on a call does no harm when repeated.
func TestRepeatedOperations(t *testing.T) {
	type step func(ctx context.Context, w *world, l *gateway.Line) func() error
	for name, test := range map[string]struct {
		prepare step
		want    error
	}{
		"answer": {func(ctx context.Context, w *world, l *gateway.Line) func() error {
			call := w.rings()
			return func() error { return l.Answer(ctx, call) }
		}, cti.ErrInvalidState},
		"hold": {func(ctx context.Context, w *world, l *gateway.Line) func() error {
			call := w.talking()
			return func() error { return l.Hold(ctx, call) }
		}, cti.ErrInvalidState},
		"drop": {func(ctx context.Context, w *world, l *gateway.Line) func() error {
			call := w.talking()
			return func() error { return l.Drop(ctx, call) }
		}, cti.ErrInvalidCall},
		"transfer": {func(ctx context.Context, w *world, l *gateway.Line) func() error {
			held, active := w.consulting()
			return func() error { _, err := l.Transfer(ctx, held, active); return err }
		}, cti.ErrInvalidCall},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newOperations(t, cti.FullCTI())
				do := test.prepare(t.Context(), w, w.run().Line("1000"))
				require.NoError(t, do())
				err := do()
				require.ErrorIs(t, err, test.want)
				require.False(t, cti.SafeToRetry(err), "it was the PBX that refused")
			})
		})
	}
}

// TestSharedControl: what a Workplace client may do with a desk phone (IP Office
// with Workplace, chapter 1), and that it sends numbers as they were dialled.
func TestSharedControl(t *testing.T) {
	for op, do := range lineOperations {
		t.Run(op.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newOperations(t, cti.FullCTI())
				w.cfg.NumberPlan = refusing{}
				gw := w.run()
				if op == cti.OpDialDigits {
					return // it begins with a call of no number
				}
				err := do(t.Context(), w, gw.Line("1000", gateway.Allow(cti.SharedControl), gateway.AsDialled()))
				if cti.SharedControl.Has(op) {
					require.NoError(t, err)
				} else {
					require.ErrorIs(t, err, cti.ErrNotPermitted)
				}
			})
		})
	}
}

// refusing is a number plan that takes no number.
type refusing struct{}

func (refusing) Outgoing(string) (string, error)          { return "", errors.New("no such number") }
func (refusing) Incoming(n string) (string, string, bool) { return n, "", false }

func TestNumbersOfALine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newOperations(t, cti.FullCTI())
		w.cfg.NumberPlan = refusing{}
		gw := w.run()
		line := gw.Line("1000")
		_, err := line.MakeCall(t.Context(), "1001")
		require.ErrorIs(t, err, cti.ErrInvalidDestination)
		require.ErrorContains(t, err, "no such number")
		require.True(t, cti.SafeToRetry(err))
		c, err := line.MakeCall(t.Context(), "")
		require.NoError(t, err, "off hook only: there is no number to rewrite")
		require.NoError(t, line.DialDigits(t.Context(), c.Call, "1001"))
		time.Sleep(time.Second)
		require.Len(t, w.net.Picture("1001").Calls, 1)
		require.ErrorIs(t, line.SendDTMF(t.Context(), c.Call, "12x"), cti.ErrInvalidDestination)
	})
}
