package ctitest

import (
	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// work is what the PBX does for one operation.
type work func(*Switch, *driver.Request, *driver.Reply) error

// onOneConnection is work on one connection.
func onOneConnection(do func(*Switch, cti.ConnectionID) error) work {
	return func(s *Switch, r *driver.Request, _ *driver.Reply) error { return do(s, r.Connection) }
}

// onBothConnections is work on the held and the active connection of a device.
func onBothConnections(do func(_ *Switch, held, active cti.ConnectionID) error) work {
	return func(s *Switch, r *driver.Request, _ *driver.Reply) error { return do(s, r.Held, r.Connection) }
}

// mergingBoth is work that joins the held and the active connection.
func mergingBoth(do func(_ *Switch, held, active cti.ConnectionID) (cti.ConnectionID, error)) work {
	return func(s *Switch, r *driver.Request, a *driver.Reply) (err error) {
		a.Connection, err = do(s, r.Held, r.Connection)
		return err
	}
}

// sendingNumber is work on a connection with a number or digits.
func sendingNumber(do func(*Switch, cti.ConnectionID, string) error) work {
	return func(s *Switch, r *driver.Request, _ *driver.Reply) error { return do(s, r.Connection, r.Number) }
}

// reachingNumber is work that takes a connection to a number.
func reachingNumber(do func(*Switch, cti.ConnectionID, string) (cti.ConnectionID, error)) work {
	return func(s *Switch, r *driver.Request, a *driver.Reply) (err error) {
		a.Connection, err = do(s, r.Connection, r.Number)
		return err
	}
}

// enteringDevice is work that takes a device into a call.
func enteringDevice(do func(*Switch, cti.DeviceID, cti.ConnectionID) (cti.ConnectionID, error)) work {
	return func(s *Switch, r *driver.Request, a *driver.Reply) (err error) {
		a.Connection, err = do(s, r.Device, r.Connection)
		return err
	}
}

// readingDevice is work that reads something of a device.
func readingDevice[T any](do func(*Switch, cti.DeviceID) (T, error), into func(*driver.Reply) *T) work {
	return func(s *Switch, r *driver.Request, a *driver.Reply) (err error) {
		*into(a), err = do(s, r.Device)
		return err
	}
}

// withoutReply is work that fills nothing of the reply.
func withoutReply(do func(*Switch, *driver.Request) error) work {
	return func(s *Switch, r *driver.Request, _ *driver.Reply) error { return do(s, r) }
}

func replyOn(a *driver.Reply) *bool { return &a.On }

func replyForwards(a *driver.Reply) *[]cti.Forward { return &a.Forwards }

// works has one row for each operation of [driver.Session.Do] but the monitors.
var works = map[cti.Operation]work{
	cti.OpMakeCall: func(s *Switch, r *driver.Request, a *driver.Reply) (err error) {
		a.Connection, err = s.MakeCall(r.Device, r.Number)
		return err
	},
	cti.OpAnswerCall:         onOneConnection((*Switch).AnswerCall),
	cti.OpClearConnection:    onOneConnection((*Switch).ClearConnection),
	cti.OpClearCall:          onOneConnection((*Switch).ClearCall),
	cti.OpHoldCall:           onOneConnection((*Switch).HoldCall),
	cti.OpRetrieveCall:       onOneConnection((*Switch).RetrieveCall),
	cti.OpCampOnCall:         onOneConnection((*Switch).CampOnCall),
	cti.OpCallBack:           onOneConnection((*Switch).CallBack),
	cti.OpAlternateCall:      onBothConnections((*Switch).AlternateCall),
	cti.OpReconnectCall:      onBothConnections((*Switch).ReconnectCall),
	cti.OpTransferCall:       mergingBoth((*Switch).TransferCall),
	cti.OpConferenceCall:     mergingBoth((*Switch).ConferenceCall),
	cti.OpConsultationCall:   reachingNumber((*Switch).ConsultationCall),
	cti.OpSingleStepTransfer: reachingNumber((*Switch).SingleStepTransfer),
	cti.OpSingleStepConference: func(s *Switch, r *driver.Request, a *driver.Reply) (err error) {
		a.Connection, err = s.SingleStepConference(r.Connection, r.Target)
		return err
	},
	cti.OpDeflectCall:    sendingNumber((*Switch).DeflectCall),
	cti.OpDialDigits:     sendingNumber((*Switch).DialDigits),
	cti.OpGenerateDigits: sendingNumber((*Switch).GenerateDigits),
	cti.OpDirectedPickup: withoutReply(func(s *Switch, r *driver.Request) error {
		return s.DirectedPickup(r.Device, r.Connection)
	}),
	cti.OpGroupPickup: withoutReply(func(s *Switch, r *driver.Request) error { return s.GroupPickup(r.Device) }),
	cti.OpParkCall: withoutReply(func(s *Switch, r *driver.Request) error {
		return s.ParkCall(r.Connection, r.Target)
	}),
	cti.OpJoinCall:      enteringDevice((*Switch).JoinCall),
	cti.OpIntrudeCall:   enteringDevice((*Switch).IntrudeCall),
	cti.OpGetForwarding: readingDevice((*Switch).Forwarding, replyForwards),
	cti.OpSetForwarding: withoutReply(func(s *Switch, r *driver.Request) error {
		return s.SetForwarding(r.Device, r.Forward)
	}),
	cti.OpGetDoNotDisturb: readingDevice((*Switch).DoNotDisturb, replyOn),
	cti.OpSetDoNotDisturb: withoutReply(func(s *Switch, r *driver.Request) error {
		return s.SetDoNotDisturb(r.Device, r.On)
	}),
	cti.OpGetMessageWaiting: readingDevice((*Switch).MessageWaiting, replyOn),
	cti.OpSetMessageWaiting: withoutReply(func(s *Switch, r *driver.Request) error {
		return s.SetMessageWaiting(r.Device, r.On)
	}),
	cti.OpGetAgentState: readingDevice((*Switch).AgentState, func(a *driver.Reply) *cti.AgentState {
		return &a.Agent
	}),
	cti.OpSetAgentState: withoutReply(func(s *Switch, r *driver.Request) error {
		return s.SetAgentState(r.Device, r.Agent.State)
	}),
	cti.OpSnapshotDevice: func(s *Switch, r *driver.Request, a *driver.Reply) error {
		shot, err := s.SnapshotDevice(r.Device)
		a.Snapshot = &shot
		return err
	},
	cti.OpSnapshotCall: func(s *Switch, r *driver.Request, a *driver.Reply) error {
		call, err := s.SnapshotCall(r.Connection)
		a.Call = &call
		return err
	},
	cti.OpListDevices: func(s *Switch, _ *driver.Request, a *driver.Reply) (err error) {
		a.Devices, err = s.ListDevices()
		return err
	},
	cti.OpEscape: func(s *Switch, r *driver.Request, a *driver.Reply) (err error) {
		a.Private, err = s.Escape(r.Private)
		return err
	},
	cti.OpPing: withoutReply(func(s *Switch, _ *driver.Request) error { return s.Ping() }),
}

// Do is the work of any operation but those of monitors.
func (s *Switch) Do(r driver.Request) (a driver.Reply, err error) {
	do, ok := works[r.Op]
	if !ok {
		return a, pbxError(ctikit.ErrUnsupported, "")
	}
	err = do(s, &r, &a)
	return a, err
}

// ServeRequest is [Association.Serve] for an unchanged request: its answer is
// a [driver.Reply].
func (a *Association) ServeRequest(r driver.Request, tag any) {
	a.Serve(r.Op, r.Actor(), tag, func(sw *Switch) (any, error) { return sw.Do(r) })
}
