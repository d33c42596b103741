package csta

import (
	"context"
	"errors"
	"fmt"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// failure is the cti error of a negative answer.
func failure(f message.Failure) *cti.Error {
	return &cti.Error{Code: f.String(), Err: sentinel(f)}
}

// sentinel tells what a host would do about an error (ECMA-269 12.2.29).
func sentinel(f message.Failure) error {
	if err, ok := sentinels[f.Name()]; ok {
		return err
	}
	switch f.Class {
	case message.StateError:
		return cti.ErrInvalidState
	case message.SystemResourceError:
		return cti.ErrBusy
	case message.SubscribedResourceError:
		return cti.ErrCapacity
	case message.PerformanceError:
		return cti.ErrBusy
	}
	return cti.ErrRefused
}

// sentinels by the names of ECMA-285; other errors go by their category.
var sentinels = map[string]error{
	"invalidCallingDeviceID":               cti.ErrInvalidDevice,
	"invalidDeviceID":                      cti.ErrInvalidDevice,
	"objectNotKnown":                       cti.ErrInvalidDevice,
	"invalidCalledDeviceID":                cti.ErrInvalidDestination,
	"invalidDestination":                   cti.ErrInvalidDestination,
	"invalidForwardingDestination":         cti.ErrInvalidDestination,
	"invalidCallID":                        cti.ErrInvalidCall,
	"invalidConnectionID":                  cti.ErrInvalidCall,
	"invalidFeature":                       cti.ErrUnsupported,
	"serviceNotSupported":                  cti.ErrUnsupported,
	"requestIncompatibleWithObject":        cti.ErrUnsupportedSet,
	"requestIncompatibleWithCallingDevice": cti.ErrUnsupported,
	"deviceOutOfService":                   cti.ErrUnreachable,
	"networkOutOfService":                  cti.ErrUnreachable,
	"networkBusy":                          cti.ErrBusy,
	"resourceBusy":                         cti.ErrBusy,
	"overallMonitorLimitExceeded":          cti.ErrCapacity,
	"objectMonitorLimitExceeded":           cti.ErrCapacity,
	"outstandingReqLimitExceeded":          cti.ErrBusy,
	"noCallToAnswer":                       cti.ErrInvalidState,
	"noConnectionToClear":                  cti.ErrInvalidCall,
	"noCallToClear":                        cti.ErrInvalidCall,
	"noActiveCall":                         cti.ErrInvalidState,
	"noHeldCall":                           cti.ErrInvalidState,
	"noCallToComplete":                     cti.ErrInvalidState,
	"invalidObjectState":                   cti.ErrInvalidState,
	"privilegeViolationSpecifiedDevice":    cti.ErrRefused,
}

// rejected is the cti error of a ROSE reject.
func rejected(r *message.Reject) *cti.Error {
	err := cti.ErrProtocol
	if r.Class == message.RejectInvoke {
		switch r.Problem {
		case 1:
			err = cti.ErrUnsupported
		case 3:
			err = cti.ErrBusy
		}
	}
	return &cti.Error{Code: "rejected: " + r.String(), Err: err}
}

// failed names an error of the exchange for a caller.
func (s *session) failed(op cti.Operation, device cti.DeviceID, sent bool, err error) error {
	var e *cti.Error
	if errors.As(err, &e) {
		named := *e
		named.Op, named.Device = op, device
		return &named
	}
	if !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, cti.ErrLinkDown) &&
		!errors.Is(err, message.ErrNotCarried) && !errors.Is(err, cti.ErrClosed) && !errors.Is(err, cti.ErrProtocol) {
		err = fmt.Errorf("%w: %w", cti.ErrLinkDown, err)
	}
	if errors.Is(err, message.ErrNotCarried) {
		err = fmt.Errorf("%w: %w", cti.ErrUnsupported, err)
	}
	return &cti.Error{Op: op, Device: device, NotSent: !sent, Err: err}
}
