package cstatest

import (
	"slices"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
)

// asked is the tag of a request: what its answer needs.
type asked struct {
	id         message.InvokeID
	op         message.Operation
	connection cti.ConnectionID
	filter     message.Filter
}

// service is how the PBX does one service: the operation of cti that it is,
// and the work.
type service struct {
	op   cti.Operation
	work func(c *conn, sw *ctitest.Switch, r *message.Request) (any, error)
}

// request hands a request to the PBX. What r refers to is copied first.
func (c *conn) request(id message.InvokeID, r *message.Request) {
	s, ok := services[r.Op]
	if !ok {
		_ = c.reject(id, 1)
		return
	}
	own := *r
	own.Digits, own.Escape, own.Register = slices.Clone(r.Digits), slices.Clone(r.Escape), slices.Clone(r.Register)
	device := cti.DeviceID(r.Device.Number)
	if device == "" {
		device = connectionID(&r.Connection).Device
	}
	if r.Op == message.MonitorStart && leavesCallsOut(r.Filter) {
		s = featuresOnly
	}
	c.a.Serve(s.op, device, asked{id, r.Op, connectionID(&own.Connection), own.Filter}, func(sw *ctitest.Switch) (any, error) { return s.work(c, sw, &own) })
}

func conn1(r *message.Request) cti.ConnectionID { return connectionID(&r.Connection) }
func held(r *message.Request) cti.ConnectionID  { return connectionID(&r.Held) }
func device(r *message.Request) cti.DeviceID    { return cti.DeviceID(r.Device.Number) }

func connectionID(c *message.Connection) cti.ConnectionID {
	number, ok := c.Device.Static()
	if !ok {
		number = c.Device.Number
	}
	return cti.ConnectionID{Call: cti.CallID(c.Call), Device: cti.DeviceID(number)}
}

// act is a service that only acknowledges.
func act(op cti.Operation, do func(*ctitest.Switch, *message.Request) error) service {
	return service{op, func(_ *conn, sw *ctitest.Switch, r *message.Request) (any, error) { return nil, do(sw, r) }}
}

// give is a service with a result.
func give[T any](op cti.Operation, do func(*ctitest.Switch, *message.Request) (T, error)) service {
	return service{op, func(_ *conn, sw *ctitest.Switch, r *message.Request) (any, error) { return do(sw, r) }}
}

var featuresOnly = service{cti.OpMonitorFeatures, startFeatures}

// services are set by init, because one of them, told, lists them all.
var services map[message.Operation]service

func init() { services = allServices }

