package directory

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/internal/testenv"
)

var ctx = context.Background()

func TestRunCreatesUpdatesAndIgnores(t *testing.T) {
	s, src := newTown(t, InsertUpdateDelete, NewMemory())
	src.set("1", "given", "Ann", "sn", "Lee", "ext", "4001", "mobile", "+33600000001|+33600000002", "title", "Dr")
	src.set("2", "sn", "Ray", "uac", "514")
	src.set("3", "phone", "")
	var phases []string
	s.Progress = func(p Progress) { phases = append(phases, p.Phase) }
	report := run(t, s)
	require.Equal(t, Report{Import: "town", Full: true, Read: 3, Created: 2, Ignored: 1,
		Problems: ctikit.Problems{{Severity: ctikit.SeverityInfo, Path: "cn=3,ou=people", Message: ReasonNoNumber}}}, report)
	require.Contains(t, phases, "read")
	require.Contains(t, phases, "apply")

	u := users(t, s)["town/1"]
	require.Equal(t, []Extension{{Number: "4001"}}, u.Extensions)
	require.Equal(t, "+33600000001", u.Mobile)
	require.Equal(t, []Number{{Work, "+33155000001"}, {Mobile, "+33600000002"}}, u.Numbers)
	require.Equal(t, "cn=1,ou=people", u.Origin.Path)
	require.True(t, users(t, s)["town/2"].Disabled)

	src.set("1", "mobile", "+33600000009", "title", "")
	report = run(t, s)
	require.Equal(t, Report{Import: "town", Read: 1, Updated: 1}, report, "incremental")
	require.Empty(t, users(t, s)["town/1"].Attributes)
	require.Equal(t, Report{Import: "town"}, run(t, s))

	ix := NewIndex(french)
	require.NoError(t, s.Registry.LoadIndex(ctx, ix))
	m := ix.View("acme", everything).Lookup("4001", "")
	require.Equal(t, "Ann Lee", m.Name)
	require.Equal(t, "Acme", m.Contacts[0].Organisation)
	require.Equal(t, NoMatch, ix.View("acme", everything).Lookup("", "+33155000002").Class, "disabled")
}

// Whoever is known and has no number at the source any more keeps the one that is
// stored (T9.46: such an entry is ignored), which is told every time that the
// source tells of it.
func TestLastNumberLost(t *testing.T) {
	s, src := newTown(t, InsertUpdateDelete, NewMemory())
	src.set("1", "ext", "4001")
	src.set("2", "ext", "4002")
	src.set("3", "phone", "")
	run(t, s)
	src.set("1", "ext", "", "phone", "", "mail", "x@example.test")
	plan, err := s.Plan(ctx)
	require.NoError(t, err)
	require.Contains(t, plan.String(), "ignore town/1 [cn=1,ou=people]: "+ReasonNumberLost)
	report := run(t, s)
	require.Equal(t, Report{Import: "town", Read: 1, Ignored: 1, NumberLost: 1,
		Problems: ctikit.Problems{{Severity: ctikit.SeverityWarning, Path: "cn=1,ou=people", Message: ReasonNumberLost}}}, report)
	require.Contains(t, report.String(), "1 of the ignored")
	require.Equal(t, []Extension{{Number: "4001"}}, users(t, s)["town/1"].Extensions)
	src.full = true
	for range 2 {
		report = run(t, s)
		require.Equal(t, []int{3, 2, 1, 1}, []int{report.Read, report.Ignored, report.NumberLost, report.Unchanged}, "each full reading")
	}
	src.set("2", "ext", "4001", "phone", "")
	report = run(t, s)
	require.Equal(t, 1, report.Failed, "the number is still the first one's")
	require.NoError(t, s.Registry.Users.Update(ctx, "town/1", func(u *User) error { u.Extensions = nil; return nil }))
	report = run(t, s)
	require.Equal(t, []int{1, 0, 1}, []int{report.Updated, report.Failed, report.NumberLost})
	src.set("1", "phone", "0155")
	require.Equal(t, 1, run(t, s).Updated)
}

