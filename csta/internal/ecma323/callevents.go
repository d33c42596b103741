package ecma323

import (
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

type event = message.Event

// eventField is one child of an event's root element.
type eventField = field[event]

var inEvent of[event] = func(e *event) *message.CallData { return &e.Data }

func crossRef() eventField {
	return eventField{name: "monitorCrossRefID",
		read:  func(r *reader, e *event) { e.CrossRef = r.text() },
		write: func(w *writer, name string, e *event) { w.bytes(name, e.CrossRef) }}
}

func about(name string) eventField {
	return connection(name, true, func(e *event) *message.Connection { return &e.Connection })
}

func subject(name string) eventField {
	return party(name, true, func(e *event) *message.Device { return &e.Subject })
}

func calling(must bool) eventField {
	return party("callingDevice", must, func(e *event) *message.Device { return &e.Calling })
}

func called(must bool) eventField {
	return party("calledDevice", must, func(e *event) *message.Device { return &e.Called })
}

func redirected() eventField {
	return redirection("lastRedirectionDevice", func(e *event) *message.Device { return &e.Redirection })
}

func trunk(name string) eventField {
	return connection(name, false, func(e *event) *message.Connection { return &e.OriginatingNID })
}

func localState() eventField {
	return state("localConnectionInfo", func(e *event) *cti.LocalState { return &e.State })
}

// why is the cause of a call event, which must be there.
func why() eventField {
	return cause("cause", true, func(e *event) *cti.Cause { return &e.Cause })
}

// optWhy is the cause of other events.
func optWhy() eventField {
	return cause("cause", false, func(e *event) *cti.Cause { return &e.Cause })
}

func further(name string) eventField {
	return device(name, false, func(e *event) *message.Device { return &e.Device })
}

func networkParties() []eventField {
	return one(
		party("networkCallingDevice", false, func(e *event) *message.Device { return &e.NetworkCalling }),
		party("networkCalledDevice", false, func(e *event) *message.Device { return &e.NetworkCalled }),
		associatedCalling(),
		party("associatedCalledDevice", false, func(e *event) *message.Device { return &e.AssociatedCalled }))
}

func associatedCalling() eventField {
	return party("associatedCallingDevice", false, func(e *event) *message.Device { return &e.AssociatedCalling })
}

func mediaAnd() []eventField { return one(inEvent.media(), inEvent.characteristics()) }

// fourParties are the devices of an event on a call that is being offered.
func fourParties(trunkName string) []eventField {
	return one(calling(true), called(true), redirected(), also("originatingNIDConnection", trunk(trunkName)), localState())
}

// stateAndCause is what nearly every call event goes on with.
func stateAndCause() []eventField {
	return one(localState(), inEvent.correlator(), inEvent.userData(), why(), inEvent.services())
}

// texts are the last elements of the longer call events.
func texts(history bool) []eventField {
	f := one(inEvent.subject(), inEvent.message(), inEvent.languages())
	if history {
		f = append(f, inEvent.history())
	}
	return f
}

// offer is Delivered, Established, Failed and Offered, which have the same elements.
func offer(connectionName, device, trunkName, info string) structure[event] {
	return join(one(crossRef(), about(connectionName), subject(device)), fourParties(trunkName),
		one(inEvent.correlator(), inEvent.userData(), why(), inEvent.services()), networkParties(), mediaAnd(),
		one(inEvent.info(info), inEvent.linkage("callLinkageData")), texts(true), one(extensions(inEventExtensions)))
}

// heldOrRetrieved are the same but for their names.
func heldOrRetrieved(connectionName, device, info string) structure[event] {
	return join(one(crossRef(), about(connectionName), subject(device), localState(), inEvent.correlator(), why(), inEvent.services()),
		mediaAnd(), one(inEvent.info(info), inEvent.linkage("callLinkageData"), inEvent.languages(), extensions(inEventExtensions)))
}

// merged is Conferenced and Transferred.
func merged(device, target, connections string, charged bool) structure[event] {
	s := join(one(crossRef(),
		connection("primaryOldCall", true, func(e *event) *message.Connection { return &e.Connection }),
		connection("secondaryOldCall", false, func(e *event) *message.Connection { return &e.Secondary }),
		subject(device), party(target, true, func(e *event) *message.Device { return &e.Target }),
		required(connectionList(connections, func(e *event) *[]message.Connected { return &e.Connections })),
		localState(), inEvent.correlator(), inEvent.userData()))
	if charged {
		s = append(s, chargingInfo())
	}
	return join(s, one(why(), inEvent.services()), mediaAnd(),
		one(inEvent.linkageList(), inEvent.languages(), inEvent.history(), extensions(inEventExtensions)))
}

var callEvents = map[cti.Kind]root[event]{
	cti.Bridged: {"BridgedEvent", join(one(crossRef(), about("bridgedConnection"), subject("bridgedAppearance")), stateAndCause(), mediaAnd(),
		one(inEvent.info("bridgedConnectionInfo"), inEvent.linkage("callLinkageData"), inEvent.languages(), extensions(inEventExtensions)))},
	cti.CallCleared: {"CallClearedEvent", join(one(crossRef(), about("clearedCall"), inEvent.correlator(), inEvent.userData(), why()), mediaAnd(),
		one(inEvent.linkage("callLinkageData"), inEvent.languages(), extensions(inEventExtensions)))},
	cti.Conferenced: {"ConferencedEvent", merged("conferencingDevice", "addedParty", "conferenceConnections", false)},
	cti.Transferred: {"TransferedEvent", merged("transferringDevice", "transferredToDevice", "transferredConnections", true)},
	cti.ConnectionCleared: {"ConnectionClearedEvent", join(one(crossRef(), about("droppedConnection"), subject("releasingDevice"), localState(),
		inEvent.correlator(), inEvent.userData(), chargingInfo(), why(), inEvent.services()), mediaAnd(),
		one(inEvent.info("droppedConnectionInfo"), inEvent.linkage("callLinkageData"), inEvent.languages(), inEvent.history(), extensions(inEventExtensions)))},
	cti.Delivered:   {"DeliveredEvent", offer("connection", "alertingDevice", "originatingNIDConnection", "connectionInfo")},
	cti.Established: {"EstablishedEvent", offer("establishedConnection", "answeringDevice", "originatinNIDConnection", "establishedConnectionInfo")},
	cti.CallFailed:  {"FailedEvent", offer("failedConnection", "failingDevice", "originatingNIDConnection", "failedConnectionInfo")},
	cti.Offered:     {"OfferedEvent", offer("offeredConnection", "offeredDevice", "originatingNIDConnection", "offeredConnectionInfo")},
	cti.DigitsDialed: {"DigitsDialedEvent", join(one(crossRef(), about("dialingConnection"), subject("dialingDevice"), further("dialingSequence"),
		localState(), inEvent.correlator(), why(), inEvent.services()), networkParties(),
		one(inEvent.info("dialingConnectionInfo"), inEvent.characteristics(), inEvent.linkage("callLinkageData"), inEvent.languages(), extensions(inEventExtensions)))},
	cti.Diverted: {"DivertedEvent", join(one(crossRef(), about("connection"), subject("divertingDevice"),
		party("newDestination", true, func(e *event) *message.Device { return &e.Target }), calling(false), called(true), redirected()),
		stateAndCause(), mediaAnd(), one(inEvent.info("connectionInfo")), networkParties(), one(inEvent.linkage("callLinkageData")),
		texts(true), one(extensions(inEventExtensions)))},
	cti.Held:      {"HeldEvent", heldOrRetrieved("heldConnection", "holdingDevice", "heldConnectionInfo")},
	cti.Retrieved: {"RetrievedEvent", heldOrRetrieved("retrievedConnection", "retrievingDevice", "retrievedConnectionInfo")},
	cti.NetworkCapabilitiesChanged: {"NetworkCapabilitiesChangedEvent", join(one(crossRef(), about("outboundConnection"), subject("networkInterfaceUsed"),
		called(true), need(progressIndicator()), localState(), inEvent.correlator(), inEvent.userData(), networkCapability(), why(), inEvent.services()),
		mediaAnd(), one(inEvent.info("outboundConnectionInfo"), inEvent.linkage("callLinkageData"), inEvent.languages(), extensions(inEventExtensions)))},
	cti.NetworkReached: {"NetworkReachedEvent", join(one(crossRef(), about("outboundConnection"), subject("networkInterfaceUsed")),
		fourParties("originatingNIDConnection"), one(inEvent.correlator(), inEvent.userData(), networkCapability(), why(), inEvent.services()), mediaAnd(),
		one(inEvent.info("outboundConnectionInfo")), networkParties()[:3],
		one(inEvent.linkage("callLinkageData"), inEvent.languages(), inEvent.history(), extensions(inEventExtensions)))},
	cti.Originated: {"OriginatedEvent", join(one(crossRef(), about("originatedConnection"), subject("callingDevice"), called(true),
		further("originatingDevice"), localState(), inEvent.correlator(), why(), inEvent.services()), networkParties(), mediaAnd(),
		one(inEvent.info("originatedConnectionInfo"), inEvent.linkage("callLinkageData")), texts(false), one(extensions(inEventExtensions)))},
	cti.CallQueued: {"QueuedEvent", join(one(crossRef(), about("queuedConnection"), subject("queue"), calling(true), called(true), redirected(),
		number("numberQueued", func(e *event) *message.Opt[int64] { return &e.NumberQueued }),
		number("callsInFront", func(e *event) *message.Opt[int64] { return &e.CallsInFront })),
		stateAndCause(), networkParties(), mediaAnd(), one(inEvent.info("queuedConnectionInfo"), inEvent.linkage("callLinkageData")),
		texts(true), one(extensions(inEventExtensions)))},
	cti.ServiceInitiated: {"ServiceInitiatedEvent", join(one(crossRef(), about("initiatedConnection"), subject("initiatingDevice"), since(4, called(false)),
		localState(), inEvent.correlator(), why(), inEvent.services()), mediaAnd(), one(inEvent.info("initiatedConnectionInfo")), networkParties()[:3],
		one(inEvent.linkage("callLinkageData")), texts(false), one(extensions(inEventExtensions)))},
}
