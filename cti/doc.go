// Package cti is the vocabulary of computer-telephony integration, in the terms
// of ECMA-269: devices ([DeviceID], [Extension], [Location]), calls ([Call],
// [Party], [ConnectionID], [Snapshot]), events ([Event], [Kind], [Cause]),
// operations ([Operation], [Operations]), errors ([Error]), and the call model.
//
// It opens no connections. Package cti/gateway opens links to PBXs, supervises
// extensions and provides their events and call control; packages csta and vtixml
// are the drivers of the links; cti/driver holds the interfaces that a driver
// implements; cti/ctitest is an in-memory PBX for tests.
//
// [CallModel] keeps the calls of one device from its events. Events, calls, parties,
// snapshots and errors print on one line, without control characters, whatever a
// PBX or a caller sent; a [DeviceID] and a [CallID] are plain strings.
package cti
