package driver_test

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/cti/gateway"
)

// metrics counts and times by operation.
type metrics struct {
	mu    sync.Mutex
	count map[cti.Operation]int
	took  map[cti.Operation]time.Duration
}

func (m *metrics) around(ctx context.Context, r driver.Request, next driver.Do) (driver.Reply, error) {
	start := time.Now()
	a, err := next(ctx, r)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.count[r.Op]++
	m.took[r.Op] += time.Since(start)
	return a, err
}

// traced gives each request a span in its ctx, and logs it.
func traced(log *slog.Logger) driver.Interceptor {
	return func(ctx context.Context, r driver.Request, next driver.Do) (driver.Reply, error) {
		a, err := next(context.WithValue(ctx, spanKey{}, r.Op.String()), r)
		log.InfoContext(ctx, r.Op.String(), "device", r.Device, "err", err)
		return a, err
	}
}

type spanKey struct{}

// failing refuses an operation without asking anybody.
func failing(op cti.Operation, why error) driver.Interceptor {
	return func(ctx context.Context, r driver.Request, next driver.Do) (driver.Reply, error) {
		if r.Op == op {
			return driver.Reply{}, &cti.Error{Op: op, Device: r.Device, NotSent: true, Err: why}
		}
		return next(ctx, r)
	}
}

// TestIntercept: sessions wrapped three times keep all that they can do.
func TestIntercept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := ctitest.NewNetwork(ctitest.Options{})
		network.Add(cti.Extension{Number: "4001", Location: cti.Location{Site: 1, Cluster: 1}, Protocol: cti.VTIXML},
			cti.Extension{Number: "4002", Location: cti.Location{Site: 1, Cluster: 1}, Protocol: cti.VTIXML})
		port := network.Link("a", ctitest.LinkOptions{})
		m := &metrics{count: map[cti.Operation]int{}, took: map[cti.Operation]time.Duration{}}
		kept := new(lines)
		log := slog.New(kept)
		connector := driver.Intercept(driver.Intercept(driver.Intercept(port.Connector(ctitest.ConnectorOptions{Latency: time.Millisecond}),
			m.around), failing(cti.OpParkCall, cti.ErrBusy)), traced(log))
		gw, err := gateway.New(gateway.Config{
			Links:      []gateway.Link{{Name: "a", Location: cti.Location{Site: 1, Cluster: 1}, Capacity: 5, Connector: connector}},
			Extensions: []cti.Extension{{Number: "4001", Location: cti.Location{Site: 1, Cluster: 1}, Protocol: cti.VTIXML}},
		})
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- gw.Run(ctx) }()
		time.Sleep(time.Minute)
		line := gw.Line("4001")
		c, err := line.MakeCall(ctx, "4002")
		require.NoError(t, err)
		require.NoError(t, network.Set("4002").Answer())
		time.Sleep(time.Second)
		require.NoError(t, line.Hold(ctx, c.Call))
		require.NoError(t, line.SetDoNotDisturb(ctx, true))
		err = line.Park(ctx, c.Call, "4002")
		require.ErrorIs(t, err, cti.ErrBusy)
		require.EqualError(t, err, `park call 4001 on link "a": busy`)
		require.True(t, cti.SafeToRetry(err))
		_, err = gw.ListDevices(ctx, "a")
		require.NoError(t, err)
		cancel()
		<-done
		require.Equal(t, []cti.Operation{cti.OpSupervise, cti.OpRelease, cti.OpMakeCall, cti.OpHoldCall, cti.OpSetDoNotDisturb, cti.OpListDevices, cti.OpPing},
			slices.Sorted(maps.Keys(m.count)))
		require.Contains(t, kept.told, "park call")
		require.Positive(t, m.count[cti.OpSupervise])
	})
}

// lines is a handler that keeps the messages.
type lines struct {
	mu   sync.Mutex
	told []string
}

func (*lines) Enabled(context.Context, slog.Level) bool { return true }
func (l *lines) Handle(_ context.Context, r slog.Record) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.told = append(l.told, r.Message)
	return nil
}
func (l *lines) WithAttrs([]slog.Attr) slog.Handler { return l }
func (l *lines) WithGroup(string) slog.Handler      { return l }