var allServices = map[message.Operation]service{
	message.MonitorStart:             {cti.OpSupervise, startMonitor},
	message.MonitorStop:              {cti.OpRelease, stopMonitor},
	message.ChangeMonitorFilter:      {cti.OpSupervise, changeFilter},
	message.SystemRegister:           {cti.OpPing, register},
	message.SystemRegisterCancel:     {cti.OpPing, deregister},
	message.GetCSTAFeatures:          {cti.OpPing, told},
	message.GetSwitchingFunctionCaps: {cti.OpPing, told},
	message.GetSwitchingFunctionDevices: give(cti.OpListDevices, func(sw *ctitest.Switch, _ *message.Request) ([]cti.DeviceID, error) {
		return sw.ListDevices()
	}),
	message.IntrudeCall: give(cti.OpIntrudeCall, func(sw *ctitest.Switch, r *message.Request) (cti.ConnectionID, error) {
		own := conn1(r)
		return sw.IntrudeCall(own.Device, own)
	}),
	message.SnapshotDevice: give(cti.OpSnapshotDevice, func(sw *ctitest.Switch, r *message.Request) (cti.Snapshot, error) {
		return sw.SnapshotDevice(device(r))
	}),
	message.SnapshotCall: give(cti.OpSnapshotCall, func(sw *ctitest.Switch, r *message.Request) (cti.Call, error) {
		return sw.SnapshotCall(conn1(r))
	}),
	message.MakeCall: give(cti.OpMakeCall, func(sw *ctitest.Switch, r *message.Request) (cti.ConnectionID, error) {
		return sw.MakeCall(device(r), r.To.Number)
	}),
	message.AnswerCall:      act(cti.OpAnswerCall, func(sw *ctitest.Switch, r *message.Request) error { return sw.AnswerCall(conn1(r)) }),
	message.ClearConnection: act(cti.OpClearConnection, func(sw *ctitest.Switch, r *message.Request) error { return sw.ClearConnection(conn1(r)) }),
	message.ClearCall:       act(cti.OpClearCall, func(sw *ctitest.Switch, r *message.Request) error { return sw.ClearCall(conn1(r)) }),
	message.HoldCall:        act(cti.OpHoldCall, func(sw *ctitest.Switch, r *message.Request) error { return sw.HoldCall(conn1(r)) }),
	message.RetrieveCall:    act(cti.OpRetrieveCall, func(sw *ctitest.Switch, r *message.Request) error { return sw.RetrieveCall(conn1(r)) }),
	message.AlternateCall:   act(cti.OpAlternateCall, func(sw *ctitest.Switch, r *message.Request) error { return sw.AlternateCall(held(r), conn1(r)) }),
	message.ReconnectCall:   act(cti.OpReconnectCall, func(sw *ctitest.Switch, r *message.Request) error { return sw.ReconnectCall(held(r), conn1(r)) }),
	message.ConsultationCall: give(cti.OpConsultationCall, func(sw *ctitest.Switch, r *message.Request) (cti.ConnectionID, error) {
		return sw.ConsultationCall(conn1(r), r.To.Number)
	}),
	message.TransferCall: give(cti.OpTransferCall, func(sw *ctitest.Switch, r *message.Request) (cti.ConnectionID, error) {
		return sw.TransferCall(held(r), conn1(r))
	}),
	message.ConferenceCall: give(cti.OpConferenceCall, func(sw *ctitest.Switch, r *message.Request) (cti.ConnectionID, error) {
		return sw.ConferenceCall(held(r), conn1(r))
	}),
	message.SingleStepTransfer: give(cti.OpSingleStepTransfer, func(sw *ctitest.Switch, r *message.Request) (cti.ConnectionID, error) {
		return sw.SingleStepTransfer(conn1(r), r.To.Number)
	}),
	message.SingleStepConference: give(cti.OpSingleStepConference, func(sw *ctitest.Switch, r *message.Request) (cti.ConnectionID, error) {
		return sw.SingleStepConference(conn1(r), cti.DeviceID(r.To.Number))
	}),
	message.DeflectCall: act(cti.OpDeflectCall, func(sw *ctitest.Switch, r *message.Request) error { return sw.DeflectCall(conn1(r), r.To.Number) }),
	message.DirectedPickupCall: act(cti.OpDirectedPickup, func(sw *ctitest.Switch, r *message.Request) error {
		return sw.DirectedPickup(device(r), conn1(r))
	}),
	message.GroupPickupCall: act(cti.OpGroupPickup, func(sw *ctitest.Switch, r *message.Request) error { return sw.GroupPickup(device(r)) }),
	message.ParkCall: act(cti.OpParkCall, func(sw *ctitest.Switch, r *message.Request) error {
		return sw.ParkCall(conn1(r), cti.DeviceID(r.To.Number))
	}),
	message.JoinCall: give(cti.OpJoinCall, func(sw *ctitest.Switch, r *message.Request) (cti.ConnectionID, error) {
		return sw.JoinCall(device(r), conn1(r))
	}),
	message.CampOnCall: act(cti.OpCampOnCall, func(sw *ctitest.Switch, r *message.Request) error { return sw.CampOnCall(conn1(r)) }),
	message.CallBack:   act(cti.OpCallBack, func(sw *ctitest.Switch, r *message.Request) error { return sw.CallBack(conn1(r)) }),
	message.DialDigits: act(cti.OpDialDigits, func(sw *ctitest.Switch, r *message.Request) error { return sw.DialDigits(conn1(r), r.To.Number) }),
	message.GenerateDigits: act(cti.OpGenerateDigits, func(sw *ctitest.Switch, r *message.Request) error {
		return sw.GenerateDigits(conn1(r), string(r.Digits))
	}),
	message.GetForwarding: give(cti.OpGetForwarding, func(sw *ctitest.Switch, r *message.Request) ([]cti.Forward, error) { return sw.Forwarding(device(r)) }),
	message.SetForwarding: act(cti.OpSetForwarding, func(sw *ctitest.Switch, r *message.Request) error {
		return sw.SetForwarding(device(r), r.Forward.Value.Forward(r.On, r.To.Number))
	}),
	message.GetDoNotDisturb: give(cti.OpGetDoNotDisturb, func(sw *ctitest.Switch, r *message.Request) (bool, error) { return sw.DoNotDisturb(device(r)) }),
	message.SetDoNotDisturb: act(cti.OpSetDoNotDisturb, func(sw *ctitest.Switch, r *message.Request) error { return sw.SetDoNotDisturb(device(r), r.On) }),
	message.GetMessageWaitingIndicator: give(cti.OpGetMessageWaiting, func(sw *ctitest.Switch, r *message.Request) (bool, error) {
		return sw.MessageWaiting(device(r))
	}),
	message.SetMessageWaitingIndicator: act(cti.OpSetMessageWaiting, func(sw *ctitest.Switch, r *message.Request) error {
		return sw.SetMessageWaiting(device(r), r.On)
	}),
	message.GetAgentState: give(cti.OpGetAgentState, func(sw *ctitest.Switch, r *message.Request) (cti.AgentState, error) {
		return sw.AgentState(device(r))
	}),
	message.SetAgentState: act(cti.OpSetAgentState, func(sw *ctitest.Switch, r *message.Request) error {
		return sw.SetAgentState(device(r), agentStates[r.Agent])
	}),
	message.SystemStatus:        act(cti.OpPing, func(sw *ctitest.Switch, r *message.Request) error { return sw.Ping() }),
	message.RequestSystemStatus: act(cti.OpPing, func(sw *ctitest.Switch, r *message.Request) error { return sw.Ping() }),
	message.Escape: {cti.OpEscape, func(c *conn, sw *ctitest.Switch, r *message.Request) (any, error) {
		return sw.Escape(c.profile.Encoding.PrivateData(r.Escape))
	}},
}

var agentStates = map[message.AgentRequest]cti.AgentState{
	message.LogOff: cti.AgentNull, message.LogOn: cti.AgentNotReady, message.SetNotReady: cti.AgentNotReady,
	message.SetReady: cti.AgentReady, message.SetWorkingAfterCall: cti.AgentWorkingAfterCall,
}
