package cti

import (
	"errors"
	"strings"

	"github.com/ctikit/ctikit/internal/printable"
)

// Errors to test for with errors.Is; the errors themselves are [*Error] and say
// more. [ctikit.ErrUnsupported] is another.
var (
	// ErrClosed: the gateway, session or subscription has ended.
	ErrClosed = errors.New("closed")
	// ErrLinkDown: the link that would serve this has no session.
	ErrLinkDown = errors.New("link is down")
	// ErrProtocol: the peer sent what the protocol does not allow.
	ErrProtocol = errors.New("protocol violation")
	// ErrBadCredentials: the PBX refused the link's own login.
	ErrBadCredentials = errors.New("link credentials refused")
	// ErrCapacity: no free supervision slot.
	ErrCapacity = errors.New("supervision capacity exhausted")
	// ErrUnsupervised: the device is not supervised now.
	ErrUnsupervised = errors.New("device is not supervised")

	// ErrUnsupportedSet: the link cannot supervise this set type (i2052 over VTI-XML).
	ErrUnsupportedSet = errors.New("set type not supported by the link")
	// ErrBadPassword: the extension password was refused.
	ErrBadPassword = errors.New("extension password refused")
	// ErrUnreachable: the link cannot reach the device's site now.
	ErrUnreachable = errors.New("site unreachable")
	// ErrInvalidDevice: the PBX or the configuration does not know the device.
	ErrInvalidDevice = errors.New("unknown device")
	// ErrInvalidDestination: the number cannot be called.
	ErrInvalidDestination = errors.New("invalid destination")
	// ErrInvalidCall: the call or connection does not exist, or no longer.
	ErrInvalidCall = errors.New("no such call")
	// ErrInvalidState: the device or connection is not in a state that allows this.
	ErrInvalidState = errors.New("not possible in this state")
	// ErrBusy: the PBX or device is busy; the same may work later.
	ErrBusy = errors.New("busy")
	// ErrRefused: the PBX refused for another reason; see Error.Code.
	ErrRefused = errors.New("refused by the PBX")
	// ErrNotPermitted: the application's own rule forbids the operation on this line.
	ErrNotPermitted = errors.New("operation not permitted on this line")
	// ErrOverflow: a subscription with the policy [gateway.FailOnOverflow] was too slow.
	ErrOverflow = errors.New("subscription overflowed")
)

// Error is the error of every request to a PBX.
type Error struct {
	Op     Operation
	Link   string   // name of the link that the request went to or would go to, "" if there is none
	Line   DeviceID // the line that it was asked for, "" for a request to a link
	Device DeviceID // the device concerned, usually the line's own; "" if none is
	Code   string   // the protocol's own code and name: "invalidCallingDevice (5)"
	Detail string   // the problem or the remedy, in a few words
	Limit  int      // with ErrCapacity: the PBX's own figure; 0 if it does not report one
	// NotSent: certainly nothing reached the peer. See [SafeToRetry].
	NotSent bool
	Err     error // one of the sentinels above, or a cause that wraps one
}

// Error is one line without control characters:
// `make call 4001 on link "paris": link is down: connection reset`.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op.String())
	if e.Device != "" {
		b.WriteString(" " + string(e.Device))
	}
	if e.Line != "" && e.Line != e.Device {
		b.WriteString(" for line " + string(e.Line))
	}
	if e.Link != "" {
		b.WriteString(` on link "` + e.Link + `"`)
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	if e.Code != "" {
		b.WriteString(": " + e.Code)
	}
	if e.Detail != "" {
		b.WriteString(": " + e.Detail)
	}
	return printable.Text(b.String())
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// SafeToRetry reports that certainly nothing of the failed operation reached
// the PBX, so that repeating it cannot do it twice.
func SafeToRetry(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.NotSent
}
