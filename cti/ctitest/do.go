package ctitest

import (
	"cmp"
	"context"
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// Do asks the PBX for any operation.
func (s *session) Do(ctx context.Context, r driver.Request) (driver.Reply, error) {
	device := cmp.Or(r.Device, r.Connection.Device)
	if !s.Capabilities().Operations.Has(r.Op) {
		return driver.Reply{}, &cti.Error{Op: r.Op, Device: device, NotSent: true, Err: ctikit.ErrUnsupported}
	}
	switch r.Op {
	case cti.OpMonitorFeatures:
		shot, err := s.monitorFeatures(ctx, r.Device)
		return driver.Reply{Features: shot.Features}, err
	case cti.OpReleaseFeatures:
		return driver.Reply{}, s.release(ctx, watch{device: r.Device, features: true})
	}
	p := &pending{op: r.Op, device: device}
	if s.options.ClearLateCalls && r.Op.Info().StartsCall {
		p.undo = func(a any) { s.clearLate(a.(driver.Reply).Connection) }
	}
	a, err := ask(ctx, s, p, func(sw *Switch) (driver.Reply, error) { return sw.Do(r) })
	if r.Op == cti.OpSnapshotDevice && err == nil {
		a.Snapshot.Time = time.Now()
	}
	return a, err
}

func (s *session) clearLate(c cti.ConnectionID) {
	// An error means that the session has ended: nothing more can be undone.
	_ = s.submit(context.Background(), &pending{op: cti.OpClearConnection, device: c.Device,
		work: func(sw *Switch) (any, error) { return nil, sw.ClearConnection(c) }})
}
