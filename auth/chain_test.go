package auth

import (
	"context"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseMethods(t *testing.T) {
	for value, want := range map[string][]Method{
		"LDAP":                          {LDAP},
		"WindowsSecurity|None":          {WindowsSecurity, None},
		" tws | windowssecurity ":       {TWS, WindowsSecurity},
		"WindowsSecurity|LDAP|TWS|None": {WindowsSecurity, LDAP, TWS, None},
	} {
		got, err := ParseMethods(value)
		require.NoError(t, err, value)
		require.Equal(t, want, got, value)
	}
	for value, complaint := range map[string]string{
		"":              `word 1: ""`,
		"LDAP|":         `word 2: ""`,
		"LDAP|Kerberos": `word 2: "Kerberos"`,
		"TWS|tws":       "TWS is there twice",
		"a|b|TWS":       `word 2: "b"`, // all mistakes, not the first only
		"LDAP,TWS":      `word 1: "LDAP,TWS"`,
	} {
		got, err := ParseMethods(value)
		require.ErrorContains(t, err, complaint, value)
		require.Nil(t, got)
	}
	_, err := ParseMethods(strings.Repeat("x|", 1<<20))
	require.Less(t, len(err.Error()), 2000)
}

// TestGoingOn is the rule of the chain: for each pair of answers, who is asked
// and how it ends.
func TestGoingOn(t *testing.T) {
	accepted, rejected := Answer{Verdict: Accepted}, Answer{Rejected, ReasonWrongPassword, nil}
	locked := Answer{Locked, ReasonLocked, nil}
	unavailable, notApplicable := Answer{Unavailable, ReasonUnavailable, nil}, Answer{NotApplicable, ReasonNoMethod, nil}
	for _, test := range []struct {
		name        string
		first       Answer
		second      Answer
		secondAsked bool
		by          Method // "" is refused
		reason      Reason
	}{
		{"accepted stops", accepted, rejected, false, LDAP, ""},
		{"rejected goes on", rejected, accepted, true, TWS, ""},
		{"rejected twice", rejected, rejected, true, "", ReasonWrongPassword},
		{"locked stops", locked, accepted, false, "", ReasonLocked},
		{"unavailable goes on", unavailable, accepted, true, TWS, ""},
		{"not applicable goes on", notApplicable, accepted, true, TWS, ""},
		{"outage and rejection", unavailable, rejected, true, "", ReasonWrongPassword},
		{"rejection and outage", rejected, unavailable, true, "", ReasonWrongPassword},
		{"all out", unavailable, unavailable, true, "", ReasonUnavailable},
		{"out and not applicable", unavailable, notApplicable, true, "", ReasonUnavailable},
		{"nothing applies: default deny", notApplicable, notApplicable, true, "", ReasonNoMethod},
		{"the zero answer decides nothing", Answer{}, Answer{}, true, "", ReasonUnavailable},
	} {
		t.Run(test.name, func(t *testing.T) {
			var asked int
			c := newChain(t, Config{Default: "LDAP|TWS", Methods: map[Method]Authenticator{
				LDAP: says{Answer: test.first}, TWS: says{test.second, &asked}}})
			got, err := c.SignIn(t.Context(), attempt("alice", "x"))
			require.Equal(t, test.secondAsked, asked == 1)
			if test.by == "" {
				require.Equal(t, test.reason, refused(t, err).Reason)
				return
			}
			require.NoError(t, err)
			require.Equal(t, SignIn{User: "alice", Method: test.by, Remote: "192.0.2.7:4711", At: got.At}, got)
			require.False(t, got.At.IsZero())
		})
	}
}

func TestWindowsOrName(t *testing.T) { // the seed's example: WindowsSecurity|None
	none, err := NewNone(func(user string) bool { return user == "root" })
	require.NoError(t, err)
	c := newChain(t, Config{Default: "WindowsSecurity|None", Methods: map[Method]Authenticator{WindowsSecurity: WindowsSession{}, None: none}})
	ticket := &WindowsIdentity{Name: "Alice", Realm: "ACME.EXAMPLE"}

	got, err := c.SignIn(t.Context(), Attempt{Windows: ticket, Remote: "192.0.2.1"})
	require.NoError(t, err)
	require.Equal(t, "alice", got.User)
	require.Equal(t, WindowsSecurity, got.Method)

	got, err = c.SignIn(t.Context(), Attempt{Login: "bob", Windows: ticket, Remote: "127.0.0.1:9"})
	require.NoError(t, err, "another user by name, from this machine")
	require.Equal(t, None, got.Method)
	require.Equal(t, "bob", got.User)

	_, err = c.SignIn(t.Context(), Attempt{Login: "bob", Windows: ticket, Remote: "192.0.2.1"})
	require.Equal(t, ReasonOtherUser, refused(t, err).Trials[0].Reason)

	_, err = c.SignIn(t.Context(), Attempt{Windows: &WindowsIdentity{Name: "alice", Realm: "OTHER.EXAMPLE"}, Remote: "127.0.0.1"})
	require.Equal(t, ReasonUnknownUser, refused(t, err).Reason, "the same name in another realm is another person")
}

func TestNoneNetworks(t *testing.T) {
	none, err := NewNone(func(string) bool { return false }, netip.MustParsePrefix("10.0.0.0/8"))
	require.NoError(t, err)
	for remote, want := range map[string]Verdict{
		"10.1.2.3:5": Accepted, "10.1.2.3": Accepted, "[::ffff:10.1.2.3]:80": Accepted,
		"11.1.2.3:5": Rejected, "127.0.0.1": Rejected, "": Rejected, "printer": Rejected, "::1": Rejected,
	} {
		require.Equal(t, want, none.Authenticate(t.Context(), Request{Attempt: Attempt{Remote: remote}, User: "alice"}).Verdict, remote)
	}
	_, err = NewNone(nil)
	require.Error(t, err)
	_, err = NewNone(func(string) bool { return false }, netip.Prefix{})
	require.ErrorContains(t, err, "from[0]")
}

func TestMethodsOfTheUser(t *testing.T) {
	var asked int
	rec := &kept{}
	c, _ := withPassword(t, Config{
		Parameters: methods{"": "TWS", "bob": "LDAP", "root": "Kerberos"},
		Methods:    map[Method]Authenticator{LDAP: says{Answer{Verdict: Accepted}, &asked}},
		Incidents:  rec,
	})
	_, err := c.SignIn(t.Context(), attempt("alice", "correct horse"))
	require.NoError(t, err)
	require.Zero(t, asked, "LDAP is not a method of alice")
	got, err := c.SignIn(t.Context(), attempt("bob", "anything"))
	require.NoError(t, err)
	require.Equal(t, LDAP, got.Method)
	_, err = c.SignIn(t.Context(), attempt("root", "correct horse"))
	require.ErrorContains(t, refused(t, err).Cause, "Kerberos", "an unknown word lets nobody in")
	require.Equal(t, "auth.unavailable", rec.all[0].Code)
}

func TestDisabledUser(t *testing.T) {
	var asked int
	c := newChain(t, Config{Users: house{disabled: map[string]bool{"alice": true}}, Default: "LDAP",
		Methods: map[Method]Authenticator{LDAP: says{Answer{Verdict: Accepted}, &asked}}})
	_, err := c.SignIn(t.Context(), attempt("alice", "x"))
	require.Equal(t, ReasonDisabled, refused(t, err).Reason)
	require.Equal(t, 1, asked, "the same work as for an enabled user")
}

func TestCancelledSignInIsNoFailure(t *testing.T) {
	c, _ := withPassword(t, Config{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 20 {
		_, err := c.SignIn(ctx, attempt("alice", "correct horse"))
		require.Equal(t, ReasonUnavailable, refused(t, err).Reason)
	}
	_, err := c.SignIn(t.Context(), attempt("alice", "correct horse"))
	require.NoError(t, err, "none of them counted as guessing")
}

func TestConfigMistakesAllAtOnce(t *testing.T) {
	_, err := New(Config{Default: "LDAP|Nome", Methods: map[Method]Authenticator{None: WindowsSession{}, "tws": nil}})
	for _, complaint := range []string{"Users: missing", `Methods["None"]: None`, `Methods["tws"]: not one of`, `Methods["tws"]: nil`, `Default: AuthMethods: word 2: "Nome"`} {
		require.ErrorContains(t, err, complaint)
	}
	_, err = New(Config{Users: house{}, Default: "LDAP", Methods: map[Method]Authenticator{TWS: says{}}})
	require.ErrorContains(t, err, "LDAP is not in Methods")
	_, err = New(Config{Users: house{}, Default: "TWS", Parameters: methods{}, Methods: map[Method]Authenticator{TWS: says{}}})
	require.ErrorContains(t, err, "Default: unused")
}

func TestRefusalDetail(t *testing.T) {
	c := newChain(t, Config{Default: "LDAP|TWS", Methods: map[Method]Authenticator{
		LDAP: says{Answer: Answer{Unavailable, ReasonUnavailable, context.DeadlineExceeded}}, TWS: says{Answer: Answer{Rejected, ReasonWrongPassword, nil}}}})
	_, err := c.SignIn(t.Context(), attempt("alice", "hunter2"))
	require.Equal(t, `sign-in of "alice" from "192.0.2.7:4711" refused: wrong password `+
		`(LDAP: unavailable, unavailable: context deadline exceeded, TWS: rejected, wrong password)`, refused(t, err).Detail())
}
