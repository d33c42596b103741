// Package cti is the vocabulary of computer-telephony integration, in the terms
// of ECMA-269: devices ([DeviceID], [Extension], [Location]), calls ([Call],
// [Party], [ConnectionID], [Snapshot]), events ([Event], [Kind], [Cause]),
// operations ([Operation], [Operations]), errors ([Error]), and the call model.
//
// It does nothing by itself. Package cti/gateway opens links to PBXs, supervises
// extensions and gives their events and call control; packages csta and vtixml
// are the drivers of the links; cti/driver is what a driver implements;
// cti/ctitest is a PBX in memory to test against.
//
// [CallModel] folds the events of one device into its calls. Values print on one
// line, without control characters, whatever a PBX or a caller sent.
package cti