func TestModes(t *testing.T) {
	for mode, want := range map[Mode]Report{
		InsertUpdateDelete:  {Import: "town", Full: true, Read: 2, Created: 1, Updated: 1, Deleted: 1},
		InsertUpdateDisable: {Import: "town", Full: true, Read: 2, Created: 1, Updated: 1, Disabled: 1},
		InsertUpdate:        {Import: "town", Full: true, Read: 2, Created: 1, Updated: 1},
		UpdateOnly: {Import: "town", Full: true, Read: 2, Updated: 1, Ignored: 1,
			Problems: ctikit.Problems{{Severity: ctikit.SeverityInfo, Path: "cn=3,ou=people", Message: "not imported earlier, and the mode only updates"}}},
	} {
		s, src := newTown(t, InsertUpdate, NewMemory())
		src.full = true
		src.set("1")
		src.set("2")
		run(t, s)
		require.NoError(t, s.Registry.Imports.Update(ctx, "town", func(i *Import) error { i.Mode = mode; return nil }))
		src.set("1", "sn", "New")
		src.drop("2")
		src.set("3")
		require.Equal(t, want, run(t, s), mode)
		report := run(t, s)
		require.Zero(t, report.Updated+report.Created+report.Deleted+report.Disabled, mode)
	}
}

func TestDisabledComesBack(t *testing.T) {
	s, src := newTown(t, InsertUpdateDisable, NewMemory())
	src.set("1", "sn", "Lee")
	src.set("2")
	run(t, s)
	person := src.people["1"]
	src.drop("1")
	require.Equal(t, 1, run(t, s).Disabled)
	require.True(t, users(t, s)["town/1"].Disabled)
	src.people["1"] = person
	src.set("1")
	report := run(t, s)
	require.Equal(t, 1, report.Enabled)
	require.False(t, users(t, s)["town/1"].Disabled)

	// Disabled by hand stays so, gone or not.
	require.NoError(t, s.Registry.Users.Update(ctx, "town/2", func(u *User) error { u.Disabled = true; return nil }))
	src.set("2", "sn", "Ray")
	run(t, s)
	require.True(t, users(t, s)["town/2"].Disabled)
	require.Equal(t, "Ray", users(t, s)["town/2"].LastName)
}

func TestRenameAndMove(t *testing.T) {
	s, src := newTown(t, InsertUpdateDelete, NewMemory())
	src.set("1")
	src.set("2")
	src.set("3", "dn", `cn=Lee\, Ann,ou=people`)
	run(t, s)
	src.set("1", "dn", "cn=1,ou=board")
	src.set("2", "uid", "two")
	src.set("3", "dn", "cn=Ray,ou=people")
	plan, err := s.Plan(ctx)
	require.NoError(t, err)
	require.Equal(t, []Action{Move, Rename, Rename}, []Action{plan.Changes[0].Action, plan.Changes[1].Action, plan.Changes[2].Action})
	require.Equal(t, "cn=1,ou=people", plan.Changes[0].OldPath)
	require.Equal(t, []FieldChange{{FieldLogin, []string{"2"}, []string{"two"}}}, plan.Changes[1].Fields)
	report := run(t, s)
	require.Equal(t, 3, report.Updated)
	require.Len(t, users(t, s), 3, "nobody twice")
}

