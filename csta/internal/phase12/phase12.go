// Package phase12 is CSTA I (ECMA-180) and CSTA II (ECMA-218) over BER. The two
// are one family: II keeps I's structures and adds services and events.
//
// # What is known
//
// There is no published module of either phase. A structure marked "sourced"
// stands in the phase I notation of Net::CSTA (which a switch of the MD110
// family speaks) or, for II, in the traffic captured from an OmniPCX
// Enterprise. Everything else, and all that II adds without having been seen on
// a wire, is in assumed.go, or listed there: drawn from the same service in III or from its
// neighbours in I. [Config] lets a link depart from the choices where switches
// are known or likely to differ; the A5000 is the least known of all.
//
// # How services are mapped
//
// The model has the services of phase III. I and II write several of them as
// one: setFeature and queryDevice stand for message waiting, do-not-disturb,
// forwarding and agent state, divertCall for deflection and the pickups,
// callCompletion for camp on, call back and intrusion. Fields of a service that
// these phases lack are not sent; values that they lack (a forwarding type by
// origin in I) are refused with message.ErrNotCarried.
package phase12

import (
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/fields"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/csta/internal/rose"
)

// Phase is a phase of CSTA.
type Phase uint8

// The phases.
const (
	I Phase = iota
	II
)

// EventForm is how an event report names its event. Both are read in either phase.
type EventForm uint8

// The forms. ByPhase is ByNumber in I and ByChoice in II.
const (
	ByPhase  EventForm = iota
	ByNumber           // [0] eventType INTEGER and the event (I, sourced)
	ByChoice           // a category and the event in it by their tags (II, sourced)
)

// Config is a phase with what a switch does differently.
type Config struct {
	Phase  Phase
	Events EventForm
	// Wrapped: services whose argument is one identifier have it inside a
	// SEQUENCE. Both are read; otherwise the SEQUENCE is sent with extensions only.
	Wrapped bool
	// Codes adds services to those of the phase, or gives them another
	// operation code: a switch of phase I that sends DTMF, for example.
	Codes map[message.Operation]int64
}

type dialect struct {
	Config
	strings  *message.Cache[string]
	parties  *message.Cache[message.Device]     // by the content of an extended identifier
	calls    *message.Cache[message.Connection] // by that of a ConnectionID
	codes    map[message.Operation]int64
	services map[int64]message.Operation // those that alone have a code
}

// New returns the codec of a phase.
func New(c Config, o message.Options) message.Codec {
	if c.Events == ByPhase {
		c.Events = ByNumber
		if c.Phase == II {
			c.Events = ByChoice
		}
	}
	codes, services := tables(c)
	return rose.New(&dialect{
		Config:   c,
		strings:  message.NewCache[string](o.CacheSize),
		parties:  message.NewCache[message.Device](o.CacheSize),
		calls:    message.NewCache[message.Connection](message.PassingCacheSize),
		codes:    codes,
		services: services,
	}, o)
}

// Tags, the same in both phases.
const (
	tagCalling     ber.Tag = 0x61
	tagCalled      ber.Tag = 0x62
	tagSubject     ber.Tag = 0x63
	tagRedirection ber.Tag = 0x64
	tagConnection  ber.Tag = 0x6b
	tagConnections ber.Tag = 0x6c
	tagState       ber.Tag = 0x4e
	tagCrossRef    ber.Tag = 0x55
	tagDeviceData  ber.Tag = 0x76
	tagCallData    ber.Tag = 0x77
	tagPrivateI    ber.Tag = 0x7d // [APPLICATION 29], private data of phase I
	tagExtensions  ber.Tag = 0x7e // [APPLICATION 30], extensions of phase II
)

// privateExtensions is the private data at the end of a message: by its own tag in
// each phase, either of which is read.
func (d *dialect) privateExtensions(w *ber.Walker, e *message.Extensions) {
	tag := tagPrivateI
	if d.Phase == II {
		tag = tagExtensions
	}
	if w.Tag() == tagPrivateI || w.Tag() == tagExtensions {
		tag = w.Tag()
	}
	fields.Extensions(w, tag, e)
}

// Failure implements rose.Dialect: IMPLICIT tags [1] to [6] (I, sourced). A
// category that these phases lack is sent as the nearest one that they have.
func (d *dialect) Failure(w *ber.Walker, f *message.Failure) {
	classes := [...]message.FailureClass{message.OperationError, message.StateError, message.SystemResourceError,
		message.SubscribedResourceError, message.PerformanceError, message.UnspecifiedError}
	class, number := f.Class, f.Number
	if class == message.SecurityError {
		class, number = message.OperationError, 19 // securityViolation
	}
	if w.Writing() {
		tag := ber.Tag(0x86)
		for i, c := range classes {
			if c == class {
				tag = 0x81 + ber.Tag(i)
			}
		}
		if tag == 0x86 {
			w.Null(tag)
			return
		}
		ber.Int(w, tag, &number)
		return
	}
	i := int(w.Tag()) - 0x81
	if i < 0 || i >= len(classes) {
		w.Failf("expected an error [1] to [6], got %v", w.Tag())
		return
	}
	f.Class = classes[i]
	if f.Class == message.UnspecifiedError {
		w.Null(0x86)
		return
	}
	ber.Int(w, w.Tag(), &f.Number)
}
