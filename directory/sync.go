package directory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/ctikit/ctikit"
)

// Sync copies what an import reads into a registry. Registry, Import and Source must be
// set; the other fields may be zero. One Sync runs once at a time; if two processes
// run the same import, one of them fails with [ctikit.ErrConflict] and nothing is done
// twice.
type Sync struct {
	Registry *Registry
	Import   string // ID of the definition
	Source   Source
	// Progress is called now and then on the goroutine that called Plan or Apply.
	Progress func(Progress)
	// Incidents receives failed readings and held removals; nil records none.
	Incidents ctikit.IncidentRecorder
	// MaxChanges is the most entries that one plan creates or updates, each of
	// which takes some 3 KiB until it is planned and 1 KiB in the plan; 0 is
	// 100,000. See [Plan.Left]. In addition each known object takes some 150 bytes
	// during a plan that reads everything.
	MaxChanges int

	doubled int               // how many times, since a plan that was applied could do nothing
	failed  map[string]string // key → why: take no place in the next plan of the run
}

// maxDoubled times MaxChanges is the most that a plan has room for.
const maxDoubled = 8

// maxEntries is how many entries the next plan may create or update.
func (s *Sync) maxEntries() int {
	n := s.MaxChanges
	if n <= 0 {
		n = 100_000
	}
	return n << s.doubled
}

// adjustRoom prepares the next plan of a run. When nothing of a plan could be carried
// out, its entries may wait for names of those that it had no room for: the next
// one has more, up to a bound. After that they have failed, and the next plan is
// for the others.
func (s *Sync) adjustRoom(a *applier) {
	switch {
	case a.plan.Left == 0:
		s.doubled, s.failed = 0, nil
	case len(a.done) > 0:
	case 2<<s.doubled <= maxDoubled:
		s.doubled++
	default:
		if s.failed == nil {
			s.failed = map[string]string{}
		}
		for i := range a.plan.Changes {
			c := &a.plan.Changes[i]
			if why := a.failed[c.ID]; why != "" {
				s.failed[c.Key] = why
			} else if c.Action == Fail {
				s.failed[c.Key] = c.Reason
			}
		}
	}
}

// Progress is how far a run has come.
type Progress struct {
	Phase string // "read", "compare", "apply"
	Done  int
	Of    int // as far as is known: the entries of the last run; 0 unknown
}

// ErrStale reports that another run was applied since a plan was made. It wraps
// [ctikit.ErrConflict].
var ErrStale = fmt.Errorf("plan is out of date: another run was applied since; plan again: %w", ctikit.ErrConflict)

// state is what an import remembers between runs. It is committed with the last
// changes of a run.
type state struct {
	Bookmark Bookmark  `json:"bookmark,omitempty"`
	LastRun  time.Time `json:"lastRun"`
	LastFull time.Time `json:"lastFull,omitzero"`
	Read     int       `json:"read"`     // entries of the last full reading
	Removals []removal `json:"removals"` // of the last 24 hours

	Definition Hash    `json:"definition"` // of the import that the bookmark was made for
	Outsiders  int     `json:"outsiders,omitempty"`
	Retry      []Retry `json:"retry,omitempty"`

	version uint64
}

type removal struct {
	At    time.Time `json:"at"`
	Count int       `json:"count"`
}

func (s *state) removalsSince(t time.Time) (n int) {
	for _, r := range s.Removals {
		if r.At.After(t) {
			n += r.Count
		}
	}
	return n
}

// Run plans and applies, except for held removals, until no entry is left. A scheduler
// calls it at [Import.Next]. The errors are those of [Sync.Plan] and [Sync.Apply].
func (s *Sync) Run(ctx context.Context) (Report, error) {
	total := Report{Import: s.Import}
	s.doubled, s.failed = 0, nil
	for {
		plan, err := s.Plan(ctx)
		if err != nil {
			return total, err
		}
		report, _, err := s.Apply(ctx, plan)
		total = report.addEarlier(total)
		if err != nil || plan.Left == 0 {
			return total, err
		}
	}
}

// LastRun returns when the import was applied last, the zero time if never. The error is
// that of the store.
func (s *Sync) LastRun(ctx context.Context) (time.Time, error) {
	st, err := s.loadState(ctx)
	return st.LastRun, err
}

func (s *Sync) loadState(ctx context.Context) (state, error) {
	var st state
	o, found, err := firstOf(s.Registry.store.Objects(ctx, Query{Kind: kindState, IDs: []string{s.Import}}))
	if err == nil && found {
		err = json.Unmarshal(o.Data, &st)
		st.version = o.Version
	}
	if err != nil {
		err = fmt.Errorf("state of import %q: %w", s.Import, err)
	}
	return st, err
}

func (s *Sync) encodeState(st state, imp *Import) (Object, error) {
	data, err := json.Marshal(st)
	return Object{Kind: kindState, ID: s.Import, Company: imp.Company, Version: st.version, Data: data}, err
}

func (s *Sync) reportProgress(phase string, done, of int) {
	if s.Progress != nil {
		s.Progress(Progress{Phase: phase, Done: done, Of: of})
	}
}

func (s *Sync) recordIncident(imp *Import, level slog.Level, code, message string, err error) {
	if s.Incidents != nil && !errors.Is(err, context.Canceled) {
		s.Incidents.Record(ctikit.Incident{Severity: level, Code: code, Subject: "import " + imp.ID,
			Message: message, Err: err, Company: imp.Company})
	}
}
