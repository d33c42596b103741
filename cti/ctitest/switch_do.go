package ctitest

import (
	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// work is what the PBX does for one operation.
type work func(*Switch, *driver.Request, *driver.Reply) error

// on is work on one connection.
func on(do func(*Switch, cti.ConnectionID) error) work {
	return func(s *Switch, r *driver.Request, _ *driver.Reply) error { return do(s, r.Connection) }
}

// onBoth is work on the held and the active connection of a device.
func onBoth(do func(_ *Switch, held, active cti.ConnectionID) error) work {
	return func(s *Switch, r *driver.Request, _ *driver.Reply) error { return do(s, r.Held, r.Connection) }
}

// merge is work that joins the held and the active connection.
func merge(do func(_ *Switch, held, active cti.ConnectionID) (cti.ConnectionID, error)) work {
	return func(s *Switch, r *driver.Request, a *driver.Reply) (err error) {
		a.Connection, err = do(s, r.Held, r.Connection)
		return err
	}
}

// send is work on a connection with a number or digits.
func send(do func(*Switch, cti.ConnectionID, string) error) work {
	return func(s *Switch, r *driver.Request, _ *driver.Reply) error { return do(s, r.Connection, r.Number) }
}

// reach is work that takes a connection to a number.
func reach(do func(*Switch, cti.ConnectionID, string) (cti.ConnectionID, error)) work {
	return func(s *Switch, r *driver.Request, a *driver.Reply) (err error) {
		a.Connection, err = do(s, r.Connection, r.Number)
		return err
	}
}

// enter is work that takes a device into a call.
func enter(do func(*Switch, cti.DeviceID, cti.ConnectionID) (cti.ConnectionID, error)) work {
	return func(s *Switch, r *driver.Request, a *driver.Reply) (err error) {
		a.Connection, err = do(s, r.Device, r.Connection)
		return err
	}
}

// read is work that tells something of a device.
func read[T any](do func(*Switch, cti.DeviceID) (T, error), into func(*driver.Reply) *T) work {
	return func(s *Switch, r *driver.Request, a *driver.Reply) (err error) {
		*into(a), err = do(s, r.Device)
		return err
	}
}

func replyOn(a *driver.Reply) *bool { return &a.On }

// works has one row for each operation of [driver.Session.Do] but the monitors.
var works = map[cti.Operation]work{
	cti.OpMakeCall: func(s *Switch, r *driver.Request, a *driver.Reply) (err error) {
		a.Connection, err = s.MakeCall(r.Device, r.Number)
		return err
	},
	cti.OpAnswerCall:         on((*Switch).AnswerCall),
	cti.OpClearConnection:    on((*Switch).ClearConnection),
	cti.OpClearCall:          on((*Switch).ClearCall),
	cti.OpHoldCall:           on((*Switch).HoldCall),
	cti.OpRetrieveCall:       on((*Switch).RetrieveCall),
	cti.OpCampOnCall:         on((*Switch).CampOnCall),
	cti.OpCallBack:           on((*Switch).CallBack),
	cti.OpAlternateCall:      onBoth((*Switch).AlternateCall),
	cti.OpReconnectCall:      onBoth((*Switch).ReconnectCall),
	cti.OpTransferCall:       merge((*Switch).TransferCall),
	cti.OpConferenceCall:     merge((*Switch).ConferenceCall),
	cti.OpConsultationCall:   reach((*Switch).ConsultationCall),
	cti.OpSingleStepTransfer: reach((*Switch).SingleStepTransfer),
	cti.OpSingleStepConference: func(s *Switch, r *driver.Request, a *driver.Reply) (err error) {
		a.Connection, err = s.SingleStepConference(r.Connection, r.Target)
		return err
	},
	cti.OpDeflectCall:    send((*Switch).DeflectCall),
	cti.OpDialDigits:     send((*Switch).DialDigits),
	cti.OpGenerateDigits: send((*Switch).GenerateDigits),
	cti.OpDirectedPickup: func(s *Switch, r *driver.Request, _ *driver.Reply) error {
		return s.DirectedPickup(r.Device, r.Connection)
	},
	cti.OpGroupPickup:       func(s *Switch, r *driver.Request, _ *driver.Reply) error { return s.GroupPickup(r.Device) },
	cti.OpParkCall:          func(s *Switch, r *driver.Request, _ *driver.Reply) error { return s.ParkCall(r.Connection, r.Target) },
	cti.OpJoinCall:          enter((*Switch).JoinCall),
	cti.OpIntrudeCall:       enter((*Switch).IntrudeCall),
	cti.OpGetForwarding:     read((*Switch).Forwarding, func(a *driver.Reply) *[]cti.Forward { return &a.Forwards }),
	cti.OpSetForwarding:     func(s *Switch, r *driver.Request, _ *driver.Reply) error { return s.SetForwarding(r.Device, r.Forward) },
	cti.OpGetDoNotDisturb:   read((*Switch).DoNotDisturb, replyOn),
	cti.OpSetDoNotDisturb:   func(s *Switch, r *driver.Request, _ *driver.Reply) error { return s.SetDoNotDisturb(r.Device, r.On) },
	cti.OpGetMessageWaiting: read((*Switch).MessageWaiting, replyOn),
	cti.OpSetMessageWaiting: func(s *Switch, r *driver.Request, _ *driver.Reply) error { return s.SetMessageWaiting(r.Device, r.On) },
	cti.OpGetAgentState:     read((*Switch).AgentState, func(a *driver.Reply) *cti.AgentState { return &a.Agent }),
	cti.OpSetAgentState: func(s *Switch, r *driver.Request, _ *driver.Reply) error {
		return s.SetAgentState(r.Device, r.Agent.State)
	},
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
	cti.OpPing: func(s *Switch, _ *driver.Request, _ *driver.Reply) error { return s.Ping() },
}

// Do is the work of any operation but those of monitors.
func (s *Switch) Do(r driver.Request) (a driver.Reply, err error) {
	do, ok := works[r.Op]
	if !ok {
		return a, fail(ctikit.ErrUnsupported, "")
	}
	err = do(s, &r, &a)
	return a, err
}

// ServeRequest is [Association.Serve] for a request as it stands: its answer is
// a [driver.Reply].
func (a *Association) ServeRequest(r driver.Request, tag any) {
	device := r.Device
	if device == "" {
		device = r.Connection.Device
	}
	a.Serve(r.Op, device, tag, func(sw *Switch) (any, error) { return sw.Do(r) })
}
