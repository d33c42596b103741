package ecma323

import (
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

func on(name string) eventField {
	return flag(name, func(e *event) *bool { return &e.Feature.On })
}

func component(name string) eventField {
	return textID(name, func(e *event) *message.Octets { return &e.Feature.ID })
}

func label(name string) eventField {
	return text(name, func(e *event) *message.Text { return &e.Feature.Label })
}

// featureEvent is an event that names a device, says something, and ends with
// its extensions.
func featureEvent(rootName, deviceName string, fields ...eventField) root[event] {
	return root[event]{rootName, join(one(crossRef(), subject(deviceName)), fields, one(extensions(inEventExtensions)))}
}

// agent is an event of an agent.
func agent(rootName string, fields ...eventField) root[event] {
	id := textID("agentID", func(e *event) *message.Octets { return &e.Feature.AgentID })
	return root[event]{rootName, join(one(crossRef(), subject("agentDevice"), id, further("acdGroup")), fields, one(optWhy(), extensions(inEventExtensions)))}
}

func agentPassword() eventField {
	return octets("agentPassword", func(e *event) *message.Hidden { return &e.Feature.Password })
}

func pendingAgentState(names []string) eventField {
	return agentState("pendingAgentState", names, false, func(e *event) *cti.AgentState { return &e.Feature.Pending })
}

// level is a gain or volume: an absolute value or a step.
func level(name, absolute, step string) eventField {
	inc := enum(step, steps, func(e *event) *message.Opt[int8] { return &e.Feature.Step })
	write := inc.write
	inc.write = func(w *writer, name string, e *event) {
		if !e.Feature.Level.Set {
			write(w, name, e)
		}
	}
	return within(name, func(e *event) bool { return e.Feature.Level.Set || e.Feature.Step.Set }, structure[event]{
		number(absolute, func(e *event) *message.Opt[int64] { return &e.Feature.Level }), inc})
}

func optNumber(name string, of func(*message.Feature) *message.Opt[int64]) eventField {
	return number(name, func(e *event) *message.Opt[int64] { return of(&e.Feature) })
}

func rings(name string) eventField {
	return optNumber(name, func(f *message.Feature) *message.Opt[int64] { return &f.Rings })
}

func ringDuration() eventField {
	return optNumber("ringDuration", func(f *message.Feature) *message.Opt[int64] { return &f.RingTime })
}

func callOrigin() eventField {
	return bits("callOrigination", callOrigins, func(e *event) *message.Bits { return &e.Feature.Origin })
}

func callingDevices() eventField {
	return list("callingDeviceList", "callingDevice", func(e *event) *[]message.Device { return &e.Feature.More }, self)
}

// self is a device that is itself the item of a list.
var self = device("", true, func(d *message.Device) *message.Device { return d })

// callBack is an event between two devices.
func callBack(rootName, flagName string) root[event] {
	return root[event]{rootName, structure[event]{crossRef(), subject("originatingDevice"),
		party("targetDevice", true, func(e *event) *message.Device { return &e.Target }), on(flagName), extensions(inEventExtensions)}}
}

func inDisplay(name string, of func(*message.Display) *message.Opt[int64]) eventField {
	return number(name, func(e *event) *message.Opt[int64] { return of(display(e)) })
}

// display is the event's display, made where it has none yet.
func display(e *event) *message.Display {
	if e.Feature.Display == nil {
		e.Feature.Display = new(message.Display)
	}
	return e.Feature.Display
}

var featureEvents = map[cti.Kind]root[event]{
	cti.ButtonInformation: featureEvent("ButtonInformationEvent", "device", component("button"), label("buttonLabel"), further("buttonAssociatedNumber"),
		optFlag("buttonPressIndicator", func(e *event) *message.Opt[bool] { return &e.Feature.Pressable })),
	cti.ButtonPress: featureEvent("ButtonPressEvent", "device", component("button"), label("buttonLabel"), further("buttonAssociatedNumber")),
	cti.DisplayUpdated: featureEvent("DisplayUpdatedEvent", "device", component("displayID"),
		integer("logicalRows", func(e *event) *int64 { return &display(e).Rows }),
		integer("logicalColumns", func(e *event) *int64 { return &display(e).Columns }),
		inDisplay("physicalRows", func(d *message.Display) *message.Opt[int64] { return &d.PhysicalRows }),
		inDisplay("physicalColumns", func(d *message.Display) *message.Opt[int64] { return &d.PhysicalColumns }),
		inDisplay("physicalBaseRowNumber", func(d *message.Display) *message.Opt[int64] { return &d.BaseRow }),
		inDisplay("physicalBaseColumnNumber", func(d *message.Display) *message.Opt[int64] { return &d.BaseColumn }),
		enum("characterSet", characterSets, func(e *event) *message.Opt[int8] { return &display(e).CharacterSet }),
		required(text("contentsOfDisplay", func(e *event) *message.Text { return &display(e).Contents }))),
	cti.Hookswitch: featureEvent("HookswitchEvent", "device", component("hookswitch"), on("hookswitchOnHook")),
	cti.LampMode: featureEvent("LampModeEvent", "device", required(component("lamp")), label("lampLabel"),
		need(optNumber("lampMode", func(f *message.Feature) *message.Opt[int64] { return &f.Level })),
		enum("lampBrightness", lampBrightness, func(e *event) *message.Opt[int8] { return &e.Feature.Brightness }),
		optNumber("lampColor", func(f *message.Feature) *message.Opt[int64] { return &f.Color })),
	cti.MessageWaiting: featureEvent("MessageWaitingEvent", "targetDevice", further("deviceForMessage"), on("messageWaitingOn")),
	cti.MicrophoneGain: featureEvent("MicrophoneGainEvent", "invokingDevice", required(component("auditoryApparatus")), need(level("microphoneGain", "micGainAbs", "micGainInc"))),
	cti.MicrophoneMute: featureEvent("MicrophoneMuteEvent", "invokingDevice", required(component("auditoryApparatus")), on("microphoneMuteOn")),
	cti.RingerStatus: featureEvent("RingerStatusEvent", "device", required(component("ringer")),
		enum("ringMode", ringModes, func(e *event) *message.Opt[int8] { return &e.Feature.Ringing }), rings("ringCount"), since(4, ringDuration()),
		optNumber("ringPattern", func(f *message.Feature) *message.Opt[int64] { return &f.Pattern }), level("ringVolume", "volAbs", "volInc")),
	cti.SpeakerMute:   featureEvent("SpeakerMuteEvent", "invokingDevice", required(component("auditoryApparatus")), on("speakerMuteOn")),
	cti.SpeakerVolume: featureEvent("SpeakerVolumeEvent", "invokingDevice", required(component("auditoryApparatus")), need(level("speakerVolume", "volAbs", "volInc"))),

	cti.AgentBusyEvent:             agent("AgentBusyEvent", pendingAgentState(agentStateNames)),
	cti.AgentLoggedOff:             agent("AgentLoggedOffEvent", agentPassword()),
	cti.AgentLoggedOn:              agent("AgentLoggedOnEvent", agentPassword()),
	cti.AgentNotReadyEvent:         agent("AgentNotReadyEvent"),
	cti.AgentReadyEvent:            agent("AgentReadyEvent"),
	cti.AgentWorkingAfterCallEvent: agent("AgentWorkingAfterCallEvent", pendingAgentState(afterCallNames)),

	cti.AutoAnswer: featureEvent("AutoAnswerEvent", "invokingDevice", on("autoAnswerOn"), rings("numberOfRings")),
	cti.AutoWorkMode: featureEvent("AutoWorkModeEvent", "invokingDevice", on("autoWorkOn"),
		need(optNumber("autoWorkInterval", func(f *message.Feature) *message.Opt[int64] { return &f.Interval }))),
	cti.CallBackChanged:        callBack("CallBackEvent", "callBackSetCanceled"),
	cti.CallBackMessageChanged: callBack("CallBackMessageEvent", "callBackMsgSetCanceled"),
	cti.CallerIDStatus: {"CallerIDStatusEvent", structure[event]{crossRef(), device("device", true, func(e *event) *message.Device { return &e.Subject }),
		on("callerIDProvided"), extensions(inEventExtensions)}},
	cti.DoNotDisturb: featureEvent("DoNotDisturbEvent", "device", on("doNotDisturbOn"), callOrigin(), callingDevices()),
	cti.Forwarding: featureEvent("ForwardingEvent", "device",
		enum("forwardingType", forwardingNames, func(e *event) *message.Opt[message.ForwardingType] { return &e.Feature.Forward }),
		on("forwardStatus"), further("forwardTo"),
		enum("forwardDefault", forwardDefaults, func(e *event) *message.Opt[int8] { return &e.Feature.Default }), rings("ringCount"), since(4, ringDuration())),
	cti.RouteingMode: featureEvent("RouteingEvent", "device", on("routeingMode")),

	cti.BackInService:             featureEvent("BackInServiceEvent", "device", optWhy()),
	cti.DeviceCapabilitiesChanged: featureEvent("DeviceCapsChangedEvent", "device", optWhy()),
	cti.OutOfService:              featureEvent("OutOfServiceEvent", "device", optWhy()),
	cti.PartiallyInService:        featureEvent("PartiallyInServiceEvent", "device", optWhy()),
}
