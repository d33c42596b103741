package rights

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
)

func TestGrantRefusedWhole(t *testing.T) {
	d := acme()
	d.paid["caller"] = 2
	s := newSet(t, d)
	require.NoError(t, s.Grant(app(User("bob.acme"), "caller")))
	err := s.Grant(app(Group("all.acme"), "caller"), app(Group("sales.acme"), "caller"), app(User("dave.acme"), "free"))
	var missing *LicenceError
	require.ErrorAs(t, err, &missing)
	require.Equal(t, LicenceError{Application: "caller", Seats: 2, Needed: 3, Missing: 1}, *missing, "bob is in both groups and counts once")
	require.Len(t, s.Grants(), 1)
	require.False(t, s.Can("dave.acme", Application, "free"), "nothing of it")
	require.NoError(t, s.Grant(app(Group("all.acme"), "caller")))
	require.Equal(t, []Usage{{"caller", "", 2, []string{"bob.acme", "carol.acme"}, []string{}}}, nonNil(s.Usage()))
	require.NoError(t, s.Grant(app(Group("all.acme"), "caller")), "the same again needs no more")
	require.Empty(t, d.all)
}

func nonNil(usage []Usage) []Usage {
	for i := range usage {
		usage[i].Refused = append([]string{}, usage[i].Refused...)
	}
	return usage
}

func TestDisabledUsersNeedNoLicence(t *testing.T) {
	d := acme()
	d.paid["caller"] = 1
	d.disabled["carol.acme"] = true
	s := newSet(t, d)
	require.NoError(t, s.Grant(app(Group("all.acme"), "caller")))
}

// TestExcessLater: those who have a licence keep it; who comes later is refused
// and takes the place of one who leaves.
func TestExcessLater(t *testing.T) {
	d := acme()
	d.paid["caller"] = 2
	s := newSet(t, d)
	require.NoError(t, s.Grant(app(Group("all.acme"), "caller"))) // bob, carol
	d.groups["aaron.acme"], d.groups["zoe.acme"] = []string{"all.acme"}, []string{"all.acme"}
	s.Refresh()
	require.Equal(t, []Usage{{"caller", "", 2, []string{"bob.acme", "carol.acme"}, []string{"aaron.acme", "zoe.acme"}}}, s.Usage())
	require.False(t, s.Can("aaron.acme", Application, "caller"))
	require.True(t, s.Can("carol.acme", Application, "caller"))
	require.True(t, s.Explain("aaron.acme", Application, "caller")[0].NoLicence)
	require.Len(t, d.all, 1)
	require.Equal(t, "licence.exceeded", d.all[0].Code)
	require.Equal(t, "acme", d.all[0].Company)
	require.Equal(t, `no licence of "caller" is left for aaron.acme, zoe.acme`, d.all[0].Message)
	s.Refresh()
	require.Len(t, d.all, 1, "said once")
	require.NoError(t, s.Grant(app(User("dave.acme"), "other")), "another application is not held up")

	d.disabled["bob.acme"] = true
	s.Refresh()
	require.True(t, s.Can("aaron.acme", Application, "caller"), "moves up")
	require.False(t, s.Can("zoe.acme", Application, "caller"))
	d.paid["caller"] = 9
	s.Refresh()
	require.True(t, s.Can("zoe.acme", Application, "caller"))
	last := d.all[len(d.all)-1]
	require.Equal(t, slog.LevelInfo, last.Severity)
	d.paid["caller"] = 0 // the certificate has expired
	s.Refresh()
	require.False(t, s.Can("carol.acme", Application, "caller"))
}

