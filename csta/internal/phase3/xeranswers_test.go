package phase3_test

import (
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

type resultField = func(x xer, name string, r *message.Result) string

var agentNumbers = map[cti.AgentState]int64{cti.AgentNotReady: 0, cti.AgentNull: 1, cti.AgentReady: 2, cti.AgentBusy: 3,
	cti.AgentWorkingAfterCall: 4}

// pending has no busy, so that working after call is 3.
func (x xer) pendingEl(name string, s cti.AgentState) string {
	n := agentNumbers[s]
	if n == 4 {
		n = 3
	}
	return opt(s != 0, name, x.enum("PendingAgentState", n))
}

func resultFields() map[string]resultField {
	connection := func(x xer, n string, r *message.Result) string { return x.connectionEl(n, r.Connection) }
	on := func(x xer, n string, r *message.Result) string { return el(n, boolean(r.On)) }
	filtered := func(x xer, n string, r *message.Result) string { return filter(n, r.Filter) }
	status := func(x xer, n string, r *message.Result) string { return el(n, x.enum("SystemStatus", int64(r.Status))) }
	fields := map[string]resultField{
		"noData":                 func(x xer, n string, r *message.Result) string { return opt(!r.Extensions.Set, n, "") },
		"makeCall/callingDevice": connection,
		"initiatedCall":          connection, "conferenceCall": connection, "transferredCall": connection,
		"conferencedCall": connection, "pickedCall": connection, "parkedTo": connection,
		"connections":             func(x xer, n string, r *message.Result) string { return list(n, r.Connections, x.connected) },
		"targetDevice":            func(x xer, n string, r *message.Result) string { return x.deviceEl(n, r.Device) },
		"deviceForMessage":        func(x xer, n string, r *message.Result) string { return x.deviceEl(n, r.Device) },
		"crossRefIdentifier":      func(x xer, n string, r *message.Result) string { return el(n, octets(r.CrossRef)) },
		"actualmonitorFilter":     filtered,
		"actualFilterList":        filtered,
		"actualMonitorMediaClass": func(x xer, n string, r *message.Result) string { return bitsEl(n, r.MediaClass) },
		"monitorExistingCalls":    func(x xer, n string, r *message.Result) string { return boolEl(n, r.ExistingCalls) },
		"snapshotDevice/crossRefIDorSnapshotData": func(x xer, n string, r *message.Result) string {
			return el(n, octetsEl("serviceCrossRefID", r.Service)+list("snapshotData", r.Calls, x.deviceCall))
		},
		"snapshotCall/crossRefIDorSnapshotData": func(x xer, n string, r *message.Result) string {
			return el(n, octetsEl("serviceCrossRefID", r.Service)+list("snapshotData", r.Parties, x.callParty))
		},
		"callingDevice":             func(x xer, n string, r *message.Result) string { return x.partyEl(n, r.Calling) },
		"calledDevice":              func(x xer, n string, r *message.Result) string { return x.partyEl(n, r.Called) },
		"associatedCallingDeviceID": func(x xer, n string, r *message.Result) string { return x.partyEl(n, r.AssociatedCalling) },
		"associatedCalledDeviceID":  func(x xer, n string, r *message.Result) string { return x.partyEl(n, r.AssociatedCalled) },
		"serviceCrossRefID":         func(x xer, n string, r *message.Result) string { return octetsEl(n, r.Service) },
		"messageWaitingOn":          on, "doNotDisturbOn": on, "autoAnswerOn": on,
		"lampIsPresent":                     func(x xer, n string, r *message.Result) string { return boolEl(n, r.Lamp) },
		"numberOfRings":                     func(x xer, n string, r *message.Result) string { return intEl(n, r.Rings) },
		"callOrigination":                   func(x xer, n string, r *message.Result) string { return bitsEl(n, r.Origin) },
		"callingDeviceList":                 func(x xer, n string, r *message.Result) string { return list(n, r.More, x.listedDevice) },
		"forwardingList":                    func(x xer, n string, r *message.Result) string { return list(n, r.Forwards, x.forward) },
		"agentStateList":                    func(x xer, n string, r *message.Result) string { return list(n, r.Agents, x.agent) },
		"pendingAgentState":                 func(x xer, n string, r *message.Result) string { return x.pendingEl(n, r.Pending) },
		"sysStatRegisterID":                 func(x xer, n string, r *message.Result) string { return octetsEl(n, r.Register) },
		"systemRegister/actualStatusFilter": func(x xer, n string, r *message.Result) string { return bitsEl(n, r.Statuses) },
		"actualStatusFilter":                status,
		"systemStatus":                      status,
		"extensions":                        func(x xer, n string, r *message.Result) string { return extensions(n, r.Extensions) },
	}
	for name, f := range dataFields() {
		fields[name] = func(x xer, n string, r *message.Result) string { return f(x, n, &r.Data) }
	}
	return fields
}

func (x xer) forward(f message.Forwarding) string {
	return el("ForwardList-Item", opt(f.Type.Set, "forwardingType", x.enum("ForwardingType", int64(f.Type.Value)))+
		el("forwardStatus", boolean(f.On))+x.deviceEl("forwardDN", f.To)+x.enumEl("forwardDefault", "ForwardDefault", f.Default)+
		intEl("ringDuration", f.RingTime)+intEl("ringCount", f.RingCount))
}

func (x xer) agent(a message.Agent) string {
	return el("AgentStateEntry", octetsEl("agentID", a.ID)+el("loggedOn", boolean(a.LoggedOn))+
		list("agentInfo", a.States, func(s message.AgentGroupState) string {
			return el("AgentInfo", x.deviceEl("acdGroup", s.Group)+el("agentState", x.enum("AgentState", agentNumbers[s.State]))+
				x.pendingEl("pendingAgentState", s.Pending)+x.enumEl("agentStateCondition", "AgentStateCondition", s.Condition))
		}))
}

type eventField = func(x xer, name string, e *message.Event) string

func eventFields() map[string]eventField {
	fields := map[string]eventField{
		"secondaryOldCall":         func(x xer, n string, e *message.Event) string { return x.connectionEl(n, e.Secondary) },
		"localConnectionInfo":      func(x xer, n string, e *message.Event) string { return x.stateEl(n, e.State) },
		"cause":                    func(x xer, n string, e *message.Event) string { return x.causeEl(n, e.Cause) },
		"lastRedirectionDevice":    func(x xer, n string, e *message.Event) string { return el(n, x.party("numberdialed", e.Redirection)) },
		"calledDevice":             func(x xer, n string, e *message.Event) string { return x.partyEl(n, e.Called) },
		"originated/callingDevice": func(x xer, n string, e *message.Event) string { return x.partyEl(n, e.Subject) },
		"callingDevice":            func(x xer, n string, e *message.Event) string { return x.partyEl(n, e.Calling) },
		"networkCallingDevice":     func(x xer, n string, e *message.Event) string { return x.partyEl(n, e.NetworkCalling) },
		"networkCalledDevice":      func(x xer, n string, e *message.Event) string { return x.partyEl(n, e.NetworkCalled) },
		"associatedCallingDevice":  func(x xer, n string, e *message.Event) string { return x.partyEl(n, e.AssociatedCalling) },
		"associatedCalledDevice":   func(x xer, n string, e *message.Event) string { return x.partyEl(n, e.AssociatedCalled) },
		"numberQueued":             func(x xer, n string, e *message.Event) string { return intEl(n, e.NumberQueued) },
		"callsInFront":             func(x xer, n string, e *message.Event) string { return intEl(n, e.CallsInFront) },
		"chargingInfo":             func(x xer, n string, e *message.Event) string { return x.charging(n, e.Charging) },
		"progressIndicator": func(x xer, n string, e *message.Event) string {
			v := e.Progress.Value
			return el(n, el("progressLocation", x.enum("ProgressIndicator-progressLocation", int64(v[0])))+
				el("progressDescription", x.enum("ProgressIndicator-progressDescription", int64(v[1]))))
		},
		"networkCapability": func(x xer, n string, e *message.Event) string {
			return el(n, x.enumEl("networkType", "NetworkCapability-networkType", e.NetworkType)+bitsEl("eventsProvided", e.NetworkEvents))
		},
		"security":              func(x xer, n string, e *message.Event) string { return securityEl(n, e.Security) },
		"privateData":           func(x xer, n string, e *message.Event) string { return el(n, securityAndPrivateData(e.Private)) },
		"callerIDStatus/device": func(x xer, n string, e *message.Event) string { return x.deviceEl(n, e.Device) },
	}
	set := func(f eventField, names ...string) {
		for _, n := range names {
			fields[n] = f
		}
	}
	set(func(x xer, n string, e *message.Event) string { return x.connectionEl(n, e.Connection) },
		"connection", "bridgedConnection", "clearedCall", "primaryOldCall", "dialingConnection", "establishedConnection",
		"droppedConnection", "initiatedConnection", "originatedConnection", "failedConnection", "heldConnection",
		"outboundConnection", "offeredConnection", "queuedConnection", "retrievedConnection", "mediaConnection")
	set(func(x xer, n string, e *message.Event) string { return x.connectionEl(n, e.OriginatingNID) },
		"originatingNIDConnection", "originatingNIDConneciton")
	set(func(x xer, n string, e *message.Event) string { return x.partyEl(n, e.Subject) },
		"bridgedAppearance", "conferencingDevice", "dialingDevice", "alertingDevice", "answeringDevice", "releasingDevice",
		"initiatingDevice", "transferringDevice", "divertingDevice", "failingDevice", "holdingDevice",
		"networkInterfaceUsed", "offeredDevice", "queue", "retrievingDevice", "device", "mediaDevice", "agentDevice",
		"invokingDevice", "callBack/originatingDevice", "callBackMessage/originatingDevice", "messageWaiting/targetDevice")
	set(func(x xer, n string, e *message.Event) string { return x.partyEl(n, e.Target) },
		"addedParty", "transferredToDevice", "newDestination", "targetDevice")
	set(func(x xer, n string, e *message.Event) string { return x.deviceEl(n, e.Device) },
		"dialingSequence", "originatingDevice", "chargedDevice", "deviceInfo", "buttonAssociatedNumber", "deviceForMessage",
		"acdGroup", "forwardTo")
	set(func(x xer, n string, e *message.Event) string { return list(n, e.Connections, x.connected) },
		"conferenceConnections", "transferredConnections")
	set(func(x xer, n string, e *message.Event) string { return extensions(n, e.Extensions) }, "extensions", "extension")
	for name, f := range dataFields() {
		set(func(x xer, n string, e *message.Event) string { return f(x, n, &e.Data) }, name)
	}
	for name, f := range featureFields() {
		set(func(x xer, n string, e *message.Event) string { return f(x, n, &e.Feature) }, name)
	}
	return fields
}
