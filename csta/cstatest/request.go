package cstatest

import (
	"slices"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
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

// does is a service that is an operation as it stands.
func does(op cti.Operation) service {
	return service{op, func(c *conn, sw *ctitest.Switch, r *message.Request) (any, error) { return sw.Do(c.operation(op, r)) }}
}

// operation is a request in the terms of package cti.
func (c *conn) operation(op cti.Operation, r *message.Request) driver.Request {
	q := driver.Request{Op: op, Device: device(r), Connection: conn1(r), Held: held(r), Number: r.To.Number,
		Target: cti.DeviceID(r.To.Number), On: r.On, Agent: cti.Agent{State: agentStates[r.Agent]}}
	switch op {
	case cti.OpGenerateDigits:
		q.Number = string(r.Digits)
	case cti.OpIntrudeCall: // the device's own connection
		q.Device = q.Connection.Device
	case cti.OpSetForwarding:
		q.Forward = r.Forward.Value.Forward(r.On, r.To.Number)
	case cti.OpEscape:
		q.Private = c.encoding.PrivateData(r.Escape)
	}
	return q
}

var featuresOnly = service{cti.OpMonitorFeatures, startFeatures}

// services are set by init, because one of them, told, lists them all.
var services map[message.Operation]service

func init() { services = allServices }

var allServices = map[message.Operation]service{
	message.MonitorStart:                {cti.OpSupervise, startMonitor},
	message.MonitorStop:                 {cti.OpRelease, stopMonitor},
	message.ChangeMonitorFilter:         {cti.OpSupervise, changeFilter},
	message.SystemRegister:              {cti.OpPing, register},
	message.SystemRegisterCancel:        {cti.OpPing, deregister},
	message.GetCSTAFeatures:             {cti.OpPing, told},
	message.GetSwitchingFunctionCaps:    {cti.OpPing, told},
	message.GetSwitchingFunctionDevices: does(cti.OpListDevices),
	message.IntrudeCall:                 does(cti.OpIntrudeCall),
	message.SnapshotDevice:              does(cti.OpSnapshotDevice),
	message.SnapshotCall:                does(cti.OpSnapshotCall),
	message.MakeCall:                    does(cti.OpMakeCall),
	message.AnswerCall:                  does(cti.OpAnswerCall),
	message.ClearConnection:             does(cti.OpClearConnection),
	message.ClearCall:                   does(cti.OpClearCall),
	message.HoldCall:                    does(cti.OpHoldCall),
	message.RetrieveCall:                does(cti.OpRetrieveCall),
	message.AlternateCall:               does(cti.OpAlternateCall),
	message.ReconnectCall:               does(cti.OpReconnectCall),
	message.ConsultationCall:            does(cti.OpConsultationCall),
	message.TransferCall:                does(cti.OpTransferCall),
	message.ConferenceCall:              does(cti.OpConferenceCall),
	message.SingleStepTransfer:          does(cti.OpSingleStepTransfer),
	message.SingleStepConference:        does(cti.OpSingleStepConference),
	message.DeflectCall:                 does(cti.OpDeflectCall),
	message.DirectedPickupCall:          does(cti.OpDirectedPickup),
	message.GroupPickupCall:             does(cti.OpGroupPickup),
	message.ParkCall:                    does(cti.OpParkCall),
	message.JoinCall:                    does(cti.OpJoinCall),
	message.CampOnCall:                  does(cti.OpCampOnCall),
	message.CallBack:                    does(cti.OpCallBack),
	message.DialDigits:                  does(cti.OpDialDigits),
	message.GenerateDigits:              does(cti.OpGenerateDigits),
	message.GetForwarding:               does(cti.OpGetForwarding),
	message.SetForwarding:               does(cti.OpSetForwarding),
	message.GetDoNotDisturb:             does(cti.OpGetDoNotDisturb),
	message.SetDoNotDisturb:             does(cti.OpSetDoNotDisturb),
	message.GetMessageWaitingIndicator:  does(cti.OpGetMessageWaiting),
	message.SetMessageWaitingIndicator:  does(cti.OpSetMessageWaiting),
	message.GetAgentState:               does(cti.OpGetAgentState),
	message.SetAgentState:               does(cti.OpSetAgentState),
	message.SystemStatus:                does(cti.OpPing),
	message.RequestSystemStatus:         does(cti.OpPing),
	message.Escape:                      does(cti.OpEscape),
}

var agentStates = map[message.AgentRequest]cti.AgentState{
	message.LogOff: cti.AgentNull, message.LogOn: cti.AgentNotReady, message.SetNotReady: cti.AgentNotReady,
	message.SetReady: cti.AgentReady, message.SetWorkingAfterCall: cti.AgentWorkingAfterCall,
}
