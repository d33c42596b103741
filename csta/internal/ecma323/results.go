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
	return root[result]{name, joinFields(append(parts, fieldsOf(extensionsField(inResultExtensions)))...)}
}

// made is the connection that a service made.
func made(name string) resultField {
	return connectionField(name, true, func(r *result) *message.Connection { return &r.Connection })
}

// optMade is one that the service may leave out.
func optMade(name string) resultField {
	return connectionField(name, false, func(r *result) *message.Connection { return &r.Connection })
}

// newCallResponse is the answer of services that start a call.
func newCallResponse(name, connection string) root[result] {
	return resultOf(name, fieldsOf(made(connection), inResult.mediaCharacteristics(), inResult.info("initiatedCallInfo"),
		sinceEdition(4, inResult.linkageData("callLinkageData"))))
}

// pickupResponse is the answer of the pickups.
func pickupResponse(name string) root[result] {
	return resultOf(name, fieldsOf(optMade("pickedCall"), inResult.info("pickedCallInfo"),
		sinceEdition(4, inResult.linkageData("callLinkageData"))))
}

// joinedResponse is the answer of services that bring parties together.
func joinedResponse(name, connection, connections, info string) root[result] {
	f := fieldsOf(made(connection))
	if connections != "" {
		f = append(f, connectionList(connections, func(r *result) *[]message.Connected { return &r.Connections }))
	}
	return resultOf(name, f, fieldsOf(inResult.info(info), sinceEdition(4, inResult.linkageList())))
}

func is(name string) resultField {
	return flagField(name, func(r *result) *bool { return &r.On })
}

var results = map[message.Operation]root[result]{
	message.MakeCall:         newCallResponse("MakeCallResponse", "callingDevice"),
	message.ConsultationCall: newCallResponse("ConsultationCallResponse", "initiatedCall"),
	message.ConferenceCall: joinedResponse("ConferenceCallResponse", "conferenceCall", "connections",
		"conferenceCallInfo"),
	message.TransferCall: joinedResponse("TransferCallResponse", "transferredCall", "connections",
		"transferredCallInfo"),
	message.SingleStepTransfer: joinedResponse("SingleStepTransferCallResponse", "transferredCall", "connections",
		"transferredCallInfo"),
	message.SingleStepConference: joinedResponse("SingleStepConferenceCallResponse", "conferencedCall", "",
		"conferencedCallInfo"),
	message.JoinCall:           joinedResponse("JoinCallResponse", "conferencedCall", "", "conferencedCallInfo"),
	message.IntrudeCall:        joinedResponse("IntrudeCallResponse", "conferencedCall", "", "conferencedCallInfo"),
	message.DirectedPickupCall: pickupResponse("DirectedPickupCallResponse"),
	message.GroupPickupCall:    pickupResponse("GroupPickupCallResponse"),
	message.ParkCall: resultOf("ParkCallResponse",
		fieldsOf(optMade("parkedTo"), sinceEdition(4, inResult.linkageData("callLinkageData")))),
	message.CallBack: resultOf("CallBackResponse",
		fieldsOf(deviceField("targetDevice", false, func(r *result) *message.Device { return &r.Device }))),
	message.CallBackMessage: resultOf("CallBackMessageResponse",
		fieldsOf(deviceField("targetDevice", false, func(r *result) *message.Device { return &r.Device }))),

	message.MonitorStart: resultOf("MonitorStartResponse", fieldsOf(
		stringField("monitorCrossRefID", true, func(r *result) *string { return &r.CrossRef }),
		filterOf("actualMonitorFilter", func(r *result) *message.Filter { return &r.Filter }),
		bitsField("actualMonitorMediaClass", monitorMediaClasses, func(r *result) *message.Bits { return &r.MediaClass }),
		optFlag("monitorExistingCalls", func(r *result) *message.Opt[bool] { return &r.ExistingCalls }))),
	message.ChangeMonitorFilter: resultOf("ChangeMonitorFilterResponse",
		fieldsOf(filterOf("actualFilterList", func(r *result) *message.Filter { return &r.Filter }))),
	message.SnapshotDevice: resultOf("SnapshotDeviceResponse", fieldsOf(snapshotData(
		listField("snapshotData", "snapshotDeviceResponseInfo", func(r *result) *[]message.DeviceCall { return &r.Calls },
			item(deviceCall)),
		func(r *result) {
			if r.Calls == nil {
				r.Calls = []message.DeviceCall{}
			}
		}))),
	message.SnapshotCall: resultOf("SnapshotCallResponse", fieldsOf(snapshotData(
		listField("snapshotData", "snapshotCallResponseInfo", func(r *result) *[]message.CallParty { return &r.Parties },
			item(callParty)),
		func(r *result) {
			if r.Parties == nil {
				r.Parties = []message.CallParty{}
			}
		}),
		inResult.mediaCharacteristics(), inResult.characteristics(),
		partyField("callingDevice", false, func(r *result) *message.Device { return &r.Calling }),
		partyField("calledDevice", false, func(r *result) *message.Device { return &r.Called }),
		partyField("associatedCallingDevice", false, func(r *result) *message.Device { return &r.AssociatedCalling }),
		partyField("associatedCalledDevice", false, func(r *result) *message.Device { return &r.AssociatedCalled }),
		inResult.correlator(), inResult.linkageData("callLinkageData"), inResult.subjectOfCall(), inResult.messageInfo(),
		inResult.languages(), inResult.history())),

	message.GetForwarding: resultOf("GetForwardingResponse", fieldsOf(required(
		listField("forwardingList", "forwardListItem", func(r *result) *[]message.Forwarding { return &r.Forwards },
			item(forwarding))))),
	message.GetDoNotDisturb: resultOf("GetDoNotDisturbResponse", fieldsOf(is("doNotDisturbOn"),
		bitsField("callOrigination", callOrigins, func(r *result) *message.Bits { return &r.Origin }),
		listField("callingDeviceList", "callingDevice", func(r *result) *[]message.Device { return &r.More }, self))),
	message.GetMessageWaitingIndicator: resultOf("GetMessageWaitingIndicatorResponse", fieldsOf(is("messageWaitingOn"),
		deviceField("deviceForMessage", false, func(r *result) *message.Device { return &r.Device }),
		optFlag("lampIsPresent", func(r *result) *message.Opt[bool] { return &r.Lamp }))),
	message.GetAgentState: resultOf("GetAgentStateResponse", fieldsOf(required(
		listField("agentStateList", "agentStateEntry", func(r *result) *[]message.Agent { return &r.Agents },
			item(agents))))),
	message.SetAgentState: resultOf("SetAgentStateResponse",
		fieldsOf(agentStateField("pendingAgentState", agentStateNames, false,
			func(r *result) *cti.AgentState { return &r.Pending }))),
	message.GetAutoAnswer: resultOf("GetAutoAnswerResponse",
		fieldsOf(is("autoAnswerOn"), numberField("numberOfRings", func(r *result) *message.Opt[int64] { return &r.Rings }))),

	message.RequestSystemStatus: resultOf("RequestSystemStatusResponse",
		fieldsOf(choiceField("systemStatus", systemStates, func(r *result) *message.SystemState { return &r.Status }))),
	message.SystemRegister: resultOf("SystemRegisterResponse",
		fieldsOf(registerField(true, func(r *result) *message.Octets { return &r.Register }),
			bitsField("actualStatusFilter", systemStatuses, func(r *result) *message.Bits { return &r.Statuses }))),
	message.GetCSTAFeatures:          resultOf("GetCSTAFeaturesResponse", features()),
	message.GetSwitchingFunctionCaps: resultOf("GetSwitchingFunctionCapsResponse", switchingCaps()),
	message.GetSwitchingFunctionDevices: resultOf("GetSwitchingFunctionDevicesResponse", fieldsOf(need(
		identifierField("serviceCrossRefID", func(r *result) *message.Octets { return &r.Service })))),
}

