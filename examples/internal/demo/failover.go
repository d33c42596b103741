package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/gateway"
)

const lost = 1 // the link that dies

// loseLink: a link dies, and nobody has room for its extensions.
func (d *demo) loseLink(ctx context.Context) error {
	l := d.File.Links[lost]
	d.Heading("Link " + l.Address + " dies")
	// A call goes on while nobody watches it, and another begins.
	if err := d.pbx.Set("2010").Call("2011"); err != nil {
		return err
	}
	d.pbx.Reach(l, false)
	if err := d.pbx.Set("2011").Answer(); err != nil {
		return err
	}
	want := 0
	for _, e := range d.gw.Extensions() {
		if e.Location.Site == d.CTI.Links[lost].Location.Site {
			want++
		}
	}
	without := func() int { return d.total - d.countSupervised() }
	isLost := func() bool { return without() == want }
	if err := pollUntil(10*time.Second, "all extensions of the link are unsupervised", isLost); err != nil {
		return err
	}
	if err := d.awaitRest(ctx); err != nil {
		return err
	}
	reasons := map[cti.Reason]int{}
	for _, e := range d.gw.Extensions() {
		if e.State != gateway.StateSupervised {
			reasons[e.Reason]++
		}
	}
	for reason, n := range reasons {
		d.Line("%d extensions are unsupervised: %v", n, reason)
	}
	d.result.Failover.LostLink, d.result.Failover.Unsupervised = l.Name, without()
	d.result.Links = d.Links(d.gw.Links())
	return nil
}

func (d *demo) awaitRest(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	if err := d.gw.Settled(ctx); err != nil {
		return fmt.Errorf("the gateway does not settle: %w", err)
	}
	return nil
}

// raiseCapacity: link 0 is given more capacity while everything runs.
func (d *demo) raiseCapacity(ctx context.Context) error {
	d.Heading("More capacity on link 0, while running")
	cfg := d.gw.Config()
	cfg.Links[0].Capacity = 800
	change, err := d.gw.Apply(ctx, cfg)
	if err != nil {
		return err
	}
	d.Line("%v", change)
	if err := d.awaitCount(ctx, "supervised", d.total, d.countSupervised, 10*time.Second); err != nil {
		return err
	}
	if err := d.awaitRest(ctx); err != nil {
		return err
	}
	d.result.Failover.MovedByApply = d.gw.Links()[0].Overflow
	d.result.Links = d.Links(d.gw.Links())
	return nil
}

// restoreLink: the link is back, and its extensions return.
func (d *demo) restoreLink(ctx context.Context) error {
	d.Heading("The link is back")
	overflow := d.gw.Links()[0].Overflow
	d.pbx.Reach(d.File.Links[lost], true)
	returned := func() int { return overflow - d.gw.Links()[0].Overflow }
	if err := d.awaitCount(ctx, "returned", overflow, returned, 60*time.Second); err != nil {
		return err
	}
	if err := d.awaitRest(ctx); err != nil {
		return err
	}
	if err := d.awaitCount(ctx, "supervised", d.total, d.countSupervised, 10*time.Second); err != nil {
		return err
	}
	d.result.Failover.Returned = returned()
	d.result.Links = d.Links(d.gw.Links())
	return nil
}

// showSummary: the subscriber, who missed nothing without knowing, sees what is.
func (d *demo) showSummary(context.Context) error {
	d.Heading("Summary")
	differing := 0
	var last error
	err := pollUntil(5*time.Second, "the subscriber's picture equals the PBX's", func() bool {
		differing, last = 0, nil
		for _, e := range d.CTI.Extensions {
			if err := d.watcher.compareCalls(e.Number, d.pbx.Picture(e.Number)); err != nil {
				differing++
				last = err
			}
		}
		return differing == 0
	})
	if err != nil {
		return fmt.Errorf("%d pictures differ, one of them: %w", differing, last)
	}
	gaps, snapshots := d.watcher.countGaps()
	d.result.Failover.Gaps, d.result.Failover.Snapshots = gaps, snapshots
	stats := d.gw.Stats()
	d.Table(
		[]any{"extensions supervised", d.countSupervised()},
		[]any{"events read from links", stats.EventsIn},
		[]any{"gaps told", gaps},
		[]any{"snapshots given", snapshots},
		[]any{"supervisions moved", stats.Moves},
		[]any{"links opened again", stats.Reconnects},
	)
	d.Line("the subscriber's picture of all %d extensions equals the PBX's own", len(d.CTI.Extensions))
	return nil
}
