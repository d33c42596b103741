package message

import "strconv"

// Operation is a service. The values are the operation codes of ECMA-285, so
// that CSTA III needs no table; those from 1000 on exist in XML only.
type Operation uint16

// The services of ECMA-269, and the application sessions of ECMA-354.
const (
	NoOperation                     Operation = 0
	AlternateCall                   Operation = 1
	AnswerCall                      Operation = 2
	ClearCall                       Operation = 4
	ClearConnection                 Operation = 5
	ConferenceCall                  Operation = 6
	ConsultationCall                Operation = 7
	HoldCall                        Operation = 9
	MakeCall                        Operation = 10
	MakePredictiveCall              Operation = 11
	ReconnectCall                   Operation = 13
	RetrieveCall                    Operation = 14
	TransferCall                    Operation = 16
	ParkCall                        Operation = 18
	SingleStepConference            Operation = 20
	EventReport                     Operation = 21 // read into Event, not Request
	SingleStepTransfer              Operation = 50
	Escape                          Operation = 51
	MonitorStart                    Operation = 71
	ChangeMonitorFilter             Operation = 72
	MonitorStop                     Operation = 73
	SnapshotDevice                  Operation = 74
	SnapshotCall                    Operation = 75
	SnapshotCallData                Operation = 76
	SnapshotDeviceData              Operation = 77
	GetLogicalDeviceInformation     Operation = 201
	GetPhysicalDeviceInformation    Operation = 202
	GetSwitchingFunctionCaps        Operation = 203
	GetSwitchingFunctionDevices     Operation = 204
	SwitchingFunctionDevices        Operation = 205
	ChangeSystemStatusFilter        Operation = 206
	SystemRegister                  Operation = 207
	SystemRegisterAbort             Operation = 208
	SystemRegisterCancel            Operation = 209
	RequestSystemStatus             Operation = 210
	SystemStatus                    Operation = 211
	SwitchingFunctionCapsChanged    Operation = 212
	SwitchingFunctionDevicesChanged Operation = 213
	AcceptCall                      Operation = 214
	CallBack                        Operation = 215
	CallBackMessage                 Operation = 216
	CampOnCall                      Operation = 217
	DeflectCall                     Operation = 218
	DialDigits                      Operation = 219
	DirectedPickupCall              Operation = 220
	GroupPickupCall                 Operation = 221
	IntrudeCall                     Operation = 222
	JoinCall                        Operation = 223
	AssociateData                   Operation = 230
	CancelTelephonyTones            Operation = 231
	GenerateDigits                  Operation = 232
	GenerateTelephonyTones          Operation = 233
	SendUserInformation             Operation = 234
	GetMessageWaitingIndicator      Operation = 267
	SetMessageWaitingIndicator      Operation = 277
	CallBackNonCallRelated          Operation = 300
	CallBackMessageNonCallRelated   Operation = 301
	CancelCallBack                  Operation = 302
	CancelCallBackMessage           Operation = 303
	GetAgentState                   Operation = 304
	GetAutoAnswer                   Operation = 305
	GetDoNotDisturb                 Operation = 308
	GetForwarding                   Operation = 309
	SetAgentState                   Operation = 312
	SetAutoAnswer                   Operation = 313
	SetDoNotDisturb                 Operation = 316
	SetForwarding                   Operation = 317
	GetCSTAFeatures                 Operation = 370
	StartApplicationSession         Operation = 1000
	StopApplicationSession          Operation = 1001
	ResetApplicationSessionTimer    Operation = 1002
	ApplicationSessionTerminated    Operation = 1003 // says the PBX
)

