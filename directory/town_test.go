package directory

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
)

// town is a source with a memory of its changes: it answers from the beginning
// or from a bookmark, and can be told to misbehave.
type town struct {
	people  map[string]map[string]string // by key; "dn" is the path
	log     []string                     // keys, in order of change
	dropped int                          // changes that are forgotten: older bookmarks are of no use

	full    bool // ignores bookmarks
	stillOK bool // answers a full reading after a forgotten bookmark with Still where it can

	cutAfter int  // >0: fails after so many entries
	silent   bool // stops without End
	blind    bool // says success and nothing else
	hide     string
}

var errCut = errors.New("connection reset")

func (s *town) set(key string, pairs ...string) {
	if s.people == nil {
		s.people = map[string]map[string]string{}
	}
	p := maps.Clone(s.people[key])
	if p == nil {
		p = map[string]string{"dn": "cn=" + key + ",ou=people", "uid": key, "phone": "+33155" + fmt.Sprintf("%06s", key)}
	}
	for i := 0; i < len(pairs); i += 2 {
		p[pairs[i]] = pairs[i+1]
	}
	s.people[key] = p
	s.log = append(s.log, key)
}

func (s *town) drop(key string) {
	delete(s.people, key)
	s.log = append(s.log, key)
}

func (s *town) Read(ctx context.Context, from Bookmark) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		if s.blind {
			yield(Item{End: &End{Full: true}}, nil)
			return
		}
		keys, full := slices.Sorted(maps.Keys(s.people)), true
		at, err := strconv.Atoi(string(from))
		if err == nil && at >= s.dropped && !s.full {
			full = false
			keys = slices.Compact(slices.Sorted(slices.Values(s.log[at:])))
		}
		for n, key := range keys {
			if s.cutAfter > 0 && n >= s.cutAfter {
				yield(Item{}, errCut)
				return
			}
			p, ok := s.people[key]
			item := Item{Gone: key}
			if key == s.hide {
				continue
			}
			if ok {
				e := &Entry{Key: key, Path: p["dn"]}
				for name, v := range p {
					if name != "dn" && v != "" {
						a := Attr{Name: []byte(name)}
						for _, one := range strings.Split(v, "|") {
							a.Values = append(a.Values, []byte(one))
						}
						e.Attrs = append(e.Attrs, a)
					}
				}
				item = Item{Entry: e}
				if full && s.stillOK && from != "" && !slices.Contains(s.log[min(at, len(s.log)):], key) {
					item = Item{Still: key}
				}
			}
			if !yield(item, nil) {
				return
			}
		}
		if s.silent {
			return
		}
		end := &End{Full: full, Bookmark: Bookmark(strconv.Itoa(len(s.log)))}
		if s.full {
			end.Bookmark = ""
		}
		yield(Item{End: end}, nil)
	}
}

var townMapping = Mapping{
	{Field: FieldLogin, From: []string{"uid"}},
	{Field: FieldFirstName, From: []string{"given"}},
	{Field: FieldLastName, From: []string{"sn"}},
	{Field: FieldEmail, From: []string{"mail"}},
	{Field: FieldExtension, From: []string{"ext"}},
	{Field: FieldWork, From: []string{"phone"}},
	{Field: FieldMobile, From: []string{"mobile"}},
	{Field: FieldDisabled, From: []string{"uac"}, Mask: 2},
	{Field: "attr:title", From: []string{"title"}},
}

// newTown returns a registry with an import of the town, and its Sync.
func newTown(t testing.TB, mode Mode, store Store, change ...func(*Import)) (*Sync, *town) {
	t.Helper()
	key := ctikit.SealKeyOf([32]byte{1})
	r := NewRegistry(store, ctikit.NewKeyring(key))
	ctx := context.Background()
	require.NoError(t, r.Companies.Save(ctx, Company{ID: "acme", Name: "Acme"}))
	require.NoError(t, r.Domains.Save(ctx, Domain{ID: "paris", Company: "acme", Name: "Paris"}))
	require.NoError(t, r.Directories.Save(ctx, Directory{ID: "staff", Company: "acme", Name: "Staff"}))
	imp := Import{ID: "town", Company: "acme", Domain: "paris", Directory: "staff", Type: LDAP, Target: ToUsers, Mode: mode,
		Mapping: townMapping, Limits: Limits{Removals: 1000, Percent: 100}}
	for _, f := range change {
		f(&imp)
	}
	require.NoError(t, r.Imports.Save(ctx, imp))
	source := &town{people: map[string]map[string]string{}}
	return &Sync{Registry: r, Import: "town", Source: source}, source
}

func run(t testing.TB, s *Sync) Report {
	t.Helper()
	report, err := s.Run(context.Background())
	require.NoError(t, err)
	return report
}

func users(t testing.TB, s *Sync) map[string]User {
	t.Helper()
	out := map[string]User{}
	for u, err := range s.Registry.Users.All(context.Background()) {
		require.NoError(t, err)
		out[u.ID] = u
	}
	return out
}

type sourceFunc func(yield func(Item, error) bool)

func (f sourceFunc) Read(context.Context, Bookmark) iter.Seq2[Item, error] {
	return iter.Seq2[Item, error](f)
}

func newSecret(text string) ctikit.Secret { return ctikit.NewSecret(text) }
