package main

import (
	"context"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/directory"
)

// popper turns events into cards.
type popper struct {
	gw    *cti.Gateway
	view  *directory.View
	print func(card) error
	lines map[cti.DeviceID]*cti.CallModel
	shown map[cti.ConnectionID]card // incoming calls that exist
}

// read goes on until ctx or the subscription ends; that is no error.
func (p *popper) read(ctx context.Context, sub *cti.Subscription) error {
	for ev, err := range sub.Events(ctx) {
		if err != nil {
			return nil
		}
		if err := p.take(&ev); err != nil {
			return err
		}
	}
	return nil
}

// take folds an event into the picture of its line, and shows what is new in it:
// also after a gap, when a snapshot replaces the picture.
func (p *popper) take(ev *cti.Event) error {
	line := p.lines[ev.Device]
	if line == nil {
		line = &cti.CallModel{Device: ev.Device}
		p.lines[ev.Device] = line
	}
	line.Apply(ev)
	there := map[cti.ConnectionID]bool{}
	for _, c := range line.Calls() {
		id := cti.ConnectionID{Call: c.ID, Device: ev.Device}
		there[id] = true
		if err := p.update(id, c); err != nil {
			return err
		}
	}
	for id, last := range p.shown {
		if id.Device == ev.Device && !there[id] {
			delete(p.shown, id)
			last.State, last.Time = "ended", ev.Time
			if err := p.print(last); err != nil {
				return err
			}
		}
	}
	return nil
}

// update shows a call that began to ring or was answered.
func (p *popper) update(id cti.ConnectionID, c cti.Call) error {
	last, known := p.shown[id]
	switch {
	case !known && c.State == cti.Alerting:
		last = p.card(id.Device, c)
		last.State = "rings"
	case known && last.State == "rings" && c.State == cti.Connected:
		last.State = "answered"
	default:
		return nil
	}
	last.Time = time.Now()
	p.shown[id] = last
	return p.print(last)
}

// card asks the directory who calls.
func (p *popper) card(device cti.DeviceID, c cti.Call) card {
	out := card{Extension: string(device), Withheld: c.Other(device).Status == cti.Restricted}
	other := p.gw.Other(device, c)
	out.Number, out.E164, out.Internal = string(other.Number), other.E164, other.Internal
	match := p.view.Lookup(other.Lookup, other.E164)
	out.Name = match.Name
	if out.Name == "" {
		out.Name = other.Name // as the PBX sent it
	}
	for _, contact := range match.Contacts {
		out.Contacts = append(out.Contacts, contactOf(contact))
	}
	return out
}
