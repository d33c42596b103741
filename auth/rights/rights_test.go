package rights

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/internal/testenv"
)

// town is a directory that tests change. Keys are "user.company" or
// "group.company".
type town struct {
	groups   map[string][]string // user → groups; a user is there if it has a key
	disabled map[string]bool
	parents  map[string][]string
	paid     map[string]int            // application → seats that companies share; absent is not counted
	own      map[string]map[string]int // company → application → seats of its own
	all      []ctikit.Incident
}

func (d *town) Users() iter.Seq2[string, bool] {
	return func(yield func(string, bool) bool) {
		for _, user := range slices.Sorted(maps.Keys(d.groups)) {
			if !yield(user, !d.disabled[user]) {
				return
			}
		}
	}
}
func (d *town) Groups(user string) []string   { return d.groups[user] }
func (d *town) Parents(group string) []string { return d.parents[group] }
func (d *town) Company(subject string) string {
	_, company, _ := strings.Cut(subject, ".")
	return company
}
func (d *town) Seats(company, application string) (seats int, counted bool) {
	if company == "" {
		seats, counted = d.paid[application]
		return seats, counted
	}
	seats, counted = d.own[company][application]
	return seats, counted
}
func (d *town) Record(in ctikit.Incident) { d.all = append(d.all, in) }

func newSet(t testing.TB, d *town) *Set {
	t.Helper()
	s, err := New(Config{Subjects: d, Parents: d.Parents, Licences: d, Incidents: d, AboutUsers: []string{"presence"},
		ObjectCompany: func(objectType, id string) (string, bool) { return d.Company(id), objectType == Directory }})
	require.NoError(t, err)
	return s
}

func acme() *town {
	return &town{
		groups: map[string][]string{
			"alice.acme": {"sales.acme"}, "bob.acme": {"sales.acme", "all.acme"}, "carol.acme": {"all.acme"}, "dave.acme": nil,
			"olga.other": {"all.other"},
		},
		disabled: map[string]bool{}, parents: map[string][]string{}, paid: map[string]int{}, own: map[string]map[string]int{},
	}
}

func app(to Subject, id string) Grant { return Grant{to, Object{Type: Application, ID: id}} }

func TestDirectAndByGroup(t *testing.T) {
	s := newSet(t, acme())
	require.NoError(t, s.Grant(app(Group("all.acme"), "caller"), app(User("alice.acme"), "agent"), Grant{Group("sales.acme"), Object{Type: Directory, ID: "ad.acme"}}))
	for _, test := range []struct {
		user, kind, id string
		can            bool
	}{
		{"bob.acme", Application, "caller", true}, {"carol.acme", Application, "caller", true}, {"alice.acme", Application, "caller", false},
		{"alice.acme", Application, "agent", true}, {"bob.acme", Application, "agent", false},
		{"alice.acme", Directory, "ad.acme", true}, {"carol.acme", Directory, "ad.acme", false},
		{"stranger", Application, "caller", false}, {"", Application, "caller", false}, {"bob.acme", "", "", false},
		{"olga.other", Application, "caller", false},
	} {
		require.Equal(t, test.can, s.Can(test.user, test.kind, test.id), "%+v", test)
	}
	s.Revoke(app(Group("all.acme"), "caller"), app(User("nobody"), "x"))
	require.False(t, s.Can("bob.acme", Application, "caller"))
	require.Len(t, s.Grants(), 2)
}