// TestCompaniesCountApart: seats of a company's own are nobody else's, and no
// company learns how many another one has or needs.
func TestCompaniesCountApart(t *testing.T) {
	d := acme()
	d.groups["oskar.other"] = []string{"all.other"}
	d.groups["tina.third"] = []string{"all.third"}
	d.paid["caller"] = 1
	d.own = map[string]map[string]int{"acme": {"caller": 2}, "other": {"caller": 1}}
	s := newSet(t, d)
	require.NoError(t, s.Grant(app(Group("all.acme"), "caller")))
	err := s.Grant(app(Group("all.other"), "caller"))
	var missing *LicenceError
	require.ErrorAs(t, err, &missing)
	require.Equal(t, LicenceError{Application: "caller", Company: "other", Seats: 1, Needed: 2, Missing: 1}, *missing)
	require.EqualError(t, missing, `rights: application "caller": 2 users of company "other" need a licence, 1 available, 1 missing`)
	require.NoError(t, s.Grant(app(User("olga.other"), "caller")))
	require.NoError(t, s.Grant(app(Group("all.third"), "caller")), "draws on the seats that companies share")
	require.Equal(t, []Usage{
		{"caller", "", 1, []string{"tina.third"}, []string{}},
		{"caller", "acme", 2, []string{"bob.acme", "carol.acme"}, []string{}},
		{"caller", "other", 1, []string{"olga.other"}, []string{}},
	}, nonNil(s.Usage()))

	d.own["acme"]["caller"] = 0
	s.Refresh()
	require.False(t, s.Can("bob.acme", Application, "caller"))
	require.True(t, s.Can("olga.other", Application, "caller"), "another company's loss is not hers")
	require.Len(t, d.all, 1)
	require.Equal(t, "acme", d.all[0].Company)

	delete(d.own, "acme") // bob and carol had theirs before tina came, and so they keep the one that is shared
	d.paid["caller"] = 2
	s.Refresh()
	require.True(t, s.Can("carol.acme", Application, "caller"))
	require.False(t, s.Can("tina.third", Application, "caller"))
	last := d.all[len(d.all)-1]
	require.Equal(t, "third", last.Company)
	require.Equal(t, `no licence of "caller" is left for tina.third`, last.Message, "names no user of another company")
}

// TestCompanyThatIsNotCounted: where only some companies pay by the user, the
// others are not refused.
func TestCompanyThatIsNotCounted(t *testing.T) {
	d := acme()
	d.own["acme"] = map[string]int{"caller": 1}
	s := newSet(t, d)
	require.NoError(t, s.Grant(app(Group("all.other"), "caller")))
	require.True(t, s.Can("olga.other", Application, "caller"))
	var missing *LicenceError
	require.ErrorAs(t, s.Grant(app(Group("all.acme"), "caller")), &missing)
	require.Equal(t, "acme", missing.Company)
}

// TestRecorderMayAskBack: incidents are told when the set is free again.
func TestRecorderMayAskBack(t *testing.T) {
	d := acme()
	d.paid["caller"] = 2
	curious := &curious{}
	s, err := New(Config{Subjects: d, Licences: d, Incidents: curious})
	require.NoError(t, err)
	curious.set = s
	require.NoError(t, s.Grant(app(Group("all.acme"), "caller")))
	d.paid["caller"] = 0
	done := make(chan struct{})
	go func() {
		s.Refresh()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Fatal("they wait for each other")
	}
	require.Equal(t, 1, curious.grants)
}

type curious struct {
	set    *Set
	grants int
}

func (c *curious) Record(ctikit.Incident) { c.grants = len(c.set.Grants()) }

func TestSectionKeepsTheOrder(t *testing.T) {
	d := acme()
	d.paid["caller"] = 1
	s := newSet(t, d)
	require.NoError(t, s.Grant(app(User("carol.acme"), "caller"), Grant{User("carol.acme"), Of(Statistics, Group("sales.acme"))}))
	d.groups["bob.acme"] = append(d.groups["bob.acme"], "late.acme")
	data, items, err := s.Section().Export(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, items)
	require.JSONEq(t, `{"grants":[{"user":"carol.acme","type":"application","id":"caller"},{"user":"carol.acme","type":"statistics","id":"sales.acme","ofGroup":true}],"licensed":{"caller":["carol.acme"]}}`, string(data))

	other := newSet(t, d)
	more := []byte(`{"grants":[{"group":"all.acme","type":"application","id":"caller"}],"licensed":{"caller":["carol.acme"]}}`)
	_, err = other.Section().Import(t.Context(), ctikit.Import{Data: more, DryRun: true})
	require.NoError(t, err)
	require.Empty(t, other.Grants())
	_, err = other.Section().Import(t.Context(), ctikit.Import{Data: more})
	require.NoError(t, err, "not refused for want of licences")
	require.True(t, other.Can("carol.acme", Application, "caller"))
	require.False(t, other.Can("bob.acme", Application, "caller"), "carol had it, although bob comes first by name")
	require.Equal(t, "licence.exceeded", d.all[0].Code)

	for doc, complaint := range map[string]string{
		`{"grants":[{"type":"application","id":"x"},{"user":"a","group":"b","type":"x","id":"y"}]}`: "grants[1]: must name either",
		`{"grants":[{"group":"all.acme","type":"recordings","id":"x"}]}`:                            "grants[0].group: recordings can",
		`{"grants":[{"user":"a","type":"","id":"y"}]}`:                                              "grants[0].type: must be 1 to 1024 bytes",
		`{"grants":[{"user":"olga.other","type":"directory","id":"ad.acme"}]}`:                      "different companies",
		`{"grants":[{"user":"a","type":"x","id":"y"},{"user":"a","type":"x","id":"y"}]}`:            "grants[1]: duplicate grant",
		`{"grants":[{"user":1}],"more":1}`:                                                          "grants[0].user: must be a string, got a number\nmore: unknown field",
		`[]`:                                                                                        "must be an object",
	} {
		_, err := other.Section().Import(t.Context(), ctikit.Import{Data: []byte(doc)})
		require.ErrorContains(t, err, complaint)
		require.NotContains(t, err.Error(), "authorizations", "paths are those in the part")
		require.ErrorIs(t, err, ctikit.ErrInvalid)
		require.Len(t, other.Grants(), 1)
	}
}

