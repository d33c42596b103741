package csta

import (
	"strings"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// Every error of ECMA-285 is one of cti's sentinels, which are what a host
// decides on: by its name, by what the names of its kind have in common, or by
// its category (ECMA-269 12.2.29). testdata/sentinels.txt lists them all.

// sentinel is what a host would do about an error.
func sentinel(f message.Failure) error {
	name := f.Name()
	if err, ok := named[name]; ok {
		return err
	}
	for _, k := range kinds {
		if strings.HasPrefix(name, k.prefix) && strings.HasSuffix(name, k.suffix) {
			return k.err
		}
	}
	switch f.Class {
	case message.StateError:
		return cti.ErrInvalidState
	case message.SystemResourceError, message.PerformanceError:
		return cti.ErrBusy
	case message.SubscribedResourceError:
		return cti.ErrCapacity
	}
	return cti.ErrRefused
}

// kinds of names, the first that fits counts.
var kinds = []struct {
	prefix, suffix string
	err            error
}{
	{"", "OutOfService", cti.ErrUnreachable},
	{"", "NotSupported", ctikit.ErrUnsupported},
	{"requestIncompatibleWith", "", ctikit.ErrUnsupported},
	{"", "State", cti.ErrInvalidState},
}

var named = map[string]error{
	"invalidDeviceID": cti.ErrInvalidDevice, "objectNotKnown": cti.ErrInvalidDevice,
	"invalidCallingDeviceID": cti.ErrInvalidDevice,
	"invalidActiveDeviceID":  cti.ErrInvalidDevice, "invalidHeldDeviceID": cti.ErrInvalidDevice,
	"invalidCallToParkDeviceID": cti.ErrInvalidDevice,
	"invalidDivertingDeviceID":  cti.ErrInvalidDevice, "invalidPickUpDeviceID": cti.ErrInvalidDevice,
	"invalidMonitorObject": cti.ErrInvalidDevice,

	"invalidCalledDeviceID": cti.ErrInvalidDestination, "invalidDestination": cti.ErrInvalidDestination,
	"invalidForwardingDestination": cti.ErrInvalidDestination, "invalidDestinationDeviceID": cti.ErrInvalidDestination,
	"invalidParkToDeviceID": cti.ErrInvalidDestination, "invalidDestinationDeviceObject": cti.ErrInvalidDestination,
	"invalidCalledDeviceObjectType": cti.ErrInvalidDestination, "invalidParkToObjectType": cti.ErrInvalidDestination,

	"invalidCallID": cti.ErrInvalidCall, "invalidConnectionID": cti.ErrInvalidCall,
	"invalidActiveCallID": cti.ErrInvalidCall,
	"invalidHeldCallID":   cti.ErrInvalidCall, "invalidActiveConnectionID": cti.ErrInvalidCall,
	"invalidHeldConnectionID":          cti.ErrInvalidCall,
	"invalidConnectionIDForActiveCall": cti.ErrInvalidCall, "noConnectionToClear": cti.ErrInvalidCall,
	"noCallToClear": cti.ErrInvalidCall,

	"invalidFeature": ctikit.ErrUnsupported, "requestIncompatibleWithObject": cti.ErrUnsupportedSet,
	"invalidObjectType": cti.ErrUnsupportedSet, "invalidMonitorObjectType": cti.ErrUnsupportedSet,

	"invalidAllocationState": cti.ErrInvalidState, "invalidCrossRefID": cti.ErrInvalidState,
	"invalidMonitorCrossRefID": cti.ErrInvalidState,
	"notDifferentDevices":      cti.ErrInvalidState, "notSameDevice": cti.ErrInvalidState,
	"invalidAgentState": cti.ErrRefused, // the state asked for, not one that it is in

	// Supervision slots; the other limits are of something that others hold at present.
	"overallMonitorLimitExceeded": cti.ErrCapacity, "objectMonitorLimitExceeded": cti.ErrCapacity,
	"trunkLimitExceeded": cti.ErrBusy, "outstandingReqLimitExceeded": cti.ErrBusy,
	"objectRegistrationLimitExceeded": cti.ErrBusy,

	// More than there ever is: not something to try again.
	"conferenceMemberLimitExceeded": cti.ErrRefused, "maxDevicesExceeded": cti.ErrRefused,
	"startTimeOutOfRange": cti.ErrRefused, "durationExceeded": cti.ErrRefused,
}

// alreadySet is the error of a setting that is as it was asked for.
var alreadySet, _ = message.FailureByName(message.OperationError, "featureAlreadySet")

// failureError is the cti error of a negative answer.
func failureError(f message.Failure) *cti.Error {
	return &cti.Error{Code: f.String(), Err: sentinel(f)}
}

// rejectError is the cti error of a ROSE reject.
func rejectError(r *message.Reject) *cti.Error {
	err := cti.ErrProtocol
	if r.Class == message.RejectInvoke {
		switch r.Problem {
		case 1:
			err = ctikit.ErrUnsupported
		case 3:
			err = cti.ErrBusy
		}
	}
	return &cti.Error{Code: "rejected: " + r.String(), Err: err}
}
