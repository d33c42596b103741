package ecma323

import (
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// durations is a list of milliseconds.
func durations(name, item string, of func(*event) *[]int64) eventField {
	return list(name, item, of, integer("", func(n *int64) *int64 { return n }))
}

// mediaEvent is MediaAttached and MediaDetached, the same but for the name.
func mediaEvent(rootName string) root[event] {
	return root[event]{rootName, join(one(crossRef(), about("mediaConnection"), subject("mediaDevice"),
		choice("mediaServiceType", mediaServiceTypes, func(e *event) *int16 { return &e.Feature.MediaService }),
		number("mediaServiceVersion", func(e *event) *message.Opt[int64] { return &e.Feature.MediaVersion }),
		component("mediaServiceInstanceID"),
		textID("mediaStreamID", func(e *event) *message.Octets { return &e.Feature.MediaStream })),
		mediaAnd(), one(localState(), inEvent.info("mediaConnectionInfo"), extensions(inEventExtensions)))}
}

var associatedEvents = map[cti.Kind]root[event]{
	cti.CallInformation: {"CallInformationEvent", structure[event]{crossRef(), about("connection"), subject("device"), calling(false),
		octets("accountInfo", func(e *event) *message.Octets { return &e.Data.Account }), inEvent.authorization(), inEvent.correlator(),
		inEvent.services(), inEvent.userData(), inEvent.qualifying(), inEvent.info("connectionInfo"), inEvent.linkageList(),
		inEvent.characteristics(), inEvent.subject(), inEvent.languages(), since(4, further("deviceInfo")), extensions(inEventExtensions)}},
	cti.Charging: {"ChargingEvent", structure[event]{crossRef(), about("connection"),
		device("chargedDevice", true, func(e *event) *message.Device { return &e.Device }), need(chargingInfo()), optWhy(), extensions(inEventExtensions)}},
	cti.DigitsGenerated: {"DigitsGeneratedEvent", structure[event]{crossRef(), about("connection"),
		required(text("digitGeneratedList", func(e *event) *message.Text { return &e.Feature.Digits })),
		durations("digitDurationList", "digitDuration", func(e *event) *[]int64 { return &e.Feature.Durations }),
		durations("pauseDurationList", "pauseDuration", func(e *event) *[]int64 { return &e.Feature.Pauses }),
		inEvent.info("connectionInfo"), extensions(inEventExtensions)}},
	cti.TelephonyTonesGenerated: {"TelephonyTonesGeneratedEvent", structure[event]{crossRef(), about("connection"),
		enum("toneGenerated", toneNames, func(e *event) *message.Opt[int16] { return &e.Feature.Tone }),
		optNumber("toneFrequency", func(f *message.Feature) *message.Opt[int64] { return &f.Frequency }),
		optNumber("toneDuration", func(f *message.Feature) *message.Opt[int64] { return &f.Duration }),
		optNumber("pauseDuration", func(f *message.Feature) *message.Opt[int64] { return &f.Pause }),
		inEvent.info("connectionInfo"), extensions(inEventExtensions)}},
	cti.ServiceCompletionFailure: {"ServiceCompletionFailureEvent", structure[event]{crossRef(),
		nestedIn("primaryCall", func(e *event) *message.FailedCall { return &failure(e).Primary }, failedCall),
		nested("secondaryCall", func(e *event) **message.FailedCall { return &failure(e).Secondary }, failedCall),
		list("otherDevsPrimaryCallList", "otherDevsPrimaryCall", func(e *event) *[]message.FailedCall { return &failure(e).OthersPrimary }, item(failedCall)),
		list("otherDevsSecondaryCallList", "otherDevsSecondaryCall", func(e *event) *[]message.FailedCall { return &failure(e).OthersSecondary }, item(failedCall)),
		inEvent.media(), why(), extensions(inEventExtensions)}},
	cti.MediaAttached: mediaEvent("MediaAttachedEvent"),
	cti.MediaDetached: mediaEvent("MediaDetachedEvent"),
	cti.Private: {"PrivateEvent", structure[event]{also("monitorCrossRefId", crossRef()),
		security(func(e *event) *message.Raw { return &e.Security }), privateData(func(e *event) *message.Raw { return &e.Private })}},
}

// failure is what the event tells of calls, made where it has none yet.
func failure(e *event) *message.CompletionFailure {
	if e.Feature.Failure == nil {
		e.Feature.Failure = new(message.CompletionFailure)
	}
	return e.Feature.Failure
}

var failedCall = structure[message.FailedCall]{
	device("deviceID", true, func(c *message.FailedCall) *message.Device { return &c.Device }),
	connection("connectionID", true, func(c *message.FailedCall) *message.Connection { return &c.Connection }),
	state("localConnectionState", func(c *message.FailedCall) *cti.LocalState { return &c.State }),
	nested("connectionInfo", func(c *message.FailedCall) **message.ConnectionInfo { return &c.Info }, connectionInformation),
}

// nestedIn is an element with a structure of its own that must be there.
func nestedIn[T, U any](name string, of func(*T) *U, s structure[U]) field[T] {
	return field[T]{name: name,
		read: func(r *reader, v *T) { s.read(r, of(v)) },
		write: func(w *writer, name string, v *T) {
			w.open(name)
			s.write(w, of(v))
			w.close(name)
		}}
}
