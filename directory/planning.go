package directory

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/ctikit/ctikit"
)

// Plan reads the source and compares it with what is stored. It changes
// nothing: a dry run is a plan that is not applied. There is no plan if the source
// could not be read completely: the error then wraps [*Incomplete] or is the source's
// own. It wraps [ErrNotFound] if the import is unknown.
func (s *Sync) Plan(ctx context.Context) (*Plan, error) {
	imp, err := s.Registry.Imports.Get(ctx, s.Import)
	if err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	plan, err := s.makePlan(ctx, &imp)
	if err != nil {
		err = fmt.Errorf("plan import %q: %w", s.Import, err)
		const message = "the source could not be read completely; nothing was changed"
		s.recordIncident(&imp, slog.LevelError, "sync.failed", message, err)
		return nil, err
	}
	if len(plan.Holds) > 0 {
		message := fmt.Sprintf("%d removals are held: %s", plan.Removals(), strings.Join(plan.Holds, "; "))
		s.recordIncident(&imp, slog.LevelWarn, "sync.held", message, nil)
	}
	return plan, nil
}

func (s *Sync) makePlan(ctx context.Context, imp *Import) (*Plan, error) {
	st, err := s.loadState(ctx)
	if err != nil {
		return nil, err
	}
	p := &planner{
		sync: s, imp: imp, state: st, codec: s.Registry.subjectCodec(imp.Target),
		mapper: newMapper(imp.Mapping), fresh: map[string]bool{}, gone: map[string]bool{}, still: map[string]bool{},
		retry: st.retriesByKey(),
		plan:  &Plan{Import: imp.ID, Made: time.Now().UTC(), BaseVersion: st.version, Definition: imp.definitionHash()},
	}
	from := st.Bookmark
	if p.plan.Made.Sub(st.LastFull) >= imp.fullInterval() || st.Definition != p.plan.Definition {
		from = "" // reconcile everything now and then, and when something else is asked for
	}
	if p.plan.Anew = from == ""; p.plan.Anew {
		if err := p.loadKnown(ctx); err != nil {
			return nil, err
		}
	}
	if err := p.readSource(ctx, from); err != nil {
		return nil, err
	}
	if err := p.addRetries(ctx); err != nil {
		return nil, err
	}
	if err := p.compareRecords(ctx); err != nil {
		return nil, err
	}
	if err := p.planRemovals(ctx); err != nil {
		return nil, err
	}
	if err := p.resolveNames(ctx); err != nil {
		return nil, err
	}
	p.storeRetries()
	p.countOutsiders()
	slices.SortFunc(p.plan.Changes, func(a, b Change) int { return strings.Compare(a.Key, b.Key) })
	return p.plan, nil
}

// planner makes one plan.
type planner struct {
	sync   *Sync
	imp    *Import
	state  state
	codec  subjectCodec
	mapper *mapper
	plan   *Plan

	all   bool              // known holds every object of the import
	known map[string]*known // by key
	fresh map[string]bool   // keys read that are not known
	gone  map[string]bool   // keys that the source says are gone

	// strangers are those whom we do not have and of whom the source says that
	// nothing has changed.
	strangers int
	notes     int // changes that do nothing

	changed []*record         // to be compared field by field
	retry   map[string]*Retry // failed the last time; the source has not told of them yet
	still   map[string]bool   // of these, said to be there and unchanged
}

// known is an object that the import brought in earlier. There is one for each
// during a plan: some 130 bytes with its place in the map.
type known struct {
	id   string
	hash Hash
	seen bool
}

// newKnown returns the key and what is kept of an object. The key is the end of
// most IDs, and then no text of its own.
func newKnown(o *Object) (key string, k *known) {
	key = o.Key
	if strings.HasSuffix(o.ID, key) {
		key = o.ID[len(o.ID)-len(key):]
	}
	return key, &known{id: o.ID, hash: o.Hash}
}

// loadKnown loads the headers of everything that the import owns.
func (p *planner) loadKnown(ctx context.Context) error {
	if p.all {
		return nil
	}
	earlier := p.known
	p.known = make(map[string]*known, p.state.Read)
	for o, err := range p.sync.Registry.store.Objects(ctx, Query{Kind: p.codec.kind, Import: p.imp.ID, Headers: true}) {
		if err != nil {
			return err
		}
		key, k := newKnown(&o)
		if before := earlier[key]; before != nil {
			k = before
		}
		p.known[key] = k
	}
	p.all = true
	p.plan.Known = len(p.known)
	return nil
}

// findKnown returns what is known of a key. While a run is incremental and small only
// the objects that it names are loaded.
func (p *planner) findKnown(ctx context.Context, key string) (*known, error) {
	if k := p.known[key]; k != nil || p.all {
		return k, nil
	}
	if len(p.known)+len(p.fresh) >= 200 {
		if err := p.loadKnown(ctx); err != nil {
			return nil, err
		}
		return p.known[key], nil
	}
	q := Query{Kind: p.codec.kind, Import: p.imp.ID, Keys: []string{key}, Headers: true}
	o, found, err := firstOf(p.sync.Registry.store.Objects(ctx, q))
	if err != nil || !found {
		return nil, err
	}
	if p.known == nil {
		p.known = map[string]*known{}
	}
	key, k := newKnown(&o)
	p.known[key] = k
	return k, nil
}

