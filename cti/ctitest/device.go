package ctitest

import (
	"slices"
	"strings"

	"github.com/ctikit/ctikit/cti"
)

// device is a set of the network, or a party outside.
type device struct {
	number  cti.DeviceID
	name    string // shown with the number
	outside bool
	conns   []*connection // in order of the calls' beginning at this device
	uses    int           // calls in which it took part and which have ended
	freed   bool          // a connection ended since waiting calls were looked at

	// Of a set.
	ext       cti.Extension
	lines     int // calls at once; more make it busy
	group     string
	prompting bool
	dnd       bool
	waiting   bool
	agent     cti.AgentState
	forwards  []cti.Forward
	monitors  []*monitor

	// Of a party outside.
	withheld bool
	manner   Manner
}

// isBusy reports whether one more call finds no line free.
func (d *device) isBusy() bool { return !d.outside && len(d.conns) >= d.lines }

// connectionIn returns the connection in one of the states, nil if there is none.
func (d *device) connectionIn(states ...cti.LocalState) *connection {
	for _, k := range d.conns {
		if slices.Contains(states, k.state) {
			return k
		}
	}
	return nil
}

// forwardFor returns the active forward of a type for a call from outside or
// inside: one for just that origin goes before one for all calls.
func (d *device) forwardFor(t cti.ForwardType, external bool) (cti.Forward, bool) {
	origin := cti.InternalCalls
	if external {
		origin = cti.ExternalCalls
	}
	for _, o := range []cti.Origin{origin, cti.AllCalls} {
		for _, f := range d.forwards {
			if f.Type == t && f.Origin == o && f.Active {
				return f, true
			}
		}
	}
	return cti.Forward{}, false
}

// findDiversion returns the forward that takes a new call away before it rings.
func (d *device) findDiversion(external bool) (cti.Forward, cti.Cause, bool) {
	if f, ok := d.forwardFor(cti.ForwardImmediate, external); ok {
		return f, cti.CauseCallForwardImmediate, true
	}
	if d.dnd {
		f, ok := d.forwardFor(cti.ForwardDoNotDisturb, external)
		return f, cti.CauseDoNotDisturb, ok
	}
	if d.isBusy() {
		f, ok := d.forwardFor(cti.ForwardBusy, external)
		return f, cti.CauseCallForwardBusy, ok
	}
	return cti.Forward{}, cti.CauseNone, false
}

// asParty is the device as events and snapshots name it.
func (d *device) asParty() cti.Party {
	if d.withheld {
		return cti.Party{Status: cti.Restricted}
	}
	return cti.Party{Number: d.number, Name: d.name, Status: cti.Known}
}

// findDialledDevice returns the device behind a dialled number: a set, or after
// the external prefix a party outside. It returns nil for what cannot be called.
func (x *exchange) findDialledDevice(number cti.DeviceID) *device {
	if d := x.devices[number]; d != nil && !d.outside {
		return d
	}
	if !isDialable(string(number)) {
		return nil
	}
	if rest, ok := strings.CutPrefix(string(number), x.options.ExternalPrefix); ok && rest != "" {
		return x.outsideParty(cti.DeviceID(rest))
	}
	return nil
}

// outsideParty returns the party outside with a number of the public network.
func (x *exchange) outsideParty(number cti.DeviceID) *device {
	d := x.outside[number]
	if d == nil {
		d = &device{number: number, outside: true}
		x.outside[number] = d
	}
	return d
}

func isDialable(number string) bool {
	return number != "" && strings.Trim(number, "0123456789*#") == ""
}

// findSet returns a set of the network.
func (x *exchange) findSet(number cti.DeviceID) (*device, error) {
	d := x.devices[number]
	if d == nil {
		return nil, pbxError(cti.ErrInvalidDevice, "unknown extension "+string(number))
	}
	return d, nil
}
