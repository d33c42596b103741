package gateway

import (
	"cmp"
	"slices"

	"github.com/ctikit/ctikit/cti"
)

// The state of links and extensions as values.

func (c *control) linkStatuses() []LinkStatus {
	c.mu.Lock()
	out := make([]LinkStatus, len(c.links))
	lives := make([]*liveLink, len(c.links))
	for i, l := range c.links {
		out[i], lives[i] = c.linkStatus(l), l.live
	}
	c.mu.Unlock()
	for i, live := range lives {
		if live != nil {
			out[i].Counters = live.session.Counters()
		}
	}
	return out
}

func (c *control) linkStatus(l *link) LinkStatus {
	s := LinkStatus{
		Name: l.name, Protocol: l.connector.Protocol(), Address: l.connector.Address(), Location: l.cfg.Location, Serves: l.cfg.Serves,
		State: l.state, Since: l.since, Capacity: l.effectiveCapacity(), Reconnects: max(0, l.opened-1), LastError: errText(l.lastErr),
	}
	if l.runner != nil {
		if st := l.runner.state.Load(); st != nil {
			s.RoundTrip = st.rtt
		}
	}
	use := c.alloc.Use(l.id)
	s.Used, s.Explicit, s.Overflow, s.Implicit = int(use.Used), int(use.Explicit), int(use.Overflow), int(use.Implicit)
	s.Free = max(0, s.Capacity-s.Used)
	return s
}

func (c *control) extensionStatuses() []ExtensionStatus {
	c.mu.Lock()
	out := make([]ExtensionStatus, 0, len(c.exts))
	for e := range c.eachExtension {
		out = append(out, c.extensionStatusOf(e))
	}
	c.mu.Unlock()
	slices.SortFunc(out, func(a, b ExtensionStatus) int { return cmp.Compare(a.Number, b.Number) })
	return out
}

func (c *control) extensionStatus(id cti.DeviceID) (ExtensionStatus, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.exts[id]
	if e == nil {
		return ExtensionStatus{}, false
	}
	return c.extensionStatusOf(e), true
}

func (c *control) extensionStatusOf(e *ext) ExtensionStatus {
	s := ExtensionStatus{
		Number: e.cfg.Number, User: e.cfg.User, Location: e.cfg.Location, Protocol: e.cfg.Protocol, SetType: e.cfg.SetType,
		Mode: e.mode,
	}
	if e.link != nil {
		s.Link = e.link.name
	}
	d := e.dev
	d.mu.Lock()
	defer d.mu.Unlock()
	s.State, s.Reason, s.Since, s.LastEvent, s.Calls = State(d.phase), d.reason, d.since, d.lastEvent, d.model.Len()
	if d.phase != phaseUnsupervised {
		s.Reason = cti.ReasonNone
	}
	return s
}
