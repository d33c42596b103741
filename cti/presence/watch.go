package presence

import (
	"context"
	"iter"
	"slices"
	"time"
)

// Watch reports changes of some users to one viewer: the newest state of each user
// that changed, even if the reader is slow. Only one goroutine at a time may read.
type Watch struct {
	board   *Board
	viewer  string
	targets []string
	wake    chan struct{}
	changed []string // guarded by the board's mutex
	closed  bool

	given map[string]bool // users whose state the reader has; only for the reader
}

// Watch returns a watch that starts with the current state of each target that the
// viewer may see. End it with [Watch.Close].
func (b *Board) Watch(viewer string, targets ...string) *Watch {
	w := &Watch{
		board: b, viewer: viewer, targets: slices.Clone(targets), changed: slices.Clone(targets),
		wake: make(chan struct{}, 1), given: make(map[string]bool),
	}
	b.mu.Lock()
	b.watches[w] = true
	b.mu.Unlock()
	return w
}

// Close ends the watch.
func (w *Watch) Close() {
	w.board.mu.Lock()
	delete(w.board.watches, w)
	w.closed = true
	w.board.mu.Unlock()
	w.wakeReader()
}

// States iterates over changes until [Watch.Close] or the end of ctx, whose error is
// yielded last. The last state of a user that the viewer may no longer see, or that
// no longer exists, has only the name; everything else is hidden.
func (w *Watch) States(ctx context.Context) iter.Seq2[State, error] {
	return func(yield func(State, error) bool) {
		for {
			target, more, closed := w.nextChanged()
			switch {
			case closed:
				return
			case more:
				// The rights are checked each time, outside the board's lock.
				if s, ok := w.latestState(target); ok && !yield(s, nil) {
					return
				}
				continue
			}
			if err := w.awaitChange(ctx); err != nil {
				yield(State{}, err)
				return
			}
		}
	}
}

// latestState is the state of a target to report to the reader, if any.
func (w *Watch) latestState(target string) (s State, ok bool) {
	s, ok = w.board.See(w.viewer, target)
	if !ok && w.given[target] {
		delete(w.given, target)
		return State{User: target, Hidden: everything}, true
	}
	if ok {
		w.given[target] = true
	}
	return s, ok
}

// awaitChange returns when a state has changed or a presence has expired.
func (w *Watch) awaitChange(ctx context.Context) error {
	target, at := w.board.nextExpiry(w.targets)
	var ends <-chan time.Time
	if target != "" {
		timer := time.NewTimer(time.Until(at) + time.Millisecond)
		defer timer.Stop()
		ends = timer.C
	}
	select {
	case <-w.wake:
	case <-ends:
		w.board.mu.Lock()
		defer w.board.mu.Unlock()
		w.board.markChanged(target)
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// nextExpiry returns the user whose presence expires next, "" if none does.
func (b *Board) nextExpiry(targets []string) (target string, at time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	for _, name := range targets {
		u := b.users[name]
		if u == nil {
			continue
		}
		for _, p := range []Presence{u.presence, u.calendar} {
			if p.Until.After(now) && (target == "" || p.Until.Before(at)) {
				target, at = name, p.Until
			}
		}
	}
	return target, at
}

func (w *Watch) nextChanged() (target string, more, closed bool) {
	w.board.mu.Lock()
	defer w.board.mu.Unlock()
	if len(w.changed) == 0 {
		return "", false, w.closed
	}
	target, w.changed = w.changed[0], w.changed[1:]
	return target, true, w.closed
}

func (w *Watch) wakeReader() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// markChanged marks a user as changed in its watches; the board is locked.
func (b *Board) markChanged(name string) {
	for w := range b.watches {
		if slices.Contains(w.targets, name) && !slices.Contains(w.changed, name) {
			w.changed = append(w.changed, name)
			w.wakeReader()
		}
	}
}
