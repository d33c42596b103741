package ecma323

import (
	"bytes"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/xmlscan"
)

type request = message.Request

type requestField = field[request]

var inRequest of[request] = func(r *request) *message.CallData { return &r.Data }

// actsOn names the connection that a service acts on.
func actsOn(name string) requestField {
	return connectionField(name, true, func(r *request) *message.Connection { return &r.Connection })
}

func heldCall() requestField {
	return connectionField("heldCall", true, func(r *request) *message.Connection { return &r.Held })
}

func acting(name string) requestField {
	return deviceField(name, true, func(r *request) *message.Device { return &r.Device })
}

func to(name string) requestField {
	return deviceField(name, true, func(r *request) *message.Device { return &r.To })
}

func optTo(name string) requestField {
	return deviceField(name, false, func(r *request) *message.Device { return &r.To })
}

func reason() requestField {
	return causeField("reason", false, func(r *request) *cti.Cause { return &r.Cause })
}

func reserve() requestField {
	return optFlag("connectionReservation", func(r *request) *message.Opt[bool] { return &r.Reserve })
}

func consultOptions() requestField {
	return enumField("consultOptions", consultNames, func(r *request) *message.Opt[int8] { return &r.Consult })
}

func autoOriginate() requestField {
	return enumField("autoOriginate", autoOriginateNames, func(r *request) *message.Opt[int8] { return &r.AutoOriginate })
}

func participation() requestField {
	return enumField("participationType", participationNames,
		func(r *request) *message.Opt[int8] { return &r.Participation })
}

func codes() []requestField { return fieldsOf(inRequest.account(), inRequest.authorization()) }

func userData() []requestField { return fieldsOf(inRequest.correlator(), inRequest.userData()) }

func subjects() []requestField { return fieldsOf(inRequest.subjectOfCall(), inRequest.languages()) }

func wantedState(name string) requestField {
	return flagField(name, func(r *request) *bool { return &r.On })
}

func ringing() []requestField {
	return fieldsOf(numberField("ringCount", func(r *request) *message.Opt[int64] { return &r.RingCount }),
		sinceEdition(4, numberField("ringDuration", func(r *request) *message.Opt[int64] { return &r.RingTime })))
}

// destination is where DeflectCall goes: a list from the 4th edition on, one
// device before. Both are read.
var destination = requestField{name: "newDestination",
	read: func(r *reader, v *request) {
		form := r.form()
		for r.scan.Next() {
			switch r.scan.Kind() {
			case xmlscan.Text:
				if t := bytes.TrimSpace(r.scan.Text()); len(t) > 0 {
					v.To = r.parseDevice(t, form)
				}
			case xmlscan.Start:
				destinationDevice(r, v)
			case xmlscan.End:
				return
			}
		}
	},
	write: func(w *writer, name string, v *request) {
		if v.To.Status != message.Known {
			w.failf("%s is missing", name)
			return
		}
		if w.edition < 4 {
			if len(v.More) > 0 {
				w.notCarried("further destinations")
			}
			w.writeDevice(name, &v.To)
			return
		}
		w.openElement(name)
		w.writeDevice("device", &v.To)
		for i := range v.More {
			w.writeDevice("device", &v.More[i])
		}
		w.closeElement(name)
	}}

func destinationDevice(r *reader, v *request) {
	var d message.Device
	if r.foreign() {
		r.skipElement()
		return
	}
	if r.readDevice(&d); v.To.IsSet() {
		v.More = append(v.More, d)
		return
	}
	v.To = d
}

// requestOf is a service: its own fields, and its extensions.
func requestOf(name string, parts ...[]requestField) root[request] {
	return root[request]{name, joinFields(append(parts, fieldsOf(extensionsField(inRequestExtensions)))...)}
}

