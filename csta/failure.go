package csta

import (
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
