package cstatest

import (
	"slices"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
)

// requestTag is what the answer to a request needs.
type requestTag struct {
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

// performRequest hands a request to the PBX. What r refers to is copied first.
func (c *conn) performRequest(id message.InvokeID, r *message.Request) {
	s, ok := services[r.Op]
	if !ok {
		_ = c.sendReject(id, 1)
		return
	}
	own := *r
	own.Digits, own.Escape, own.Register = slices.Clone(r.Digits), slices.Clone(r.Escape), slices.Clone(r.Register)
	device := cti.DeviceID(r.Device.Number)
	if device == "" {
		device = connectionIDOf(&r.Connection).Device
	}
	if r.Op == message.MonitorStart && excludesCalls(r.Filter) {
		s = featuresOnly
	}
	c.a.Serve(s.op, device, requestTag{id, r.Op, connectionIDOf(&own.Connection), own.Filter},
		func(sw *ctitest.Switch) (any, error) { return s.work(c, sw, &own) })
}

func activeConnection(r *message.Request) cti.ConnectionID { return connectionIDOf(&r.Connection) }
func heldConnection(r *message.Request) cti.ConnectionID   { return connectionIDOf(&r.Held) }
func requestDevice(r *message.Request) cti.DeviceID        { return cti.DeviceID(r.Device.Number) }

func connectionIDOf(c *message.Connection) cti.ConnectionID {
	number, ok := c.Device.Static()
	if !ok {
		number = c.Device.Number
	}
	return cti.ConnectionID{Call: cti.CallID(c.Call), Device: cti.DeviceID(number)}
}

// operationService returns a service that is one operation.
func operationService(op cti.Operation) service {
	return service{op, func(c *conn, sw *ctitest.Switch, r *message.Request) (any, error) {
		return sw.Do(c.driverRequest(op, r))
	}}
}

// driverRequest translates a request into one of package driver.
func (c *conn) driverRequest(op cti.Operation, r *message.Request) driver.Request {
	q := driver.Request{Op: op, Device: requestDevice(r), Connection: activeConnection(r), Held: heldConnection(r),
		Number: r.To.Number,
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

var featuresOnly = service{cti.OpMonitorFeatures, startFeaturesMonitor}

// services are set by init, because listServices, one of them, refers to all.
var services map[message.Operation]service

func init() { services = allServices }

var allServices = map[message.Operation]service{
	message.MonitorStart:                {cti.OpSupervise, startDeviceMonitor},
	message.MonitorStop:                 {cti.OpRelease, stopDeviceMonitor},
	message.ChangeMonitorFilter:         {cti.OpSupervise, updateFilter},
	message.SystemRegister:              {cti.OpPing, registerApplication},
	message.SystemRegisterCancel:        {cti.OpPing, deregisterApplication},
	message.GetCSTAFeatures:             {cti.OpPing, listServices},
	message.GetSwitchingFunctionCaps:    {cti.OpPing, listServices},
	message.GetSwitchingFunctionDevices: operationService(cti.OpListDevices),
	message.IntrudeCall:                 operationService(cti.OpIntrudeCall),
	message.SnapshotDevice:              operationService(cti.OpSnapshotDevice),
	message.SnapshotCall:                operationService(cti.OpSnapshotCall),
	message.MakeCall:                    operationService(cti.OpMakeCall),
	message.AnswerCall:                  operationService(cti.OpAnswerCall),
	message.ClearConnection:             operationService(cti.OpClearConnection),
	message.ClearCall:                   operationService(cti.OpClearCall),
	message.HoldCall:                    operationService(cti.OpHoldCall),
	message.RetrieveCall:                operationService(cti.OpRetrieveCall),
	message.AlternateCall:               operationService(cti.OpAlternateCall),
	message.ReconnectCall:               operationService(cti.OpReconnectCall),
	message.ConsultationCall:            operationService(cti.OpConsultationCall),
	message.TransferCall:                operationService(cti.OpTransferCall),
	message.ConferenceCall:              operationService(cti.OpConferenceCall),
	message.SingleStepTransfer:          operationService(cti.OpSingleStepTransfer),
	message.SingleStepConference:        operationService(cti.OpSingleStepConference),
	message.DeflectCall:                 operationService(cti.OpDeflectCall),
	message.DirectedPickupCall:          operationService(cti.OpDirectedPickup),
	message.GroupPickupCall:             operationService(cti.OpGroupPickup),
	message.ParkCall:                    operationService(cti.OpParkCall),
	message.JoinCall:                    operationService(cti.OpJoinCall),
	message.CampOnCall:                  operationService(cti.OpCampOnCall),
	message.CallBack:                    operationService(cti.OpCallBack),
	message.DialDigits:                  operationService(cti.OpDialDigits),
	message.GenerateDigits:              operationService(cti.OpGenerateDigits),
	message.GetForwarding:               operationService(cti.OpGetForwarding),
	message.SetForwarding:               operationService(cti.OpSetForwarding),
	message.GetDoNotDisturb:             operationService(cti.OpGetDoNotDisturb),
	message.SetDoNotDisturb:             operationService(cti.OpSetDoNotDisturb),
	message.GetMessageWaitingIndicator:  operationService(cti.OpGetMessageWaiting),
	message.SetMessageWaitingIndicator:  operationService(cti.OpSetMessageWaiting),
	message.GetAgentState:               operationService(cti.OpGetAgentState),
	message.SetAgentState:               operationService(cti.OpSetAgentState),
	message.SystemStatus:                operationService(cti.OpPing),
	message.RequestSystemStatus:         operationService(cti.OpPing),
	message.Escape:                      operationService(cti.OpEscape),
}

var agentStates = map[message.AgentRequest]cti.AgentState{
	message.LogOff: cti.AgentNull, message.LogOn: cti.AgentNotReady, message.SetNotReady: cti.AgentNotReady,
	message.SetReady: cti.AgentReady, message.SetWorkingAfterCall: cti.AgentWorkingAfterCall,
}
