package ecma323

// The lists of booleans in the order of the schema, with the bits of ECMA-285.
var (
	callControlServices = []bit{
		{name: "acceptCall", bit: 0},
		{name: "alternateCall", bit: 1},
		{name: "answerCall", bit: 2},
		{name: "callBack", bit: 3},
		{name: "callBackMessage", bit: 4},
		{name: "campOnCall", bit: 5},
		{name: "clearCall", bit: 6},
		{name: "clearConnection", bit: 7},
		{name: "conferenceCall", bit: 8},
		{name: "consultationCall", bit: 9},
		{name: "deflectCall", bit: 10},
		{name: "dialDigits", bit: 11},
		{name: "directedPickupCall", bit: 12},
		{name: "groupPickupCall", bit: 13},
		{name: "holdCall", bit: 14},
		{name: "intrudeCall", bit: 15},
		{name: "joinCall", bit: 16},
		{name: "makeCall", bit: 17},
		{name: "makePredictiveCall", bit: 18},
		{name: "parkCall", bit: 19},
		{name: "reconnectCall", bit: 20},
		{name: "retrieveCall", bit: 21},
		{name: "sendMessage", bit: 26},
		{name: "singleStepConference", bit: 22},
		{name: "singleStepTransfer", bit: 23},
		{name: "transferCall", bit: 24},
	}
	callAssociatedServices = []bit{
		{name: "associateData", bit: 0},
		{name: "cancelTelephonyTones", bit: 1},
		{name: "generateDigits", bit: 2},
		{name: "generateTelephonyTones", bit: 3},
		{name: "sendUserInformation", bit: 4},
		{name: "changeConnectionInformation", bit: 5, since: 4},
	}
	mediaServices = []bit{
		{name: "attachMediaService", bit: 0},
		{name: "detachMediaService", bit: 1},
	}
	routeingServices = []bit{
		{name: "routeRegister", bit: 0},
		{name: "routeRegisterCancel", bit: 1},
		{name: "routeRegisterAbort", bit: 2},
		{name: "reRoute", bit: 3},
		{name: "routeEnd", bit: 4},
		{name: "routeReject", bit: 5},
		{name: "routeRequest", bit: 6},
		{name: "routeSelect", bit: 7},
		{name: "routeUsed", bit: 8},
	}
	voiceServices = []bit{
		{name: "activate", bit: 12},
		{name: "clear", bit: 13},
		{name: "deactivate", bit: 14},
		{name: "concatenateMessage", bit: 0},
		{name: "deleteMessage", bit: 1},
		{name: "playMessage", bit: 2},
		{name: "queryVoiceAttribute", bit: 3},
		{name: "recordMessage", bit: 4},
		{name: "reposition", bit: 5},
		{name: "resume", bit: 6},
		{name: "review", bit: 7},
		{name: "setVoiceAttribute", bit: 8},
		{name: "stop", bit: 9},
		{name: "suspend", bit: 10},
		{name: "synthesizeMessage", bit: 11},
	}
	mediaClasses = []bit{
		{name: "voice", bit: 0},
		{name: "data", bit: 1},
		{name: "image", bit: 2},
		{name: "audio", bit: 4},
		{name: "other", bit: 3},
		{name: "notKnown", bit: 5},
		{name: "chat", bit: 6},
		{name: "email", bit: 7},
		{name: "message", bit: 8},
		{name: "im", bit: 9},
		{name: "sms", bit: 10},
		{name: "mms", bit: 11},
	}
	callCharacteristics = []bit{
		{name: "acdCall", bit: 0},
		{name: "lowPriorityCall", bit: 11},
		{name: "priorityCall", bit: 1},
		{name: "highPriorityCall", bit: 12},
		{name: "maintainanceCall", bit: 2},
		{name: "directAgent", bit: 3},
		{name: "assistCall", bit: 4},
		{name: "voiceUnitCall", bit: 5},
		{name: "privateCall", bit: 6},
		{name: "personalCall", bit: 7},
		{name: "sensitiveCall", bit: 8},
		{name: "confidentialCall", bit: 9},
		{name: "encryptedCall", bit: 10, since: 4},
	}
	monitorMediaClasses = []bit{
		{name: "voice", bit: 0},
		{name: "data", bit: 1},
		{name: "image", bit: 2},
		{name: "audio", bit: 4},
		{name: "other", bit: 3},
		{name: "chat", bit: 6},
		{name: "email", bit: 7},
		{name: "message", bit: 8},
		{name: "im", bit: 9},
		{name: "sms", bit: 10},
		{name: "mms", bit: 11},
	}
	systemStatuses = []bit{
		{name: "initializing", bit: 0},
		{name: "enabled", bit: 1},
		{name: "normal", bit: 2},
		{name: "messageLost", bit: 3},
		{name: "disabled", bit: 4},
		{name: "partiallyDisabled", bit: 5},
		{name: "overloadImminent", bit: 6},
		{name: "overloadReached", bit: 7},
		{name: "overloadRelieved", bit: 8},
	}
	requestTypes = []bit{
		{name: "systemStatus", bit: 0},
		{name: "requestSystemStatus", bit: 1},
		{name: "switchingFunctionCapsChanged", bit: 2},
		{name: "switchingFunctionDevicesChanged", bit: 3},
	}
	callOrigins = []bit{
		{name: "internal", bit: 0},
		{name: "external", bit: 1},
	}
	networkEvents = []bit{
		{name: "bridged", bit: 0},
		{name: "callCleared", bit: 1},
		{name: "conferenced", bit: 2},
		{name: "connectionCleared", bit: 3},
		{name: "delivered", bit: 4},
		{name: "digitsDialed", bit: 5},
		{name: "diverted", bit: 6},
		{name: "established", bit: 7},
		{name: "failed", bit: 8},
		{name: "held", bit: 9},
		{name: "networkCapabilitiesChange", bit: 10},
		{name: "networkReached", bit: 11},
		{name: "offered", bit: 12},
		{name: "originated", bit: 13},
		{name: "queued", bit: 14},
		{name: "retrieved", bit: 15},
		{name: "serviceInitiated", bit: 16},
		{name: "transferred", bit: 17},
	}
	deviceAttributes = []bit{
		{name: "mediaAccessDevice", bit: 0},
		{name: "routeingDevice", bit: 1},
		{name: "groupACD", bit: 2},
		{name: "groupHunt", bit: 3},
		{name: "groupPick", bit: 4},
	}

	// The events of a filter: a true one is not wanted. The bits are those of
	// message.Filter.
	callControlEvents = []bit{
		{name: "bridged", bit: 15}, {name: "callCleared", bit: 0}, {name: "conferenced", bit: 1}, {name: "connectionCleared", bit: 2},
		{name: "delivered", bit: 3}, {name: "digitsDialed", bit: 14}, {name: "diverted", bit: 4}, {name: "established", bit: 5},
		{name: "failed", bit: 6}, {name: "held", bit: 7}, {name: "networkCapabilitiesChanged", bit: 16}, {name: "networkReached", bit: 8},
		{name: "offered", bit: 17}, {name: "originated", bit: 9}, {name: "queued", bit: 10}, {name: "retrieved", bit: 11},
		{name: "serviceInitiated", bit: 12}, {name: "transferred", bit: 13},
	}
	callAssociatedEvents = bitsOf("callInformation", "charging", "digitsGenerated", "telephonyTonesGenerated", "serviceCompletionFailure")
	mediaEvents          = bitsOf("mediaAttached", "mediaDetached")
	physicalEvents       = bitsOf("buttonInformation", "buttonPress", "displayUpdated", "hookswitch", "lampMode", "messageWaiting",
		"microphoneGain", "microphoneMute", "ringerStatus", "speakerMute", "speakerVolume")
	logicalEvents = append(bitsOf("agentBusy", "agentLoggedOn", "agentLoggedOff", "agentNotReady", "agentReady",
		"agentWorkingAfterCall", "autoAnswer", "autoWorkMode", "callBack", "callBackMessage", "callerIDStatus", "doNotDisturb", "forwarding"),
		bit{name: "presenceState", bit: 14, since: 4}, bit{name: "routeingMode", bit: 13})
	maintenanceEvents = []bit{{name: "backInService", bit: 0}, {name: "deviceCapabilityChanged", bit: 2}, {name: "outOfService", bit: 1}, {name: "partiallyInService", bit: 3}}
	voiceEvents       = bitsOf("bookmarkReached", "completed", "dtmfDetected", "emptied", "interruptionDetected", "notRecognized", "play",
		"recognized", "record", "review", "started", "silenceTimeoutExpired", "speechDetected", "stop", "suspendPlay", "suspendRecord",
		"voiceAttributesChanged", "voiceErrorOccurred")
	privateEvents = bitsOf("private")
)
