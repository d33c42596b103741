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

// busy reports whether one more call finds no line free.
func (d *device) busy() bool { return !d.outside && len(d.conns) >= d.lines }

// in returns the connection in one of the states, nil if there is none.
func (d *device) in(states ...cti.LocalState) *connection {
	for _, k := range d.conns {
		if slices.Contains(states, k.state) {
			return k
		}
	}
	return nil
}

// forward returns the active forward of a type for a call from outside or
// inside: one for just that origin goes before one for all calls.
func (d *device) forward(t cti.ForwardType, external bool) (cti.Forward, bool) {
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

// diverts returns the forward that takes a new call away before it rings.
func (d *device) diverts(external bool) (cti.Forward, cti.Cause, bool) {
	if f, ok := d.forward(cti.ForwardImmediate, external); ok {
		return f, cti.CauseCallForwardImmediate, true
	}
	if d.dnd {
		f, ok := d.forward(cti.ForwardDoNotDisturb, external)
		return f, cti.CauseDoNotDisturb, ok
	}
	if d.busy() {
		f, ok := d.forward(cti.ForwardBusy, external)
		return f, cti.CauseCallForwardBusy, ok
	}
	return cti.Forward{}, cti.CauseNone, false
}

// party is the device as events and snapshots name it.
func (d *device) party() cti.Party {
	if d.withheld {
		return cti.Party{Status: cti.Restricted}
	}
	return cti.Party{Number: d.number, Name: d.name, Status: cti.Known}
}

// find returns the device behind a dialled number: a set, or after the external
// prefix a party outside. It returns nil for what cannot be called.
func (x *exchange) find(number cti.DeviceID) *device {
	if d := x.devices[number]; d != nil && !d.outside {
		return d
	}
	if !dialable(string(number)) {
		return nil
	}
	if rest, ok := strings.CutPrefix(string(number), x.options.ExternalPrefix); ok && rest != "" {
		return x.party(cti.DeviceID(rest))
	}
	return nil
}

// party returns the party outside with a number of the public network.
func (x *exchange) party(number cti.DeviceID) *device {
	d := x.outside[number]
	if d == nil {
		d = &device{number: number, outside: true}
		x.outside[number] = d
	}
	return d
}

func dialable(number string) bool {
	return number != "" && strings.Trim(number, "0123456789*#") == ""
}

// set returns a set of the network.
func (x *exchange) set(number cti.DeviceID) (*device, error) {
	d := x.devices[number]
	if d == nil {
		return nil, fail(cti.ErrInvalidDevice, "the PBX has no extension "+string(number))
	}
	return d, nil
}
