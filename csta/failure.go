package csta

import (
	"context"
	"errors"
	"fmt"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// failure is the cti error of a negative answer.
func failure(f message.Failure) *cti.Error {
	return &cti.Error{Code: f.String(), Err: sentinel(f)}
}

// rejected is the cti error of a ROSE reject.
func rejected(r *message.Reject) *cti.Error {
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

// failed names an error of the exchange for a caller.
func (s *session) failed(op cti.Operation, device cti.DeviceID, sent bool, err error) error {
	var e *cti.Error
	if errors.As(err, &e) {
		named := *e
		named.Op, named.Device = op, device
		return &named
	}
	if !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, cti.ErrLinkDown) &&
		!errors.Is(err, cti.ErrClosed) && !errors.Is(err, cti.ErrProtocol) {
		err = fmt.Errorf("%w: %w", cti.ErrLinkDown, err)
	}
	return &cti.Error{Op: op, Device: device, NotSent: !sent, Err: err}
}
