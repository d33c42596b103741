// Screenpop shows a contact card when a call comes in, and what becomes of the
// call. Without a configuration file it has somebody call on a PBX network in memory.
//
//	go run ./examples/screenpop [-json]
//	go run ./examples/screenpop -config gateway.json -extensions 2000,2001
package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/gateway"
	"github.com/ctikit/ctikit/examples/internal/setup"
)

func main() { setup.Main("screenpop", popUpCards) }

// popUpCards prints cards until ctx ends or the demonstration is over.
func popUpCards(ctx context.Context, args []string, out, errs io.Writer) (err error) {
	flags := setup.Flags("screenpop", "shows a card for each caller of some extensions.", errs)
	asJSON := flags.Bool("json", false, "print one JSON object for each card")
	path := flags.String("config", "", "configuration `file` of real links; by default the PBX network of the examples")
	extensions := flags.String("extensions", "2000", "`numbers` to show calls of, separated by commas")
	if err := setup.Parse(flags, args); err != nil {
		return err
	}
	r, err := setup.Open(ctx, *path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	devices, err := r.Extensions(*extensions)
	if err != nil {
		return err
	}
	p := &popper{Running: r, print: printText(out),
		lines: map[cti.DeviceID]*cti.CallModel{}, shown: map[cti.ConnectionID]card{}}
	if *asJSON {
		p.print = func(c card) error { return json.NewEncoder(out).Encode(c) }
	}
	sub := r.Gateway.Subscribe(gateway.Devices(devices...))
	defer sub.Close()
	ctx, cancel := context.WithCancel(ctx)
	var calling sync.WaitGroup
	if r.PBX != nil {
		calling.Go(func() { defer cancel(); err = r.PBX.CallIn(ctx, devices[0]) })
	}
	var failed error
	for ev, ended := range sub.Events(ctx) {
		if ended != nil {
			break
		}
		if failed = p.foldEvent(&ev); failed != nil {
			break
		}
	}
	cancel()
	calling.Wait()
	return errors.Join(err, failed)
}

// popper turns events into cards.
type popper struct {
	*setup.Running
	print func(card) error
	lines map[cti.DeviceID]*cti.CallModel
	shown map[cti.ConnectionID]card // incoming calls that exist
}

// foldEvent folds an event into the picture of its line, and shows what is new in it:
// also after a gap, when a snapshot replaces the picture.
func (p *popper) foldEvent(ev *cti.Event) error {
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
		last, known := p.shown[id]
		switch {
		case !known && c.State == cti.Alerting:
			last = p.cardOf(ev.Device, c)
		case known && last.State == "rings" && c.State == cti.Connected:
			last.State = "answered"
		default:
			continue
		}
		last.Time = time.Now()
		p.shown[id] = last
		if err := p.print(last); err != nil {
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
