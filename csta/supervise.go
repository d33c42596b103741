package csta

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/internal/wire"
)

// Supervise starts a device monitor and reads the device's snapshot.
func (s *session) Supervise(ctx context.Context, ext cti.Extension) (cti.Snapshot, error) {
	mon, err := s.startMonitor(ctx, cti.OpSupervise, watch{device: ext.Number}, filter{}.withoutKinds(s.cfg.LeaveOut...))
	if err != nil {
		return cti.Snapshot{}, err
	}
	snap, err := s.readSnapshot(ctx, cti.OpSupervise, ext.Number)
	if err != nil {
		s.stopMonitor(mon)
		return cti.Snapshot{}, err
	}
	return snap, nil
}

func (s *session) startMonitor(ctx context.Context, op cti.Operation, w watch, f filter) (*monitor, error) {
	if s.monitors.findByDevice(w) != nil {
		return nil, &cti.Error{Op: op, Device: w.device, NotSent: true, Err: cti.ErrInvalidState,
			Detail: "already supervised on this link"}
	}
	r := &message.Request{Op: message.MonitorStart, Device: s.messageDevice(w.device), Filter: f.asked}
	mon := &monitor{watch: w, filter: f}
	start := s.early.StartRequest()
	var early [][]byte
	_, err := s.askNoted(ctx, op, w.device, r, request{
		onAnswer: func(a reply) {
			if mon.crossRef = a.crossRef; mon.crossRef == "" {
				return
			}
			s.reportReplacedMonitor(s.monitors.addMonitor(mon))
			early = s.early.TakeFrames(mon.crossRef, start)
			s.noteExistingCalls(a.existing)
		},
		onSettled: func() { s.replayEarly(mon, early) },
		onLate: func(a reply) {
			if a.err == nil && mon.crossRef != "" {
				s.HandleLate(op, cti.ConnectionID{Device: w.device}, func() { s.stopMonitor(mon) })
			}
		},
	})
	s.early.EndRequest()
	if isFilterRefusal(err) && !w.features && f.asked.Set {
		f.asked = message.Filter{} // then the driver ignores what it sends
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

// stopMonitor ends a monitor without waiting, unless the PBX has ended it already: its
// cross reference may be that of another one by now.
func (s *session) stopMonitor(mon *monitor) {
	if s.monitors.removeMonitor(mon) {
		s.postNoted(message.Request{Op: message.MonitorStop, CrossRef: mon.crossRef}, s.trackStop(mon))
	}
}

// Release stops the monitor of a device.
func (s *session) Release(ctx context.Context, device cti.DeviceID) error {
	return s.releaseMonitor(ctx, watch{device: device})
}

func (s *session) releaseMonitor(ctx context.Context, w watch) error {
	mon := s.monitors.findByDevice(w)
	if mon == nil || !s.monitors.removeMonitor(mon) { // from here on its events are ignored
		return nil
	}
	_, err := s.askNoted(ctx, cti.OpRelease, w.device, &message.Request{Op: message.MonitorStop,
		CrossRef: mon.crossRef}, s.trackStop(mon))
	return err
}

// handleMonitorStop: the PBX ends a monitor unprompted.
func (s *session) handleMonitorStop(m *message.Message) error {
	ref := m.Request.CrossRef
	if mon := s.monitors.findByCrossRef([]byte(ref)); mon != nil {
		s.reportMonitorEnd(mon)
	} else if _, err := s.early.KeepFrame(ref, s.frame, true); err != nil {
		return err
	}
	return s.sendAcknowledgement(m.InvokeID, message.MonitorStop)
}

// reportMonitorEnd reports the end of a monitor.
func (s *session) reportMonitorEnd(mon *monitor) {
	s.monitors.removeMonitor(mon)
	s.reportEvent(cti.Event{Kind: cti.MonitorStopped, Device: mon.device})
}

// snapshotDevice reads the calls of a device.
func snapshotDevice(s *session, ctx context.Context, q *driver.Request, _ *message.Request) (driver.Reply, error) {
	shot, err := s.readSnapshot(ctx, q.Op, q.Device)
	return driver.Reply{Snapshot: &shot}, err
}

func (s *session) readSnapshot(ctx context.Context, op cti.Operation, device cti.DeviceID) (cti.Snapshot, error) {
	a, err := s.askAllPieces(ctx, op, device, &message.Request{Op: message.SnapshotDevice,
		Device: s.messageDevice(device)})
	if err != nil {
		return cti.Snapshot{}, err
	}
	snap := cti.Snapshot{Device: device, Time: time.Now(), Calls: a.calls}
	for i := range snap.Calls {
		s.known.rememberConnection(cti.ConnectionID{Call: snap.Calls[i].ID, Device: device}, &a.own[i])
	}
	if s.profile.SnapshotCalls {
		return s.readParties(ctx, op, snap, a.own)
	}
	return snap, nil
}

// readParties reads each call of a snapshot for its parties. A call that has
// ended in the meantime is omitted: its events are on their way.
func (s *session) readParties(ctx context.Context, op cti.Operation, snap cti.Snapshot,
	own []message.Connection) (cti.Snapshot, error) {
	calls := snap.Calls[:0]
	for i, c := range snap.Calls {
		a, err := s.askAllPieces(ctx, op, snap.Device, &message.Request{Op: message.SnapshotCall, Connection: own[i]})
		if isMissingCall(err) {
			continue
		}
		if err != nil {
			return cti.Snapshot{}, err
		}
		calls = append(calls, completeCall(c, snap.Device, a))
	}
	snap.Calls = slices.Clip(calls)
	return snap, nil
}

// completeCall completes a call by the snapshot of the call.
func completeCall(c cti.Call, device cti.DeviceID, a reply) cti.Call {
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

// snapshotCall reads one call.
func snapshotCall(s *session, ctx context.Context, q *driver.Request, r *message.Request) (driver.Reply, error) {
	a, err := s.askAllPieces(ctx, q.Op, q.Device, r)
	if err != nil {
		return driver.Reply{}, err
	}
	call := completeCall(cti.Call{ID: q.Connection.Call}, q.Device, a)
	return driver.Reply{Call: &call}, nil
}

// startFeatureMonitor starts a monitor that leaves calls out.
func startFeatureMonitor(s *session, ctx context.Context, q *driver.Request, _ *message.Request) (driver.Reply, error) {
	mon, err := s.startMonitor(ctx, q.Op, watch{q.Device, true}, callsLeftOut.withoutKinds(s.cfg.LeaveOut...))
	if err != nil {
		return driver.Reply{}, err
	}
	f, err := s.readAllFeatures(ctx, q.Device)
	if err != nil {
		s.stopMonitor(mon)
		return driver.Reply{}, fmt.Errorf("monitor features: %w", err)
	}
	return driver.Reply{Features: f}, nil
}

// releaseFeatureMonitor stops a features-only monitor.
func releaseFeatureMonitor(s *session, ctx context.Context, q *driver.Request, _ *message.Request) (driver.Reply,
	error) {
	return driver.Reply{}, s.releaseMonitor(ctx, watch{q.Device, true})
}

// Messages about a monitor may overtake the answer that contains its cross
// reference: events, and its end. See [wire.Early].

// keepEarlyEvent keeps an event of a monitor that is not known, if it may be of one
// that is being started.
func (s *session) keepEarlyEvent(ref message.Text) {
	xref := string(ref)
	if kept, _ := s.early.KeepFrame(xref, s.frame, false); !kept {
		s.Figures.Skipped.Add(1)
	}
}

// replayEarly handles the messages that overtook the answer that started a monitor.
// It runs on the reader.
func (s *session) replayEarly(mon *monitor, said [][]byte) {
	wire.ReplayFrames(said, &s.frame, func() (stopped bool) {
		m := new(message.Message)
		if err := s.codec.Decode(s.frame, m); err != nil {
			return false // it could be read when it came
		}
		if m.Kind == message.RequestKind {
			s.reportMonitorEnd(mon)
			return true
		}
		s.deliverEvent(&m.Event)
		return false
	})
}

// reportReplacedMonitor: the PBX gave the reference of a monitor, which it had ended
// without a message, to another one.
func (s *session) reportReplacedMonitor(old *monitor) {
	if old != nil {
		s.reportEvent(cti.Event{Kind: cti.MonitorStopped, Device: old.device})
	}
}

// trackStop notes that a monitor is being stopped: until that is answered, messages
// under its reference belong to no other monitor.
func (s *session) trackStop(mon *monitor) request {
	return request{onAny: s.early.StopMonitor(mon.crossRef)}
}
