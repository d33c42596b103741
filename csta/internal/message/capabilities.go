package message

import (
	"slices"

	"github.com/ctikit/ctikit/cti"
)

// Capabilities is what the switch reports about itself (the capability exchange
// services of ECMA-269).
type Capabilities struct {
	// Services and Events that the switch has, in no order. One that the model
	// does not know is omitted.
	Services []Operation
	Events   []cti.Kind

	// The rest is of getSwitchingFunctionCapabilities only.
	Name           Text // switching sub-domain
	Manufacturer   Text
	Profiles       Bits // basic telephony, routeing, ...
	DeviceFormat   Bits
	Features       Bits
	Addressability Bits
	Appearances    Bits
	Reject         bool // a message with parameters that are not supported is rejected, else they are ignored
	Linkage        Bits // bit 0 call linkage data, bit 1 thread data
	LocalView      bool // connections are as each device sees them, else fixed
	// Lengths are the longest account code, authorization code, agent, password,
	// call, correlator, private data, device, user data, button label, lamp label
	// and digits.
	Lengths     [12]int64
	PrivateData []int64    // versions
	StatusTimer Opt[int64] // s between the system status messages that the switch sends
}

// Has reports whether the switch has the service.
func (c *Capabilities) Has(op Operation) bool { return slices.Contains(c.Services, op) }

// Reports reports whether the switch has the event.
func (c *Capabilities) Reports(kind cti.Kind) bool { return slices.Contains(c.Events, kind) }
