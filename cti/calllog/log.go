package calllog

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/ctikit/ctikit/cti"
)

// Options of a [Log].
type Options struct {
	Store Store // nil is a [Memory]
	// Retention is how long entries are kept; 0 is for ever. Follow removes
	// older ones about once an hour.
	Retention time.Duration
	// Buffer is how many events may wait while the store is slow, before a part
	// of the log is incomplete. 0 is 4096.
	Buffer int
	// Incidents learns when the store fails; nil learns nothing.
	Incidents cti.IncidentRecorder
}

// Log keeps the calls of users. It is safe for concurrent use.
type Log struct {
	opts Options

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
	return &Log{opts: opts}
}

// Find returns entries, the newest first.
func (l *Log) Find(ctx context.Context, f Filter) ([]Entry, error) {
	return l.opts.Store.Find(ctx, f)
}

// ErrForgetNothing: Forget needs to be told what.
var ErrForgetNothing = errors.New("calllog: nothing named to forget")

// ForgetUser removes all entries of a user and returns how many.
func (l *Log) ForgetUser(ctx context.Context, user string) (int, error) {
	if user == "" {
		return 0, ErrForgetNothing
	}
	return l.forget(ctx, Filter{User: user})
}

// ForgetNumber removes all entries that name a number, in whichever of its
// forms, and returns how many. A call that is under way is logged when it ends.
func (l *Log) ForgetNumber(ctx context.Context, number string) (int, error) {
	if number == "" {
		return 0, ErrForgetNothing
	}
	return l.forget(ctx, Filter{Number: number})
}

func (l *Log) forget(ctx context.Context, f Filter) (int, error) {
	l.mu.Lock()
	kept, n := l.unsent[:0], 0
	for _, e := range l.unsent {
		if f.Match(&e) {
			n++
		} else {
			kept = append(kept, e)
		}
	}
	l.unsent = kept
	l.mu.Unlock()
	deleted, err := l.opts.Store.Delete(ctx, f)
	return n + deleted, err
}

// Prune removes what is older than Options.Retention now.
func (l *Log) Prune(ctx context.Context) (int, error) {
	if l.opts.Retention <= 0 {
		return 0, nil
	}
	return l.opts.Store.Delete(ctx, Filter{Before: time.Now().Add(-l.opts.Retention)})
}

// Lost counts entries given up because the store failed for too long.
func (l *Log) Lost() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lost
}

// maxUnsent bounds the entries that wait for a store that fails.
const maxUnsent = 10_000

// write hands entries to the store, after those it refused before.
func (l *Log) write(ctx context.Context, entries []Entry) {
	l.mu.Lock()
	batch := append(l.unsent, entries...)
	if over := len(batch) - maxUnsent; over > 0 {
		l.lost += uint64(over)
		batch = batch[over:]
	}
	l.unsent = nil
	l.mu.Unlock()
	if len(batch) == 0 {
		return
	}
	err := l.opts.Store.Append(ctx, batch)
	if err == nil {
		return
	}
	l.mu.Lock()
	l.unsent = append(batch, l.unsent...)
	l.mu.Unlock()
	l.incident("calllog.store", "the call log could not be written; it is tried again", err)
}

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
		l.incident("calllog.prune", "old entries of the call log could not be removed; it is tried again in an hour", err)
	}
}

func (l *Log) incident(code, message string, err error) {
	if l.opts.Incidents != nil {
		l.opts.Incidents.Record(cti.Incident{Code: code, Severity: slog.LevelError, Message: message, Err: err})
	}
}
