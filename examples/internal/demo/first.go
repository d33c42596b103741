package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/callback"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/planning"
	"github.com/ctikit/ctikit/examples/internal/report"
)

// showPlan: what the engineering checks say of the configuration.
func (d *demo) showPlan(context.Context) (err error) {
	d.Heading("The plan")
	if d.result.PlanFindings, err = d.Planning(planning.Of(d.CTI, d.File.Sites, nil)); err != nil {
		return err
	}
	if d.result.PlanFindings.Err() != nil {
		return errors.New("the plan has errors")
	}
	return nil
}

// superviseAll: every extension is supervised.
func (d *demo) superviseAll(ctx context.Context) error {
	d.Heading("Supervision")
	d.total = len(d.CTI.Extensions)
	started := time.Now()
	if err := d.awaitCount(ctx, "supervised", d.total, d.countSupervised, 30*time.Second); err != nil {
		return err
	}
	d.Line("%d extensions in %v", d.total, time.Since(started).Round(time.Millisecond))
	d.result.Supervised = d.countSupervised()
	d.result.Links = d.Links(d.gw.Links())
	return nil
}

func (d *demo) countSupervised() int { return report.Supervised(d.gw) }

// eventPrinter prints the events of a scene, and whom they are about where that is
// somebody else than before.
func (d *demo) eventPrinter() func(cti.Event) {
	last := ""
	return func(ev cti.Event) {
		d.Line("    %v", &ev)
		if who := ev.Other.Name; who != "" && who != last {
			d.Line("      %s is %s", ev.Other.Number, who)
			last = who
		}
	}
}

// callOutside: a number as people write it is called.
func (d *demo) callOutside(ctx context.Context) error {
	const number = "+33 (0)1 23 45 67 89"
	d.Heading("Calling " + number)
	sent, err := d.CTI.NumberPlan.Outgoing(number)
	if err != nil {
		return err
	}
	d.Line("the dial plan makes it %s", sent)
	defer d.watcher.showEvents(d.eventPrinter())()
	line := d.gw.Line("1000")
	conn, err := line.MakeCall(ctx, number)
	if err != nil {
		return err
	}
	party := d.pbx.Outside("0123456789")
	answer := func() bool { return party.Answer() == nil }
	if err := pollUntil(5*time.Second, "the call rings outside", answer); err != nil {
		return err
	}
	if err := pollUntil(5*time.Second, "the call is answered", func() bool {
		calls, _ := line.Calls()
		return len(calls) == 1 && !calls[0].AnsweredAt.IsZero()
	}); err != nil {
		return err
	}
	call, err := d.watcher.awaitCall("1000", cti.Connected)
	if err != nil {
		return err
	}
	name := d.callerName("1000", call)
	d.result.Calls = append(d.result.Calls, Call{Dialled: number, Sent: sent, Name: name, State: call.State.String()})
	if err := line.Drop(ctx, conn.Call); err != nil {
		return err
	}
	return d.watcher.awaitIdle("1000")
}

// callerName asks the reverse directory who the other side of a call is.
func (d *demo) callerName(device cti.DeviceID, c cti.Call) string {
	other := d.gw.Other(device, c)
	name, _ := d.Names.CallerName(other.Lookup, other.E164)
	return name
}

// takeCall: somebody calls from outside, and is named.
func (d *demo) takeCall(ctx context.Context) error {
	const caller = "0612345678"
	d.Heading("A call comes in for 2000")
	defer d.watcher.showEvents(d.eventPrinter())()
	if _, err := d.pbx.Dial(caller, "2000"); err != nil {
		return err
	}
	call, err := d.watcher.awaitCall("2000", cti.Alerting)
	if err != nil {
		return err
	}
	line := d.gw.Line("2000")
	if err := line.Answer(ctx, call.ID); err != nil {
		return err
	}
	call, err = d.watcher.awaitCall("2000", cti.Connected)
	if err != nil {
		return err
	}
	name := d.callerName("2000", call)
	d.result.Calls = append(d.result.Calls, Call{Dialled: caller, Sent: "2000", Name: name, State: call.State.String()})
	if err := line.Drop(ctx, call.ID); err != nil {
		return err
	}
	return d.watcher.awaitIdle("2000")
}

// forwardCalls: a forward of a VTI-XML extension goes over CSTA.
func (d *demo) forwardCalls(ctx context.Context) error {
	d.Heading("A forward of 1000, over CSTA")
	line := d.gw.Line("1000")
	f := cti.Forward{Type: cti.ForwardNoAnswer, Origin: cti.ExternalCalls, Active: true, To: "2001"}
	if err := line.SetForwarding(ctx, f); err != nil {
		return err
	}
	set, err := line.Forwarding(ctx)
	if err != nil {
		return err
	}
	if len(set) != 1 || set[0] != f {
		return fmt.Errorf("the PBX answers with forwards %v, not %v", set, f)
	}
	d.result.Forward = fmt.Sprintf("%v, %v calls, to %s", set[0].Type, set[0].Origin, set[0].To)
	d.Line("the PBX confirms: %s", d.result.Forward)
	f.Active = false
	return line.SetForwarding(ctx, f)
}

// callVisitorBack: a visitor wants to be called; an agent and he are joined.
func (d *demo) callVisitorBack(ctx context.Context) error {
	d.Heading("A call-back, made from a device of the pool")
	defer d.watcher.showEvents(d.eventPrinter())()
	service, err := callback.New(d.gw, callback.Options{Via: []cti.DeviceID{"1900"}, Answer: 5 * time.Second})
	if err != nil {
		return err
	}
	d.pbx.Outside("0612345678").Behaves(ctitest.Answers)
	go func() {
		_ = pollUntil(5*time.Second, "the agent answers", func() bool { return d.pbx.Set("2000").Answer() == nil })
	}()
	done, err := service.Call(ctx, "2000", "06 12 34 56 78")
	if err != nil {
		return err
	}
	d.result.Callback = fmt.Sprintf("2000 talks to 0612345678, called from %s", done.Via)
	d.Line("%s", d.result.Callback)
	if err := d.gw.Line("2000").Drop(ctx, done.Call); err != nil {
		return err
	}
	return d.watcher.awaitIdle("2000")
}