func TestHandEditsStay(t *testing.T) {
	s, src := newTown(t, InsertUpdateDelete, NewMemory())
	src.set("1", "sn", "Lee", "mail", "a@x", "ext", "4001")
	run(t, s)
	require.NoError(t, s.Registry.Users.Update(ctx, "town/1", func(u *User) error {
		u.LastName = "By Hand"
		u.Extensions[0].Password = newSecret("1234")
		u.Origin = nil // not the hand's to change
		return nil
	}))
	src.set("1", "sn", "Changed", "mail", "b@x", "ext", "4001|4002")
	require.Equal(t, 1, run(t, s).Updated)
	u := users(t, s)["town/1"]
	require.Equal(t, "By Hand", u.LastName)
	require.Equal(t, "b@x", u.Email)
	require.Equal(t, "1234", u.Extensions[0].Password.Reveal(), "the password stays with its extension")
	require.Equal(t, "4002", u.Extensions[1].Number)

	hand := User{ID: "h", Company: "acme", Domain: "paris", Login: "hand"}
	require.NoError(t, s.Registry.Users.Save(ctx, hand))
	src.drop("1")
	src.set("2")
	run(t, s)
	require.Contains(t, users(t, s), "h", "made by hand")
	require.NotContains(t, users(t, s), "town/1")
}

// Whatever goes wrong with a source, nobody is removed and the next run completes.
func TestTroubleRemovesNobody(t *testing.T) {
	for name, trouble := range map[string]func(*town){
		"cut":             func(s *town) { s.cutAfter = 3 },
		"stops silently":  func(s *town) { s.silent = true },
		"empty success":   func(s *town) { s.blind = true },
		"far fewer":       func(s *town) { clear(s.people); s.set("1"); s.set("2") },
		"canary not seen": func(s *town) { s.hide = "5" },
	} {
		t.Run(name, func(t *testing.T) {
			s, src := newTown(t, InsertUpdateDelete, NewMemory(), func(i *Import) {
				i.Limits = Limits{}
				i.Canaries = []string{"5"}
			})
			log := ctikit.NewIncidentLog(ctikit.IncidentOptions{})
			s.Incidents = log
			src.full = true
			for i := range 20 {
				src.set(fmt.Sprint(i))
			}
			run(t, s)
			before := users(t, s)
			good := *src
			good.people = mapsClone(src.people)
			trouble(src)
			report, err := s.Run(ctx)
			if err == nil {
				require.NotZero(t, report.Held)
				require.NotEmpty(t, report.Holds)
			}
			require.Equal(t, before, users(t, s))
			require.Len(t, log.Find(ctikit.IncidentFilter{Code: "sync."}), 1)
			*src = good
			src.set("20")
			report = run(t, s)
			require.Equal(t, 1, report.Created)
			require.Zero(t, report.Held)
		})
	}
}

func mapsClone(m map[string]map[string]string) map[string]map[string]string {
	out := map[string]map[string]string{}
	for k, v := range m {
		out[k] = v
	}
	return out
}

func TestHeldRemovalsNeedApproval(t *testing.T) {
	s, src := newTown(t, InsertUpdateDelete, NewMemory(), func(i *Import) { i.Limits = Limits{Removals: 100, Percent: 20} })
	for i := range 10 {
		src.set(fmt.Sprint(i))
	}
	run(t, s)
	for i := range 3 {
		src.drop(fmt.Sprint(i))
	}
	src.set("new")
	report := run(t, s)
	require.Equal(t, 3, report.Held)
	require.Equal(t, 1, report.Created, "what is no removal goes on")
	require.Contains(t, report.Holds[0], "limits.percent 20")
	report = run(t, s)
	require.Equal(t, 3, report.Held, "the bookmark did not pass what is held")

	plan, err := s.Plan(ctx)
	require.NoError(t, err)
	plan.Approve()
	report, _, err = s.Apply(ctx, plan)
	require.NoError(t, err)
	require.Equal(t, 3, report.Deleted)
	require.Equal(t, Report{Import: "town"}, run(t, s))
}

