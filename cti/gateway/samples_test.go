package gateway

import (
	"time"

	"github.com/ctikit/ctikit/cti"
)

// Events and states that several tests of this package use.

var clock = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// callEvent is an event of device 4001.
func callEvent(k cti.Kind, call cti.CallID, state cti.LocalState, subject cti.DeviceID, at int) cti.Event {
	return cti.Event{Kind: k, Device: "4001", Call: call, State: state, Subject: cti.PartyOf(subject), Time: clock.Add(time.Duration(at) * time.Second)}
}

func from(ev cti.Event, calling, called cti.DeviceID) cti.Event {
	ev.Calling, ev.Called = cti.PartyOf(calling), cti.PartyOf(called)
	return ev
}

func merged(ev cti.Event, old, other cti.CallID, target cti.DeviceID) cti.Event {
	ev.OldCall, ev.OtherCall, ev.Target = old, other, cti.PartyOf(target)
	return ev
}

// statesOf are the states of the device ("me") and the other parties, by call.
func statesOf(calls []cti.Call) map[cti.CallID]map[cti.DeviceID]cti.LocalState {
	states := map[cti.CallID]map[cti.DeviceID]cti.LocalState{}
	for _, c := range calls {
		states[c.ID] = map[cti.DeviceID]cti.LocalState{"me": c.State}
		for _, q := range c.Parties {
			states[c.ID][q.Device.Number] = q.State
		}
	}
	return states
}