var callServices = map[message.Operation]root[request]{
	message.AcceptCall: requestOf("AcceptCall", fieldsOf(actsOn("callToBeAccepted")), userData()),
	message.AlternateCall: requestOf("AlternateCall", fieldsOf(heldCall(), actsOn("activeCall"), reserve(),
		consultOptions())),
	message.AnswerCall: requestOf("AnswerCall", fieldsOf(actsOn("callToBeAnswered")), userData()),
	message.CallBack: requestOf("CallBack", fieldsOf(actsOn("callbackConnection"), inRequest.characteristics()),
		subjects()),
	message.CallBackMessage: requestOf("CallBackMessage", fieldsOf(actsOn("callbackMessageConnection"))),
	message.CampOnCall:      requestOf("CamponCall", fieldsOf(actsOn("camponConnection"))),
	message.ClearCall: requestOf("ClearCall", fieldsOf(actsOn("callToBeCleared"), inRequest.userData(),
		sinceEdition(4, reason()))),
	message.ClearConnection: requestOf("ClearConnection", fieldsOf(actsOn("connectionToBeCleared")), userData(),
		fieldsOf(reason())),
	message.ConferenceCall: requestOf("ConferenceCall", fieldsOf(heldCall(), actsOn("activeCall"))),
	message.ConsultationCall: requestOf("ConsultationCall",
		fieldsOf(actsOn("existingCall"), to("consultedDevice"), reserve()), codes(), userData(),
		fieldsOf(inRequest.characteristics(), inRequest.mediaCharacteristics(), inRequest.info("callingConnectionInfo"),
			consultOptions()), subjects()),
	message.DeflectCall: requestOf("DeflectCall", fieldsOf(actsOn("callToBeDiverted"), destination), userData(),
		fieldsOf(sinceEdition(4, inRequest.characteristics())), subjects(), fieldsOf(reason())),
	message.DialDigits: requestOf("DialDigits", fieldsOf(actsOn("diallingConnection"), to("diallingSequence"),
		inRequest.correlator())),
	message.DirectedPickupCall: requestOf("DirectedPickupCall",
		fieldsOf(actsOn("callToBePickedUp"), acting("requestingDevice")), userData()),
	message.GroupPickupCall: requestOf("GroupPickupCall", fieldsOf(acting("newDestination"), optTo("pickGroup")),
		userData()),
	message.HoldCall: requestOf("HoldCall", fieldsOf(actsOn("callToBeHeld"), reserve())),
	message.IntrudeCall: requestOf("IntrudeCall", fieldsOf(actsOn("intrude"), participation(),
		inRequest.userData())),
	message.JoinCall: requestOf("JoinCall", fieldsOf(actsOn("activeCall"), acting("joiningDevice"),
		autoOriginate(), participation()), codes(), userData()),
	message.MakeCall: requestOf("MakeCall", fieldsOf(acting("callingDevice"), to("calledDirectoryNumber")), codes(),
		fieldsOf(autoOriginate()), userData(),
		fieldsOf(inRequest.characteristics(), inRequest.mediaCharacteristics(), inRequest.info("callingConnectionInfo")),
		subjects(), fieldsOf(sinceEdition(4, reason()))),
	message.ParkCall: requestOf("ParkCall", fieldsOf(actsOn("parking"), to("parkTo"), inRequest.correlator()),
		subjects()),
	message.ReconnectCall: requestOf("ReconnectCall", fieldsOf(actsOn("activeCall"), heldCall())),
	message.RetrieveCall:  requestOf("RetrieveCall", fieldsOf(actsOn("callToBeRetrieved"))),
	message.SingleStepConference: requestOf("SingleStepConferenceCall",
		fieldsOf(actsOn("activeCall"), to("deviceToJoin"), participation()), codes(), userData(), subjects()),
	message.SingleStepTransfer: requestOf("SingleStepTransferCall", fieldsOf(actsOn("activeCall"), to("transferredTo")),
		codes(), userData(),
		fieldsOf(sinceEdition(4, inRequest.characteristics())), subjects(), fieldsOf(reason())),
	message.TransferCall: requestOf("TransferCall", fieldsOf(heldCall(), actsOn("activeCall"))),

	message.AssociateData: requestOf("AssociateData", fieldsOf(actsOn("existingCall")), codes(),
		fieldsOf(inRequest.correlator(), inRequest.qualifying(),
			inRequest.characteristics()), subjects()),
	message.CancelTelephonyTones: requestOf("CancelTelephonyTones", fieldsOf(actsOn("connectionToStopTone"))),
	message.GenerateDigits: requestOf("GenerateDigits", fieldsOf(actsOn("connectionToSendDigits"),
		enumField("digitMode", digitModes, func(r *request) *message.Opt[int8] { return &r.Mode }),
		textField("charactersToSend", func(r *request) *message.Text { return &r.Digits }),
		numberField("toneDuration", func(r *request) *message.Opt[int64] { return &r.Duration }),
		numberField("pulseRate", func(r *request) *message.Opt[int64] { return &r.Rate }),
		numberField("pauseDuration", func(r *request) *message.Opt[int64] { return &r.Pause }))),
	message.GenerateTelephonyTones: requestOf("GenerateTelephonyTones", fieldsOf(actsOn("connectionToSendTone"),
		choiceField("toneToSend", toneNames, func(r *request) *int16 { return &r.Tone }),
		numberField("toneDuration", func(r *request) *message.Opt[int64] { return &r.Duration }))),
	message.SendUserInformation: requestOf("SendUserInformation",
		fieldsOf(actsOn("existingCall"), need(inRequest.userData()))),
}

