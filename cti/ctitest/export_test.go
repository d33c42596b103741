package ctitest

import (
	"context"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// What the broken drivers of package ctitest_test need of a session.

// Session is what a [Connector] opens.
type Session = session

// OpenError is the error of [Connector.Open] for a cause.
func OpenError(cause error) error { return openError(cause) }

// RequestError is the error of a request that was sent and got no answer.
func RequestError(op cti.Operation, device cti.DeviceID, cause error) error {
	return (&pending{op: op, device: device}).requestError(cause, false)
}

// Link is the link that c opens.
func (c *Connector) Link() *Link { return c.link }

// Options are those that c was made with.
func (c *Connector) Options() ConnectorOptions { return c.options }

// Network is the network of the port.
func (l *Link) Network() *Network { return l.net }

// Sink is the sink that the session was opened with.
func (s *session) Sink() driver.EventSink { return s.sink }

// DoUnchecked is Do without a look at the Capabilities.
func (s *session) DoUnchecked(ctx context.Context, r driver.Request) (driver.Reply, error) {
	return s.performUnchecked(ctx, r)
}

// MonitorOf is the monitor by which the session supervises a device, 0 if none.
func (s *session) MonitorOf(device cti.DeviceID) MonitorID {
	return s.monitorFor(watch{device: device})
}

// ReportAs lets the session pass on the events of a monitor, as those of a device
// that it does not supervise by it.
func (s *session) ReportAs(device cti.DeviceID, monitors ...MonitorID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range monitors {
		s.monitors[id] = watch{device: device}
	}
}

// RecordMonitor makes a monitor the one by which the session supervises a device.
func (s *session) RecordMonitor(device cti.DeviceID, id MonitorID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watchMonitor(id, watch{device: device})
}

// StopMonitor stops a monitor at the PBX, and leaves it with the session.
func (s *session) StopMonitor(ctx context.Context, device cti.DeviceID, id MonitorID) error {
	_, err := askSwitch(ctx, s, &pending{op: cti.OpRelease, device: device}, func(sw *Switch) (struct{}, error) {
		return struct{}{}, sw.StopMonitor(id)
	})
	return err
}

// StartUnrecorded starts a monitor at the PBX that the session knows nothing of.
func (s *session) StartUnrecorded(ext cti.Extension) {
	s.assoc.Serve(cti.OpSupervise, ext.Number, &pending{ready: make(chan struct{})}, func(sw *Switch) (any, error) {
		return sw.StartMonitor(ext.Number, ext.Password)
	})
}

// Started are the monitors that the PBX holds for the session.
func (s *session) Started() (all []MonitorID) {
	s.assoc.link.net.withLock(func() { all = s.assoc.sortedMonitors() })
	return all
}

// DropEarly lets the session drop early messages, until restore is called.
func (s *session) DropEarly() (restore func()) {
	s.countStarting(-1)
	return func() { s.countStarting(1) }
}
