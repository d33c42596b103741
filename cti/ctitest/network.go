package ctitest

import (
	"slices"
	"sync"
	"time"

	"github.com/ctikit/ctikit/cti"
)

// Options are what differs from one PBX network to another.
type Options struct {
	// ExternalPrefix before a number reaches the public network; "0" by default.
	ExternalPrefix string
	// NoAnswerTime is how long a call rings before it is forwarded on no
	// answer; 20 s by default.
	NoAnswerTime time.Duration
}

// Network is a PBX network in memory. Its methods may be called concurrently.
type Network struct {
	// mu guards everything below and everything reached from it: sets, calls,
	// links, associations, faults. Nothing waits while it is held.
	mu      sync.Mutex
	pbx     exchange
	links   []*Link
	faults  []*Injected
	monitor MonitorID
}

// NewNetwork returns a network without extensions and links.
func NewNetwork(o Options) *Network {
	if o.ExternalPrefix == "" {
		o.ExternalPrefix = "0"
	}
	if o.NoAnswerTime == 0 {
		o.NoAnswerTime = 20 * time.Second
	}
	n := &Network{pbx: exchange{options: o, devices: map[cti.DeviceID]*device{},
		outside: map[cti.DeviceID]*device{}, calls: map[cti.CallID]*call{}}}
	n.pbx.after = func(d time.Duration, f func()) *time.Timer {
		return time.AfterFunc(d, func() { n.withLock(f) })
	}
	return n
}

// withLock runs f with the network to itself, and lets waiting calls go on
// afterwards.
func (n *Network) withLock(f func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	f()
	n.pbx.resumeWaitingCalls()
}

// Add puts extensions into the network, each with two lines, or changes those
// that exist: the host's own configuration will do. The password of an
// extension without one is not asked for.
func (n *Network) Add(extensions ...cti.Extension) {
	n.withLock(func() {
		for _, ext := range extensions {
			d := n.pbx.devices[ext.Number]
			if d == nil {
				d = &device{number: ext.Number, lines: 2, agent: cti.AgentNull}
				n.pbx.devices[ext.Number] = d
				n.pbx.numbers = append(n.pbx.numbers, ext.Number)
			}
			d.ext = ext
		}
	})
}

// Remove takes an extension out of the network. Its calls end and its monitors
// are stopped, as when an administrator deletes it.
func (n *Network) Remove(number cti.DeviceID) {
	n.withLock(func() {
		d := n.pbx.devices[number]
		if d == nil {
			return
		}
		for len(d.conns) > 0 {
			n.pbx.clearConnection(d.conns[0])
		}
		for len(d.monitors) > 0 {
			d.monitors[0].stopByPBX()
		}
		delete(n.pbx.devices, number)
		n.pbx.numbers = slices.DeleteFunc(n.pbx.numbers, func(o cti.DeviceID) bool { return o == number })
	})
}

// Picture is the PBX's own truth about an extension, independent of any link: the
// state that a subscriber must have once all is quiet. Times are zero. It is
// empty for an extension that does not exist.
func (n *Network) Picture(number cti.DeviceID) (s cti.Snapshot) {
	s.Device = number
	n.withLock(func() {
		if d := n.pbx.devices[number]; d != nil {
			s = d.deviceView()
		}
	})
	return s
}

// Calls counts the calls that exist.
func (n *Network) Calls() (count int) {
	n.withLock(func() { count = len(n.pbx.calls) })
	return count
}

// Monitors names the links that supervise an extension, one entry for each
// supervision, in order of their start. Features-only monitors do not count.
func (n *Network) Monitors(number cti.DeviceID) []string { return n.monitoringLinks(number, false) }

// FeatureMonitors names the links that watch the features of an extension
// without supervising it, as [Network.Monitors] does.
func (n *Network) FeatureMonitors(number cti.DeviceID) []string {
	return n.monitoringLinks(number, true)
}

func (n *Network) monitoringLinks(number cti.DeviceID, features bool) (links []string) {
	n.withLock(func() {
		d := n.pbx.devices[number]
		if d == nil {
			return
		}
		for _, m := range d.monitors {
			if m.features == features {
				links = append(links, m.to.link.name)
			}
		}
	})
	return links
}
