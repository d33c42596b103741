package ecma323

import (
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

func onField(name string) eventField {
	return flagField(name, func(e *event) *bool { return &e.Feature.On })
}

func component(name string) eventField {
	return identifierField(name, func(e *event) *message.Octets { return &e.Feature.ID })
}

func label(name string) eventField {
	return textField(name, func(e *event) *message.Text { return &e.Feature.Label })
}

// deviceEvent is an event that names a device, says something, and ends with
// its extensions.
func deviceEvent(rootName, deviceName string, fields ...eventField) root[event] {
	return root[event]{rootName, joinFields(fieldsOf(crossRefField(), subjectField(deviceName)), fields,
		fieldsOf(extensionsField(inEventExtensions)))}
}

// agentEvent is an event of an agent.
func agentEvent(rootName string, fields ...eventField) root[event] {
	id := identifierField("agentID", func(e *event) *message.Octets { return &e.Feature.AgentID })
	return root[event]{rootName, joinFields(fieldsOf(crossRefField(), subjectField("agentDevice"), id,
		further("acdGroup")), fields, fieldsOf(optWhy(), extensionsField(inEventExtensions)))}
}

func agentPassword() eventField {
	return octetsField("agentPassword", func(e *event) *message.Hidden { return &e.Feature.Password })
}

func pendingAgentState(names []string) eventField {
	return agentStateField("pendingAgentState", names, false, func(e *event) *cti.AgentState { return &e.Feature.Pending })
}

// level is a gain or volume: an absolute value or a step.
func level(name, absolute, step string) eventField {
	inc := enumField(step, steps, func(e *event) *message.Opt[int8] { return &e.Feature.Step })
	write := inc.write
	inc.write = func(w *writer, name string, e *event) {
		if !e.Feature.Level.Set {
			write(w, name, e)
		}
	}
	return groupField(name, func(e *event) bool { return e.Feature.Level.Set || e.Feature.Step.Set }, structure[event]{
		numberField(absolute, func(e *event) *message.Opt[int64] { return &e.Feature.Level }), inc})
}

func featureNumber(name string, of func(*message.Feature) *message.Opt[int64]) eventField {
	return numberField(name, func(e *event) *message.Opt[int64] { return of(&e.Feature) })
}

func rings(name string) eventField {
	return featureNumber(name, func(f *message.Feature) *message.Opt[int64] { return &f.Rings })
}

func ringDuration() eventField {
	return featureNumber("ringDuration", func(f *message.Feature) *message.Opt[int64] { return &f.RingTime })
}

func callOrigin() eventField {
	return bitsField("callOrigination", callOrigins, func(e *event) *message.Bits { return &e.Feature.Origin })
}

func callingDevices() eventField {
	return listField("callingDeviceList", "callingDevice", func(e *event) *[]message.Device { return &e.Feature.More },
		self)
}

// self is a device that is itself the item of a list.
var self = deviceField("", true, func(d *message.Device) *message.Device { return d })

// callBackEvent is an event between two devices.
func callBackEvent(rootName, flagName string) root[event] {
	return root[event]{rootName, structure[event]{crossRefField(), subjectField("originatingDevice"),
		partyField("targetDevice", true, func(e *event) *message.Device { return &e.Target }), onField(flagName),
		extensionsField(inEventExtensions)}}
}

func inDisplay(name string, of func(*message.Display) *message.Opt[int64]) eventField {
	return numberField(name, func(e *event) *message.Opt[int64] { return of(display(e)) })
}

// display is the event's display, made where it has none yet.
func display(e *event) *message.Display {
	if e.Feature.Display == nil {
		e.Feature.Display = new(message.Display)
	}
	return e.Feature.Display
}

var featureEvents = map[cti.Kind]root[event]{
	cti.ButtonInformation: deviceEvent("ButtonInformationEvent", "device", component("button"), label("buttonLabel"),
		further("buttonAssociatedNumber"),
		optFlag("buttonPressIndicator", func(e *event) *message.Opt[bool] { return &e.Feature.Pressable })),
	cti.ButtonPress: deviceEvent("ButtonPressEvent", "device", component("button"), label("buttonLabel"),
		further("buttonAssociatedNumber")),
	cti.DisplayUpdated: deviceEvent("DisplayUpdatedEvent", "device", component("displayID"),
		integerField("logicalRows", func(e *event) *int64 { return &display(e).Rows }),
		integerField("logicalColumns", func(e *event) *int64 { return &display(e).Columns }),
		inDisplay("physicalRows", func(d *message.Display) *message.Opt[int64] { return &d.PhysicalRows }),
		inDisplay("physicalColumns", func(d *message.Display) *message.Opt[int64] { return &d.PhysicalColumns }),
		inDisplay("physicalBaseRowNumber", func(d *message.Display) *message.Opt[int64] { return &d.BaseRow }),
		inDisplay("physicalBaseColumnNumber", func(d *message.Display) *message.Opt[int64] { return &d.BaseColumn }),
		enumField("characterSet", characterSets, func(e *event) *message.Opt[int8] { return &display(e).CharacterSet }),
		required(textField("contentsOfDisplay", func(e *event) *message.Text { return &display(e).Contents }))),
	cti.Hookswitch: deviceEvent("HookswitchEvent", "device", component("hookswitch"), onField("hookswitchOnHook")),
	cti.LampMode: deviceEvent("LampModeEvent", "device", required(component("lamp")), label("lampLabel"),
		need(featureNumber("lampMode", func(f *message.Feature) *message.Opt[int64] { return &f.Level })),
		enumField("lampBrightness", lampBrightness, func(e *event) *message.Opt[int8] { return &e.Feature.Brightness }),
		featureNumber("lampColor", func(f *message.Feature) *message.Opt[int64] { return &f.Color })),
	cti.MessageWaiting: deviceEvent("MessageWaitingEvent", "targetDevice", further("deviceForMessage"),
		onField("messageWaitingOn")),
	cti.MicrophoneGain: deviceEvent("MicrophoneGainEvent", "invokingDevice", required(component("auditoryApparatus")),
		need(level("microphoneGain", "micGainAbs", "micGainInc"))),
	cti.MicrophoneMute: deviceEvent("MicrophoneMuteEvent", "invokingDevice", required(component("auditoryApparatus")),
		onField("microphoneMuteOn")),
	cti.RingerStatus: deviceEvent("RingerStatusEvent", "device", required(component("ringer")),
		enumField("ringMode", ringModes, func(e *event) *message.Opt[int8] { return &e.Feature.Ringing }),
		rings("ringCount"), sinceEdition(4, ringDuration()),
		featureNumber("ringPattern", func(f *message.Feature) *message.Opt[int64] { return &f.Pattern }),
		level("ringVolume", "volAbs", "volInc")),
	cti.SpeakerMute: deviceEvent("SpeakerMuteEvent", "invokingDevice", required(component("auditoryApparatus")),
		onField("speakerMuteOn")),
	cti.SpeakerVolume: deviceEvent("SpeakerVolumeEvent", "invokingDevice", required(component("auditoryApparatus")),
		need(level("speakerVolume", "volAbs", "volInc"))),

	cti.AgentBusyEvent:             agentEvent("AgentBusyEvent", pendingAgentState(agentStateNames)),
	cti.AgentLoggedOff:             agentEvent("AgentLoggedOffEvent", agentPassword()),
	cti.AgentLoggedOn:              agentEvent("AgentLoggedOnEvent", agentPassword()),
	cti.AgentNotReadyEvent:         agentEvent("AgentNotReadyEvent"),
	cti.AgentReadyEvent:            agentEvent("AgentReadyEvent"),
	cti.AgentWorkingAfterCallEvent: agentEvent("AgentWorkingAfterCallEvent", pendingAgentState(afterCallNames)),

	cti.AutoAnswer: deviceEvent("AutoAnswerEvent", "invokingDevice", onField("autoAnswerOn"), rings("numberOfRings")),
	cti.AutoWorkMode: deviceEvent("AutoWorkModeEvent", "invokingDevice", onField("autoWorkOn"),
		need(featureNumber("autoWorkInterval", func(f *message.Feature) *message.Opt[int64] { return &f.Interval }))),
	cti.CallBackChanged:        callBackEvent("CallBackEvent", "callBackSetCanceled"),
	cti.CallBackMessageChanged: callBackEvent("CallBackMessageEvent", "callBackMsgSetCanceled"),
	cti.CallerIDStatus: {"CallerIDStatusEvent", structure[event]{crossRefField(),
		deviceField("device", true, func(e *event) *message.Device { return &e.Subject }),
		onField("callerIDProvided"), extensionsField(inEventExtensions)}},
	cti.DoNotDisturb: deviceEvent("DoNotDisturbEvent", "device", onField("doNotDisturbOn"), callOrigin(),
		callingDevices()),
	cti.Forwarding: deviceEvent("ForwardingEvent", "device",
		enumField("forwardingType", forwardingNames,
			func(e *event) *message.Opt[message.ForwardingType] { return &e.Feature.Forward }),
		onField("forwardStatus"), further("forwardTo"),
		enumField("forwardDefault", forwardDefaults, func(e *event) *message.Opt[int8] { return &e.Feature.Default }),
		rings("ringCount"), sinceEdition(4, ringDuration())),
	cti.RouteingMode: deviceEvent("RouteingEvent", "device", onField("routeingMode")),

	cti.BackInService:             deviceEvent("BackInServiceEvent", "device", optWhy()),
	cti.DeviceCapabilitiesChanged: deviceEvent("DeviceCapsChangedEvent", "device", optWhy()),
	cti.OutOfService:              deviceEvent("OutOfServiceEvent", "device", optWhy()),
	cti.PartiallyInService:        deviceEvent("PartiallyInServiceEvent", "device", optWhy()),
}
