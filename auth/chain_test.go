package auth

import (
	"context"
	"math"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
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
		"":              `[0]: ""`,
		"LDAP|":         `[1]: ""`,
		"LDAP|Kerberos": `[1]: "Kerberos"`,
		"TWS|tws":       "[1]: duplicate TWS",
		"a|b|TWS":       `[1]: "b"`, // all mistakes, not the first only
		"LDAP,TWS":      `[0]: "LDAP,TWS"`,
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

// TestGoingOnForAllCombinations tries every answer of every method, in every
// order of one to four methods, against the rule as [Chain] states it.
func TestGoingOnForAllCombinations(t *testing.T) {
	nameOnly, err := NewNone(func(string) bool { return false })
	require.NoError(t, err)
	answers := []Answer{
		{Unavailable, ReasonUnavailable, nil}, {NotApplicable, ReasonNoMethod, nil}, {Rejected, ReasonWrongPassword, nil}, {Locked, ReasonLocked, nil}, {Verdict: Accepted},
	}
	all := []Method{WindowsSecurity, LDAP, TWS, None}
	patient := NewThrottle(ThrottleOptions{UserFailures: math.MaxInt32, AddressFailures: math.MaxInt32})
	tried := 0
	var orders func(left, taken []Method)
	try := func(order []Method) {
		for combination := range 5 * 5 * 5 {
			given := map[Method]Answer{
				WindowsSecurity: answers[combination%5], LDAP: answers[combination/5%5], TWS: answers[combination/25],
				None: answers[4], // the attempt is from this machine
			}
			var asked []Method
			offered := map[Method]Authenticator{None: nameOnly}
			for _, m := range all[:3] {
				offered[m] = asking{given[m], m, &asked}
			}
			c := newChain(t, Config{Parameters: methods{"": joined(order)}, Methods: offered, Throttle: patient})
			got, err := c.SignIn(t.Context(), Attempt{Login: "alice", Password: ctikit.NewSecret("x"), Remote: "127.0.0.1"})

			by, wantAsked := stated(order, given)
			require.Equal(t, wantAsked, asked, "%v %v", order, given)
			require.Equal(t, by, got.Method, "%v %v", order, given)
			require.Equal(t, by == "", err != nil)
			tried++
		}
	}
	orders = func(left, taken []Method) {
		if len(taken) > 0 {
			try(taken)
		}
		for i, m := range left {
			rest := append(append([]Method{}, left[:i]...), left[i+1:]...)
			orders(rest, append(append([]Method{}, taken...), m))
		}
	}
	orders(all, nil)
	require.Equal(t, 64*125, tried)
}

// stated is the rule in its own words: who lets the user in, and who is asked
// before (None answers by itself).
func stated(order []Method, given map[Method]Answer) (by Method, asked []Method) {
	outage := false
	for _, m := range order {
		if m == None {
			if outage {
				continue // an outage shall not open the door
			}
			return None, asked
		}
		asked = append(asked, m)
		switch given[m].Verdict {
		case Accepted:
			return m, asked
		case Locked:
			return "", asked
		case Unavailable:
			outage = true
		}
	}
	return "", asked
}

// asking is an authenticator that writes down that it was asked.
type asking struct {
	Answer
	name  Method
	asked *[]Method
}

func (a asking) Authenticate(context.Context, Request) Answer {
	*a.asked = append(*a.asked, a.name)
	return a.Answer
}

func joined(order []Method) string {
	var words []string
	for _, m := range order {
		words = append(words, string(m))
	}
	return strings.Join(words, "|")
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

// An incident is its company's where the user is somebody's, and nobody's else.
func TestIncidentsOfACompany(t *testing.T) {
	rec := &kept{}
	c, _ := withPassword(t, Config{Incidents: rec, Company: func(user string) string { return "company of " + user }})
	_, err := c.SignIn(t.Context(), attempt("alice", "wrong"))
	refused(t, err)
	_, err = c.SignIn(t.Context(), attempt("mallory", "wrong"))
	refused(t, err)
	require.Len(t, rec.all, 2)
	require.Equal(t, "company of alice", rec.all[0].Company)
	require.Empty(t, rec.all[1].Company)
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

// TestAbandonedSignInIsAFailure: of an attempt that a server has seen.
func TestAbandonedSignInIsAFailure(t *testing.T) {
	var asked int
	c, _ := withPassword(t, Config{Default: "LDAP|TWS", Throttle: strict(), Methods: map[Method]Authenticator{LDAP: says{Abandoned(context.Canceled), &asked}}})
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // between the two methods
	for range 20 {
		_, err := c.SignIn(ctx, attempt("alice", "guess"))
		refused(t, err)
	}
	require.Zero(t, asked, "the chain asks nobody for one who has gone")
	for range 20 {
		_, err := c.SignIn(t.Context(), attempt("alice", "guess"))
		refused(t, err)
	}
	require.Equal(t, 6, asked)
}

func TestConfigMistakesAllAtOnce(t *testing.T) {
	_, err := New(Config{Default: "LDAP|Nome", Methods: map[Method]Authenticator{None: WindowsSession{}, "tws": nil}})
	for _, complaint := range []string{"users: missing", `methods["None"]: None`, `methods["tws"]: unknown method; must be one of`, `methods["tws"]: missing`, `default[1]: "Nome"`} {
		require.ErrorContains(t, err, complaint)
	}
	_, err = New(Config{Users: house{}, Default: "LDAP", Methods: map[Method]Authenticator{TWS: says{}}})
	require.ErrorContains(t, err, "default: LDAP is not in methods")
	_, err = New(Config{Users: house{}, Default: "TWS", Parameters: methods{}, Methods: map[Method]Authenticator{TWS: says{}}})
	require.ErrorContains(t, err, "default: unused")
}

func TestRefusalDetail(t *testing.T) {
	c := newChain(t, Config{Default: "LDAP|TWS", Methods: map[Method]Authenticator{
		LDAP: says{Answer: Answer{Unavailable, ReasonUnavailable, context.DeadlineExceeded}}, TWS: says{Answer: Answer{Rejected, ReasonWrongPassword, nil}}}})
	_, err := c.SignIn(t.Context(), attempt("alice", "hunter2"))
	require.Equal(t, `sign-in of "alice" from "192.0.2.7:4711" refused: wrong password `+
		`(LDAP: unavailable, unavailable: context deadline exceeded, TWS: rejected, wrong password)`, refused(t, err).Detail())
}
