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

// sentinel returns the error of cti that an application decides on.
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

// named are the names that have a sentinel. Supervision slots are a capacity; the
// other limits are of what others hold now, or can never be met. An invalid agent
// state is the requested one, not the current one.
var named = namesOf(map[error]string{
	cti.ErrInvalidDevice: `invalidDeviceID objectNotKnown invalidCallingDeviceID invalidActiveDeviceID
		invalidHeldDeviceID invalidCallToParkDeviceID invalidDivertingDeviceID invalidPickUpDeviceID
		invalidMonitorObject`,
	cti.ErrInvalidDestination: `invalidCalledDeviceID invalidDestination invalidForwardingDestination
		invalidDestinationDeviceID invalidParkToDeviceID invalidDestinationDeviceObject
		invalidCalledDeviceObjectType invalidParkToObjectType`,
	cti.ErrInvalidCall: `invalidCallID invalidConnectionID invalidActiveCallID invalidHeldCallID
		invalidActiveConnectionID invalidHeldConnectionID invalidConnectionIDForActiveCall
		noConnectionToClear noCallToClear`,
	ctikit.ErrUnsupported: "invalidFeature",
	cti.ErrUnsupportedSet: "requestIncompatibleWithObject invalidObjectType invalidMonitorObjectType",
	cti.ErrInvalidState: `invalidAllocationState invalidCrossRefID invalidMonitorCrossRefID
		notDifferentDevices notSameDevice`,
	cti.ErrRefused: `invalidAgentState conferenceMemberLimitExceeded maxDevicesExceeded durationExceeded
		startTimeOutOfRange`,
	cti.ErrCapacity: "overallMonitorLimitExceeded objectMonitorLimitExceeded",
	cti.ErrBusy:     "trunkLimitExceeded outstandingReqLimitExceeded objectRegistrationLimitExceeded",
})

func namesOf(sentinels map[error]string) map[string]error {
	out := make(map[string]error)
	for err, names := range sentinels {
		for _, name := range strings.Fields(names) {
			out[name] = err
		}
	}
	return out
}

// alreadySet is the error of a feature that is already set.
var alreadySet, _ = message.FailureByName(message.OperationError, "featureAlreadySet")

// failureError returns the cti error of a negative answer.
func failureError(f message.Failure) *cti.Error {
	return &cti.Error{Code: f.String(), Err: sentinel(f)}
}

// rejectError returns the cti error of a ROSE reject.
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
