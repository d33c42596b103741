package phase3_test

import (
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// The tables below say which field of the model is to hold what the standard
// calls by a name: each entry renders that field as the element of that name.
// An entry "operation/name" goes before one for the name alone.

type requestField = func(x xer, name string, r *message.Request) string

func ofConnection(x xer, name string, r *message.Request) string {
	return x.connectionEl(name, r.Connection)
}
func ofDevice(x xer, name string, r *message.Request) string { return x.deviceEl(name, r.Device) }
func ofTo(x xer, name string, r *message.Request) string     { return x.deviceEl(name, r.To) }

func requestFields() map[string]requestField {
	fields := map[string]requestField{
		"heldCall":                      func(x xer, n string, r *message.Request) string { return x.connectionEl(n, r.Held) },
		"noData":                        func(x xer, n string, r *message.Request) string { return opt(!r.Extensions.Set, n, "") },
		"snapshotDevice/snapshotObject": ofDevice, "snapshotCall/snapshotObject": ofConnection,
		"groupPickupCall/newDestination": ofDevice, "deflectCall/newDestination": ofTo,
		"monitorObject": func(x xer, n string, r *message.Request) string {
			return el(n, x.deviceEl("deviceObject", r.Device)+x.connectionEl("callObject", r.Connection))
		},
		"connectionReservation": func(x xer, n string, r *message.Request) string { return boolEl(n, r.Reserve) },
		"consultOptions":        func(x xer, n string, r *message.Request) string { return x.enumEl(n, "ConsultOptions", r.Consult) },
		"reason":                func(x xer, n string, r *message.Request) string { return x.causeEl(n, r.Cause) },
		"autoOriginate":         func(x xer, n string, r *message.Request) string { return x.enumEl(n, "AutoOriginate", r.AutoOriginate) },
		"participationType": func(x xer, n string, r *message.Request) string {
			return x.enumEl(n, "ParticipationType", r.Participation)
		},
		"addNewDestinationsList": func(x xer, n string, r *message.Request) string { return list(n, r.More, x.listedDevice) },
		"callingDeviceList":      func(x xer, n string, r *message.Request) string { return list(n, r.More, x.listedDevice) },
		"callOrigination":        func(x xer, n string, r *message.Request) string { return bitsEl(n, r.Origin) },
		"alertTime":              func(x xer, n string, r *message.Request) string { return intEl(n, r.Predictive.AlertTime) },
		"defaultAction": func(x xer, n string, r *message.Request) string {
			return x.enumEl(n, "DetectionAction", r.Predictive.DefaultAction)
		},
		"signallingDetection": func(x xer, n string, r *message.Request) string {
			v := r.Predictive.Signalling.Value
			return el(n, el("signallingCondition", x.enum("SignallingCondition", int64(v[0])))+
				el("signallingConditionsAction", x.enum("SignallingConditionsAction", int64(v[1]))))
		},
		"destinationDetection": func(x xer, n string, r *message.Request) string {
			return list(n, r.Predictive.Destinations, func(v [2]int8) string {
				return el("DestinationDetection-Item", el("destinationCondition", x.enum("DestinationCondition", int64(v[0])))+
					el("detectionAction", x.enum("DetectionAction", int64(v[1]))))
			})
		},
		"digitMode": func(x xer, n string, r *message.Request) string {
			return x.enumEl(n, "GenerateDigitsArgument-digitMode", r.Mode)
		},
		"charactersToSend":   func(x xer, n string, r *message.Request) string { return textEl(n, r.Digits) },
		"toneDuration":       func(x xer, n string, r *message.Request) string { return intEl(n, r.Duration) },
		"pulseRate":          func(x xer, n string, r *message.Request) string { return intEl(n, r.Rate) },
		"pauseDuration":      func(x xer, n string, r *message.Request) string { return intEl(n, r.Pause) },
		"toneToSend":         func(x xer, n string, r *message.Request) string { return el(n, x.enum("TelephonyTone", int64(r.Tone))) },
		"crossRefIdentifier": func(x xer, n string, r *message.Request) string { return el(n, octets(r.CrossRef)) },
		"monitorType":        func(x xer, n string, r *message.Request) string { return x.enumEl(n, "MonitorType", r.MonitorType) },
		"ringDuration":       func(x xer, n string, r *message.Request) string { return intEl(n, r.RingTime) },
		"forwardingType": func(x xer, n string, r *message.Request) string {
			return opt(r.Forward.Set, n, x.enum("ForwardingType", int64(r.Forward.Value)))
		},
		"requestedAgentState": func(x xer, n string, r *message.Request) string {
			return el(n, x.enum("ReqAgentState", int64(r.Agent)))
		},
		"agentID":           func(x xer, n string, r *message.Request) string { return octetsEl(n, r.AgentID) },
		"password":          func(x xer, n string, r *message.Request) string { return octetsEl(n, r.Password) },
		"sysStatRegisterID": func(x xer, n string, r *message.Request) string { return octetsEl(n, r.Register) },
		"escapeRegisterID":  func(x xer, n string, r *message.Request) string { return octetsEl(n, r.Register) },
		"security":          func(x xer, n string, r *message.Request) string { return securityEl(n, r.Security) },
		"privateData":       func(x xer, n string, r *message.Request) string { return el(n, securityAndPrivateData(r.Escape)) },
		"systemStatus": func(x xer, n string, r *message.Request) string {
			return el(n, x.enum("SystemStatus", int64(r.Status)))
		},
		"changeSysStatFilter/requestedStatusFilter": func(x xer, n string, r *message.Request) string {
			return el(n, x.enum("SystemStatus", int64(r.Status)))
		},
		"requestedStatusFilter":           func(x xer, n string, r *message.Request) string { return bitsEl(n, r.Statuses) },
		"requestTypes":                    func(x xer, n string, r *message.Request) string { return bitsEl(n, r.Types) },
		"requestedDeviceCategory":         func(x xer, n string, r *message.Request) string { return x.enumEl(n, "ReqDeviceCategory", r.Category) },
		"requestedMonitorMediaClass":      func(x xer, n string, r *message.Request) string { return bitsEl(n, r.MediaClass) },
		"serviceCrossRefID":               func(x xer, n string, r *message.Request) string { return octetsEl(n, r.Service) },
		"segmentID":                       func(x xer, n string, r *message.Request) string { return intEl(n, r.Segment) },
		"lastSegment":                     func(x xer, n string, r *message.Request) string { return el(n, boolean(r.Last)) },
		"snapshotCallData/snapshotData":   func(x xer, n string, r *message.Request) string { return list(n, r.Parties, x.callParty) },
		"snapshotDeviceData/snapshotData": func(x xer, n string, r *message.Request) string { return list(n, r.Calls, x.deviceCall) },
		"deviceList":                      func(x xer, n string, r *message.Request) string { return list(n, r.Devices, x.deviceListItem) },
		"extensions":                      func(x xer, n string, r *message.Request) string { return extensions(n, r.Extensions) },
	}
	both := func(f requestField, names ...string) {
		for _, n := range names {
			fields[n] = f
		}
	}
	both(ofConnection, "callToBeHeld", "callToBeAnswered", "callToBeAccepted", "callToBeCleared", "connectionToBeCleared",
		"callToBeRetrieved", "callbackConnection", "callbackMessageConnection", "camponConnection", "callToBeDiverted",
		"diallingConnection", "callToBePickedUp", "intrude", "activeCall", "existingCall", "parking",
		"connectionToSendDigits", "connectionToSendTone", "connectionToStopTone")
	both(ofDevice, "callingDevice", "requestingDevice", "joiningDevice", "device", "deviceInfo", "originatingDevice", "requestedDeviceID")
	both(ofTo, "calledDirectoryNumber", "consultedDevice", "diallingSequence", "pickGroup", "deviceToJoin", "transferredTo",
		"parkTo", "forwardDN", "deviceForMessage", "acdGroup", "group", "targetDevice")
	both(func(x xer, n string, r *message.Request) string { return filter(n, r.Filter) }, "requestedFilterList", "requestedMonitorFilter")
	both(func(x xer, n string, r *message.Request) string { return el(n, boolean(r.On)) }, "activateForward", "doNotDisturbOn", "messageWaitingOn", "autoAnswerOn")
	both(func(x xer, n string, r *message.Request) string { return intEl(n, r.RingCount) }, "ringCount", "numberOfRings")
	for name, f := range dataFields() {
		fields[name] = func(x xer, n string, r *message.Request) string { return f(x, n, &r.Data) }
	}
	return fields
}

func securityEl(name string, raw message.Raw) string {
	if raw == nil {
		return ""
	}
	return el(name, security(raw[2:])) // vectors of one length octet only
}

// dataFields are those of CallData, whose names are nearly the same everywhere.
func dataFields() map[string]func(xer, string, *message.CallData) string {
	info := func(x xer, n string, d *message.CallData) string { return x.info(n, d.Info) }
	link := func(x xer, n string, d *message.CallData) string { return linkage(n, d.Linkage) }
	account := func(x xer, n string, d *message.CallData) string { return octetsEl(n, d.Account) }
	fields := map[string]func(xer, string, *message.CallData) string{
		"correlatorData":           func(x xer, n string, d *message.CallData) string { return octetsEl(n, d.Correlator) },
		"userData":                 func(x xer, n string, d *message.CallData) string { return octetsEl(n, d.UserData) },
		"accountCode":              account,
		"accountInfo":              account,
		"authCode":                 func(x xer, n string, d *message.CallData) string { return octetsEl(n, d.Authorization) },
		"callQualifyingData":       func(x xer, n string, d *message.CallData) string { return octetsEl(n, d.Qualifying) },
		"callCharacteristics":      func(x xer, n string, d *message.CallData) string { return bitsEl(n, d.Characteristics) },
		"subjectOfCall":            func(x xer, n string, d *message.CallData) string { return textEl(n, d.Subject) },
		"languagePreferences":      func(x xer, n string, d *message.CallData) string { return textEl(n, d.Languages) },
		"mediaCallCharacteristics": func(x xer, n string, d *message.CallData) string { return x.media(n, d.Media) },
		"servicesPermitted":        func(x xer, n string, d *message.CallData) string { return services(n, d.Services) },
		"callLinkageData":          link,
		"callLinkageDataList":      func(x xer, n string, d *message.CallData) string { return linkages(n, *d) },
		"messageInfo":              func(x xer, n string, d *message.CallData) string { return messageInfo(n, d.Message) },
		"deviceHistory":            func(x xer, n string, d *message.CallData) string { return x.history(n, d.History) },
		"locationInfo":             func(x xer, n string, d *message.CallData) string { return x.locations(n, d.Locations) },
	}
	for _, n := range []string{"callingConnectionInfo", "initiatedCallInfo", "conferenceCallInfo", "transferredCallInfo",
		"conferencedCallInfo", "pickedCallInfo", "connectionInfo", "bridgedConnectionInfo", "dialingConnectionInfo",
		"establishedConnectionInfo", "droppedConnectionInfo", "initiatedConnectionInfo", "originatedConnectionInfo",
		"failedConnectionInfo", "heldConnectionInfo", "outboundConnectionInfo", "offeredConnectionInfo",
		"queuedConnectionInfo", "retrievedConnectionInfo", "mediaConnectionInfo"} {
		fields[n] = info
	}
	return fields
}

func (x xer) deviceCall(c message.DeviceCall) string {
	state := ""
	switch {
	case c.States != nil:
		state = list("compoundCallState", c.States, func(s cti.LocalState) string {
			return x.enum("LocalConnectionState", int64(s)-1)
		})
	case c.Simple.Set:
		state = el("simpleCallState", x.enum("SimpleCallState", int64(c.Simple.Value)))
	default:
		state = el("unknown", "")
	}
	return el("SnapshotDeviceResponseInfo", x.connectionEl("connectionIdentifier", c.Connection)+
		x.partyEl("endpointDevice", c.Endpoint)+el("localCallState", state)+services("servicesPermitted", c.Services)+
		list("mediaServiceInfoList", c.Streams, func(s message.Stream) string {
			return el("DeviceMediaInfoList-Item", octetsEl("mediaStreamID", s.ID)+x.info("connectionInformation", s.Info))
		})+x.media("mediaCallCharacteristics", c.Media)+linkage("callLinkageData", c.Linkage))
}

func (x xer) callParty(c message.CallParty) string {
	return el("SnapshotCallResponseInfo", x.partyEl("deviceOnCall", c.Device)+x.connectionEl("callIdentifier", c.Connection)+
		x.stateEl("localConnectionState", c.State)+services("servicesPermitted", c.Services)+
		list("mediaServiceInfoList", c.Streams, func(s message.Stream) string {
			return el("CallMediaInfoList-Item", el("mediaServiceType", x.enum("MediaServiceType", int64(s.Service)))+
				intEl("mediaServiceVersion", s.Version)+octetsEl("mediaServiceInstance", s.Instance)+
				octetsEl("mediaStreamID", s.ID)+x.info("connectionInformation", s.Info))
		})+x.locations("locationInfo", c.Locations))
}

func (x xer) deviceListItem(d message.ListedDevice) string {
	return el("DeviceList-Item", x.deviceEl("deviceID", d.Device)+intEl("deviceCategory", d.Category)+
		intEl("namedDeviceTypes", d.Named)+bitsEl("deviceAttributes", d.Attributes)+textEl("deviceModelName", d.Model)+
		x.deviceEl("nidGroup", d.Group))
}