func TestLimits(t *testing.T) {
	for _, test := range []struct {
		limits         Limits
		known, removed int
		earlier        int
		held           bool
	}{
		{Limits{}, 100, 10, 0, false},
		{Limits{}, 100, 11, 0, true},
		{Limits{}, 3, 1, 0, false},
		{Limits{}, 3, 2, 0, true},
		{Limits{}, 100000, 500, 0, false},
		{Limits{}, 100000, 501, 0, true},
		{Limits{}, 100000, 400, 700, true},
		{Limits{}, 100000, 300, 700, false},
		{Limits{Removals: -1}, 100, 1, 0, true},
		{Limits{Percent: -1}, 100, 1, 0, true},
		{Limits{PerDay: 5}, 100, 5, 1, true},
	} {
		p := &planner{plan: &Plan{Known: test.known, Read: 1, Full: true, Made: time.Now()}, imp: &Import{Limits: test.limits}}
		p.state.Removals = []removal{{At: time.Now().Add(-time.Hour), Count: test.earlier}, {At: time.Now().Add(-25 * time.Hour), Count: 1e6}}
		require.Equal(t, test.held, len(p.holdReasons(test.removed)) > 0, "%+v", test)
	}
}

func TestNamesClash(t *testing.T) {
	s, src := newTown(t, InsertUpdateDelete, NewMemory())
	require.NoError(t, s.Registry.Users.Save(ctx, User{ID: "h", Company: "acme", Domain: "paris", Login: "Boss", Extensions: []Extension{{Number: "4000"}}}))
	src.set("1", "uid", "boss")
	src.set("2", "ext", "4000")
	src.set("3", "ext", "4003")
	src.set("4", "ext", "4003")
	report := run(t, s)
	require.Equal(t, 1, report.Created)
	require.Equal(t, 3, report.Failed)
	for _, want := range []string{`login acme/boss belongs to user "h"`, `extension paris/4000 belongs to user "h"`, `extension paris/4003 belongs to user "town/3"`} {
		require.Contains(t, report.String(), want)
	}
	require.Len(t, users(t, s), 2)
}

// Who has a name and keeps it is not troubled by others who claim it.
func TestOwnersKeepTheirNames(t *testing.T) {
	s, src := newTown(t, InsertUpdateDisable, NewMemory())
	src.set("1", "ext", "4001")
	src.set("2", "ext", "4002")
	src.set("3", "ext", "4003")
	run(t, s)
	src.set("1", "ext", "4002")
	src.set("2", "sn", "New") // keeps 4002
	src.drop("3")
	src.set("0", "ext", "4003") // which 3 keeps, disabled
	report := run(t, s)
	require.Equal(t, []int{1, 1, 2}, []int{report.Updated, report.Disabled, report.Failed}, report.String())
	require.Contains(t, report.String(), `cn=1,ou=people: extension paris/4002 belongs to user "town/2"`)
}

func TestNamesPassOn(t *testing.T) {
	s, src := newTown(t, InsertUpdateDelete, NewMemory())
	const n = 2*batchSize + 10
	for i := range n {
		src.set(fmt.Sprintf("%05d", i), "ext", fmt.Sprint(10000+i))
	}
	require.Equal(t, n, run(t, s).Created)
	for i := range n { // everybody takes the next one's: one ring over several batches
		src.set(fmt.Sprintf("%05d", i), "ext", fmt.Sprint(10000+(i+1)%n))
	}
	report := run(t, s)
	require.Equal(t, n, report.Updated, report.Problems[:min(3, len(report.Problems))])
}

