package ecma323

import (
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

type result = message.Result

type resultField = field[result]

var inResult of[result] = func(r *result) *message.CallData { return &r.Data }

// resultOf is a response: its own fields, and its extensions.
func resultOf(name string, parts ...[]resultField) root[result] {
	return root[result]{name, join(append(parts, one(extensions(inResultExtensions)))...)}
}

// made is the connection that a service made.
func made(name string) resultField {
	return connection(name, true, func(r *result) *message.Connection { return &r.Connection })
}

// optMade is one that the service may leave out.
func optMade(name string) resultField {
	return connection(name, false, func(r *result) *message.Connection { return &r.Connection })
}

// newCall is the answer of services that start a call.
func newCall(name, connection string) root[result] {
	return resultOf(name, one(made(connection), inResult.media(), inResult.info("initiatedCallInfo"), since(4, inResult.linkage("callLinkageData"))))
}

// pickedUp is the answer of the pickups.
func pickedUp(name string) root[result] {
	return resultOf(name, one(optMade("pickedCall"), inResult.info("pickedCallInfo"), since(4, inResult.linkage("callLinkageData"))))
}

// joined is the answer of services that bring parties together.
func joined(name, connection, connections, info string) root[result] {
	f := one(made(connection))
	if connections != "" {
		f = append(f, connectionList(connections, func(r *result) *[]message.Connected { return &r.Connections }))
	}
	return resultOf(name, f, one(inResult.info(info), since(4, inResult.linkageList())))
}

func is(name string) resultField {
	return flag(name, func(r *result) *bool { return &r.On })
}

var results = map[message.Operation]root[result]{
	message.MakeCall:             newCall("MakeCallResponse", "callingDevice"),
	message.ConsultationCall:     newCall("ConsultationCallResponse", "initiatedCall"),
	message.ConferenceCall:       joined("ConferenceCallResponse", "conferenceCall", "connections", "conferenceCallInfo"),
	message.TransferCall:         joined("TransferCallResponse", "transferredCall", "connections", "transferredCallInfo"),
	message.SingleStepTransfer:   joined("SingleStepTransferCallResponse", "transferredCall", "connections", "transferredCallInfo"),
	message.SingleStepConference: joined("SingleStepConferenceCallResponse", "conferencedCall", "", "conferencedCallInfo"),
	message.JoinCall:             joined("JoinCallResponse", "conferencedCall", "", "conferencedCallInfo"),
	message.IntrudeCall:          joined("IntrudeCallResponse", "conferencedCall", "", "conferencedCallInfo"),
	message.DirectedPickupCall:   pickedUp("DirectedPickupCallResponse"),
	message.GroupPickupCall:      pickedUp("GroupPickupCallResponse"),
	message.ParkCall:             resultOf("ParkCallResponse", one(optMade("parkedTo"), since(4, inResult.linkage("callLinkageData")))),
	message.CallBack:             resultOf("CallBackResponse", one(device("targetDevice", false, func(r *result) *message.Device { return &r.Device }))),
	message.CallBackMessage:      resultOf("CallBackMessageResponse", one(device("targetDevice", false, func(r *result) *message.Device { return &r.Device }))),

	message.MonitorStart: resultOf("MonitorStartResponse", one(
		str("monitorCrossRefID", true, func(r *result) *string { return &r.CrossRef }),
		filterOf("actualMonitorFilter", func(r *result) *message.Filter { return &r.Filter }),
		bits("actualMonitorMediaClass", monitorMediaClasses, func(r *result) *message.Bits { return &r.MediaClass }),
		optFlag("monitorExistingCalls", func(r *result) *message.Opt[bool] { return &r.ExistingCalls }))),
	message.ChangeMonitorFilter: resultOf("ChangeMonitorFilterResponse", one(filterOf("actualFilterList", func(r *result) *message.Filter { return &r.Filter }))),
	message.SnapshotDevice: resultOf("SnapshotDeviceResponse", one(snapshotData(
		list("snapshotData", "snapshotDeviceResponseInfo", func(r *result) *[]message.DeviceCall { return &r.Calls }, item(deviceCall)),
		func(r *result) {
			if r.Calls == nil {
				r.Calls = []message.DeviceCall{}
			}
		}))),
	message.SnapshotCall: resultOf("SnapshotCallResponse", one(snapshotData(
		list("snapshotData", "snapshotCallResponseInfo", func(r *result) *[]message.CallParty { return &r.Parties }, item(callParty)),
		func(r *result) {
			if r.Parties == nil {
				r.Parties = []message.CallParty{}
			}
		}),
		inResult.media(), inResult.characteristics(),
		party("callingDevice", false, func(r *result) *message.Device { return &r.Calling }),
		party("calledDevice", false, func(r *result) *message.Device { return &r.Called }),
		party("associatedCallingDevice", false, func(r *result) *message.Device { return &r.AssociatedCalling }),
		party("associatedCalledDevice", false, func(r *result) *message.Device { return &r.AssociatedCalled }),
		inResult.correlator(), inResult.linkage("callLinkageData"), inResult.subject(), inResult.message(), inResult.languages(), inResult.history())),

	message.GetForwarding: resultOf("GetForwardingResponse", one(required(
		list("forwardingList", "forwardListItem", func(r *result) *[]message.Forwarding { return &r.Forwards }, item(forwarding))))),
	message.GetDoNotDisturb: resultOf("GetDoNotDisturbResponse", one(is("doNotDisturbOn"),
		bits("callOrigination", callOrigins, func(r *result) *message.Bits { return &r.Origin }),
		list("callingDeviceList", "callingDevice", func(r *result) *[]message.Device { return &r.More }, self))),
	message.GetMessageWaitingIndicator: resultOf("GetMessageWaitingIndicatorResponse", one(is("messageWaitingOn"),
		device("deviceForMessage", false, func(r *result) *message.Device { return &r.Device }),
		optFlag("lampIsPresent", func(r *result) *message.Opt[bool] { return &r.Lamp }))),
	message.GetAgentState: resultOf("GetAgentStateResponse", one(required(
		list("agentStateList", "agentStateEntry", func(r *result) *[]message.Agent { return &r.Agents }, item(agents))))),
	message.SetAgentState: resultOf("SetAgentStateResponse", one(agentState("pendingAgentState", agentStateNames, false, func(r *result) *cti.AgentState { return &r.Pending }))),
	message.GetAutoAnswer: resultOf("GetAutoAnswerResponse", one(is("autoAnswerOn"), number("numberOfRings", func(r *result) *message.Opt[int64] { return &r.Rings }))),

	message.RequestSystemStatus: resultOf("RequestSystemStatusResponse", one(choice("systemStatus", systemStates, func(r *result) *message.SystemState { return &r.Status }))),
	message.SystemRegister: resultOf("SystemRegisterResponse", one(register(true, func(r *result) *message.Octets { return &r.Register }),
		bits("actualStatusFilter", systemStatuses, func(r *result) *message.Bits { return &r.Statuses }))),
	message.GetCSTAFeatures:          resultOf("GetCSTAFeaturesResponse", features()),
	message.GetSwitchingFunctionCaps: resultOf("GetSwitchingFunctionCapsResponse", switchingCaps()),
	message.GetSwitchingFunctionDevices: resultOf("GetSwitchingFunctionDevicesResponse", one(need(
		textID("serviceCrossRefID", func(r *result) *message.Octets { return &r.Service })))),
}

// acknowledged are the services whose response has no field of its own.
var acknowledged = []message.Operation{message.AcceptCall, message.AlternateCall, message.AnswerCall, message.CampOnCall, message.ClearCall,
	message.ClearConnection, message.DeflectCall, message.DialDigits, message.HoldCall, message.ReconnectCall, message.RetrieveCall,
	message.AssociateData, message.CancelTelephonyTones, message.GenerateDigits, message.GenerateTelephonyTones, message.SendUserInformation,
	message.CallBackNonCallRelated, message.CallBackMessageNonCallRelated, message.CancelCallBack, message.CancelCallBackMessage,
	message.SetForwarding, message.SetDoNotDisturb, message.SetMessageWaitingIndicator, message.SetAutoAnswer,
	message.MonitorStop, message.SystemStatus, message.SystemRegisterCancel, message.Escape,
	message.SwitchingFunctionCapsChanged, message.SwitchingFunctionDevicesChanged}

// snapshotData is the data itself, or the reference of the messages that bring
// it in pieces.
func snapshotData(data resultField, notNil func(*result)) resultField {
	return within("crossRefIDorSnapshotData", func(*result) bool { return true }, structure[result]{
		textID("serviceCrossRefID", func(r *result) *message.Octets { return &r.Service }),
		{name: data.name, read: data.read, write: func(w *writer, name string, r *result) {
			if r.Service == nil {
				own := *r
				notNil(&own)
				data.write(w, name, &own)
			}
		}}})
}

var forwarding = structure[message.Forwarding]{
	enum("forwardingType", forwardingNames, func(f *message.Forwarding) *message.Opt[message.ForwardingType] { return &f.Type }),
	flag("forwardStatus", func(f *message.Forwarding) *bool { return &f.On }),
	device("forwardDN", false, func(f *message.Forwarding) *message.Device { return &f.To }),
	enum("forwardDefault", forwardDefaults, func(f *message.Forwarding) *message.Opt[int8] { return &f.Default }),
	number("ringCount", func(f *message.Forwarding) *message.Opt[int64] { return &f.RingCount }),
	since(4, number("ringDuration", func(f *message.Forwarding) *message.Opt[int64] { return &f.RingTime })),
}
