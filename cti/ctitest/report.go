package ctitest

import (
	"slices"

	"github.com/ctikit/ctikit/cti"
)

// MonitorID names one monitor of one [Association].
type MonitorID uint32

// monitor is one subscription of an association to a device.
type monitor struct {
	id       MonitorID
	device   *device
	to       *Association
	features bool // takes no slot and reports no calls
	// silent are the calls that existed when the monitor started, on a link
	// where those report no events.
	silent map[cti.CallID]bool
}

// reportCallEvent tells the monitors of every set in a call, and of more devices,
// what happened to the call.
func (x *exchange) reportCallEvent(c *call, ev cti.Event, more ...*device) {
	ev.Call, ev.Global = c.id, c.global
	ev.Calling, ev.Called, ev.Redirection = c.calling, c.called, c.redirection
	for _, d := range c.reportedDevices(more) {
		ev.State = cti.Null
		if k := c.connectionOf(d); k != nil {
			ev.State = k.state
		}
		if ev.Kind == cti.Conferenced || ev.Kind == cti.Transferred {
			ev.Parties = c.partiesWithout(d)
		}
		for _, m := range d.monitors {
			if !m.features && !m.silent[c.id] {
				m.deliverEvent(ev)
			}
		}
	}
}

// partiesWithout is everybody in the call but d.
func (c *call) partiesWithout(d *device) []cti.CallParty {
	list := []cti.CallParty{}
	for _, o := range c.conns {
		if o.device != d {
			list = append(list, cti.CallParty{Device: o.asParty(), State: o.state})
		}
	}
	return list
}

// reportMerge tells of the call that first and second became. A monitor that
// reports neither of them reports nothing of their successor.
func (x *exchange) reportMerge(c, first, second *call, ev cti.Event, more ...*device) {
	ev.OldCall = first.id
	if second != nil {
		ev.OtherCall = second.id
	}
	for _, d := range c.reportedDevices(more) {
		for _, m := range d.monitors {
			if m.silent[ev.OldCall] || m.silent[ev.OtherCall] {
				m.silent[c.id] = true
			}
		}
	}
	x.reportCallEvent(c, ev, more...)
}

// reportedDevices is the sets in the call and more, each once.
func (c *call) reportedDevices(more []*device) []*device {
	out := make([]*device, 0, len(c.conns)+len(more))
	for _, d := range more {
		if !d.outside {
			out = append(out, d)
		}
	}
	for _, k := range c.conns {
		if !k.blocked && !k.device.outside && !slices.Contains(out, k.device) {
			out = append(out, k.device)
		}
	}
	return out
}

// reportFeature tells the monitors of a set of a change that is no call's.
func (x *exchange) reportFeature(d *device, ev cti.Event) {
	ev.Subject = d.asParty()
	for _, m := range d.monitors {
		if m.features && !slices.Contains(featureKinds, ev.Kind) {
			continue
		}
		if ev.Kind == cti.Forwarding && m.to.link.options.Protocol == cti.VTIXML {
			continue // forwards do not go over VTI-XML
		}
		m.deliverEvent(ev)
	}
}

// featureKinds are what a features-only monitor reports.
var featureKinds = []cti.Kind{cti.Forwarding, cti.DoNotDisturb, cti.MessageWaiting}

func (m *monitor) deliverEvent(ev cti.Event) {
	ev.Device = m.device.number
	if !m.to.link.options.GlobalCallIDs {
		ev.Global = ""
	}
	m.to.queueMessage(Message{Kind: EventMessage, Monitor: m.id, Event: &ev})
}
