package ctitest

import (
	"slices"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// Switch is the PBX as one request sees it: [Association.Serve] hands it to the
// work of the request, and it must not be used after that. Its methods are the
// operations of package cti, and their errors wrap its sentinels.
type Switch struct {
	x *exchange
	a *Association
}

// reachableDevice finds a set that the link can act on.
func (s *Switch) reachableDevice(number cti.DeviceID) (*device, error) {
	d, err := s.x.findSet(number)
	if err != nil {
		return nil, err
	}
	if !s.a.link.canReach(d) {
		return nil, pbxError(cti.ErrUnreachable, d.ext.Location.String())
	}
	return d, nil
}

// StartMonitor supervises an extension, as far as the link can. The password is
// the extension's, where the protocol carries one. Several monitors of one
// extension count each.
func (s *Switch) StartMonitor(number cti.DeviceID, password ctikit.Secret) (MonitorID, error) {
	d, err := s.reachableDevice(number)
	if err != nil {
		return 0, err
	}
	l := s.a.link
	switch o := l.options; {
	case slices.Contains(o.RefuseSets, d.ext.SetType):
		return 0, pbxError(cti.ErrUnsupportedSet, d.ext.SetType.String())
	case o.Protocol == cti.VTIXML && !d.ext.Password.IsZero() && !d.ext.Password.Equal(password):
		return 0, pbxError(cti.ErrBadPassword, "")
	case o.MaxSupervisions > 0 && l.used >= o.MaxSupervisions:
		full := &cti.Error{Err: cti.ErrCapacity, Limit: o.MaxSupervisions}
		if o.HideLimit {
			full.Limit = 0
		}
		return 0, full
	}
	l.used++
	m := s.addMonitor(d, false)
	m.silent = map[cti.CallID]bool{}
	if !l.options.ReportsExistingCalls {
		for _, k := range d.conns {
			m.silent[k.call.id] = true
		}
	}
	return m.id, nil
}

// MonitorFeatures watches forwards, do-not-disturb and message waiting of an
// extension, without a supervision slot.
func (s *Switch) MonitorFeatures(number cti.DeviceID) (MonitorID, error) {
	d, err := s.reachableDevice(number)
	if err != nil {
		return 0, err
	}
	return s.addMonitor(d, true).id, nil
}

func (s *Switch) addMonitor(d *device, features bool) *monitor {
	n := s.a.link.net
	n.monitor++
	m := &monitor{id: n.monitor, device: d, to: s.a, features: features}
	s.a.monitors[m.id] = m
	d.monitors = append(d.monitors, m)
	return m
}

// StopMonitor ends a monitor of either kind. One that does not exist, or no longer,
// yields [cti.ErrInvalidState].
func (s *Switch) StopMonitor(id MonitorID) error {
	m := s.a.monitors[id]
	if m == nil {
		return pbxError(cti.ErrInvalidState, "no such monitor")
	}
	m.removeMonitor()
	return nil
}

// SnapshotDevice reads a set, as far as the link's protocol carries it.
func (s *Switch) SnapshotDevice(number cti.DeviceID) (cti.Snapshot, error) {
	d, err := s.reachableDevice(number)
	if err != nil {
		return cti.Snapshot{}, err
	}
	p := d.deviceView()
	if s.a.link.options.Protocol == cti.VTIXML {
		p.Features.Forwards = nil
	}
	for i := range p.Calls {
		s.hideGlobal(&p.Calls[i])
	}
	return p, nil
}

// SnapshotCall reads a call as one of its devices sees it.
func (s *Switch) SnapshotCall(c cti.ConnectionID) (cti.Call, error) {
	k, err := s.x.findConnection(c)
	if err != nil {
		return cti.Call{}, err
	}
	p := k.callView()
	s.hideGlobal(&p)
	return p, nil
}

func (s *Switch) hideGlobal(c *cti.Call) {
	if !s.a.link.options.GlobalCallIDs {
		c.Global = ""
	}
}

// ListDevices lists the extensions that the link can supervise, in order of
// their creation.
func (s *Switch) ListDevices() ([]cti.DeviceID, error) {
	var out []cti.DeviceID
	for _, number := range s.x.numbers {
		d := s.x.devices[number]
		if s.a.link.canReach(d) && !slices.Contains(s.a.link.options.RefuseSets, d.ext.SetType) {
			out = append(out, number)
		}
	}
	return out, nil
}

// Capabilities returns what the link can do.
func (s *Switch) Capabilities() driver.Capabilities { return s.a.link.currentCapabilities() }

// Escape passes private data to [LinkOptions].Escape.
func (s *Switch) Escape(data []byte) ([]byte, error) { return s.a.link.options.Escape(data) }

// Ping is a sign of life.
func (s *Switch) Ping() error { return nil }
