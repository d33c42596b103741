package calllog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/ctikit/ctikit"
)

// Options of a [Log].
type Options struct {
	Store Store // nil is a [Memory]
	// Retention is how long entries are kept; 0 is for ever. Follow removes
	// older ones about once an hour.
	Retention time.Duration
	// Buffer is how many events may wait while the store is slow; if there are more,
	// a part of the log is incomplete. 0 is 4096.
	Buffer int
	// Incidents receives failures of the store: codes calllog.store and
	// calllog.prune. It may be nil.
	Incidents ctikit.IncidentRecorder
}

// Log keeps the calls of users. It is safe for concurrent use.
type Log struct {
	opts Options
	// turn holds a token while entries are written or forgotten: no entry returns
	// after it was forgotten.
	turn chan struct{}

	mu     sync.Mutex
	unsent []Entry // the store refused them
	lost   uint64
	pruned time.Time
}

// New returns a log.
func New(opts Options) *Log {
	if opts.Store == nil {
		opts.Store = &Memory{}
	}
	if opts.Buffer <= 0 {
		opts.Buffer = 4096
	}
	return &Log{opts: opts, turn: make(chan struct{}, 1)}
}

// Find returns entries, the newest first.
func (l *Log) Find(ctx context.Context, f Filter) ([]Entry, error) {
	return l.opts.Store.Find(ctx, f)
}

// ErrForgetNothing is returned if the user or number to forget is empty.
var ErrForgetNothing = errors.New("call log: no user or number to forget")

// ForgetUser removes all entries of a user and returns how many. It waits for a
// write under way until ctx ends. A call that is in progress is logged when it ends.
func (l *Log) ForgetUser(ctx context.Context, user string) (int, error) {
	if user == "" {
		return 0, ErrForgetNothing
	}
	return l.forgetEntries(ctx, Filter{User: user})
}

// ForgetNumber removes all entries that contain a number, in any of its forms, and
// returns how many; otherwise it works like [Log.ForgetUser]. For redirections and
// transfers an entry has only the form that the PBX sent: call it once for each
// form.
func (l *Log) ForgetNumber(ctx context.Context, number string) (int, error) {
	if number == "" {
		return 0, ErrForgetNothing
	}
	return l.forgetEntries(ctx, Filter{Number: number})
}

func (l *Log) forgetEntries(ctx context.Context, f Filter) (int, error) {
	if err := l.takeTurn(ctx); err != nil {
		return 0, err
	}
	defer l.releaseTurn()
	l.mu.Lock()
	n := len(l.unsent)
	l.unsent = slices.DeleteFunc(l.unsent, func(e Entry) bool { return f.Match(&e) })
	n -= len(l.unsent)
	l.mu.Unlock()
	deleted, err := l.opts.Store.Delete(ctx, f)
	return n + deleted, err
}

// Prune removes the entries that are older than [Options].Retention.
func (l *Log) Prune(ctx context.Context) (int, error) {
	if l.opts.Retention <= 0 {
		return 0, nil
	}
	return l.opts.Store.Delete(ctx, Filter{Before: time.Now().Add(-l.opts.Retention)})
}

// Lost returns how many entries were dropped because the store failed for too long.
func (l *Log) Lost() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lost
}

// maxUnsent bounds the entries that wait for a store that fails.
const maxUnsent = 10_000

// writeEntries stores entries, after those that the store refused before. If ctx ends
// first, they wait for the next write.
func (l *Log) writeEntries(ctx context.Context, entries []Entry) {
	l.queueEntries(entries)
	if err := l.writeQueue(ctx); err != nil {
		l.recordFailure("calllog.store", "writing the call log failed; it is tried again", err)
	}
}

func (l *Log) writeQueue(ctx context.Context) error {
	if err := l.takeTurn(ctx); err != nil {
		return err
	}
	defer l.releaseTurn()
	l.mu.Lock()
	batch := l.unsent
	l.unsent = nil
	l.mu.Unlock()
	if len(batch) == 0 {
		return nil
	}
	err := l.opts.Store.Append(ctx, batch)
	if err != nil {
		l.mu.Lock()
		newer := l.unsent
		l.unsent = batch
		l.mu.Unlock()
		l.queueEntries(newer)
	}
	return err
}

// queueEntries puts entries after those that wait for the store.
func (l *Log) queueEntries(entries []Entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.unsent = append(l.unsent, entries...)
	if over := len(l.unsent) - maxUnsent; over > 0 {
		l.lost += uint64(over)
		l.unsent = l.unsent[over:]
	}
}

// takeTurn waits until no other goroutine writes or forgets; releaseTurn ends the turn.
func (l *Log) takeTurn(ctx context.Context) error {
	select {
	case l.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("call log: the store is busy: %w", ctx.Err())
	}
}

func (l *Log) releaseTurn() { <-l.turn }

func (l *Log) pruneHourly(ctx context.Context) {
	l.mu.Lock()
	now := time.Now()
	due := now.Sub(l.pruned) >= time.Hour
	if due {
		l.pruned = now
	}
	l.mu.Unlock()
	if !due {
		return
	}
	if _, err := l.Prune(ctx); err != nil {
		l.recordFailure("calllog.prune", "removing old entries of the call log failed; it is tried again in an hour", err)
	}
}

func (l *Log) recordFailure(code, message string, err error) {
	if l.opts.Incidents != nil {
		l.opts.Incidents.Record(ctikit.Incident{Code: code, Severity: slog.LevelError, Message: message, Err: err})
	}
}