// acknowledged are the services whose response has no field of its own.
var acknowledged = []message.Operation{message.AcceptCall, message.AlternateCall, message.AnswerCall,
	message.CampOnCall, message.ClearCall,
	message.ClearConnection, message.DeflectCall, message.DialDigits, message.HoldCall, message.ReconnectCall,
	message.RetrieveCall,
	message.AssociateData, message.CancelTelephonyTones, message.GenerateDigits, message.GenerateTelephonyTones,
	message.SendUserInformation,
	message.CallBackNonCallRelated, message.CallBackMessageNonCallRelated, message.CancelCallBack,
	message.CancelCallBackMessage,
	message.SetForwarding, message.SetDoNotDisturb, message.SetMessageWaitingIndicator, message.SetAutoAnswer,
	message.MonitorStop, message.SystemStatus, message.SystemRegisterCancel, message.Escape,
	message.SwitchingFunctionCapsChanged, message.SwitchingFunctionDevicesChanged}

// snapshotData is the data itself, or the reference of the messages that bring
// it in pieces.
func snapshotData(data resultField, notNil func(*result)) resultField {
	return groupField("crossRefIDorSnapshotData", func(*result) bool { return true }, structure[result]{
		identifierField("serviceCrossRefID", func(r *result) *message.Octets { return &r.Service }),
		{name: data.name, read: data.read, write: func(w *writer, name string, r *result) {
			if r.Service == nil {
				own := *r
				notNil(&own)
				data.write(w, name, &own)
			}
		}}})
}

var forwarding = structure[message.Forwarding]{
	enumField("forwardingType", forwardingNames,
		func(f *message.Forwarding) *message.Opt[message.ForwardingType] { return &f.Type }),
	flagField("forwardStatus", func(f *message.Forwarding) *bool { return &f.On }),
	deviceField("forwardDN", false, func(f *message.Forwarding) *message.Device { return &f.To }),
	enumField("forwardDefault", forwardDefaults, func(f *message.Forwarding) *message.Opt[int8] { return &f.Default }),
	numberField("ringCount", func(f *message.Forwarding) *message.Opt[int64] { return &f.RingCount }),
	sinceEdition(4, numberField("ringDuration", func(f *message.Forwarding) *message.Opt[int64] { return &f.RingTime })),
}
