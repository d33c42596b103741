package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
)

// transferCall: a caller is held, a colleague is asked, and takes the call over.
func (d *demo) transferCall(ctx context.Context) error {
	d.Heading("Hold, consultation, transfer")
	defer d.watcher.showEvents(d.eventPrinter())()
	held, active, err := d.consultColleague(ctx, "3000", "3001")
	if err != nil {
		return err
	}
	conn, err := d.gw.Line("3000").Transfer(ctx, held, active)
	if err != nil {
		return err
	}
	name := ""
	err = pollUntil(5*time.Second, "3001 talks to the caller", func() bool {
		calls, _ := d.gw.Line("3001").Calls()
		if len(calls) == 1 && calls[0].ID == conn.Call {
			name = d.callerName("3001", calls[0])
		}
		return name != ""
	})
	if err != nil {
		return err
	}
	d.result.Transfer = fmt.Sprintf("3001 talks to %s, transferred by 3000", name)
	d.Line("%s", d.result.Transfer)
	return d.finishCall(ctx, "3001", conn.Call)
}

// holdConference: all three talk.
func (d *demo) holdConference(ctx context.Context) error {
	d.Heading("A conference of three")
	defer d.watcher.showEvents(d.eventPrinter())()
	held, active, err := d.consultColleague(ctx, "3000", "3001")
	if err != nil {
		return err
	}
	conn, err := d.gw.Line("3000").Conference(ctx, held, active)
	if err != nil {
		return err
	}
	parties := 0
	err = pollUntil(5*time.Second, "3000 is in a call with two others", func() bool {
		calls, _ := d.gw.Line("3000").Calls()
		if len(calls) == 1 {
			parties = len(calls[0].Parties)
		}
		return parties == 2
	})
	if err != nil {
		return err
	}
	d.result.Conference = fmt.Sprintf("3000 and %d others", parties)
	d.Line("%s", d.result.Conference)
	return d.finishCall(ctx, "3000", conn.Call)
}

// consultColleague: agent answers a caller from outside, holds him and calls a
// colleague, who answers.
func (d *demo) consultColleague(ctx context.Context, agent, colleague cti.DeviceID) (
	held, active cti.CallID, err error,
) {
	d.pbx.Outside("0155172090").Behaves(ctitest.Rings)
	if _, err := d.pbx.Dial("0155172090", agent); err != nil {
		return "", "", err
	}
	in, err := d.watcher.awaitCall(agent, cti.Alerting)
	if err != nil {
		return "", "", err
	}
	line := d.gw.Line(agent)
	if err := line.Answer(ctx, in.ID); err != nil {
		return "", "", err
	}
	conn, err := line.Consult(ctx, in.ID, string(colleague))
	if err != nil {
		return "", "", err
	}
	out, err := d.watcher.awaitCall(colleague, cti.Alerting)
	if err != nil {
		return "", "", err
	}
	if err := d.gw.Line(colleague).Answer(ctx, out.ID); err != nil {
		return "", "", err
	}
	if _, err := d.watcher.awaitCall(colleague, cti.Connected); err != nil {
		return "", "", err
	}
	return in.ID, conn.Call, nil
}

// finishCall clears a call and waits until nobody of the scene has one.
func (d *demo) finishCall(ctx context.Context, device cti.DeviceID, call cti.CallID) error {
	if err := d.gw.Line(device).ClearCall(ctx, call); err != nil {
		return err
	}
	for _, id := range []cti.DeviceID{"3000", "3001"} {
		if err := d.watcher.awaitIdle(id); err != nil {
			return err
		}
	}
	return nil
}
