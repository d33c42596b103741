package ecma323

import (
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// durations is a list of milliseconds.
func durations(name, item string, of func(*event) *[]int64) eventField {
	return listField(name, item, of, integerField("", func(n *int64) *int64 { return n }))
}

// mediaEvent is MediaAttached and MediaDetached, the same but for the name.
func mediaEvent(rootName string) root[event] {
	return root[event]{rootName, joinFields(fieldsOf(crossRefField(), connectionOfEvent("mediaConnection"),
		subjectField("mediaDevice"),
		choiceField("mediaServiceType", mediaServiceTypes, func(e *event) *int16 { return &e.Feature.MediaService }),
		numberField("mediaServiceVersion", func(e *event) *message.Opt[int64] { return &e.Feature.MediaVersion }),
		component("mediaServiceInstanceID"),
		identifierField("mediaStreamID", func(e *event) *message.Octets { return &e.Feature.MediaStream })),
		mediaAnd(), fieldsOf(localState(), inEvent.info("mediaConnectionInfo"), extensionsField(inEventExtensions)))}
}

var associatedEvents = map[cti.Kind]root[event]{
	cti.CallInformation: {"CallInformationEvent", structure[event]{crossRefField(), connectionOfEvent("connection"),
		subjectField("device"), calling(false),
		octetsField("accountInfo", func(e *event) *message.Octets { return &e.Data.Account }), inEvent.authorization(),
		inEvent.correlator(),
		inEvent.services(), inEvent.userData(), inEvent.qualifying(), inEvent.info("connectionInfo"), inEvent.linkageList(),
		inEvent.characteristics(), inEvent.subjectOfCall(), inEvent.languages(), sinceEdition(4, further("deviceInfo")),
		extensionsField(inEventExtensions)}},
	cti.Charging: {"ChargingEvent", structure[event]{crossRefField(), connectionOfEvent("connection"),
		deviceField("chargedDevice", true, func(e *event) *message.Device { return &e.Device }), need(chargingInfo()),
		optWhy(), extensionsField(inEventExtensions)}},
	cti.DigitsGenerated: {"DigitsGeneratedEvent", structure[event]{crossRefField(), connectionOfEvent("connection"),
		required(textField("digitGeneratedList", func(e *event) *message.Text { return &e.Feature.Digits })),
		durations("digitDurationList", "digitDuration", func(e *event) *[]int64 { return &e.Feature.Durations }),
		durations("pauseDurationList", "pauseDuration", func(e *event) *[]int64 { return &e.Feature.Pauses }),
		inEvent.info("connectionInfo"), extensionsField(inEventExtensions)}},
	cti.TelephonyTonesGenerated: {"TelephonyTonesGeneratedEvent",
		structure[event]{crossRefField(), connectionOfEvent("connection"),
			enumField("toneGenerated", toneNames, func(e *event) *message.Opt[int16] { return &e.Feature.Tone }),
			featureNumber("toneFrequency", func(f *message.Feature) *message.Opt[int64] { return &f.Frequency }),
			featureNumber("toneDuration", func(f *message.Feature) *message.Opt[int64] { return &f.Duration }),
			featureNumber("pauseDuration", func(f *message.Feature) *message.Opt[int64] { return &f.Pause }),
			inEvent.info("connectionInfo"), extensionsField(inEventExtensions)}},
	cti.ServiceCompletionFailure: {"ServiceCompletionFailureEvent", structure[event]{crossRefField(),
		nestedIn("primaryCall", func(e *event) *message.FailedCall { return &ensureFailure(e).Primary }, failedCall),
		nestedField("secondaryCall", func(e *event) **message.FailedCall { return &ensureFailure(e).Secondary }, failedCall),
		listField("otherDevsPrimaryCallList", "otherDevsPrimaryCall",
			func(e *event) *[]message.FailedCall { return &ensureFailure(e).OthersPrimary }, item(failedCall)),
		listField("otherDevsSecondaryCallList", "otherDevsSecondaryCall",
			func(e *event) *[]message.FailedCall { return &ensureFailure(e).OthersSecondary }, item(failedCall)),
		inEvent.mediaCharacteristics(), why(), extensionsField(inEventExtensions)}},
	cti.MediaAttached: mediaEvent("MediaAttachedEvent"),
	cti.MediaDetached: mediaEvent("MediaDetachedEvent"),
	cti.Private: {"PrivateEvent", structure[event]{also("monitorCrossRefId", crossRefField()),
		securityField(func(e *event) *message.Raw { return &e.Security }),
		privateDataField(func(e *event) *message.Raw { return &e.Private })}},
}

// ensureFailure is what the event tells of calls, made where it has none yet.
func ensureFailure(e *event) *message.CompletionFailure {
	if e.Feature.Failure == nil {
		e.Feature.Failure = new(message.CompletionFailure)
	}
	return e.Feature.Failure
}

var failedCall = structure[message.FailedCall]{
	deviceField("deviceID", true, func(c *message.FailedCall) *message.Device { return &c.Device }),
	connectionField("connectionID", true, func(c *message.FailedCall) *message.Connection { return &c.Connection }),
	stateField("localConnectionState", func(c *message.FailedCall) *cti.LocalState { return &c.State }),
	nestedField("connectionInfo", func(c *message.FailedCall) **message.ConnectionInfo { return &c.Info },
		connectionInformation),
}

// nestedIn is an element with a structure of its own that must be there.
func nestedIn[T, U any](name string, of func(*T) *U, s structure[U]) field[T] {
	return field[T]{name: name,
		read: func(r *reader, v *T) { s.readChildren(r, of(v)) },
		write: func(w *writer, name string, v *T) {
			w.openElement(name)
			s.writeChildren(w, of(v))
			w.closeElement(name)
		}}
}
