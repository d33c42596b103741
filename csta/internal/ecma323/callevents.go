package ecma323

import (
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

type event = message.Event

// eventField is one child of an event's root element.
type eventField = field[event]

var inEvent of[event] = func(e *event) *message.CallData { return &e.Data }

func crossRefField() eventField {
	return eventField{name: "monitorCrossRefID",
		read:  func(r *reader, e *event) { e.CrossRef = r.readText() },
		write: func(w *writer, name string, e *event) { w.writeBytes(name, e.CrossRef) }}
}

func connectionOfEvent(name string) eventField {
	return connectionField(name, true, func(e *event) *message.Connection { return &e.Connection })
}

func subjectField(name string) eventField {
	return partyField(name, true, func(e *event) *message.Device { return &e.Subject })
}

func calling(must bool) eventField {
	return partyField("callingDevice", must, func(e *event) *message.Device { return &e.Calling })
}

func called(must bool) eventField {
	return partyField("calledDevice", must, func(e *event) *message.Device { return &e.Called })
}

func redirected() eventField {
	return redirection("lastRedirectionDevice", func(e *event) *message.Device { return &e.Redirection })
}

func trunk(name string) eventField {
	return connectionField(name, false, func(e *event) *message.Connection { return &e.OriginatingNID })
}

func localState() eventField {
	return stateField("localConnectionInfo", func(e *event) *cti.LocalState { return &e.State })
}

// why is the cause of a call event, which must be there.
func why() eventField {
	return causeField("cause", true, func(e *event) *cti.Cause { return &e.Cause })
}

// optWhy is the cause of other events.
func optWhy() eventField {
	return causeField("cause", false, func(e *event) *cti.Cause { return &e.Cause })
}

func further(name string) eventField {
	return deviceField(name, false, func(e *event) *message.Device { return &e.Device })
}

func networkParties() []eventField {
	return fieldsOf(
		partyField("networkCallingDevice", false, func(e *event) *message.Device { return &e.NetworkCalling }),
		partyField("networkCalledDevice", false, func(e *event) *message.Device { return &e.NetworkCalled }),
		associatedCalling(),
		partyField("associatedCalledDevice", false, func(e *event) *message.Device { return &e.AssociatedCalled }))
}

func associatedCalling() eventField {
	return partyField("associatedCallingDevice", false, func(e *event) *message.Device { return &e.AssociatedCalling })
}

func mediaAnd() []eventField {
	return fieldsOf(inEvent.mediaCharacteristics(), inEvent.characteristics())
}

// fourParties are the devices of an event on a call that is being offered.
func fourParties(trunkName string) []eventField {
	return fieldsOf(calling(true), called(true), redirected(), also("originatingNIDConnection", trunk(trunkName)),
		localState())
}

// stateAndCause is what nearly every call event goes on with.
func stateAndCause() []eventField {
	return fieldsOf(localState(), inEvent.correlator(), inEvent.userData(), why(), inEvent.services())
}

// textFields are the last elements of the longer call events.
func textFields(history bool) []eventField {
	f := fieldsOf(inEvent.subjectOfCall(), inEvent.messageInfo(), inEvent.languages())
	if history {
		f = append(f, inEvent.history())
	}
	return f
}

// offeredCall is Delivered, Established, Failed and Offered, which have the same elements.
func offeredCall(connectionName, device, trunkName, info string) structure[event] {
	return joinFields(fieldsOf(crossRefField(), connectionOfEvent(connectionName), subjectField(device)),
		fourParties(trunkName),
		fieldsOf(inEvent.correlator(), inEvent.userData(), why(), inEvent.services()), networkParties(), mediaAnd(),
		fieldsOf(inEvent.info(info), inEvent.linkageData("callLinkageData")), textFields(true),
		fieldsOf(extensionsField(inEventExtensions)))
}

// heldOrRetrieved are the same but for their names.
func heldOrRetrieved(connectionName, device, info string) structure[event] {
	return joinFields(fieldsOf(crossRefField(), connectionOfEvent(connectionName), subjectField(device), localState(),
		inEvent.correlator(), why(), inEvent.services()),
		mediaAnd(), fieldsOf(inEvent.info(info), inEvent.linkageData("callLinkageData"), inEvent.languages(),
			extensionsField(inEventExtensions)))
}

// merged is Conferenced and Transferred.
func merged(device, target, connections string, charged bool) structure[event] {
	s := joinFields(fieldsOf(crossRefField(),
		connectionField("primaryOldCall", true, func(e *event) *message.Connection { return &e.Connection }),
		connectionField("secondaryOldCall", false, func(e *event) *message.Connection { return &e.Secondary }),
		subjectField(device), partyField(target, true, func(e *event) *message.Device { return &e.Target }),
		required(connectionList(connections, func(e *event) *[]message.Connected { return &e.Connections })),
		localState(), inEvent.correlator(), inEvent.userData()))
	if charged {
		s = append(s, chargingInfo())
	}
	return joinFields(s, fieldsOf(why(), inEvent.services()), mediaAnd(),
		fieldsOf(inEvent.linkageList(), inEvent.languages(), inEvent.history(), extensionsField(inEventExtensions)))
}

var callEvents = map[cti.Kind]root[event]{
	cti.Bridged: {"BridgedEvent", joinFields(fieldsOf(crossRefField(), connectionOfEvent("bridgedConnection"),
		subjectField("bridgedAppearance")), stateAndCause(), mediaAnd(),
		fieldsOf(inEvent.info("bridgedConnectionInfo"), inEvent.linkageData("callLinkageData"), inEvent.languages(),
			extensionsField(inEventExtensions)))},
	cti.CallCleared: {"CallClearedEvent", joinFields(fieldsOf(crossRefField(), connectionOfEvent("clearedCall"),
		inEvent.correlator(), inEvent.userData(), why()), mediaAnd(),
		fieldsOf(inEvent.linkageData("callLinkageData"), inEvent.languages(), extensionsField(inEventExtensions)))},
	cti.Conferenced: {"ConferencedEvent", merged("conferencingDevice", "addedParty", "conferenceConnections", false)},
	cti.Transferred: {"TransferedEvent", merged("transferringDevice", "transferredToDevice", "transferredConnections",
		true)},
	cti.ConnectionCleared: {"ConnectionClearedEvent", joinFields(fieldsOf(crossRefField(),
		connectionOfEvent("droppedConnection"), subjectField("releasingDevice"), localState(),
		inEvent.correlator(), inEvent.userData(), chargingInfo(), why(), inEvent.services()), mediaAnd(),
		fieldsOf(inEvent.info("droppedConnectionInfo"), inEvent.linkageData("callLinkageData"), inEvent.languages(),
			inEvent.history(), extensionsField(inEventExtensions)))},
	cti.Delivered: {"DeliveredEvent", offeredCall("connection", "alertingDevice", "originatingNIDConnection",
		"connectionInfo")},
	cti.Established: {"EstablishedEvent", offeredCall("establishedConnection", "answeringDevice",
		"originatinNIDConnection", "establishedConnectionInfo")},
	cti.CallFailed: {"FailedEvent", offeredCall("failedConnection", "failingDevice", "originatingNIDConnection",
		"failedConnectionInfo")},
	cti.Offered: {"OfferedEvent", offeredCall("offeredConnection", "offeredDevice", "originatingNIDConnection",
		"offeredConnectionInfo")},
	cti.DigitsDialed: {"DigitsDialedEvent", joinFields(fieldsOf(crossRefField(), connectionOfEvent("dialingConnection"),
		subjectField("dialingDevice"), further("dialingSequence"),
		localState(), inEvent.correlator(), why(), inEvent.services()), networkParties(),
		fieldsOf(inEvent.info("dialingConnectionInfo"), inEvent.characteristics(), inEvent.linkageData("callLinkageData"),
			inEvent.languages(), extensionsField(inEventExtensions)))},
	cti.Diverted: {"DivertedEvent", joinFields(fieldsOf(crossRefField(), connectionOfEvent("connection"),
		subjectField("divertingDevice"),
		partyField("newDestination", true, func(e *event) *message.Device { return &e.Target }), calling(false),
		called(true), redirected()),
		stateAndCause(), mediaAnd(), fieldsOf(inEvent.info("connectionInfo")), networkParties(),
		fieldsOf(inEvent.linkageData("callLinkageData")),
		textFields(true), fieldsOf(extensionsField(inEventExtensions)))},
	cti.Held: {"HeldEvent", heldOrRetrieved("heldConnection", "holdingDevice", "heldConnectionInfo")},
	cti.Retrieved: {"RetrievedEvent", heldOrRetrieved("retrievedConnection", "retrievingDevice",
		"retrievedConnectionInfo")},
	cti.NetworkCapabilitiesChanged: {"NetworkCapabilitiesChangedEvent",
		joinFields(fieldsOf(crossRefField(), connectionOfEvent("outboundConnection"), subjectField("networkInterfaceUsed"),
			called(true), need(progressIndicator()), localState(), inEvent.correlator(), inEvent.userData(), networkCapability(),
			why(), inEvent.services()),
			mediaAnd(), fieldsOf(inEvent.info("outboundConnectionInfo"), inEvent.linkageData("callLinkageData"),
				inEvent.languages(), extensionsField(inEventExtensions)))},
	cti.NetworkReached: {"NetworkReachedEvent", joinFields(fieldsOf(crossRefField(),
		connectionOfEvent("outboundConnection"), subjectField("networkInterfaceUsed")),
		fourParties("originatingNIDConnection"), fieldsOf(inEvent.correlator(), inEvent.userData(), networkCapability(),
			why(), inEvent.services()), mediaAnd(),
		fieldsOf(inEvent.info("outboundConnectionInfo")), networkParties()[:3],
		fieldsOf(inEvent.linkageData("callLinkageData"), inEvent.languages(), inEvent.history(),
			extensionsField(inEventExtensions)))},
	cti.Originated: {"OriginatedEvent", joinFields(fieldsOf(crossRefField(), connectionOfEvent("originatedConnection"),
		subjectField("callingDevice"), called(true),
		further("originatingDevice"), localState(), inEvent.correlator(), why(), inEvent.services()), networkParties(),
		mediaAnd(),
		fieldsOf(inEvent.info("originatedConnectionInfo"), inEvent.linkageData("callLinkageData")), textFields(false),
		fieldsOf(extensionsField(inEventExtensions)))},
	cti.CallQueued: {"QueuedEvent", joinFields(fieldsOf(crossRefField(), connectionOfEvent("queuedConnection"),
		subjectField("queue"), calling(true), called(true), redirected(),
		numberField("numberQueued", func(e *event) *message.Opt[int64] { return &e.NumberQueued }),
		numberField("callsInFront", func(e *event) *message.Opt[int64] { return &e.CallsInFront })),
		stateAndCause(), networkParties(), mediaAnd(), fieldsOf(inEvent.info("queuedConnectionInfo"),
			inEvent.linkageData("callLinkageData")),
		textFields(true), fieldsOf(extensionsField(inEventExtensions)))},
	cti.ServiceInitiated: {"ServiceInitiatedEvent", joinFields(fieldsOf(crossRefField(),
		connectionOfEvent("initiatedConnection"), subjectField("initiatingDevice"), sinceEdition(4, called(false)),
		localState(), inEvent.correlator(), why(), inEvent.services()), mediaAnd(),
		fieldsOf(inEvent.info("initiatedConnectionInfo")), networkParties()[:3],
		fieldsOf(inEvent.linkageData("callLinkageData")), textFields(false), fieldsOf(extensionsField(inEventExtensions)))},
}