// readSource goes through the source once. Entries that have not changed leave
// nothing behind.
func (p *planner) readSource(ctx context.Context, from Bookmark) error {
	ended := false
	for item, err := range p.sync.Source.Read(ctx, from) {
		switch {
		case err != nil:
			return err
		case ended:
			return &Incomplete{Source: "source", Reason: "it continued after its end, which is a defect of the source"}
		case item.End != nil:
			ended = true
			p.plan.Full, p.plan.Bookmark = item.End.Full, item.End.Bookmark
		case item.Entry != nil:
			err = p.readEntry(ctx, item.Entry)
		case item.Gone != "":
			p.gone[strings.Clone(item.Gone)] = true
			delete(p.retry, item.Gone)
		case item.Still != "":
			var k *known
			p.plan.Read++
			if r := p.retry[item.Still]; r != nil {
				p.still[r.Key] = true
			}
			if k, err = p.findKnown(ctx, item.Still); k != nil {
				k.seen = true
				p.plan.Unchanged++
			} else {
				p.strangers++
			}
		}
		if err != nil {
			return err
		}
		if p.plan.Read%1000 == 0 {
			p.sync.reportProgress("read", p.plan.Read, p.state.Read)
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if p.strangers > p.state.Outsiders {
		p.plan.Bookmark = "" // somebody is missing here: the next run reads everything
	}
	if !ended {
		return errUnconfirmed
	}
	p.sync.reportProgress("read", p.plan.Read, p.plan.Read)
	return nil
}

func (p *planner) readEntry(ctx context.Context, e *Entry) error {
	p.plan.Read++
	if err := validateKey(e.Key); err != nil {
		p.noteEntry(Fail, e, joinLines(err))
		return nil
	}
	k, err := p.findKnown(ctx, e.Key)
	if err != nil {
		return err
	}
	if k != nil && k.seen || p.fresh[e.Key] {
		p.noteEntry(Fail, e, duplicateKey(e))
		return nil
	}
	if k != nil {
		k.seen = true
	} else {
		p.fresh[strings.Clone(e.Key)] = true
	}
	delete(p.gone, e.Key) // it came back within the same reading
	delete(p.retry, e.Key)
	p.mapper.loadEntry(e)
	hash := p.mapper.fingerprint(e)
	if k != nil && k.hash == hash {
		p.plan.Unchanged++
		return nil
	}
	r, err := p.mapper.buildRecord(e, hash)
	switch {
	case err != nil:
		p.noteEntry(Fail, e, err.Error())
	case !r.hasNumber() && k != nil:
		p.noteEntry(Ignore, e, ReasonNumberLost)
	case !r.hasNumber():
		p.noteEntry(Ignore, e, ReasonNoNumber)
	case k == nil && !p.imp.Mode.inserts():
		p.noteEntry(Ignore, e, reasonNotInserted)
	case p.sync.failed[e.Key] != "":
		p.noteEntry(Fail, e, p.sync.failed[e.Key])
	case len(p.changed) >= p.sync.maxEntries():
		p.plan.Left++
		delete(p.fresh, e.Key)
	default:
		p.changed = append(p.changed, r)
	}
	return nil
}

func validateKey(key string) error {
	var ps ctikit.Problems
	requireTexts(&ps, "key", key)
	if len(key) > maxKey {
		ps.Add("key", "must be at most %d bytes, got %d", maxKey, len(key))
	} else {
		ps.AddUnder("key", validateText(key))
	}
	return ps.Err()
}

// maxKey is the maximum size of an entry's key in bytes.
const maxKey = 256

// noteEntry adds a change that does nothing but stand in the report; where there are
// very many, it is only counted.
func (p *planner) noteEntry(a Action, e *Entry, reason string) {
	if p.notes++; p.notes > max(p.sync.maxEntries(), maxProblems) {
		p.plan.Unlisted.countUnlisted(a, reason)
		return
	}
	key := strings.ToValidUTF8(e.Key[:min(len(e.Key), maxKey)], "?")
	id := escapeSlash(p.imp.ID) + "/" + key
	if k := p.known[e.Key]; k != nil {
		id = k.id
	}
	p.plan.Changes = append(p.plan.Changes, Change{Action: a, Key: key, ID: id, Path: e.location(), Reason: reason})
}

func (u *Unlisted) countUnlisted(a Action, reason string) {
	if a == Fail {
		u.Failed++
		return
	}
	u.Ignored++
	if reason == ReasonNumberLost {
		u.NumberLost++
	}
}

// countOutsiders counts the entries of a full reading that will not be stored. So
// many strangers are nothing new in the next one.
func (p *planner) countOutsiders() {
	if p.plan.Outsiders = p.state.Outsiders; !p.plan.Full {
		return
	}
	p.plan.Outsiders = p.strangers + len(p.fresh)
	for i := range p.plan.Changes {
		if p.plan.Changes[i].Action == Create {
			p.plan.Outsiders--
		}
	}
}
