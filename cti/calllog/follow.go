package calllog

import (
	"context"
	"errors"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/gateway"
)

// tick is how often Follow writes the entries that the store refused and removes old
// ones, even if no event comes.
const tick = time.Minute

// writeTimeout bounds the last write, after ctx has ended.
const writeTimeout = 5 * time.Second

// Follow logs the calls of a gateway until ctx or the gateway ends, and returns the
// error of ctx, or [cti.ErrClosed]. Options such as [gateway.Names] and
// [gateway.Devices] are those of its subscription. To follow several gateways, call
// it once for each.
func (l *Log) Follow(ctx context.Context, gw *gateway.Gateway, opts ...gateway.SubscribeOption) error {
	sub := gw.Subscribe(append([]gateway.SubscribeOption{gateway.Buffer(l.opts.Buffer)}, opts...)...)
	defer sub.Close()
	w := &watcher{lines: map[cti.DeviceID]*line{}, user: func(id cti.DeviceID) (string, bool) {
		status, known := gw.Extension(id)
		return status.User, known
	}}
	err := l.readSubscription(ctx, sub, w)
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeTimeout)
	defer cancel()
	l.writeEntries(last, w.completeOpen(time.Now()))
	return err
}

func (l *Log) readSubscription(ctx context.Context, sub *gateway.Subscription, w *watcher) error {
	for {
		l.pruneHourly(ctx)
		round, cancel := context.WithTimeout(ctx, tick)
		err := l.readRound(round, ctx, sub, w)
		cancel()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		l.writeEntries(ctx, nil)
	}
}

// readRound reads events until its context or the subscription ends.
func (l *Log) readRound(round, ctx context.Context, sub *gateway.Subscription, w *watcher) error {
	for {
		ev, err := sub.Next(round)
		if err != nil {
			return err
		}
		if entries := w.foldEvent(&ev); len(entries) > 0 {
			l.writeEntries(ctx, entries)
		}
	}
}

// watcher folds the events of one subscription into entries.
type watcher struct {
	lines map[cti.DeviceID]*line
	user  func(cti.DeviceID) (user string, known bool)
	// overflow: events were lost; snapshots of the devices concerned follow at once.
	overflow bool
}

// foldEvent applies an event and returns the entries that it completes.
func (w *watcher) foldEvent(ev *cti.Event) []Entry {
	if ev.Kind == cti.GapFound && ev.Gap.Reason == cti.GapOverflow {
		w.overflow = true
		return nil
	}
	w.overflow = w.overflow && ev.Kind == cti.SnapshotTaken
	if ev.Device == "" {
		return nil
	}
	l := w.lines[ev.Device]
	if l == nil {
		l = &line{device: ev.Device, model: cti.CallModel{Device: ev.Device}, open: map[cti.CallID]*record{}, userNow: w.user}
		l.currentUser() // while it is known
		w.lines[ev.Device] = l
	}
	entries := l.foldEvent(ev, w.overflow)
	if l.removed {
		delete(w.lines, ev.Device)
	}
	return entries
}

// completeOpen completes the open records when the gateway is no longer followed.
func (w *watcher) completeOpen(now time.Time) (entries []Entry) {
	for _, l := range w.lines {
		entries = append(entries, l.completeOpen(now)...)
	}
	return entries
}