// A directory that there will not be after the import is unknown, whatever company
// the one in use has; a failed look-up is no problem of the document.
func TestSectionRefusesUnknownDirectory(t *testing.T) {
	s := newSet(t, acme())
	data := []byte(`{"grants":[{"user":"alice.acme","type":"directory","id":"ad.acme"}]}`)
	after := ctikit.NewObjects(t.Context(), nil)
	after.Replace("directory", map[string]string{"other": "acme"})
	_, err := s.Section().Import(t.Context(), ctikit.Import{Data: data, DryRun: true, Objects: after})
	require.EqualError(t, err, `grants[0].id: unknown directory "ad.acme"`)
	require.ErrorIs(t, err, ctikit.ErrInvalid)

	down := errors.New("database is down")
	after = ctikit.NewObjects(t.Context(), []ctikit.Section{{Kind: "directory",
		Find: func(context.Context, string) (string, bool, error) { return "", false, down }}})
	_, err = s.Section().Import(t.Context(), ctikit.Import{Data: data, DryRun: true, Objects: after})
	require.ErrorIs(t, err, down)
	require.NotErrorIs(t, err, ctikit.ErrInvalid)
}

// A subject that the registry does not know may come from elsewhere, unless the
// document replaces all of its kind.
func TestSectionAsksForSubjectsFromElsewhere(t *testing.T) {
	s := newSet(t, acme())
	data := []byte(`{"grants":[{"user":"alice.acme","type":"directory","id":"ad.acme"}]}`)
	nobody := func(context.Context, string) (string, bool, error) { return "", false, nil }
	after := ctikit.NewObjects(t.Context(), []ctikit.Section{{Kind: "user", Find: nobody}})
	_, err := s.Section().Import(t.Context(), ctikit.Import{Data: data, DryRun: true, Objects: after})
	require.NoError(t, err)
	after.Replace("user", nil)
	_, err = s.Section().Import(t.Context(), ctikit.Import{Data: data, DryRun: true, Objects: after})
	require.ErrorIs(t, err, ctikit.ErrCrossCompany)
}

// What a document brings is of the company that it has there, directories too.
func TestSectionAsksTheDocumentFirst(t *testing.T) {
	s := newSet(t, acme())
	data := []byte(`{"grants":[{"user":"alice.acme","type":"directory","id":"ad.acme"},{"group":"all.acme","type":"presence","id":"sales.acme","ofGroup":true}]}`)
	for _, test := range []struct {
		users, groups, directories map[string]string
		refused                    bool
	}{
		{},
		{users: map[string]string{"alice.acme": "acme"}},
		{users: map[string]string{}, refused: true},
		{users: map[string]string{"alice.acme": "new"}, refused: true},
		{users: map[string]string{"alice.acme": "new"}, directories: map[string]string{"ad.acme": "new"}},
		{groups: map[string]string{"all.acme": "new", "sales.acme": "new"}},
		{groups: map[string]string{"all.acme": "new", "sales.acme": "acme"}, refused: true},
	} {
		after := ctikit.NewObjects(t.Context(), nil)
		for name, brought := range map[string]map[string]string{"user": test.users, "group": test.groups, "directory": test.directories} {
			if brought != nil {
				after.Replace(name, brought)
			}
		}
		_, err := s.Section().Import(t.Context(), ctikit.Import{Data: data, DryRun: true, Objects: after})
		require.Equal(t, test.refused, errors.Is(err, ctikit.ErrCrossCompany), "%+v: %v", test, err)
		require.Equal(t, test.refused, err != nil)
	}
}
