// Package drivertest is the conformance suite of drivers: [TestConnector] checks
// that a driver keeps the contract of [driver.Connector] and [driver.Session],
// against a PBX network in memory (package ctitest) served by the driver's own test
// server. It imports package testing, so only tests should import it.
package drivertest
