package ctikit

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ctikit/ctikit/internal/printable"
)

// Incident is one thing that an administrator may want to know.
type Incident struct {
	Time     time.Time  // when; set by [IncidentLog.Record] where zero
	Severity slog.Level // slog.LevelInfo, LevelWarn or LevelError
	Code     string     // stable, dotted: "link.down", "supervision.refused", "auth.locked"
	Subject  string     // what it is about: a link, a device, a user, an import
	Message  string     // one sentence; never a secret
	Err      error      // cause, may be nil
	Company  string     // tenant, "" where none applies
}

// String is one line, without control characters:
// "2026-03-01T09:00:00Z WARN link.down paris: connection lost: EOF (acme)".
func (in Incident) String() string {
	var b strings.Builder
	if !in.Time.IsZero() {
		b.WriteString(in.Time.Format(time.RFC3339) + " ")
	}
	b.WriteString(in.Severity.String() + " " + in.Code)
	if in.Subject != "" {
		b.WriteString(" " + in.Subject)
	}
	b.WriteString(": " + in.Message)
	if in.Err != nil {
		b.WriteString(": " + in.Err.Error())
	}
	if in.Company != "" {
		b.WriteString(" (" + in.Company + ")")
	}
	return printable.Text(b.String())
}

// LogValue is [Incident.String], for log/slog.
func (in Incident) LogValue() slog.Value { return slog.StringValue(in.String()) }

// IncidentRecorder receives incidents. An [IncidentLog] is one. Record is called
// from one goroutine at a time for each gateway, import or sign-in chain, and
// should return soon.
type IncidentRecorder interface{ Record(Incident) }

// IncidentFilter selects incidents; zero fields select all.
type IncidentFilter struct {
	Since       time.Time  // not before
	Code        string     // exact, or a prefix that ends with a dot: "link."
	Subject     string     // exact
	Company     string     // exact
	MinSeverity slog.Level // at least; zero is slog.LevelInfo
	Limit       int        // at most so many, the newest; 0 is no limit
}

// DefaultIncidents is the number of incidents that an [IncidentLog] keeps by default.
const DefaultIncidents = 1000

// IncidentOptions of an [IncidentLog].
type IncidentOptions struct {
	// Size is the number of incidents kept; the oldest are dropped.
	// 0 is [DefaultIncidents].
	Size int
	// Logger mirrors each incident; nil mirrors nothing.
	Logger *slog.Logger
	// ShortenNumbers keeps only the first two and the last two digits of every
	// run of six or more digits in subjects and messages.
	ShortenNumbers bool
}

// IncidentLog keeps the newest incidents. It is safe for concurrent use. The zero value
// works with the defaults.
type IncidentLog struct {
	opts IncidentOptions

	mu      sync.Mutex
	ring    []Incident // grows up to size, then wraps
	next    int        // where the next one goes once the ring is full
	dropped uint64
}

// NewIncidentLog returns an empty log.
func NewIncidentLog(opts IncidentOptions) *IncidentLog { return &IncidentLog{opts: opts} }

// Record adds one incident and mirrors it to the logger. Control characters in
// its texts are escaped, so that nothing from outside can forge a line of a log.
func (l *IncidentLog) Record(in Incident) {
	if in.Time.IsZero() {
		in.Time = time.Now()
	}
	in.Subject, in.Message = l.show(in.Subject), l.show(in.Message)
	if in.Err != nil {
		if text := in.Err.Error(); text != l.show(text) {
			in.Err = shownError{l.show(text), in.Err}
		}
	}
	l.add(in)
	l.mirror(in)
}

func (l *IncidentLog) add(in Incident) {
	size := l.opts.Size
	if size <= 0 {
		size = DefaultIncidents
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.ring) < size {
		l.ring = append(l.ring, in)
		return
	}
	l.ring[l.next] = in
	l.next = (l.next + 1) % size
	l.dropped++
}

func (l *IncidentLog) mirror(in Incident) {
	if l.opts.Logger == nil {
		return
	}
	attrs := []slog.Attr{slog.String("code", in.Code), slog.String("subject", in.Subject)}
	if in.Company != "" {
		attrs = append(attrs, slog.String("company", in.Company))
	}
	if in.Err != nil {
		attrs = append(attrs, slog.Any("err", in.Err))
	}
	l.opts.Logger.LogAttrs(context.Background(), in.Severity, in.Message, attrs...)
}

// Find returns the incidents that f selects, oldest first.
func (l *IncidentLog) Find(f IncidentFilter) []Incident {
	f.Subject = l.show(f.Subject) // in the form that is stored
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []Incident
	for i := len(l.ring) - 1; i >= 0; i-- { // newest first, for Limit
		in := l.ring[(l.next+i)%len(l.ring)]
		if !f.selects(in) {
			continue
		}
		found = append(found, in)
		if f.Limit > 0 && len(found) == f.Limit {
			break
		}
	}
	slices.Reverse(found)
	return found
}

// Dropped returns how many incidents were dropped for newer ones.
func (l *IncidentLog) Dropped() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.dropped
}

func (f IncidentFilter) selects(in Incident) bool {
	code := f.Code == "" || in.Code == f.Code || strings.HasSuffix(f.Code, ".") && strings.HasPrefix(in.Code, f.Code)
	return code && in.Severity >= f.MinSeverity && !in.Time.Before(f.Since) &&
		(f.Subject == "" || in.Subject == f.Subject) && (f.Company == "" || in.Company == f.Company)
}

// show returns a text in the form that is stored: without control characters,
// and with long numbers shortened if the options say so.
func (l *IncidentLog) show(text string) string {
	text = printable.Text(text)
	if l.opts.ShortenNumbers {
		text = shorten(text)
	}
	return text
}

// shownError is an error with its text as [IncidentLog.show] shows it.
type shownError struct {
	text string
	err  error
}

func (e shownError) Error() string { return e.text }
func (e shownError) Unwrap() error { return e.err }

// shorten keeps the first two and the last two digits of each run of six or more.
func shorten(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		run := i
		for run < len(s) && '0' <= s[run] && s[run] <= '9' {
			run++
		}
		if run-i >= 6 {
			b.WriteString(s[i : i+2])
			b.WriteString(strings.Repeat("*", run-i-4))
			b.WriteString(s[run-2 : run])
			i = run
			continue
		}
		run = max(run, i+1)
		b.WriteString(s[i:run])
		i = run
	}
	return b.String()
}
