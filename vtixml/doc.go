// Package vtixml drives VTI-XML links: the links that carry most supervisions
// of an Aastra A5000 (TWP guide 3.3, 4.1 and 4.2). [Config] is a
// [driver.Connector]:
//
//	gateway.Link{Name: "paris", Capacity: 500, Connector: vtixml.Config{Addr: "pbx.example"}}
//
// # What is known about VTI-XML
//
// The vendor's wire format is not public. Known are the port, 3199; that one
// link multiplexes the supervision of many extensions up to a capacity; that it
// supervises every set type but the i2052 softphone; that each extension is
// logged on with its own password; that a link may supervise other sites than
// its own (transit); and that call forwards do not go over it but over CSTA.
//
// This package therefore speaks its own dialect, complete and documented in
// PROTOCOL.md ([Version]). With the vendor's specification, write a [Codec] (which
// may be [Ungreeted] too) and a [Framer] if necessary, and set them in [Config]:
// everything else works on typed messages and stays unchanged. The tests hold such a codec, written with
// encoding/xml in another vocabulary, to the same conformance suite.
//
// # Behaviour
//
// Requests are pipelined and matched by identifier, up to Config.MaxInFlight;
// further ones wait. Supervisions asked for at the same time are logged on in
// batches, one message for a place. A late answer goes to no other request: a
// supervision that it started is stopped, a call is cleared if
// Config.ClearLateCalls is set, and anything else is reported by an event of
// kind [cti.LateAnswer]. A refused extension concerns that extension alone.
//
// A link has three goroutines at most: one reads, one writes, and one gathers
// logons while there are some. They end with the session.
package vtixml
