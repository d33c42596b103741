// Package csta is the driver for PBXs that speak CSTA (ECMA-179, 217, 269, 285,
// 323, 354): a [Config] is a [driver.Connector].
//
//	cfg := csta.Config{Addr: "pbx.example", Profile: csta.A5000}
//	link := gateway.Link{Name: "paris", Connector: cfg, Capacity: 500}
//
// CSTA differs on the wire from phase to phase and from PBX to PBX; the
// difference is data. [Profiles] lists the types of PBX that are known, and the
// Basis of each says which of its values come from a source and which are
// assumed. If a site differs, change the profile's fields: all of them can be set.
//
//   - CSTA III in BER (ECMA-285) and in XML (ECMA-323, 3rd to 6th edition) are
//     complete for the services and events of package cti.
//   - CSTA I in BER (ECMA-180) nearly so.
//   - Of CSTA II (ECMA-218) no module is public: what is not seen in captures
//     follows its kinship with phase I, and can be configured ([Variant]).
//   - That the Mitel 5000, [A5000], speaks phase II without a length in front
//     is such an inference: record a link (Config.Record) and look at it with
//     package dissect before you rely on it.
//
// # What a link does
//
// Open dials, sends what the PBX expects first (the OXO's start byte, an ACSE
// association, an application session with its login), and makes sure that the
// peer answers. An application session is renewed after two thirds of its life
// and stopped when the link is closed. The PBX's own heartbeats are answered; the
// link registers for the PBX's state if the profile asks for it. A state that means
// lost events or ended monitors ends each supervision, so a gateway starts it again
// and reads the device again.
//
// Messages about a monitor that come before the answer to the request that started
// it are not lost: events are delivered after the answer, and an end ends it. A PBX
// that accepts an association in another version than the profile's, or grants a
// session in another edition, is refused: it would not understand what follows.
//
// Capability exchange narrows what the profile promises. It takes place when a link
// opens and when the PBX reports a change; it is about the complete PBX, not about
// one device. Answers in pieces are put together. Events that the application does
// not want are not requested (Config.LeaveOut).
//
// Private data of the vendor is passed through raw: Escape sends it, and data that
// the PBX sends unprompted is an event of kind cti.Private without a device.
// Details and Permitted of an event hold what ECMA-269 has beyond the usual; with
// Config.KeepRaw the message itself is there as well.
//
// Requests are matched by invoke identifier. A message whose content cannot be
// read is skipped and counted if the next one starts at a known place; a stream
// that is not CSTA ends the link with cti.ErrProtocol. An unknown event or element
// is counted, never fatal. Octets that are not text where BER has
// an IA5String is read as ISO 8859-1. XML with a document type
// declaration is refused.
//
// # Errors
//
// A negative answer is a *cti.Error with the name and number of ECMA-285 as its
// Code ("operation invalidCalledDeviceID (6)"), and one of cti's sentinels.
//
// # Tests and tools
//
// Package cstatest is the other side: a CSTA server for a ctitest
// network, and the replay of recorded links. examples/pbx is that server as a
// program, examples/cstadump prints recorded links.
package csta