// of a device: services whose one argument is the device.
func ofDevice(name string, fields ...requestField) root[request] {
	return requestOf(name, fieldsOf(acting("device")), fields)
}

// betweenDevices two devices: call backs that belong to no call.
func betweenDevices(name string) root[request] {
	return requestOf(name, fieldsOf(acting("originatingDevice"), to("targetDevice")))
}

var featureServices = map[message.Operation]root[request]{
	message.CallBackNonCallRelated:        betweenDevices("CallBackNonCallRelated"),
	message.CallBackMessageNonCallRelated: betweenDevices("CallBackMessageNonCallRelated"),
	message.CancelCallBack:                betweenDevices("CancelCallBack"),
	message.CancelCallBackMessage:         betweenDevices("CancelCallBackMessage"),
	message.GetForwarding:                 ofDevice("GetForwarding"),
	message.SetForwarding: ofDevice("SetForwarding", append(fieldsOf(
		enumField("forwardingType", forwardingNames,
			func(r *request) *message.Opt[message.ForwardingType] { return &r.Forward }),
		wantedState("activateForward"), optTo("forwardDN")), ringing()...)...),
	message.GetDoNotDisturb: ofDevice("GetDoNotDisturb"),
	message.SetDoNotDisturb: ofDevice("SetDoNotDisturb", wantedState("doNotDisturbOn"),
		bitsField("callOrigination", callOrigins, func(r *request) *message.Bits { return &r.Origin }),
		listField("callingDeviceList", "callingDevice", func(r *request) *[]message.Device { return &r.More }, self)),
	message.GetMessageWaitingIndicator: ofDevice("GetMessageWaitingIndicator"),
	message.SetMessageWaitingIndicator: ofDevice("SetMessageWaitingIndicator", wantedState("messageWaitingOn"),
		optTo("deviceForMessage")),
	message.GetAgentState: ofDevice("GetAgentState", optTo("acdGroup")),
	message.SetAgentState: ofDevice("SetAgentState", choiceField("requestedAgentState", agentRequestNames,
		func(r *request) *message.AgentRequest { return &r.Agent }),
		identifierField("agentID", func(r *request) *message.Octets { return &r.AgentID }),
		octetsField("password", func(r *request) *message.Hidden { return &r.Password }), optTo("group")),
	message.GetAutoAnswer: ofDevice("GetAutoAnswer"),
	message.SetAutoAnswer: ofDevice("SetAutoAnswer", wantedState("autoAnswerOn"),
		numberField("numberOfRings", func(r *request) *message.Opt[int64] { return &r.RingCount })),
}
