package ctitest

import (
	"context"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// Do performs any operation that the Capabilities name.
func (s *session) Do(ctx context.Context, r driver.Request) (driver.Reply, error) {
	if err := s.Capabilities().Refuse(&r); err != nil {
		return driver.Reply{}, err
	}
	return s.performUnchecked(ctx, r)
}

// performUnchecked sends a request without asking whether the link can do it.
func (s *session) performUnchecked(ctx context.Context, r driver.Request) (driver.Reply, error) {
	switch r.Op {
	case cti.OpMonitorFeatures:
		shot, err := s.monitorFeatures(ctx, r.Device)
		return driver.Reply{Features: shot.Features}, err
	case cti.OpReleaseFeatures:
		return driver.Reply{}, s.releaseWatch(ctx, watch{device: r.Device, features: true})
	}
	p := &pending{op: r.Op, device: r.Actor()}
	if s.options.ClearLateCalls && r.Op.Info().StartsCall {
		p.undo = func(a any) { s.clearLateCall(a.(driver.Reply).Connection) }
	}
	a, err := askSwitch(ctx, s, p, func(sw *Switch) (driver.Reply, error) { return sw.Do(r) })
	if r.Op == cti.OpSnapshotDevice && err == nil {
		a.Snapshot.Time = time.Now()
	}
	return a, err
}

func (s *session) clearLateCall(c cti.ConnectionID) {
	// An error means that the session has ended: nothing more can be undone.
	_ = s.submitPending(context.Background(), &pending{op: cti.OpClearConnection, device: c.Device,
		work: func(sw *Switch) (any, error) { return nil, sw.ClearConnection(c) }})
}
