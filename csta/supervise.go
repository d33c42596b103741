package csta

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// Supervise starts a device monitor and reads the device's snapshot.
func (s *session) Supervise(ctx context.Context, ext cti.Extension) (cti.Snapshot, error) {
	mon, err := s.startMonitor(ctx, cti.OpSupervise, watch{device: ext.Number}, filter{}.without(s.cfg.LeaveOut...))
	if err != nil {
		return cti.Snapshot{}, err
	}
	snap, err := s.snapshot(ctx, cti.OpSupervise, ext.Number)
	if err != nil {
		s.stop(mon)
		return cti.Snapshot{}, err
	}
	return snap, nil
}

func (s *session) startMonitor(ctx context.Context, op cti.Operation, w watch, f filter) (*monitor, error) {
	if s.monitors.of(w) != nil {
		return nil, &cti.Error{Op: op, Device: w.device, NotSent: true, Err: cti.ErrInvalidState, Detail: "it is monitored on this session already"}
	}
	r := &message.Request{Op: message.MonitorStart, Device: s.device(w.device), Filter: f.asked}
	mon := &monitor{watch: w, filter: f}
	start := s.early.StartRequest()
	var early [][]byte
	_, err := s.askAnd(ctx, op, w.device, r, request{
		answered: func(a reply) {
			if mon.crossRef = a.crossRef; mon.crossRef == "" {
				return
			}
			s.replaced(s.monitors.add(mon))
			early = s.early.TakeFrames(mon.crossRef, start)
			s.existingCalls(a.existing)
		},
		settled: func() { s.overtaken(mon, early) },
		late: func(a reply) {
			if a.err == nil && mon.crossRef != "" {
				s.HandleLate(op, cti.ConnectionID{Device: w.device}, func() { s.stop(mon) })
			}
		},
	})
	s.early.EndRequest()
	if refusesFilter(err) && !w.features && f.asked.Set {
		f.asked = message.Filter{} // then what it sends is passed over here
		return s.startMonitor(ctx, op, w, f)
	}
	if err == nil && mon.crossRef == "" {
		err = &cti.Error{Op: op, Device: w.device, Err: fmt.Errorf("%w: the answer names no monitor", cti.ErrProtocol)}
	}
	if err != nil {
		return nil, err
	}
	return mon, nil
}

// stop ends a monitor without waiting, unless the PBX has ended it already: its
// cross reference may be that of another one by now.
func (s *session) stop(mon *monitor) {
	if s.monitors.remove(mon) {
		s.postNoted(message.Request{Op: message.MonitorStop, CrossRef: mon.crossRef}, s.leaving(mon))
	}
}

// Release stops the monitor of a device.
func (s *session) Release(ctx context.Context, device cti.DeviceID) error {
	return s.release(ctx, watch{device: device})
}

func (s *session) release(ctx context.Context, w watch) error {
	mon := s.monitors.of(w)
	if mon == nil || !s.monitors.remove(mon) { // from here on its events are passed over
		return nil
	}
	_, err := s.askAnd(ctx, cti.OpRelease, w.device, &message.Request{Op: message.MonitorStop, CrossRef: mon.crossRef}, s.leaving(mon))
	return err
}

// monitorStopped: the PBX ends a monitor by itself.
func (s *session) monitorStopped(m *message.Message) error {
	ref := m.Request.CrossRef
	if mon := s.monitors.byCrossRef([]byte(ref)); mon != nil {
		s.ended(mon)
	} else if _, err := s.early.KeepFrame(ref, s.frame, true); err != nil {
		return err
	}
	return s.acknowledge(m.InvokeID, message.MonitorStop)
}

// ended tells that a monitor is no more.
func (s *session) ended(mon *monitor) {
	s.monitors.remove(mon)
	s.tell(cti.Event{Kind: cti.MonitorStopped, Device: mon.device})
}

// snapshotsDevice reads the calls of a device.
func snapshotsDevice(s *session, ctx context.Context, q *driver.Request, _ *message.Request) (driver.Reply, error) {
	shot, err := s.snapshot(ctx, q.Op, q.Device)
	return driver.Reply{Snapshot: &shot}, err
}

func (s *session) snapshot(ctx context.Context, op cti.Operation, device cti.DeviceID) (cti.Snapshot, error) {
	a, err := s.askWhole(ctx, op, device, &message.Request{Op: message.SnapshotDevice, Device: s.device(device)})
	if err != nil {
		return cti.Snapshot{}, err
	}
	snap := cti.Snapshot{Device: device, Time: time.Now(), Calls: a.calls}
	for i := range snap.Calls {
		s.known.note(cti.ConnectionID{Call: snap.Calls[i].ID, Device: device}, &a.own[i])
	}
	if s.profile.SnapshotCalls {
		return s.withParties(ctx, op, snap, a.own)
	}
	return snap, nil
}

// withParties reads each call of a snapshot for its parties. A call that has
// ended meanwhile is left out: its events are on their way.
func (s *session) withParties(ctx context.Context, op cti.Operation, snap cti.Snapshot, own []message.Connection) (cti.Snapshot, error) {
	calls := snap.Calls[:0]
	for i, c := range snap.Calls {
		a, err := s.askWhole(ctx, op, snap.Device, &message.Request{Op: message.SnapshotCall, Connection: own[i]})
		if isNoCall(err) {
			continue
		}
		if err != nil {
			return cti.Snapshot{}, err
		}
		calls = append(calls, inCall(c, snap.Device, a))
	}
	snap.Calls = slices.Clip(calls)
	return snap, nil
}

// inCall completes a call by the snapshot of the call.
func inCall(c cti.Call, device cti.DeviceID, a reply) cti.Call {
	c.Calling, c.Called = a.calling, a.called
	for _, p := range a.parties {
		if p.Device.Status == cti.Known && p.Device.Number == device {
			if c.State == cti.StateUnknown {
				c.State = p.State
			}
			continue
		}
		c.Parties = append(c.Parties, p)
	}
	return c
}

// snapshotsCall reads one call.
func snapshotsCall(s *session, ctx context.Context, q *driver.Request, r *message.Request) (driver.Reply, error) {
	a, err := s.askWhole(ctx, q.Op, q.Device, r)
	if err != nil {
		return driver.Reply{}, err
	}
	call := inCall(cti.Call{ID: q.Connection.Call}, q.Device, a)
	return driver.Reply{Call: &call}, nil
}

// monitorsFeatures starts a monitor that leaves calls out.
func monitorsFeatures(s *session, ctx context.Context, q *driver.Request, _ *message.Request) (driver.Reply, error) {
	mon, err := s.startMonitor(ctx, q.Op, watch{q.Device, true}, callsLeftOut.without(s.cfg.LeaveOut...))
	if err != nil {
		return driver.Reply{}, err
	}
	f, err := s.readFeatures(ctx, q.Device)
	if err != nil {
		s.stop(mon)
		return driver.Reply{}, fmt.Errorf("monitor features: %w", err)
	}
	return driver.Reply{Features: f}, nil
}

// releasesFeatures stops a features-only monitor.
func releasesFeatures(s *session, ctx context.Context, q *driver.Request, _ *message.Request) (driver.Reply, error) {
	return driver.Reply{}, s.release(ctx, watch{q.Device, true})
}
