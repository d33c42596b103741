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
	return connection(name, true, func(r *request) *message.Connection { return &r.Connection })
}

func held() requestField {
	return connection("heldCall", true, func(r *request) *message.Connection { return &r.Held })
}

func acting(name string) requestField {
	return device(name, true, func(r *request) *message.Device { return &r.Device })
}

func to(name string) requestField {
	return device(name, true, func(r *request) *message.Device { return &r.To })
}

func optTo(name string) requestField {
	return device(name, false, func(r *request) *message.Device { return &r.To })
}

func reason() requestField {
	return cause("reason", false, func(r *request) *cti.Cause { return &r.Cause })
}

func reserve() requestField {
	return optFlag("connectionReservation", func(r *request) *message.Opt[bool] { return &r.Reserve })
}

func consult() requestField {
	return enum("consultOptions", consultNames, func(r *request) *message.Opt[int8] { return &r.Consult })
}

func autoOriginate() requestField {
	return enum("autoOriginate", autoOriginateNames, func(r *request) *message.Opt[int8] { return &r.AutoOriginate })
}

func participation() requestField {
	return enum("participationType", participationNames, func(r *request) *message.Opt[int8] { return &r.Participation })
}

func codes() []requestField { return one(inRequest.account(), inRequest.authorization()) }

func userData() []requestField { return one(inRequest.correlator(), inRequest.userData()) }

func subjects() []requestField { return one(inRequest.subject(), inRequest.languages()) }

func wanted(name string) requestField {
	return flag(name, func(r *request) *bool { return &r.On })
}

func ringing() []requestField {
	return one(number("ringCount", func(r *request) *message.Opt[int64] { return &r.RingCount }),
		since(4, number("ringDuration", func(r *request) *message.Opt[int64] { return &r.RingTime })))
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
					v.To = r.parse(t, form)
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
			w.deviceID(name, &v.To)
			return
		}
		w.open(name)
		w.deviceID("device", &v.To)
		for i := range v.More {
			w.deviceID("device", &v.More[i])
		}
		w.close(name)
	}}

func destinationDevice(r *reader, v *request) {
	var d message.Device
	if r.foreign() {
		r.skip()
		return
	}
	if r.deviceID(&d); v.To.IsSet() {
		v.More = append(v.More, d)
		return
	}
	v.To = d
}

// requestOf is a service: its own fields, and its extensions.
func requestOf(name string, parts ...[]requestField) root[request] {
	return root[request]{name, join(append(parts, one(extensions(inRequestExtensions)))...)}
}