func TestStatisticsTheOtherWayRound(t *testing.T) {
	d := acme()
	s := newSet(t, d)
	require.NoError(t, s.Grant(
		Grant{User("carol.acme"), Of(Statistics, Group("sales.acme"))},
		Grant{User("carol.acme"), Of(Recordings, User("dave.acme"))},
		Grant{Group("all.acme"), Of("presence", Group("sales.acme"))}))
	require.True(t, s.Can("carol.acme", Statistics, "bob.acme"))
	require.True(t, s.Can("carol.acme", Statistics, "alice.acme"))
	require.False(t, s.Can("carol.acme", Statistics, "dave.acme"))
	require.True(t, s.Can("carol.acme", Recordings, "dave.acme"))
	require.False(t, s.Can("carol.acme", Recordings, "bob.acme"))
	require.False(t, s.Can("alice.acme", Statistics, "carol.acme"), "not the other way")
	require.False(t, s.Can("carol.acme", Statistics, "carol.acme"), "one's own are a right like any other")
	d.disabled["alice.acme"] = true
	s.Refresh()
	require.True(t, s.Can("carol.acme", Statistics, "alice.acme"), "those of one who has left can still be read")

	presence := s.View("presence")
	require.True(t, presence.CanSee("bob.acme", "alice.acme"))
	require.False(t, presence.CanSee("alice.acme", "carol.acme"))
	require.True(t, presence.CanSee("dave.acme", "dave.acme"))

	require.ErrorContains(t, s.Grant(Grant{Group("all.acme"), Of(Recordings, User("dave.acme"))}), `grants[0].to: recordings can be granted to a user only`)
	require.ErrorContains(t, s.Grant(Grant{User("bob.acme"), Object{Type: Directory, ID: "ad.acme", Group: true}}), `grants[0].on.group: type "directory" is not a user type`)
}

func TestDisabledUserHasNoRights(t *testing.T) {
	d := acme()
	s := newSet(t, d)
	require.NoError(t, s.Grant(app(User("alice.acme"), "caller")))
	d.disabled["alice.acme"] = true
	require.True(t, s.Can("alice.acme", Application, "caller"), "until the host says that the directory has changed")
	s.Refresh()
	require.False(t, s.Can("alice.acme", Application, "caller"))
	require.Empty(t, s.Explain("alice.acme", Application, "caller"))
}

func TestExplainAndEffective(t *testing.T) {
	d := acme()
	d.parents = map[string][]string{"sales.acme": {"europe.acme"}, "europe.acme": {"world.acme"}}
	s := newSet(t, d)
	direct, nested := app(User("alice.acme"), "caller"), app(Group("world.acme"), "caller")
	statistics := Grant{User("carol.acme"), Of(Statistics, Group("europe.acme"))}
	require.NoError(t, s.Grant(direct, nested, statistics))
	require.Equal(t, []Path{{Grant: direct}, {Grant: nested, Via: []string{"sales.acme", "europe.acme", "world.acme"}}}, s.Explain("alice.acme", Application, "caller"))
	require.Equal(t, []Path{{Grant: statistics, Of: []string{"sales.acme", "europe.acme"}}}, s.Explain("carol.acme", Statistics, "alice.acme"))
	require.Empty(t, s.Explain("carol.acme", Statistics, "dave.acme"))
	require.Len(t, s.Effective("alice.acme"), 2)
	require.Empty(t, s.Effective("nobody"))
}

func TestAttackCrossCompany(t *testing.T) {
	d := acme()
	s := newSet(t, d)
	err := s.Grant(
		app(User("alice.acme"), "caller"),
		Grant{User("olga.other"), Object{Type: Directory, ID: "ad.acme"}},
		Grant{User("olga.other"), Of(Statistics, User("alice.acme"))},
		Grant{Group("all.other"), Of("presence", Group("all.acme"))})
	require.ErrorIs(t, err, ctikit.ErrCrossCompany)
	for _, place := range []string{"grants[1]", "grants[2]", "grants[3]"} {
		require.ErrorContains(t, err, place)
	}
	require.Empty(t, s.Grants(), "all or none")

	require.NoError(t, s.Grant(Grant{Group("all.acme"), Object{Type: Directory, ID: "ad.acme"}}, Grant{User("carol.acme"), Of(Statistics, Group("sales.acme"))}))
	d.groups["olga.other"] = []string{"all.acme", "sales.acme"} // a membership that the directory should have refused
	s.Refresh()
	require.False(t, s.Can("olga.other", Directory, "ad.acme"))
	require.False(t, s.Can("carol.acme", Statistics, "olga.other"))
	require.Empty(t, s.Effective("olga.other"))
	require.Empty(t, s.Explain("carol.acme", Statistics, "olga.other"))
}

