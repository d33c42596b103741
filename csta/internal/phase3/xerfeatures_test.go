package phase3_test

import (
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

type featureField = func(x xer, name string, f *message.Feature) string

// featureFields are those of the events of features, devices and media.
func featureFields() map[string]featureField {
	fields := map[string]featureField{
		"forwardingType": func(x xer, n string, f *message.Feature) string {
			return opt(f.Forward.Set, n, x.enum("ForwardingType", int64(f.Forward.Value)))
		},
		"forwardDefault":    func(x xer, n string, f *message.Feature) string { return x.enumEl(n, "ForwardDefault", f.Default) },
		"ringDuration":      func(x xer, n string, f *message.Feature) string { return intEl(n, f.RingTime) },
		"callOrigination":   func(x xer, n string, f *message.Feature) string { return bitsEl(n, f.Origin) },
		"callingDeviceList": func(x xer, n string, f *message.Feature) string { return list(n, f.More, x.listedDevice) },
		"autoWorkInterval":  func(x xer, n string, f *message.Feature) string { return intEl(n, f.Interval) },
		"agentID":           func(x xer, n string, f *message.Feature) string { return octetsEl(n, f.AgentID) },
		"agentPassword":     func(x xer, n string, f *message.Feature) string { return octetsEl(n, f.Password) },
		"pendingAgentState": func(x xer, n string, f *message.Feature) string { return x.pendingEl(n, f.Pending) },
		"agentWorkingAfterCall/pendingAgentState": func(x xer, n string, f *message.Feature) string {
			numbers := map[cti.AgentState]int64{cti.AgentNotReady: 0, cti.AgentReady: 1, cti.AgentNull: 2}
			return el(n, x.enum("AgentWorkingAfterCallEvent-pendingAgentState", numbers[f.Pending]))
		},
		"buttonLabel":          func(x xer, n string, f *message.Feature) string { return textEl(n, f.Label) },
		"lampLabel":            func(x xer, n string, f *message.Feature) string { return octetsEl(n, f.Label) },
		"buttonPressIndicator": func(x xer, n string, f *message.Feature) string { return boolEl(n, f.Pressable) },
		"lampMode":             func(x xer, n string, f *message.Feature) string { return intEl(n, f.Level) },
		"lampBrightness":       func(x xer, n string, f *message.Feature) string { return x.enumEl(n, "LampBrightness", f.Brightness) },
		"lampColor":            func(x xer, n string, f *message.Feature) string { return intEl(n, f.Color) },
		"ringMode":             func(x xer, n string, f *message.Feature) string { return x.enumEl(n, "RingMode", f.Ringing) },
		"ringPattern":          func(x xer, n string, f *message.Feature) string { return intEl(n, f.Pattern) },
		"microphoneGain":       func(x xer, n string, f *message.Feature) string { return x.level(n, "micGain", f) },
		"speakerVolume":        func(x xer, n string, f *message.Feature) string { return x.level(n, "vol", f) },
		"ringVolume":           func(x xer, n string, f *message.Feature) string { return x.level(n, "vol", f) },
		"digitGeneratedList":   func(x xer, n string, f *message.Feature) string { return textEl(n, f.Digits) },
		"digitDurationList":    func(x xer, n string, f *message.Feature) string { return list(n, f.Durations, inList) },
		"pauseDurationList":    func(x xer, n string, f *message.Feature) string { return list(n, f.Pauses, inList) },
		"toneGenerated": func(x xer, n string, f *message.Feature) string {
			return opt(f.Tone.Set, n, x.enum("TelephonyTone", int64(f.Tone.Value)))
		},
		"toneFrequency": func(x xer, n string, f *message.Feature) string { return intEl(n, f.Frequency) },
		"toneDuration":  func(x xer, n string, f *message.Feature) string { return intEl(n, f.Duration) },
		"pauseDuration": func(x xer, n string, f *message.Feature) string { return intEl(n, f.Pause) },
		"mediaServiceType": func(x xer, n string, f *message.Feature) string {
			return el(n, x.enum("MediaServiceType", int64(f.MediaService)))
		},
		"mediaServiceVersion": func(x xer, n string, f *message.Feature) string { return intEl(n, f.MediaVersion) },
		"mediaStreamID":       func(x xer, n string, f *message.Feature) string { return octetsEl(n, f.MediaStream) },
		"primaryCall":         func(x xer, n string, f *message.Feature) string { return el(n, x.failedCall(f.Failure.Primary)) },
		"secondaryCall":       func(x xer, n string, f *message.Feature) string { return el(n, x.failedCall(*f.Failure.Secondary)) },
		"otherDevsPrimaryCallList": func(x xer, n string, f *message.Feature) string {
			return list(n, f.Failure.OthersPrimary, x.otherCall)
		},
		"otherDevsSecondaryCallList": func(x xer, n string, f *message.Feature) string {
			return list(n, f.Failure.OthersSecondary, x.otherCall)
		},
		"presenceState":            func(x xer, n string, f *message.Feature) string { return bitsEl(n, f.Presence.State) },
		"fromTime":                 func(x xer, n string, f *message.Feature) string { return textEl(n, f.Presence.From) },
		"untilTime":                func(x xer, n string, f *message.Feature) string { return textEl(n, f.Presence.Until) },
		"place":                    func(x xer, n string, f *message.Feature) string { return octetsEl(n, f.Presence.Place) },
		"mood":                     func(x xer, n string, f *message.Feature) string { return octetsEl(n, f.Presence.Mood) },
		"namedPresenceState":       func(x xer, n string, f *message.Feature) string { return octetsEl(n, f.Presence.Named) },
		"logicalRows":              func(x xer, n string, f *message.Feature) string { return el(n, integer(f.Display.Rows)) },
		"logicalColumns":           func(x xer, n string, f *message.Feature) string { return el(n, integer(f.Display.Columns)) },
		"physicalRows":             func(x xer, n string, f *message.Feature) string { return intEl(n, f.Display.PhysicalRows) },
		"physicalColumns":          func(x xer, n string, f *message.Feature) string { return intEl(n, f.Display.PhysicalColumns) },
		"physicalBaseRowNumber":    func(x xer, n string, f *message.Feature) string { return intEl(n, f.Display.BaseRow) },
		"physicalBaseColumnNumber": func(x xer, n string, f *message.Feature) string { return intEl(n, f.Display.BaseColumn) },
		"characterSet": func(x xer, n string, f *message.Feature) string {
			return x.enumEl(n, "CharacterSet", f.Display.CharacterSet)
		},
		"contentsOfDisplay": func(x xer, n string, f *message.Feature) string { return textEl(n, f.Display.Contents) },
	}
	set := func(f featureField, names ...string) {
		for _, n := range names {
			fields[n] = f
		}
	}
	set(func(x xer, n string, f *message.Feature) string { return octetsEl(n, f.ID) },
		"button", "displayID", "hookswitch", "lamp", "auditoryApparatus", "ringer", "mediaServiceInstanceID")
	set(func(x xer, n string, f *message.Feature) string { return el(n, boolean(f.On)) },
		"hookswitchOnHook", "messageWaitingOn", "microphoneMuteOn", "speakerMuteOn", "autoAnswerOn", "autoWorkOn",
		"callBackSetCanceled", "callBackMsgSetCanceled", "callerIDProvided", "doNotDisturbOn", "forwardStatus", "routeingMode")
	set(func(x xer, n string, f *message.Feature) string { return intEl(n, f.Rings) }, "ringCount", "numberOfRings")
	return fields
}

func inList(v int64) string { return el("INTEGER", integer(v)) }

func (x xer) level(name, kind string, f *message.Feature) string {
	steps := map[string]string{"micGain": "MicGainInc", "vol": "VolInc"}[kind]
	return el(name, intEl(kind+"Abs", f.Level)+x.enumEl(kind+"Inc", steps, f.Step))
}

func (x xer) failedCall(c message.FailedCall) string {
	return x.deviceEl("deviceID", c.Device) + x.connectionEl("connectionID", c.Connection) +
		x.stateEl("localConnectionState", c.State) + x.info("connectionInfo", c.Info)
}

func (x xer) otherCall(c message.FailedCall) string { return el("OtherCall", x.failedCall(c)) }
