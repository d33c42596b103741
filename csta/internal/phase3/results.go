package phase3

import (
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/fields"
	"github.com/ctikit/ctikit/csta/internal/message"
)

// Answer implements rose.Dialect.
func (p *phase) Answer(w *ber.Walker, r *message.Result) bool {
	if acknowledged(r.Op) {
		acknowledgement(w, &r.Extensions)
		if r.Op == message.Escape && w.Tag() != ber.TagEnd {
			r.Escape = w.TakeRaw()
		}
		return true
	}
	describe := p.describeResult(r.Op)
	if describe == nil {
		return false
	}
	m := w.Require(ber.TagSequence)
	describe(p, w, r)
	fields.Extensions(w, tagExtensions, &r.Extensions)
	w.Leave(m)
	return true
}

// acknowledged are the services whose result carries nothing.
func acknowledged(op message.Operation) bool {
	switch op {
	case message.AlternateCall, message.AnswerCall, message.ClearCall, message.ClearConnection, message.HoldCall,
		message.ReconnectCall, message.RetrieveCall, message.Escape, message.MonitorStop, message.AcceptCall,
		message.CampOnCall, message.DeflectCall, message.DialDigits, message.AssociateData,
		message.CancelTelephonyTones, message.GenerateDigits, message.GenerateTelephonyTones,
		message.SendUserInformation, message.SystemRegisterCancel, message.SystemStatus,
		message.SwitchingFunctionCapsChanged, message.SwitchingFunctionDevicesChanged,
		message.SetMessageWaitingIndicator, message.CallBackNonCallRelated, message.CallBackMessageNonCallRelated,
		message.CancelCallBack, message.CancelCallBackMessage, message.SetAutoAnswer, message.SetDoNotDisturb,
		message.SetForwarding:
		return true
	}
	return false
}

// describeResult gives the description of a result, but for the extensions at its end;
// nil for a service that this package does not know.
func (p *phase) describeResult(op message.Operation) func(*phase, *ber.Walker, *message.Result) {
	switch op {
	case message.MakeCall, message.ConsultationCall:
		return (*phase).newCallResult
	case message.ConferenceCall, message.TransferCall, message.SingleStepTransfer:
		return (*phase).joinedCallResult
	case message.JoinCall, message.SingleStepConference, message.IntrudeCall:
		return (*phase).enteredCallResult
	case message.MakePredictiveCall, message.DirectedPickupCall, message.GroupPickupCall:
		return (*phase).pickedCallResult
	case message.ParkCall:
		return (*phase).parkCallResult
	case message.CallBack, message.CallBackMessage:
		return (*phase).deviceResult
	case message.MonitorStart:
		return (*phase).monitorStartResult
	case message.ChangeMonitorFilter:
		return (*phase).filterResult
	case message.SnapshotDevice:
		return (*phase).snapshotDeviceResult
	case message.SnapshotCall:
		return (*phase).snapshotCallResult
	case message.GetForwarding:
		return (*phase).forwardingResult
	case message.GetDoNotDisturb:
		return (*phase).doNotDisturbResult
	case message.GetMessageWaitingIndicator:
		return (*phase).messageWaitingResult
	case message.GetAutoAnswer:
		return (*phase).autoAnswerResult
	case message.GetAgentState:
		return (*phase).agentStateResult
	case message.SetAgentState:
		return (*phase).setAgentStateResult
	case message.GetSwitchingFunctionDevices:
		return (*phase).devicesResult
	case message.SystemRegister:
		return (*phase).registerResult
	case message.RequestSystemStatus, message.ChangeSystemStatusFilter:
		return (*phase).statusResult
	case message.GetSwitchingFunctionCaps:
		return (*phase).capabilitiesResult
	case message.GetCSTAFeatures:
		return (*phase).featuresResult
	}
	return nil
}

// newCallResult is that of makeCall and consultationCall.
func (p *phase) newCallResult(w *ber.Walker, r *message.Result) {
	p.requireConnection(w, tagConnection, &r.Connection)
	p.mediaCharacteristics(w, 0xa0, &r.Data.Media)
	p.connectionInfo(w, 0xa1, &r.Data.Info)
	p.callLinkage(w, 0xa2, &r.Data.Linkage)
}