func TestBadEntries(t *testing.T) {
	s, src := newTown(t, InsertUpdateDelete, NewMemory())
	src.set("1", "sn", strings.Repeat("x", 10<<20))
	src.set("2", "sn", "a\x00b")
	src.set("3", "sn", "\xff")
	src.set("4", "uid", "")
	src.set("5", "uac", "many")
	src.set(strings.Repeat("k", 300))
	src.set("7", "sn", "*)(uid=*", "dn", `cn=a\`)
	src.set("8", "ext", "4001|4001")
	report := run(t, s)
	require.Equal(t, 6, report.Failed, report.String())
	require.Equal(t, 2, report.Created)
	for i := range report.Problems {
		require.Less(t, len(report.Problems[i].Message), 500)
	}
}

// What looks like a part of a filter, a query or a DN is refused as the name of an
// attribute, and is text as a value.
func TestInjection(t *testing.T) {
	s, src := newTown(t, InsertUpdateDelete, NewMemory())
	for _, name := range []string{"uid)(cn=*", "*", "a|b", "a\\2a", "uid=x,dc=y", "uid; DROP TABLE people--\x00", "a'b", `a"b`, "", " uid", "(", "a{b}", strings.Repeat("a", 200), "a\nb"} {
		for _, rule := range []Rule{{Field: FieldLastName, From: []string{name}}, {Field: FieldLastName, Template: "{" + name + "}"}, {Field: Field("attr:" + name), From: []string{"sn"}}} {
			if rule.Template == "{a{b}}" {
				continue // the attribute b between braces
			}
			err := s.Registry.Imports.Update(ctx, "town", func(i *Import) error { i.Mapping = append(townMapping[:2:2], rule); return nil })
			require.ErrorIs(t, err, ctikit.ErrInvalid, "%+v", rule)
		}
	}
	names := []string{"*)(uid=*", "admin,dc=example", "a\\2a", "x' OR '1'='1", "{uid}", "../..", "=cmd()'!A0", "%s%n", "<script>", "?", "b/c"}
	for i, name := range names {
		src.set(fmt.Sprint(i), "uid", name, "sn", name, "given", name)
	}
	report := run(t, s)
	require.Equal(t, len(names), report.Created, report.String())
	for i, name := range names {
		u := users(t, s)["town/"+fmt.Sprint(i)]
		require.Equal(t, []string{name, name, name}, []string{u.Login, u.FirstName, u.LastName})
	}
}

func TestDuplicateKey(t *testing.T) {
	s, _ := newTown(t, InsertUpdateDelete, NewMemory())
	e := &Entry{Key: "1", Line: 2, Attrs: []Attr{{[]byte("UID"), [][]byte{[]byte("a")}}, {[]byte("Phone"), [][]byte{[]byte("1")}}}}
	s.Source = sourceFunc(func(yield func(Item, error) bool) {
		for _, item := range []Item{{Entry: e}, {Entry: e}, {End: &End{Full: true}}} {
			if !yield(item, nil) {
				return
			}
		}
	})
	report := run(t, s)
	require.Equal(t, 1, report.Created)
	require.Equal(t, 1, report.Failed)
	require.Equal(t, ctikit.Problems{{Severity: ctikit.SeverityError, Path: "line 2", Message: `duplicate key "1"`}}, report.Problems)
}

func TestPlanOutdatedByHand(t *testing.T) {
	s, src := newTown(t, InsertUpdateDelete, NewMemory())
	src.set("1")
	src.set("2")
	run(t, s)
	src.set("1", "sn", "Lee")
	src.drop("2")
	plan, err := s.Plan(ctx)
	require.NoError(t, err)
	require.NoError(t, s.Registry.Users.Update(ctx, "town/2", func(u *User) error { u.Mobile = "1"; return nil }))
	report, _, err := s.Apply(ctx, plan)
	require.NoError(t, err)
	require.Equal(t, 1, report.Updated)
	require.Equal(t, 1, report.Failed)
	require.Contains(t, users(t, s), "town/2")
	require.Equal(t, 1, run(t, s).Deleted, "the next run sees the change again")
}

// Many random lives of a town: an incremental importer, one that loses its
// bookmark now and then, and one that always reads everything end up alike.
func TestIncrementalEqualsFull(t *testing.T) {
	rng := testenv.Rand(t)
	for _, mode := range []Mode{InsertUpdateDelete, InsertUpdateDisable, InsertUpdate} {
		for range 15 {
			incremental, a := newTown(t, mode, NewMemory())
			incremental.MaxChanges = 100 * rng.IntN(2) // enough for a ring of names, or the default
			full, b := newTown(t, mode, NewMemory())
			lossy, c := newTown(t, mode, NewMemory())
			b.full, c.stillOK = true, rng.IntN(2) == 0
			for range 12 {
				for range rng.IntN(8) {
					live(rng, a, b, c)
				}
				if rng.IntN(4) == 0 {
					c.dropped = len(c.log)
				}
				for _, s := range []*Sync{incremental, full, lossy} {
					run(t, s)
				}
				require.Equal(t, users(t, full), users(t, incremental))
				require.Equal(t, users(t, full), users(t, lossy))
			}
		}
	}
}

func live(rng *rand.Rand, towns ...*town) {
	key, value := fmt.Sprint(rng.IntN(12)), fmt.Sprint(rng.IntN(5))
	action := rng.IntN(7)
	for _, s := range towns {
		switch action {
		case 0:
			s.drop(key)
		case 1:
			s.set(key, "dn", "cn="+key+",ou="+value)
		case 2:
			s.set(key, "mobile", "06"+value+"|07"+value)
		case 3:
			s.set(key, "phone", []string{"", "+331" + value}[len(s.people)%2])
		case 4:
			s.set(key, "ext", "90"+value) // of which there are few: some claim one in vain
		default:
			s.set(key, "sn", value, "ext", key+value)
		}
	}
}

// A store that fails at any commit leaves a consistent state, and a re-run converges.
func TestApplyFailsAnywhere(t *testing.T) {
	for failAt := range 6 {
		store := &failing{Memory: NewMemory()}
		s, src := newTown(t, InsertUpdateDelete, store)
		for i := range 3 * batchSize {
			src.set(fmt.Sprintf("%05d", i))
		}
		store.left = failAt
		store.armed = true
		_, err := s.Run(ctx)
		if failAt < 4 {
			require.ErrorIs(t, err, errCut)
		}
		store.armed = false
		report := run(t, s)
		require.Zero(t, report.Failed)
		require.Len(t, users(t, s), 3*batchSize)
	}
}

type failing struct {
	*Memory
	armed bool
	left  int
}

func (f *failing) Commit(ctx context.Context, b Batch) error {
	if f.armed {
		if f.left--; f.left < 0 {
			return errCut
		}
	}
	return f.Memory.Commit(ctx, b)
}

func TestContactsTarget(t *testing.T) {
	s, src := newTown(t, InsertUpdateDisable, NewMemory(), func(i *Import) {
		i.Target = ToContacts
		i.Mapping = Mapping{{Field: FieldDisplayName, Template: "{given} {sn}"}, {Field: FieldWork, From: []string{"phone"}}}
	})
	src.set("1", "given", "Ann", "sn", "Lee")
	src.set("2", "given", "{sn}", "sn", "x")
	require.Equal(t, 2, run(t, s).Created)
	var names []string
	for c, err := range s.Registry.Contacts.All(ctx) {
		require.NoError(t, err)
		names = append(names, c.DisplayName)
	}
	require.Equal(t, []string{"Ann Lee", "{sn} x"}, names, "values are not expanded again")
	src.drop("1")
	require.Equal(t, 1, run(t, s).Disabled)
	ix := NewIndex(french)
	require.NoError(t, s.Registry.LoadIndex(ctx, ix))
	require.Equal(t, 1, ix.Len())
}

func TestImportNext(t *testing.T) {
	at := time.Date(2026, 1, 1, 3, 0, 0, 0, time.UTC)
	require.Equal(t, at.Add(24*time.Hour), (&Import{}).Next(at))
	require.Equal(t, at.Add(time.Hour), (&Import{Every: time.Hour}).Next(at))
}

func TestCancelledPlan(t *testing.T) {
	s, src := newTown(t, InsertUpdateDelete, NewMemory())
	src.set("1")
	ended, cancel := context.WithCancel(ctx)
	cancel()
	_, err := s.Plan(ended)
	require.True(t, errors.Is(err, context.Canceled))
}

func TestHashText(t *testing.T) {
	h := Hash{1, 255}
	text, err := h.MarshalText()
	require.NoError(t, err)
	var back Hash
	require.NoError(t, back.UnmarshalText(text))
	require.Equal(t, h, back)
	require.Error(t, back.UnmarshalText([]byte("01")))
	require.True(t, slices.Equal(h[:], back[:]))
}
