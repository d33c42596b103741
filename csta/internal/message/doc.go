// Package message is what CSTA says, apart from how a phase or an encoding
// writes it: services with their arguments and results, events, errors, the
// association. The driver and the fake switch speak these values only; a
// [Codec] turns them into the bytes of one frame and back.
//
// # Values
//
// The vocabulary is that of ECMA-269. A [Request], a [Result] and an [Event]
// are each one flat struct with the fields of every service or event; the
// comments say which use which. What is absent is the zero value: a [Device]
// with status Absent, a nil [Text], [Octets] or list (an empty one that is not
// nil is present and empty), an [Opt] that is not Set.
//
// Numbers of the model are those of ECMA-285 (CSTA III): operation codes,
// causes, filter bits, error numbers. Phases I and II translate at their edge.
//
// # Lifetimes
//
// Text, Octets and Raw alias the frame that was decoded, an event's cross
// reference too: copy what is kept. Strings (device numbers, call identifiers,
// cross references of services) are the codec's own interned copies and may be
// kept for ever. So may what a pointer in a [CallData] points to, but it may be
// shared with other messages: do not change it.
//
// # Adding an encoding
//
// Write a package next to phase3 with a type that satisfies [Codec]. Describe
// each service and event once, as a function over (walker, *Request), that
// works in both directions; phase3 shows the pattern with ber.Walker, and a
// further phase over BER is no more than a rose.Dialect. Take the numbers of
// devices and the identifiers of calls from a [Cache], so that a known one
// costs no allocation. Decode must reset the Message ([Message.Reset]) and the
// part that it fills, set Kind and InvokeID before anything that can fail, and
// leave what it does not know as Unknown with Raw set. Append must not change
// what it is given: several goroutines may send the same value. An element
// that the encoding has and the model lacks is a field to add here, not one to
// drop.
//
// # Numbers and names
//
// What is plain numbers and names in a standard (operations, errors, enumerations,
// bits) is in the text tables of csta/internal/gen; go generate makes Go of them.
package message