// joinedCallResult is that of the services that make one call of two.
func (p *phase) joinedCallResult(w *ber.Walker, r *message.Result) {
	p.requireConnection(w, tagConnection, &r.Connection)
	p.connections(w, 0xa0, &r.Connections)
	p.connectionInfo(w, 0xa1, &r.Data.Info)
	p.callLinkageList(w, 0xa2, &r.Data)
}

// enteredCallResult is that of the services that add a device to a call.
func (p *phase) enteredCallResult(w *ber.Walker, r *message.Result) {
	if r.Op == message.IntrudeCall {
		p.optConnection(w, tagConnection, &r.Connection)
	} else {
		p.requireConnection(w, tagConnection, &r.Connection)
	}
	p.connectionInfo(w, ber.TagSequence, &r.Data.Info)
	p.callLinkageList(w, 0xa1, &r.Data)
}

func (p *phase) pickedCallResult(w *ber.Walker, r *message.Result) {
	if r.Op == message.MakePredictiveCall {
		p.requireConnection(w, tagConnection, &r.Connection)
	} else {
		p.optConnection(w, tagConnection, &r.Connection)
	}
	p.connectionInfo(w, ber.TagSequence, &r.Data.Info)
	p.callLinkage(w, 0xa1, &r.Data.Linkage)
}

func (p *phase) parkCallResult(w *ber.Walker, r *message.Result) {
	p.optConnection(w, tagConnection, &r.Connection)
	p.callLinkage(w, 0xa1, &r.Data.Linkage)
}

func (p *phase) deviceResult(w *ber.Walker, r *message.Result) {
	p.optDevice(w, tagDevice, &r.Device)
}

func (p *phase) monitorStartResult(w *ber.Walker, r *message.Result) {
	p.requireCrossRef(w, &r.CrossRef)
	filter(w, 0xa0, &r.Filter)
	fields.OptBits(w, 0x81, &r.MediaClass)
	fields.OptBool(w, ber.TagBoolean, &r.ExistingCalls)
}

func (p *phase) filterResult(w *ber.Walker, r *message.Result) {
	filter(w, ber.TagSequence, &r.Filter)
}

func (p *phase) forwardingResult(w *ber.Walker, r *message.Result) {
	fields.RequiredList(w, ber.TagSequence, &r.Forwards, p.forwardEntry)
}

func (p *phase) doNotDisturbResult(w *ber.Walker, r *message.Result) {
	w.Bool(ber.TagBoolean, &r.On)
	fields.OptBits(w, ber.TagBitString, &r.Origin)
	fields.List(w, ber.TagSequence, &r.More, p.listedNumber)
}

func (p *phase) messageWaitingResult(w *ber.Walker, r *message.Result) {
	w.Bool(ber.TagBoolean, &r.On)
	p.optDevice(w, tagDevice, &r.Device)
	fields.OptBool(w, ber.TagBoolean, &r.Lamp)
}

func (p *phase) autoAnswerResult(w *ber.Walker, r *message.Result) {
	w.Bool(ber.TagBoolean, &r.On)
	fields.OptInt(w, ber.TagInteger, &r.Rings)
}

func (p *phase) agentStateResult(w *ber.Walker, r *message.Result) {
	fields.RequiredList(w, ber.TagSequence, &r.Agents, p.agentEntry)
}

func (p *phase) setAgentStateResult(w *ber.Walker, r *message.Result) {
	optAgentState(w, ber.TagEnumerated, &r.Pending, pendings)
}

func (p *phase) devicesResult(w *ber.Walker, r *message.Result) {
	ber.Octets(w, ber.TagOctetString, &r.Service)
}

func (p *phase) registerResult(w *ber.Walker, r *message.Result) {
	ber.Octets(w, ber.TagOctetString, &r.Register)
	fields.OptBits(w, ber.TagBitString, &r.Statuses)
}

func (p *phase) statusResult(w *ber.Walker, r *message.Result) {
	ber.Int(w, ber.TagEnumerated, &r.Status)
}
