package gateway_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/gateway"
)

// TestCanSaysWhatTheOperationWould: for each operation, and a line that lacks it
// for each reason, Can returns just the error that the operation returns.
func TestCanSaysWhatTheOperationWould(t *testing.T) {
	for op, do := range lineOperations {
		if op == cti.OpSnapshotDevice {
			continue // without it nothing is supervised
		}
		synctest.Test(t, func(t *testing.T) {
			w := newOperations(t, cti.FullCTI().Without(op))
			gw := w.run()
			line := gw.Line("1000")
			can := line.Can(op)
			require.ErrorIs(t, can, ctikit.ErrUnsupported, op)
			require.False(t, line.Operations().Has(op))
			require.ErrorIs(t, gw.LinkCan("pbx", op), ctikit.ErrUnsupported)
			require.ErrorIs(t, gw.Can(op), ctikit.ErrUnsupported)
			require.EqualError(t, do(t.Context(), w, line), can.Error())
		})
		synctest.Test(t, func(t *testing.T) {
			w := newOperations(t, cti.FullCTI())
			gw := w.run()
			require.NoError(t, gw.Line("1000").Can(op))
			require.NoError(t, gw.LinkCan("pbx", op))
			require.NoError(t, gw.Can(op))
			require.True(t, gw.Line("1000").Operations().Has(op))
			limited := gw.Line("1000", gateway.Allow(cti.FullCTI().Without(op)))
			require.ErrorIs(t, limited.Can(op), cti.ErrNotPermitted)
			require.EqualError(t, do(t.Context(), w, limited), limited.Can(op).Error())
		})
	}
}

// TestCanFollowsTheLink: the answers change with the capabilities that the PBX
// reports, with the link and with the supervision, and an event says so.
func TestCanFollowsTheLink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newOperations(t, cti.FullCTI())
		stopped, err := gateway.New(w.cfg)
		require.NoError(t, err)
		require.ErrorIs(t, stopped.Line("1000").Can(cti.OpMakeCall), cti.ErrClosed)
		require.ErrorIs(t, stopped.Can(cti.OpMakeCall), cti.ErrClosed)
		require.ErrorIs(t, stopped.LinkCan("pbx", cti.OpEscape), cti.ErrClosed)
		require.True(t, stopped.Operations().IsEmpty())

		gw := w.run()
		sub := gw.Subscribe(gateway.LinkEvents(), gateway.WithoutInitial())
		line := gw.Line("1000")
		require.NoError(t, line.Can(cti.OpHoldCall))
		w.port["pbx"].SetOperations(cti.FullCTI().Without(cti.OpHoldCall))
		time.Sleep(time.Second)
		ev, err := sub.Next(t.Context())
		require.NoError(t, err)
		require.Equal(t, cti.CapabilitiesChanged, ev.Kind)
		require.Equal(t, "CapabilitiesChanged pbx", ev.String())
		require.EqualError(t, line.Can(cti.OpHoldCall), `hold call 1000 on link "pbx": not supported`)
		require.False(t, gw.LinkOperations("pbx").Has(cti.OpHoldCall))
		require.False(t, gw.Operations().Has(cti.OpHoldCall))

		require.EqualError(t, line.Can(cti.OpSupervise), `supervise 1000 on link "pbx": not supported: not an operation of a line`)
		require.EqualError(t, gw.Line("9999").Can(cti.OpMakeCall), `make call 9999: unknown device: not in the configuration`)
		require.ErrorIs(t, gw.LinkCan("other", cti.OpEscape), cti.ErrLinkDown)

		w.port["pbx"].Down()
		time.Sleep(time.Second)
		require.EqualError(t, line.Can(cti.OpMakeCall), `make call 1000 on link "pbx": link is down`)
		require.True(t, line.Operations().IsEmpty())
		require.EqualError(t, gw.Can(cti.OpMakeCall), `make call: link is down: no link is up`)
		require.True(t, gw.LinkOperations("pbx").IsEmpty())
	})
}

// TestCanNamesTheLinkThatIsDown: what only the CSTA link can do for a VTI-XML
// extension is not "not supported" while that link is down.
func TestCanNamesTheLinkThatIsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1, 10)
		csta := w.net.Link("csta", ctitest.LinkOptions{Protocol: cti.CSTA})
		w.cfg.Links = append(w.cfg.Links, gateway.Link{Name: "csta", Capacity: 1, Connector: csta.Connector(ctitest.ConnectorOptions{})})
		line := w.run().Line("1000")
		require.NoError(t, line.Can(cti.OpSetForwarding))
		csta.Down()
		time.Sleep(time.Second)
		err := line.Can(cti.OpSetForwarding)
		require.ErrorIs(t, err, cti.ErrLinkDown)
		require.EqualError(t, err, `set forwarding 1000 on link "csta": link is down`)
	})
}

// TestErrorsNameLinkAndLine: of whatever kind, and also where the PBX's error
// names another device.
func TestErrorsNameLinkAndLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newOperations(t, cti.FullCTI())
		w.cfg.NumberPlan = refusing{}
		gw := w.run()
		call := w.talking()
		line := gw.Line("1000")
		errs := map[string]error{}
		_, errs["number plan"] = line.MakeCall(t.Context(), "1001")
		errs["tones"] = line.SendDTMF(t.Context(), call, "x")
		errs["PBX"] = line.Answer(t.Context(), call)
		_, errs["other device"] = line.AddParty(t.Context(), call, "7777")
		errs["not permitted"] = gw.Line("1000", gateway.Allow(cti.Operations{})).Hold(t.Context(), call)
		w.net.Inject(ctitest.Fault{Op: cti.OpHoldCall, Action: ctitest.DropBefore})
		errs["lost link"] = line.Hold(t.Context(), call)
		for name, err := range errs {
			var e *cti.Error
			require.ErrorAs(t, err, &e, name)
			require.Equal(t, "pbx", e.Link, "%s: %v", name, err)
			require.Equal(t, cti.DeviceID("1000"), e.Line, "%s: %v", name, err)
		}
	})
}
