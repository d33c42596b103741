package cti

import "context"

// Request is one operation with its arguments. Which of them an operation reads
// [Operation.Info] tells; a driver ignores the others.
type Request struct {
	Op Operation
	// Device acts, or is the one whose feature is read or set.
	Device DeviceID
	// Connection is acted on: the active one of two. Its device is another than
	// Device where a call of others is picked up or joined.
	Connection ConnectionID
	// Held is the held one of two.
	Held ConnectionID
	// Number is a destination in the form that the PBX dials, or digits.
	Number string
	// Target is the device that is added, or parked at.
	Target  DeviceID
	On      bool
	Forward Forward
	Agent   Agent
	Data    CallData
	Private []byte // of the vendor, raw
}

// Reply is what an operation came to. [Operation.Info] tells which fields it fills.
type Reply struct {
	Connection ConnectionID // of what makes or joins calls
	On         bool
	Forwards   []Forward
	Agent      AgentState
	Snapshot   Snapshot
	Call       Call
	Features   Features
	Devices    []DeviceID
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

func (s intercepted) Supervise(ctx context.Context, ext Extension) (Snapshot, error) {
	a, err := s.around(ctx, Request{Op: OpSupervise, Device: ext.Number}, func(ctx context.Context, _ Request) (a Reply, err error) {
		a.Snapshot, err = s.Session.Supervise(ctx, ext)
		return a, err
	})
	return a.Snapshot, err
}

func (s intercepted) Release(ctx context.Context, device DeviceID) error {
	_, err := s.around(ctx, Request{Op: OpRelease, Device: device}, func(ctx context.Context, _ Request) (Reply, error) {
		return Reply{}, s.Session.Release(ctx, device)
	})
	return err
}