func TestAttackGroupCycle(t *testing.T) {
	d := acme()
	d.parents = map[string][]string{"sales.acme": {"a.acme"}, "a.acme": {"b.acme", "a.acme"}, "b.acme": {"sales.acme", "a.acme"}}
	s := newSet(t, d)
	require.NoError(t, s.Grant(app(Group("b.acme"), "caller")))
	require.True(t, s.Can("alice.acme", Application, "caller"))
	require.False(t, s.Can("carol.acme", Application, "caller"))
	require.Equal(t, []string{"sales.acme", "a.acme", "b.acme"}, s.Explain("alice.acme", Application, "caller")[0].Via)
}

func TestMalformedGrants(t *testing.T) {
	s := newSet(t, acme())
	for _, g := range []Grant{{}, app(User(""), "caller"), app(User("alice.acme"), ""), {User("x"), Object{ID: "y"}}, app(User("a\x00"), "x"), app(User(strings.Repeat("x", 2000)), "x")} {
		require.Error(t, s.Grant(g))
	}
	_, err := New(Config{})
	require.EqualError(t, err, "rights: subjects: missing")
	_, err = New(Config{Subjects: acme(), AboutUsers: []string{"presence", Application}})
	require.ErrorContains(t, err, "aboutUsers[1]")
}

// TestIndexAgreesWithPaths compares the compiled index with the plain search
// that Explain makes, over random directories.
func TestIndexAgreesWithPaths(t *testing.T) {
	rng := testenv.Rand(t)
	for range 40 {
		d := &town{groups: map[string][]string{}, disabled: map[string]bool{}, parents: map[string][]string{}, paid: map[string]int{"app0": rng.IntN(6)}}
		var users, groups []string
		for i := range 8 {
			groups = append(groups, fmt.Sprintf("g%d.%c", i, 'a'+rune(i%2)))
		}
		pick := func(from []string) string { return from[rng.IntN(len(from))] }
		for i := range 12 {
			user := fmt.Sprintf("u%d.%c", i, 'a'+rune(i%2))
			users = append(users, user)
			d.groups[user] = []string{pick(groups), pick(groups)}
			d.disabled[user] = rng.IntN(6) == 0
			d.parents[pick(groups)] = []string{pick(groups)}
		}
		s := newSet(t, d)
		objects := []Object{{Type: Application, ID: "app0"}, {Type: Application, ID: "app1"}, {Type: Directory, ID: "dir.a"}}
		for range 20 {
			g := Grant{User(pick(users)), objects[rng.IntN(3)]}
			switch rng.IntN(4) {
			case 0:
				g.To = Group(pick(groups))
			case 1:
				g.On = Of(Statistics, Group(pick(groups)))
			case 2:
				g.On = Of("presence", User(pick(users)))
			}
			_ = s.Grant(g) // some are refused
		}
		for _, user := range users {
			for _, o := range objects {
				usable := slices.ContainsFunc(s.Explain(user, o.Type, o.ID), func(p Path) bool { return !p.NoLicence })
				require.Equal(t, usable, s.Can(user, o.Type, o.ID), "%s %s", user, o)
			}
			for _, target := range users {
				for _, kind := range []string{Statistics, "presence"} {
					require.Equal(t, len(s.Explain(user, kind, target)) > 0, s.Can(user, kind, target), "%s %s %s", user, kind, target)
				}
			}
		}
	}
}

func TestAskingWhileChanging(t *testing.T) {
	s := newSet(t, acme())
	require.NoError(t, s.Grant(app(User("alice.acme"), "always")))
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range 200 {
			g := app(Group("all.acme"), fmt.Sprint(i))
			if err := s.Grant(g); err != nil {
				t.Error(err)
				return
			}
			s.Revoke(g)
		}
	})
	for range 2 {
		wg.Go(func() {
			for range 2000 {
				if !s.Can("alice.acme", Application, "always") {
					t.Error("a right was gone for a moment")
					return
				}
			}
		})
	}
	wg.Wait()
}