var callServices = map[message.Operation]root[request]{
	message.AcceptCall:      requestOf("AcceptCall", one(actsOn("callToBeAccepted")), userData()),
	message.AlternateCall:   requestOf("AlternateCall", one(held(), actsOn("activeCall"), reserve(), consult())),
	message.AnswerCall:      requestOf("AnswerCall", one(actsOn("callToBeAnswered")), userData()),
	message.CallBack:        requestOf("CallBack", one(actsOn("callbackConnection"), inRequest.characteristics()), subjects()),
	message.CallBackMessage: requestOf("CallBackMessage", one(actsOn("callbackMessageConnection"))),
	message.CampOnCall:      requestOf("CamponCall", one(actsOn("camponConnection"))),
	message.ClearCall:       requestOf("ClearCall", one(actsOn("callToBeCleared"), inRequest.userData(), since(4, reason()))),
	message.ClearConnection: requestOf("ClearConnection", one(actsOn("connectionToBeCleared")), userData(), one(reason())),
	message.ConferenceCall:  requestOf("ConferenceCall", one(held(), actsOn("activeCall"))),
	message.ConsultationCall: requestOf("ConsultationCall", one(actsOn("existingCall"), to("consultedDevice"), reserve()), codes(), userData(),
		one(inRequest.characteristics(), inRequest.media(), inRequest.info("callingConnectionInfo"), consult()), subjects()),
	message.DeflectCall: requestOf("DeflectCall", one(actsOn("callToBeDiverted"), destination), userData(),
		one(since(4, inRequest.characteristics())), subjects(), one(reason())),
	message.DialDigits:         requestOf("DialDigits", one(actsOn("diallingConnection"), to("diallingSequence"), inRequest.correlator())),
	message.DirectedPickupCall: requestOf("DirectedPickupCall", one(actsOn("callToBePickedUp"), acting("requestingDevice")), userData()),
	message.GroupPickupCall:    requestOf("GroupPickupCall", one(acting("newDestination"), optTo("pickGroup")), userData()),
	message.HoldCall:           requestOf("HoldCall", one(actsOn("callToBeHeld"), reserve())),
	message.IntrudeCall:        requestOf("IntrudeCall", one(actsOn("intrude"), participation(), inRequest.userData())),
	message.JoinCall:           requestOf("JoinCall", one(actsOn("activeCall"), acting("joiningDevice"), autoOriginate(), participation()), codes(), userData()),
	message.MakeCall: requestOf("MakeCall", one(acting("callingDevice"), to("calledDirectoryNumber")), codes(), one(autoOriginate()), userData(),
		one(inRequest.characteristics(), inRequest.media(), inRequest.info("callingConnectionInfo")), subjects(), one(since(4, reason()))),
	message.ParkCall:             requestOf("ParkCall", one(actsOn("parking"), to("parkTo"), inRequest.correlator()), subjects()),
	message.ReconnectCall:        requestOf("ReconnectCall", one(actsOn("activeCall"), held())),
	message.RetrieveCall:         requestOf("RetrieveCall", one(actsOn("callToBeRetrieved"))),
	message.SingleStepConference: requestOf("SingleStepConferenceCall", one(actsOn("activeCall"), to("deviceToJoin"), participation()), codes(), userData(), subjects()),
	message.SingleStepTransfer: requestOf("SingleStepTransferCall", one(actsOn("activeCall"), to("transferredTo")), codes(), userData(),
		one(since(4, inRequest.characteristics())), subjects(), one(reason())),
	message.TransferCall: requestOf("TransferCall", one(held(), actsOn("activeCall"))),

	message.AssociateData: requestOf("AssociateData", one(actsOn("existingCall")), codes(), one(inRequest.correlator(), inRequest.qualifying(),
		inRequest.characteristics()), subjects()),
	message.CancelTelephonyTones: requestOf("CancelTelephonyTones", one(actsOn("connectionToStopTone"))),
	message.GenerateDigits: requestOf("GenerateDigits", one(actsOn("connectionToSendDigits"),
		enum("digitMode", digitModes, func(r *request) *message.Opt[int8] { return &r.Mode }),
		text("charactersToSend", func(r *request) *message.Text { return &r.Digits }),
		number("toneDuration", func(r *request) *message.Opt[int64] { return &r.Duration }),
		number("pulseRate", func(r *request) *message.Opt[int64] { return &r.Rate }),
		number("pauseDuration", func(r *request) *message.Opt[int64] { return &r.Pause }))),
	message.GenerateTelephonyTones: requestOf("GenerateTelephonyTones", one(actsOn("connectionToSendTone"),
		choice("toneToSend", toneNames, func(r *request) *int16 { return &r.Tone }),
		number("toneDuration", func(r *request) *message.Opt[int64] { return &r.Duration }))),
	message.SendUserInformation: requestOf("SendUserInformation", one(actsOn("existingCall"), need(inRequest.userData()))),
}

// of a device: services whose one argument is the device.
func ofDevice(name string, fields ...requestField) root[request] {
	return requestOf(name, one(acting("device")), fields)
}

// between two devices: call backs that belong to no call.
func between(name string) root[request] {
	return requestOf(name, one(acting("originatingDevice"), to("targetDevice")))
}

var featureServices = map[message.Operation]root[request]{
	message.CallBackNonCallRelated:        between("CallBackNonCallRelated"),
	message.CallBackMessageNonCallRelated: between("CallBackMessageNonCallRelated"),
	message.CancelCallBack:                between("CancelCallBack"),
	message.CancelCallBackMessage:         between("CancelCallBackMessage"),
	message.GetForwarding:                 ofDevice("GetForwarding"),
	message.SetForwarding: ofDevice("SetForwarding", append(one(
		enum("forwardingType", forwardingNames, func(r *request) *message.Opt[message.ForwardingType] { return &r.Forward }),
		wanted("activateForward"), optTo("forwardDN")), ringing()...)...),
	message.GetDoNotDisturb: ofDevice("GetDoNotDisturb"),
	message.SetDoNotDisturb: ofDevice("SetDoNotDisturb", wanted("doNotDisturbOn"),
		bits("callOrigination", callOrigins, func(r *request) *message.Bits { return &r.Origin }),
		list("callingDeviceList", "callingDevice", func(r *request) *[]message.Device { return &r.More }, self)),
	message.GetMessageWaitingIndicator: ofDevice("GetMessageWaitingIndicator"),
	message.SetMessageWaitingIndicator: ofDevice("SetMessageWaitingIndicator", wanted("messageWaitingOn"), optTo("deviceForMessage")),
	message.GetAgentState:              ofDevice("GetAgentState", optTo("acdGroup")),
	message.SetAgentState: ofDevice("SetAgentState", choice("requestedAgentState", agentRequestNames, func(r *request) *message.AgentRequest { return &r.Agent }),
		textID("agentID", func(r *request) *message.Octets { return &r.AgentID }),
		octets("password", func(r *request) *message.Hidden { return &r.Password }), optTo("group")),
	message.GetAutoAnswer: ofDevice("GetAutoAnswer"),
	message.SetAutoAnswer: ofDevice("SetAutoAnswer", wanted("autoAnswerOn"), number("numberOfRings", func(r *request) *message.Opt[int64] { return &r.RingCount })),
}
