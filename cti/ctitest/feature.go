package ctitest

import (
	"slices"

	"github.com/ctikit/ctikit/cti"
)

// setForward sets or cancels one forward. Without a destination it keeps the
// one it had.
func (x *exchange) setForward(d *device, f cti.Forward) error {
	i := slices.IndexFunc(d.forwards, func(o cti.Forward) bool { return o.Type == f.Type && o.Origin == f.Origin })
	if f.To == "" && i >= 0 {
		f.To = d.forwards[i].To
	}
	if f.Active && x.findDialledDevice(cti.DeviceID(f.To)) == nil {
		return pbxError(cti.ErrInvalidDestination, "unknown number")
	}
	switch {
	case i < 0:
		d.forwards = append(d.forwards, f)
		slices.SortFunc(d.forwards, func(a, b cti.Forward) int {
			if a.Type != b.Type {
				return int(a.Type) - int(b.Type)
			}
			return int(a.Origin) - int(b.Origin)
		})
	case d.forwards[i] == f:
		return nil
	default:
		d.forwards[i] = f
	}
	x.reportFeature(d, cti.Event{Kind: cti.Forwarding, Forward: f, On: f.Active})
	return nil
}

// activeForwards is never nil: none is known to be none.
func (d *device) activeForwards() []cti.Forward {
	out := []cti.Forward{}
	for _, f := range d.forwards {
		if f.Active {
			out = append(out, f)
		}
	}
	return out
}

func (x *exchange) setDoNotDisturb(d *device, on bool) {
	if d.dnd != on {
		d.dnd = on
		x.reportFeature(d, cti.Event{Kind: cti.DoNotDisturb, On: on})
	}
}

func (x *exchange) setMessageWaiting(d *device, on bool) {
	if d.waiting != on {
		d.waiting = on
		x.reportFeature(d, cti.Event{Kind: cti.MessageWaiting, On: on})
	}
}

var agentKinds = map[cti.AgentState]cti.Kind{
	cti.AgentNull:             cti.AgentLoggedOff,
	cti.AgentNotReady:         cti.AgentNotReadyEvent,
	cti.AgentReady:            cti.AgentReadyEvent,
	cti.AgentBusy:             cti.AgentBusyEvent,
	cti.AgentWorkingAfterCall: cti.AgentWorkingAfterCallEvent,
}

// setAgent changes the state of the agent at a set. Who was logged off logs on
// first.
func (x *exchange) setAgent(d *device, state cti.AgentState) error {
	kind, ok := agentKinds[state]
	if !ok {
		return pbxError(cti.ErrInvalidState, "unknown agent state: "+state.String())
	}
	if d.agent == state {
		return nil
	}
	if d.agent == cti.AgentNull {
		x.reportFeature(d, cti.Event{Kind: cti.AgentLoggedOn, Agent: string(d.number)})
	}
	d.agent = state
	x.reportFeature(d, cti.Event{Kind: kind, Agent: string(d.number)})
	return nil
}
