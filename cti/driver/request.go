package driver

import (
	"context"

	"github.com/ctikit/ctikit/cti"
)

// Request is one operation with its arguments. Which of them an operation reads
// [cti.Operation.Info] tells; a driver ignores the others.
type Request struct {
	Op cti.Operation
	// Device acts, or is the one whose feature is read or set.
	Device cti.DeviceID
	// Connection is acted on: the active one of two. Its device is another than
	// Device where a call of others is picked up or joined.
	Connection cti.ConnectionID
	// Held is the held one of two.
	Held cti.ConnectionID
	// Number is a destination in the form that the PBX dials, or digits.
	Number string
	// Target is the device that is added, or parked at.
	Target  cti.DeviceID
	On      bool
	Forward cti.Forward
	Agent   cti.Agent
	Data    cti.CallData
	Private []byte // of the vendor, raw
}

// Reply is what an operation came to. [cti.Operation.Info] tells which fields it fills.
type Reply struct {
	Connection cti.ConnectionID // of what makes or joins calls
	On         bool
	Forwards   []cti.Forward
	Agent      cti.AgentState
	Snapshot   cti.Snapshot
	Call       cti.Call
	Features   cti.Features
	Devices    []cti.DeviceID
	Private    []byte
}

// Do performs a request: the method of a [Session], and what an [Interceptor] calls.
type Do func(ctx context.Context, r Request) (Reply, error)

// Interceptor stands around every request of a session: it may count, time, log,
// refuse or change it, and calls next at most once.
type Interceptor func(ctx context.Context, r Request, next Do) (Reply, error)

// Intercept is c whose sessions ask through f. To Supervise and Release it gives
// the operation and the device, and in the reply the snapshot; it may refuse them
// but not change them.
func Intercept(c Connector, f Interceptor) Connector { return interceptedConnector{c, f} }

type interceptedConnector struct {
	Connector
	around Interceptor
}

// Unwrap is the connector underneath.
func (c interceptedConnector) Unwrap() Connector { return c.Connector }

func (c interceptedConnector) Open(ctx context.Context, sink EventSink) (Session, error) {
	s, err := c.Connector.Open(ctx, sink)
	if err != nil {
		return nil, err
	}
	return intercepted{s, c.around}, nil
}

type intercepted struct {
	Session
	around Interceptor
}

func (s intercepted) Do(ctx context.Context, r Request) (Reply, error) {
	return s.around(ctx, r, s.Session.Do)
}

func (s intercepted) Supervise(ctx context.Context, ext cti.Extension) (cti.Snapshot, error) {
	a, err := s.around(ctx, Request{Op: cti.OpSupervise, Device: ext.Number}, func(ctx context.Context, _ Request) (a Reply, err error) {
		a.Snapshot, err = s.Session.Supervise(ctx, ext)
		return a, err
	})
	return a.Snapshot, err
}

func (s intercepted) Release(ctx context.Context, device cti.DeviceID) error {
	_, err := s.around(ctx, Request{Op: cti.OpRelease, Device: device}, func(ctx context.Context, _ Request) (Reply, error) {
		return Reply{}, s.Session.Release(ctx, device)
	})
	return err
}
