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
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/cti/gateway"
)

// intercepted is a world whose link passes through f.
func intercepted(t *testing.T, f driver.Interceptor) *world {
	w := newOperations(t, cti.FullCTI())
	w.cfg.Links[0].Connector = driver.Intercept(w.cfg.Links[0].Connector, f)
	return w
}

// TestIncompleteAnswer: a reply without what the operation gives is an error, not
// a crash or an empty picture.
func TestIncompleteAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := intercepted(t, func(ctx context.Context, r driver.Request, next driver.Do) (driver.Reply, error) {
			a, err := next(ctx, r)
			if r.Op == cti.OpSnapshotDevice || r.Op == cti.OpSnapshotCall {
				a.Snapshot, a.Call = nil, nil
			}
			return a, err
		})
		line := w.run().Line("1000")
		call := w.talking()
		for op, read := range map[cti.Operation]func() (any, error){
			cti.OpSnapshotDevice: func() (any, error) { return line.ReadSnapshot(t.Context()) },
			cti.OpSnapshotCall:   func() (any, error) { return line.ReadCall(t.Context(), call) },
		} {
			got, err := read()
			require.ErrorIs(t, err, cti.ErrProtocol, op)
			require.EqualError(t, err, op.String()+` 1000 on link "pbx": `+cti.ErrProtocol.Error()+": the answer is incomplete")
			require.Zero(t, got, op)
			var e *cti.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, cti.DeviceID("1000"), e.Line)
		}
		require.NoError(t, line.Hold(t.Context(), call), "what gives nothing lacks nothing")
	})
}

// TestDriversErrorIsNamed: the device that a driver's error names is kept, one
// that it does not name is the line's; link, line and operation are the gateway's.
func TestDriversErrorIsNamed(t *testing.T) {
	for name, test := range map[string]struct {
		err    error
		device cti.DeviceID
	}{
		"another device": {&cti.Error{Op: cti.OpPing, Link: "x", Line: "y", Device: "7777", Detail: "no", Err: cti.ErrBusy}, "7777"},
		"no device":      {&cti.Error{Detail: "no", Err: cti.ErrBusy}, "1000"},
		"no cti.Error":   {errors.Join(cti.ErrBusy), "1000"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := intercepted(t, func(ctx context.Context, r driver.Request, next driver.Do) (driver.Reply, error) {
					if r.Op == cti.OpGroupPickup {
						return driver.Reply{}, test.err
					}
					return next(ctx, r)
				})
				err := w.run().Line("1000").GroupPickUp(t.Context())
				require.ErrorIs(t, err, cti.ErrBusy)
				var e *cti.Error
				require.ErrorAs(t, err, &e)
				require.Equal(t, []any{cti.OpGroupPickup, "pbx", cti.DeviceID("1000"), test.device}, []any{e.Op, e.Link, e.Line, e.Device})
				if own, ok := errors.AsType[*cti.Error](test.err); ok {
					require.Equal(t, "no", e.Detail)
					require.NotSame(t, own, e)
					require.NotEqual(t, "pbx", own.Link, "the driver's error is not changed")
				}
			})
		})
	}
}

// TestNotOfALine: what a link is asked for, a line cannot do, although its link can.
func TestNotOfALine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw := newOperations(t, cti.FullCTI()).run()
		line := gw.Line("1000")
		for _, op := range []cti.Operation{cti.OpPing, cti.OpListDevices} {
			require.NoError(t, gw.LinkCan("pbx", op))
			err := line.Can(op)
			require.ErrorIs(t, err, ctikit.ErrUnsupported)
			require.EqualError(t, err, op.String()+` 1000 on link "pbx": not supported: not an operation of a line`)
			require.True(t, cti.SafeToRetry(err))
			require.False(t, line.Operations().Has(op))
		}
	})
}

// TestStoppedGatewayCanNothing: neither before it runs, nor while it stops and
// its sessions are still open, nor after.
func TestStoppedGatewayCanNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newOperations(t, cti.FullCTI())
		w.cfg.Links[0].Connector = slowClose{w.cfg.Links[0].Connector}
		unused, err := gateway.New(w.cfg)
		require.NoError(t, err)
		require.True(t, unused.LinkOperations("pbx").IsEmpty())
		gw := w.run()
		require.True(t, gw.LinkOperations("pbx").Has(cti.OpMakeCall))
		stopped := make(chan struct{})
		go func() {
			w.stop()
			close(stopped)
		}()
		time.Sleep(time.Second)
		stopping := gw.LinkOperations("pbx")
		select {
		case <-stopped:
			t.Error("its sessions take three seconds to close")
		default:
		}
		<-stopped // before anything that fails: the clean-up stops the world, too
		require.True(t, stopping.IsEmpty(), "while it stopped")
		require.True(t, gw.LinkOperations("pbx").IsEmpty())
	})
}
