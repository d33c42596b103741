package phase3

import (
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/fields"
	"github.com/ctikit/ctikit/csta/internal/message"
)

// Argument implements rose.Dialect.
func (p *phase) Argument(w *ber.Walker, r *message.Request) bool {
	switch r.Op {
	case message.Escape:
		m := w.Require(ber.TagSequence)
		escapeArgument(w, r)
		w.Leave(m)
		return true
	case message.GetSwitchingFunctionCaps:
		// A CHOICE of extensions and NULL, like an acknowledgement.
		acknowledgement(w, &r.Extensions)
		return true
	}
	describe := p.describeArgument(r.Op)
	if describe == nil {
		return false
	}
	m := w.Require(ber.TagSequence)
	describe(p, w, r)
	fields.Extensions(w, tagExtensions, &r.Extensions)
	w.Leave(m)
	return true
}

// describeArgument gives the description of a service's argument, but for the
// extensions at its end; nil for a service that this package does not know.
func (p *phase) describeArgument(op message.Operation) func(*phase, *ber.Walker, *message.Request) {
	switch op {
	case message.AlternateCall:
		return (*phase).alternateCall
	case message.AnswerCall, message.AcceptCall:
		return (*phase).answerCall
	case message.ClearCall:
		return (*phase).clearCall
	case message.ClearConnection:
		return (*phase).clearConnection
	case message.ConferenceCall, message.TransferCall:
		return (*phase).heldAndActive
	case message.ConsultationCall:
		return (*phase).consultationCall
	case message.HoldCall:
		return (*phase).holdCall
	case message.MakeCall:
		return (*phase).makeCallArgument
	case message.MakePredictiveCall:
		return (*phase).makePredictiveCall
	case message.ReconnectCall:
		return (*phase).reconnectCall
	case message.RetrieveCall, message.CampOnCall, message.CallBackMessage, message.SnapshotCall,
		message.CancelTelephonyTones:
		return (*phase).connectionOnly
	case message.ParkCall:
		return (*phase).parkCall
	case message.SingleStepConference:
		return (*phase).singleStepConference
	case message.SingleStepTransfer:
		return (*phase).singleStepTransfer
	case message.CallBack:
		return (*phase).callBackArgument
	case message.DeflectCall:
		return (*phase).deflectCall
	case message.DialDigits:
		return (*phase).dialDigits
	case message.DirectedPickupCall:
		return (*phase).directedPickup
	case message.GroupPickupCall:
		return (*phase).groupPickup
	case message.IntrudeCall:
		return (*phase).intrudeCall
	case message.JoinCall:
		return (*phase).joinCall
	case message.AssociateData:
		return (*phase).associateData
	case message.GenerateDigits:
		return (*phase).generateDigits
	case message.GenerateTelephonyTones:
		return (*phase).generateTones
	case message.SendUserInformation:
		return (*phase).sendUserInformation
	}
	return p.describeFeatureArgument(op)
}

func (p *phase) describeFeatureArgument(op message.Operation) func(*phase, *ber.Walker, *message.Request) {
	switch op {
	case message.MonitorStart:
		return (*phase).monitorStart
	case message.MonitorStop:
		return (*phase).monitorStop
	case message.ChangeMonitorFilter:
		return (*phase).changeMonitorFilter
	case message.SnapshotDevice, message.GetForwarding, message.GetDoNotDisturb, message.GetMessageWaitingIndicator,
		message.GetAutoAnswer, message.GetLogicalDeviceInformation, message.GetPhysicalDeviceInformation:
		return (*phase).deviceOnly
	case message.SnapshotCallData, message.SnapshotDeviceData, message.SwitchingFunctionDevices:
		return (*phase).piece
	case message.SetForwarding:
		return (*phase).setForwarding
	case message.SetDoNotDisturb:
		return (*phase).setDoNotDisturb
	case message.SetMessageWaitingIndicator:
		return (*phase).setMessageWaiting
	case message.SetAutoAnswer:
		return (*phase).setAutoAnswer
	case message.GetAgentState:
		return (*phase).getAgentState
	case message.SetAgentState:
		return (*phase).setAgentState
	case message.CallBackNonCallRelated, message.CallBackMessageNonCallRelated, message.CancelCallBack,
		message.CancelCallBackMessage:
		return (*phase).twoDevices
	case message.GetSwitchingFunctionDevices:
		return (*phase).getDevices
	case message.SystemRegister:
		return (*phase).systemRegister
	case message.SystemRegisterCancel, message.SystemRegisterAbort:
		return (*phase).registerOnly
	case message.RequestSystemStatus, message.SwitchingFunctionCapsChanged, message.SwitchingFunctionDevicesChanged:
		return (*phase).requestSystemStatus
	case message.ChangeSystemStatusFilter:
		return (*phase).changeSystemStatusFilter
	case message.SystemStatus:
		return (*phase).systemStatus
	case message.GetCSTAFeatures:
		return func(*phase, *ber.Walker, *message.Request) {}
	}
	return nil
}

// acknowledgement is the CHOICE of extensions and NULL. One that is left out
// altogether is read too.
func acknowledgement(w *ber.Walker, e *message.Extensions) {
	fields.Extensions(w, tagExtensions, e)
	if !e.Set {
		w.OptNull(ber.TagNull, true)
	}
}
