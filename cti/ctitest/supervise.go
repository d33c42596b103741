package ctitest

import (
	"context"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

func (s *session) Supervise(ctx context.Context, ext cti.Extension) (cti.Snapshot, error) {
	return s.startWatch(ctx, cti.OpSupervise, watch{device: ext.Number}, func(sw *Switch) (MonitorID, error) {
		return sw.StartMonitor(ext.Number, ext.Password)
	})
}

func (s *session) Release(ctx context.Context, device cti.DeviceID) error {
	return s.releaseWatch(ctx, watch{device: device})
}

func (s *session) monitorFeatures(ctx context.Context, device cti.DeviceID) (cti.Snapshot, error) {
	features := watch{device: device, features: true}
	return s.startWatch(ctx, cti.OpMonitorFeatures, features, func(sw *Switch) (MonitorID, error) {
		return sw.MonitorFeatures(device)
	})
}

// startWatch begins a monitor and then reads the device.
func (s *session) startWatch(
	ctx context.Context, op cti.Operation, w watch, start func(*Switch) (MonitorID, error),
) (cti.Snapshot, error) {
	if s.monitorFor(w) != 0 {
		already := &pending{op: op, device: w.device}
		return cti.Snapshot{}, already.requestError(pbxError(cti.ErrInvalidState, "already supervised on this link"), true)
	}
	var early []Message // what overtook the answer
	p := &pending{op: op, device: w.device,
		landed: func(id any) {
			s.watchMonitor(id.(MonitorID), w)
			early = s.early[id.(MonitorID)]
		},
		after: func() {
			for _, m := range early {
				s.passEvent(m)
			}
		},
		undo: func(id any) { s.stopUnawaited(w.device, id.(MonitorID)) },
	}
	s.countStarting(1)
	id, err := askSwitch(ctx, s, p, start)
	s.countStarting(-1)
	if err != nil {
		return cti.Snapshot{}, err
	}
	a, err := s.Do(ctx, driver.Request{Op: cti.OpSnapshotDevice, Device: w.device})
	if err != nil {
		s.mu.Lock()
		s.unwatchMonitor(id)
		s.mu.Unlock()
		s.stopUnawaited(w.device, id)
		return cti.Snapshot{}, err
	}
	return *a.Snapshot, nil
}

// countStarting counts the monitors that are being started.
func (s *session) countStarting(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.starting += n; s.starting == 0 {
		clear(s.early)
	}
}

// stopUnawaited has a monitor stopped without waiting.
func (s *session) stopUnawaited(device cti.DeviceID, id MonitorID) {
	// An error means that the session has ended, and the monitor with it.
	_ = s.submitPending(context.Background(), &pending{op: cti.OpRelease, device: device,
		work: func(sw *Switch) (any, error) { return nil, sw.StopMonitor(id) }})
}

func (s *session) releaseWatch(ctx context.Context, w watch) error {
	id := s.monitorFor(w)
	if id == 0 {
		return nil
	}
	s.mu.Lock()
	s.unwatchMonitor(id)
	s.mu.Unlock()
	_, err := askSwitch(ctx, s, &pending{op: cti.OpRelease, device: w.device}, func(sw *Switch) (struct{}, error) {
		_ = sw.StopMonitor(id) // one that the PBX has stopped itself is released too
		return struct{}{}, nil
	})
	return err
}

func (s *session) monitorFor(w watch) MonitorID {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.watching[w]
}
