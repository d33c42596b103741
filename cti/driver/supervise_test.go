package driver_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// monitors is a link that knows what it supervises, and nothing else.
type monitors struct {
	driver.Connector
	driver.Session
	err      error // of Supervise
	of       map[cti.DeviceID]bool
	released []cti.DeviceID
	patience time.Duration // that the last Release had
}

func (m *monitors) Open(context.Context, driver.EventSink) (driver.Session, error) { return m, nil }

func (m *monitors) Supervise(_ context.Context, ext cti.Extension) (cti.Snapshot, error) {
	if m.err != nil {
		return cti.Snapshot{}, m.err
	}
	m.of[ext.Number] = true
	return cti.Snapshot{Device: ext.Number}, nil
}

func (m *monitors) Release(ctx context.Context, device cti.DeviceID) error {
	m.released = append(m.released, device)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if end, ok := ctx.Deadline(); ok {
		m.patience = time.Until(end)
	}
	delete(m.of, device)
	return nil
}

// TestInterceptedSupervise: whatever an interceptor makes of the answer, a
// request that fails leaves no monitor behind, and one that succeeds has the
// snapshot.
func TestInterceptedSupervise(t *testing.T) {
	refused := errors.New("not today")
	shot, own := cti.Snapshot{Device: "4001"}, cti.Snapshot{Device: "own"}
	for name, test := range map[string]struct {
		interceptor driver.Interceptor
		err         error // of the session
		want        cti.Snapshot
		wantErr     error
		monitored   bool
		released    []cti.DeviceID
	}{
		"passed on": {
			interceptor: func(ctx context.Context, r driver.Request, next driver.Do) (driver.Reply, error) { return next(ctx, r) },
			want:        shot, monitored: true,
		},
		"the reply is dropped": {
			interceptor: func(ctx context.Context, r driver.Request, next driver.Do) (driver.Reply, error) {
				_, err := next(ctx, r)
				return driver.Reply{}, err
			},
			want: shot, monitored: true,
		},
		"another snapshot": {
			interceptor: func(ctx context.Context, r driver.Request, next driver.Do) (driver.Reply, error) {
				_, err := next(ctx, r)
				return driver.Reply{Snapshot: &own}, err
			},
			want: own, monitored: true,
		},
		"refused after it was started": {
			interceptor: func(ctx context.Context, r driver.Request, next driver.Do) (driver.Reply, error) {
				a, err := next(ctx, r)
				return a, errors.Join(err, refused)
			},
			wantErr: refused, released: []cti.DeviceID{"4001"},
		},
		"refused before": {
			interceptor: func(context.Context, driver.Request, driver.Do) (driver.Reply, error) { return driver.Reply{}, refused },
			wantErr:     refused,
		},
		"refused by the session": {
			interceptor: func(ctx context.Context, r driver.Request, next driver.Do) (driver.Reply, error) { return next(ctx, r) },
			err:         cti.ErrCapacity, wantErr: cti.ErrCapacity,
		},
		"nobody was asked": {
			interceptor: func(context.Context, driver.Request, driver.Do) (driver.Reply, error) { return driver.Reply{}, nil },
			wantErr:     cti.ErrProtocol,
		},
		"the session's error is swallowed": {
			interceptor: func(ctx context.Context, r driver.Request, next driver.Do) (driver.Reply, error) {
				a, _ := next(ctx, r)
				return a, nil
			},
			err: cti.ErrCapacity, wantErr: cti.ErrProtocol,
		},
	} {
		t.Run(name, func(t *testing.T) {
			link := &monitors{err: test.err, of: map[cti.DeviceID]bool{}}
			s, err := driver.Intercept(link, test.interceptor).Open(t.Context(), nil)
			require.NoError(t, err)
			ctx, cancel := context.WithCancel(t.Context())
			cancel() // the caller has given up: a monitor is stopped all the same
			got, err := s.Supervise(ctx, cti.Extension{Number: "4001"})
			require.ErrorIs(t, err, test.wantErr)
			require.Equal(t, test.want, got)
			require.Equal(t, test.monitored, link.of["4001"])
			require.Equal(t, test.released, link.released)
			if test.released != nil {
				require.InDelta(t, 5, link.patience.Seconds(), 1)
			}
			if errors.Is(test.wantErr, cti.ErrProtocol) {
				require.EqualError(t, err, "supervise 4001: "+cti.ErrProtocol.Error()+": the interceptor returned no snapshot")
			}
		})
	}
}
