package params

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/internal/testenv"
)

// company: alice is in support, then sales; bob in sales, then support.
type company struct{}

func (company) Groups(user string) []string {
	return map[string][]string{"alice": {"support", "sales", "support"}, "bob": {"sales", "support"}}[user]
}

func (company) Domain(user string) string {
	return map[string]string{"alice": "paris", "bob": "paris", "carol": "lyon"}[user]
}

func newSet(t testing.TB) *Set {
	t.Helper()
	s, err := New(company{},
		Definition{Name: "AuthMethods", Default: "TWS", Weaker: func(old, new string) bool { return strings.Contains(new, "None") && !strings.Contains(old, "None") }},
		Definition{Name: "Port", Kind: Int, Default: "389", Check: func(v string) error {
			if len(v) > 5 {
				return errors.New("too large")
			}
			return nil
		}},
		Definition{Name: "Popup", Kind: Bool},
		Definition{Name: "Wait", Kind: Duration, Default: "10s"})
	require.NoError(t, err)
	return s
}

func value(t testing.TB, s *Set, user, name string) string {
	t.Helper()
	v, err := s.Value(user, name)
	require.NoError(t, err)
	return v
}

func TestPrecedence(t *testing.T) {
	s := newSet(t)
	for _, step := range []struct {
		scope             Scope
		value             string
		alice, bob, carol string
	}{
		{Domain("paris"), "LDAP", "LDAP", "LDAP", "TWS"},
		{Group("sales"), "WindowsSecurity", "WindowsSecurity", "WindowsSecurity", "TWS"},
		{Group("support"), "TWS|LDAP", "TWS|LDAP", "WindowsSecurity", "TWS"}, // each user's own order
		{User("bob"), "LDAP|TWS", "TWS|LDAP", "LDAP|TWS", "TWS"},
		{Domain("lyon"), "LDAP", "TWS|LDAP", "LDAP|TWS", "LDAP"},
	} {
		require.NoError(t, s.Set(step.scope, "AuthMethods", step.value))
		require.Equal(t, []string{step.alice, step.bob, step.carol},
			[]string{value(t, s, "alice", "AuthMethods"), value(t, s, "bob", "AuthMethods"), value(t, s, "carol", "AuthMethods")})
	}
	require.Equal(t, "TWS", value(t, s, "", "AuthMethods"), "nobody in particular has the default")
	require.Equal(t, "TWS", value(t, s, "stranger", "AuthMethods"))
	s.Unset(User("bob"), "AuthMethods")
	require.Equal(t, "WindowsSecurity", value(t, s, "bob", "AuthMethods"))
}

func TestExplain(t *testing.T) {
	s := newSet(t)
	require.NoError(t, s.Set(Domain("paris"), "Port", "636"))
	require.NoError(t, s.Set(Group("sales"), "Port", "1389"))
	require.NoError(t, s.Set(Group("support"), "Port", "2389"))
	got, err := s.Explain("alice", "Port")
	require.NoError(t, err)
	require.Equal(t, Explanation{
		Value: "2389", From: Group("support"), Conflict: true,
		Hidden: []Setting{{Group("sales"), "Port", "1389"}, {Domain("paris"), "Port", "636"}, {Scope{}, "Port", "389"}},
	}, got)
	require.NoError(t, s.Set(User("alice"), "Port", "3389"))
	got, err = s.Explain("alice", "Port")
	require.NoError(t, err)
	require.Equal(t, User("alice"), got.From)
	require.False(t, got.Conflict, "the user's own value decides, not the order of groups")
	got, err = s.Explain("stranger", "Port")
	require.NoError(t, err)
	require.Equal(t, "default", got.From.String())
	require.Empty(t, got.Hidden)
	_, err = s.Explain("alice", "Prot")
	require.ErrorIs(t, err, ErrUnknown)
}

// TestExplainAgreesWithValue sets at random and compares the two readings.
func TestExplainAgreesWithValue(t *testing.T) {
	rng := testenv.Rand(t)
	s := newSet(t)
	scopes := []Scope{User("alice"), User("bob"), User("carol"), Group("sales"), Group("support"), Domain("paris"), Domain("lyon"), Domain("")}
	for i := range 2000 {
		scope := scopes[rng.IntN(len(scopes)-1)]
		if rng.IntN(3) == 0 {
			s.Unset(scope, "Port")
		} else {
			require.NoError(t, s.Set(scope, "Port", fmt.Sprint(i)))
		}
		for _, user := range []string{"alice", "bob", "carol", "stranger", ""} {
			e, err := s.Explain(user, "Port")
			require.NoError(t, err)
			require.Equal(t, value(t, s, user, "Port"), e.Value)
		}
	}
}

func TestTypes(t *testing.T) {
	s := newSet(t)
	n, err := s.Int("alice", "Port")
	require.NoError(t, err)
	require.Equal(t, int64(389), n)
	b, err := s.Bool("alice", "Popup")
	require.NoError(t, err)
	require.False(t, b, "no default, not set: the zero value")
	d, err := s.Duration("alice", "Wait")
	require.NoError(t, err)
	require.Equal(t, 10*time.Second, d)
	_, err = s.Bool("alice", "Port")
	require.ErrorContains(t, err, "Port is of kind int, not bool")
	_, err = s.Int("alice", "Prot")
	require.ErrorIs(t, err, ErrUnknown)
}

