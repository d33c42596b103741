// Package driver is what a driver of a PBX protocol implements: [Connector]
// opens a [Session], which supervises devices, performs a [Request] with Do and
// reports events to an [EventSink]. Packages csta and vtixml are drivers; hosts
// use package gateway and need this one only to write a driver or to wrap one
// ([Intercept]).
//
// A driver proves itself with drivertest.TestConnector. docs/write-a-driver.md
// shows one from beginning to end.
package driver