var operationNames = map[Operation]string{
	AlternateCall: "alternateCall", AnswerCall: "answerCall", ClearCall: "clearCall",
	ClearConnection: "clearConnection", ConferenceCall: "conferenceCall", ConsultationCall: "consultationCall",
	HoldCall: "holdCall", MakeCall: "makeCall", MakePredictiveCall: "makePredictiveCall",
	ReconnectCall: "reconnectCall", RetrieveCall: "retrieveCall", TransferCall: "transferCall",
	ParkCall: "parkCall", SingleStepConference: "singleStepConf", EventReport: "cSTAEventReport",
	SingleStepTransfer: "singleStepTrans", Escape: "escape", MonitorStart: "monitorStart",
	ChangeMonitorFilter: "changeMonitorFilter", MonitorStop: "monitorStop", SnapshotDevice: "snapshotDevice",
	SnapshotCall: "snapshotCall", SnapshotCallData: "snapshotCallData", SnapshotDeviceData: "snapshotDeviceData",
	GetLogicalDeviceInformation:  "getLogicalDeviceInformation",
	GetPhysicalDeviceInformation: "getPhysicalDeviceInformation",
	GetSwitchingFunctionCaps:     "getSwitchingFunctionCapabilities",
	GetSwitchingFunctionDevices:  "getSwitchingFunctionDevices",
	SwitchingFunctionDevices:     "switchingFunctionDevices",
	ChangeSystemStatusFilter:     "changeSysStatFilter", SystemRegister: "systemRegister",
	SystemRegisterAbort: "systemRegisterAbort", SystemRegisterCancel: "systemRegisterCancel",
	SwitchingFunctionCapsChanged: "swFunctionCapsChanged", SwitchingFunctionDevicesChanged: "swFunctionDevicesChanged",
	RequestSystemStatus: "requestSysStat", SystemStatus: "systemStatus", AcceptCall: "acceptCall",
	CallBack: "callBack", CallBackMessage: "callBackMessage", CampOnCall: "camponCall",
	DeflectCall: "deflectCall", DialDigits: "dialDigits", DirectedPickupCall: "directedPickupCall",
	GroupPickupCall: "groupPickupCall", IntrudeCall: "intrudeCall", JoinCall: "joinCall",
	AssociateData: "associateData", CancelTelephonyTones: "cancelTelephonyTones",
	GenerateDigits: "generateDigits", GenerateTelephonyTones: "generateTelephonyTones",
	SendUserInformation: "sendUserInfo", GetMessageWaitingIndicator: "getMessageWaitingIndicator",
	SetMessageWaitingIndicator: "setMessageWaitingIndicator", CallBackNonCallRelated: "callBackNonCallRelated",
	CallBackMessageNonCallRelated: "callBackMessageNonCallRelated", CancelCallBack: "cancelCallBack",
	CancelCallBackMessage: "cancelCallBackMessage", GetAgentState: "getAgentState",
	GetAutoAnswer: "getAutoAnswer", GetDoNotDisturb: "getDoNotDisturb", GetForwarding: "getForwarding",
	SetAgentState: "setAgentState", SetAutoAnswer: "setAutoAnswer", SetDoNotDisturb: "setDoNotDisturb",
	SetForwarding: "setForwarding", GetCSTAFeatures: "getCSTAFeature",
	StartApplicationSession: "startApplicationSession", StopApplicationSession: "stopApplicationSession",
	ResetApplicationSessionTimer: "resetApplicationSessionTimer", ApplicationSessionTerminated: "applicationSessionTerminated",
}

// String is the name that ECMA-285 gives the operation, spelt as there.
func (o Operation) String() string {
	if name, ok := operationNames[o]; ok {
		return name
	}
	return "operation " + strconv.Itoa(int(o))
}

// MarshalText encodes the operation by name.
func (o Operation) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// Answered reports whether the operation has a result (ECMA-285: the others
// are marked ALWAYS RESPONDS FALSE).
func (o Operation) Answered() bool {
	switch o {
	case EventReport, SnapshotCallData, SnapshotDeviceData, SwitchingFunctionDevices, SystemRegisterAbort, ApplicationSessionTerminated:
		return false
	}
	return true
}

// Operations lists the services that the model knows, in no order.
func Operations() []Operation {
	out := make([]Operation, 0, len(operationNames))
	for o := range operationNames {
		out = append(out, o)
	}
	return out
}

func name(names []string, i int, kind string) string {
	if i < len(names) {
		return names[i]
	}
	return kind + "(" + strconv.Itoa(i) + ")"
}
