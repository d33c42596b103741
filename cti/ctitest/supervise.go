package ctitest

import (
	"context"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

func (s *session) Supervise(ctx context.Context, ext cti.Extension) (cti.Snapshot, error) {
	return s.start(ctx, cti.OpSupervise, watch{device: ext.Number}, func(sw *Switch) (MonitorID, error) {
		return sw.StartMonitor(ext.Number, ext.Password)
	})
}

func (s *session) Release(ctx context.Context, device cti.DeviceID) error {
	return s.release(ctx, watch{device: device})
}

func (s *session) monitorFeatures(ctx context.Context, device cti.DeviceID) (cti.Snapshot, error) {
	return s.start(ctx, cti.OpMonitorFeatures, watch{device: device, features: true}, func(sw *Switch) (MonitorID, error) {
		return sw.MonitorFeatures(device)
	})
}

// start begins a monitor and reads the device behind it.
func (s *session) start(ctx context.Context, op cti.Operation, w watch, start func(*Switch) (MonitorID, error)) (cti.Snapshot, error) {
	if s.current(w) != 0 {
		already := &pending{op: op, device: w.device}
		return cti.Snapshot{}, already.failed(fail(cti.ErrInvalidState, "the session watches it already"), true)
	}
	var early []Message // what overtook the answer
	p := &pending{op: op, device: w.device,
		landed: func(id any) {
			s.watch(id.(MonitorID), w)
			early = s.early[id.(MonitorID)]
		},
		behind: func() {
			for _, m := range early {
				s.event(m)
			}
		},
		undo: func(id any) { s.stop(w.device, id.(MonitorID)) },
	}
	s.begin(1)
	id, err := ask(ctx, s, p, start)
	s.begin(-1)
	if err != nil {
		return cti.Snapshot{}, err
	}
	a, err := s.Do(ctx, driver.Request{Op: cti.OpSnapshotDevice, Device: w.device})
	if err != nil {
		s.mu.Lock()
		s.unwatch(id)
		s.mu.Unlock()
		s.stop(w.device, id)
		return cti.Snapshot{}, err
	}
	return *a.Snapshot, nil
}

// begin counts the monitors that are being started.
func (s *session) begin(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.starting += n; s.starting == 0 {
		clear(s.early)
	}
}

// stop has a monitor stopped without waiting.
func (s *session) stop(device cti.DeviceID, id MonitorID) {
	// An error means that the session has ended, and the monitor with it.
	_ = s.submit(context.Background(), &pending{op: cti.OpRelease, device: device,
		work: func(sw *Switch) (any, error) { return nil, sw.StopMonitor(id) }})
}

func (s *session) release(ctx context.Context, w watch) error {
	id := s.current(w)
	if id == 0 {
		return nil
	}
	s.mu.Lock()
	s.unwatch(id)
	s.mu.Unlock()
	_, err := ask(ctx, s, &pending{op: cti.OpRelease, device: w.device}, func(sw *Switch) (struct{}, error) {
		_ = sw.StopMonitor(id) // one that the PBX has stopped itself is released too
		return struct{}{}, nil
	})
	return err
}

func (s *session) current(w watch) MonitorID {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.watching[w]
}
