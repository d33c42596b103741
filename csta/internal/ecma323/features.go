package ecma323

import (
	"slices"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// What a switch can do is told by the elements that are there, grouped. What
// they hold, parameter by parameter, is passed over: the model asks for the
// services and events only.

type ability[V any] struct {
	name  string
	value V
}

type abilityGroup[V any] struct {
	name string
	list []ability[V]
}

var serviceGroups = []abilityGroup[message.Operation]{
	{"capExchangeServList", []ability[message.Operation]{{"getCSTAFeatures", message.GetCSTAFeatures},
		{"getSwitchingFunctionDevices", message.GetSwitchingFunctionDevices}, {"switchingFunctionDevices", message.SwitchingFunctionDevices}}},
	{"systemStatServList", []ability[message.Operation]{{"systemRegister", message.SystemRegister},
		{"systemStatusRegisterAbort", message.SystemRegisterAbort}, {"systemStatusRegisterCancel", message.SystemRegisterCancel},
		{"requestSystemStatus", message.RequestSystemStatus}, {"systemStatus", message.SystemStatus},
		{"swFunctionCapsChanged", message.SwitchingFunctionCapsChanged}, {"swFunctionDevicesChanged", message.SwitchingFunctionDevicesChanged}}},
	{"monitoringServList", []ability[message.Operation]{{"changeMonitorFilter", message.ChangeMonitorFilter},
		{"monitorStart", message.MonitorStart}, {"monitorStop", message.MonitorStop}}},
	{"snapshotServList", []ability[message.Operation]{{"snapshotCall", message.SnapshotCall}, {"snapshotDevice", message.SnapshotDevice},
		{"snapshotCallData", message.SnapshotCallData}, {"snapshotDeviceData", message.SnapshotDeviceData}}},
	{"callControlServList", []ability[message.Operation]{{"acceptCall", message.AcceptCall}, {"alternateCall", message.AlternateCall},
		{"answerCall", message.AnswerCall}, {"callBack", message.CallBack}, {"callBackMessage", message.CallBackMessage},
		{"campOnCall", message.CampOnCall}, {"clearCall", message.ClearCall}, {"clearConnection", message.ClearConnection},
		{"conferenceCall", message.ConferenceCall}, {"consultationCall", message.ConsultationCall}, {"deflectCall", message.DeflectCall},
		{"dialDigits", message.DialDigits}, {"directedPickupCall", message.DirectedPickupCall}, {"groupPickupCall", message.GroupPickupCall},
		{"holdCall", message.HoldCall}, {"intrudeCall", message.IntrudeCall}, {"joinCall", message.JoinCall}, {"makeCall", message.MakeCall},
		{"parkCall", message.ParkCall}, {"reconnectCall", message.ReconnectCall}, {"retrieveCall", message.RetrieveCall},
		{"singleStepConference", message.SingleStepConference}, {"singleStepTransfer", message.SingleStepTransfer}, {"transferCall", message.TransferCall}}},
	{"callAssociatedServList", []ability[message.Operation]{{"associateData", message.AssociateData},
		{"cancelTelephonyTones", message.CancelTelephonyTones}, {"generateDigits", message.GenerateDigits},
		{"generateTelephonyTones", message.GenerateTelephonyTones}, {"sendUserInformation", message.SendUserInformation}}},
	{"physDevServList", []ability[message.Operation]{{"getMessageWaitingIndicator", message.GetMessageWaitingIndicator},
		{"setMessageWaitingIndicator", message.SetMessageWaitingIndicator}}},
	{"logicalServList", []ability[message.Operation]{{"callBackNonCallRel", message.CallBackNonCallRelated},
		{"callBackMsgNonCallRel", message.CallBackMessageNonCallRelated}, {"cancelCallBack", message.CancelCallBack},
		{"cancelCallBackMsg", message.CancelCallBackMessage}, {"getAgentState", message.GetAgentState}, {"getAutoAnswer", message.GetAutoAnswer},
		{"getDoNotDisturb", message.GetDoNotDisturb}, {"getForwarding", message.GetForwarding}, {"setAgentState", message.SetAgentState},
		{"setAutoAnswer", message.SetAutoAnswer}, {"setDoNotDisturb", message.SetDoNotDisturb}, {"setForwarding", message.SetForwarding}}},
	{"vendorSpecificServList", []ability[message.Operation]{{"escape", message.Escape}}},
}

var eventGroups = []abilityGroup[cti.Kind]{
	{"callControlEvtsList", []ability[cti.Kind]{{"bridged", cti.Bridged}, {"callCleared", cti.CallCleared}, {"conferenced", cti.Conferenced},
		{"connectionCleared", cti.ConnectionCleared}, {"delivered", cti.Delivered}, {"digitsDialed", cti.DigitsDialed}, {"diverted", cti.Diverted},
		{"established", cti.Established}, {"failed", cti.CallFailed}, {"held", cti.Held}, {"netwCapsChanged", cti.NetworkCapabilitiesChanged},
		{"netwReached", cti.NetworkReached}, {"offered", cti.Offered}, {"originated", cti.Originated}, {"queued", cti.CallQueued},
		{"retrieved", cti.Retrieved}, {"serviceInitiated", cti.ServiceInitiated}, {"transferred", cti.Transferred}}},
	{"callAssociatedEvtsList", []ability[cti.Kind]{{"callInformation", cti.CallInformation}, {"charging", cti.Charging},
		{"digitsGenerated", cti.DigitsGenerated}, {"telephonyTonesGenerated", cti.TelephonyTonesGenerated},
		{"serviceCompletionFailure", cti.ServiceCompletionFailure}}},
	{"mediaEvtsList", []ability[cti.Kind]{{"mediaAttached", cti.MediaAttached}, {"mediaDetached", cti.MediaDetached}}},
	{"physDevEvtsList", []ability[cti.Kind]{{"buttonInformation", cti.ButtonInformation}, {"buttonPress", cti.ButtonPress},
		{"displayUpdated", cti.DisplayUpdated}, {"hookswitch", cti.Hookswitch}, {"lampMode", cti.LampMode}, {"messageWaiting", cti.MessageWaiting},
		{"microphoneGain", cti.MicrophoneGain}, {"microphoneMute", cti.MicrophoneMute}, {"ringerStatus", cti.RingerStatus},
		{"speakerMute", cti.SpeakerMute}, {"speakerVolume", cti.SpeakerVolume}}},
	{"logicalEvtsList", []ability[cti.Kind]{{"agentBusy", cti.AgentBusyEvent}, {"agentLoggedOff", cti.AgentLoggedOff}, {"agentLoggedOn", cti.AgentLoggedOn},
		{"agentNotReady", cti.AgentNotReadyEvent}, {"agentReady", cti.AgentReadyEvent}, {"agentWorkingAfterCall", cti.AgentWorkingAfterCallEvent},
		{"autoAnswer", cti.AutoAnswer}, {"autoWorkMode", cti.AutoWorkMode}, {"callBack", cti.CallBackChanged}, {"callBackMessage", cti.CallBackMessageChanged},
		{"callerIDStatus", cti.CallerIDStatus}, {"doNotDisturb", cti.DoNotDisturb}, {"forwarding", cti.Forwarding}, {"routeingMode", cti.RouteingMode}}},
	{"deviceMaintEvtsList", []ability[cti.Kind]{{"backInService", cti.BackInService}, {"deviceCapsChanged", cti.DeviceCapabilitiesChanged},
		{"outOfService", cti.OutOfService}, {"partiallyInService", cti.PartiallyInService}}},
	{"vendorSpecificEvtsList", []ability[cti.Kind]{{"privateEvent", cti.Private}}},
}

func features() []resultField {
	return one(
		abilities("supportedServices", serviceGroups, func(c *message.Capabilities) *[]message.Operation { return &c.Services }),
		abilities("supportedEvents", eventGroups, func(c *message.Capabilities) *[]cti.Kind { return &c.Events }))
}

func abilities[V comparable](name string, groups []abilityGroup[V], of func(*message.Capabilities) *[]V) resultField {
	return resultField{name: name,
		read: func(r *reader, v *result) {
			if v.Capabilities == nil {
				v.Capabilities = new(message.Capabilities)
			}
			for r.child() {
				readGroup(r, groups, of(v.Capabilities))
			}
		},
		write: func(w *writer, name string, v *result) {
			if v.Capabilities == nil {
				w.empty(name)
				return
			}
			w.open(name)
			for _, g := range groups {
				w.group(g.name, abilityNames(g.list, *of(v.Capabilities)))
			}
			w.close(name)
		}}
}

func readGroup[V any](r *reader, groups []abilityGroup[V], into *[]V) {
	for _, g := range groups {
		if g.name != string(r.scan.Name()) {
			continue
		}
		for r.child() {
			for _, a := range g.list {
				if a.name == string(r.scan.Name()) {
					*into = append(*into, a.value)
				}
			}
			r.scan.Skip()
		}
		return
	}
	r.skip()
}

func abilityNames[V comparable](list []ability[V], have []V) []string {
	var out []string
	for _, a := range list {
		if slices.Contains(have, a.value) {
			out = append(out, a.name)
		}
	}
	return out
}

func (w *writer) group(name string, members []string) {
	if len(members) == 0 {
		return
	}
	w.open(name)
	for _, m := range members {
		w.empty(m)
	}
	w.close(name)
}