func TestRefusedSettings(t *testing.T) {
	s := newSet(t)
	for _, bad := range []struct {
		scope       Scope
		name, value string
		complaint   string
	}{
		{User("alice"), "Port", "ldap", "must be of kind int"},
		{User("alice"), "Port", "999999", "too large"},
		{User("alice"), "Popup", "1", "must be of kind bool"},
		{User("alice"), "Wait", "10", "must be of kind duration"},
		{User("alice"), "Prot", "1", "unknown parameter"},
		{User(""), "Port", "1", "must be set for a user"},
		{Scope{}, "Port", "1", "must be set for a user"},
		{Scope{Level(9), "x"}, "Port", "1", "must be set for a user"},
		{User("alice"), "AuthMethods", strings.Repeat("x", maxValue+1), "exceeds"},
	} {
		require.ErrorContains(t, s.Set(bad.scope, bad.name, bad.value), bad.complaint)
	}
	require.Empty(t, s.Settings())
}

func TestDefinitionsAllMistakesAtOnce(t *testing.T) {
	_, err := New(company{}, Definition{}, Definition{Name: "a", Kind: Int, Default: "x"}, Definition{Name: "a", Kind: Kind(9)})
	for _, complaint := range []string{`definitions[0].name: missing`, `definitions[1].default: must be of kind int`, `definitions[2].name: duplicate "a"`, `definitions[2].kind: unknown kind`} {
		require.ErrorContains(t, err, complaint)
	}
	_, err = New(nil)
	require.Error(t, err)
}

func TestSection(t *testing.T) {
	s := newSet(t)
	require.NoError(t, s.Set(Group("sales"), "Port", "1389"))
	require.NoError(t, s.Set(User("alice"), "Popup", "true"))
	data, items, err := s.Section().Export(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, items)
	require.JSONEq(t, `[{"scope":"user","id":"alice","name":"Popup","value":"true"},{"scope":"group","id":"sales","name":"Port","value":"1389"}]`, string(data))
	other := newSet(t)
	_, err = other.Section().Import(t.Context(), ctikit.Import{Data: data, DryRun: true})
	require.NoError(t, err)
	require.Empty(t, other.Settings())
	_, err = other.Section().Import(t.Context(), ctikit.Import{Data: data})
	require.NoError(t, err)
	require.Equal(t, s.Settings(), other.Settings())

	for doc, complaint := range map[string]string{
		`[{"scope":"planet","id":"x","name":"Port","value":"1"},{"scope":"user","id":"x","name":"Port","value":"y"}]`: `[1].value: must be of kind int, got "y"`,
		`[{"scope":"default","id":"","name":"Port","value":"1"}]`:                                                     "[0].scope: must be set for",
		`[{"scope":"user","id":"x","name":"Port","value":"1"},{"scope":"user","id":"x","name":"Port","value":"2"}]`:   "[1]: duplicate Port for user x",
		`[{"scope":"user","identity":"x","value":7}]`:                                                                 "[0].identity: unknown field\n[0].value: must be a string, got a number",
		`nonsense`: "line 1",
	} {
		_, err = other.Section().Import(t.Context(), ctikit.Import{Data: []byte(doc)})
		require.ErrorContains(t, err, complaint)
		require.NotContains(t, err.Error(), "parameters", "paths are those in the part")
		require.ErrorIs(t, err, ctikit.ErrInvalid)
		require.Equal(t, s.Settings(), other.Settings())
	}
}

func TestAttackImportNeverWeakens(t *testing.T) {
	item := func(scope, id, value string) string {
		return fmt.Sprintf(`{"scope":%q,"id":%q,"name":"AuthMethods","value":%q}`, scope, id, value)
	}
	before := func() *Set {
		s := newSet(t)
		require.NoError(t, s.Set(User("alice"), "AuthMethods", "LDAP"))
		require.NoError(t, s.Set(Domain("paris"), "AuthMethods", "TWS|None"))
		return s
	}
	for name, doc := range map[string]string{
		"None for a user":                   item("user", "alice", "None") + "," + item("domain", "paris", "TWS|None"),
		"None for another scope":            item("user", "alice", "LDAP") + "," + item("domain", "lyon", "None"),
		"what kept None from a user is out": item("domain", "paris", "TWS|None"),
	} {
		s := before()
		_, err := s.Section().Import(t.Context(), ctikit.Import{Data: []byte("[" + doc + "]")})
		require.ErrorContains(t, err, "an import may not", name)
		require.NotContains(t, err.Error(), "parameters")
		require.Len(t, s.Settings(), 2)
	}
	for name, doc := range map[string]string{
		"as it is":  item("user", "alice", "LDAP") + "," + item("domain", "paris", "TWS|None"),
		"stricter":  item("user", "alice", "LDAP") + "," + item("domain", "paris", "TWS"),
		"all away":  "",
		"new scope": item("group", "sales", "LDAP"),
	} {
		_, err := before().Section().Import(t.Context(), ctikit.Import{Data: []byte("[" + doc + "]")})
		require.NoError(t, err, name)
	}
}

func BenchmarkValue(b *testing.B) {
	s := newSet(b)
	require.NoError(b, s.Set(Domain("paris"), "AuthMethods", "LDAP"))
	b.ReportAllocs()
	for b.Loop() {
		if v, err := s.Value("alice", "AuthMethods"); err != nil || v != "LDAP" {
			b.Fatal(v, err)
		}
	}
}
