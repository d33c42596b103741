// Package driver defines the interfaces that a driver of a PBX protocol
// implements: a [Connector] opens a [Session], which supervises devices, performs
// a [Request] with Do and reports events to an [EventSink]. Packages csta and
// vtixml are drivers. Applications use package gateway and need this one only to
// write a driver or to wrap one ([Intercept]).
//
// Test a driver with drivertest.TestConnector. docs/write-a-driver.md shows a
// complete driver.
package driver
