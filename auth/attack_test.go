package auth

import (
	"bytes"
	"fmt"
	"log/slog"
	"math"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/internal/testenv"
)

func TestAttackEmptyPassword(t *testing.T) {
	c, _ := withPassword(t, Config{})
	for _, login := range []string{"alice", "nobody"} {
		_, err := c.SignIn(t.Context(), attempt(login, ""))
		refused(t, err)
	}
	_, err := c.SignIn(t.Context(), attempt("alice", "\x00"))
	require.Equal(t, ReasonMalformed, refused(t, err).Reason, "a NUL would end the password elsewhere")
}

// TestAttackUnknownUser: neither the text nor the work done tells whether a user
// exists. The times of known and unknown users, measured in turns, must not be
// told apart by a rank test; a third kind of attempt that really is quicker
// shows that the test would see a difference.
func TestAttackUnknownUser(t *testing.T) {
	l, err := NewLocal(LocalConfig{Store: &MemoryStore{}, Cost: Cost{Memory: 1024, Time: 1, Threads: 1}})
	require.NoError(t, err)
	require.NoError(t, l.SetPassword(t.Context(), "alice", ctikit.NewSecret("correct horse"), false))
	c := newChain(t, Config{Default: "TWS", Methods: map[Method]Authenticator{TWS: l},
		Throttle: NewThrottle(ThrottleOptions{UserFailures: math.MaxInt32, AddressFailures: math.MaxInt32})})
	_, known := c.SignIn(t.Context(), attempt("alice", "wrong horse"))
	_, unknown := c.SignIn(t.Context(), attempt("nobody", "wrong horse"))
	require.Equal(t, known.Error(), unknown.Error())

	rng := testenv.Rand(t)
	kinds := []Attempt{attempt("alice", "wrong horse"), attempt("nobody", "wrong horse"), attempt("nobody", "")}
	times := make([][]time.Duration, len(kinds))
	for range 400 {
		for _, k := range rng.Perm(len(kinds)) {
			start := time.Now()
			_, err := c.SignIn(t.Context(), kinds[k])
			times[k] = append(times[k], time.Since(start))
			refused(t, err)
		}
	}
	// |z| above 5 happens once in two million runs where there is no difference.
	require.Less(t, math.Abs(rankTest(times[0], times[1])), 5.0, "time tells who exists")
	require.Greater(t, math.Abs(rankTest(times[0], times[2])), 5.0, "the test itself sees nothing")
}

// rankTest is the normal approximation of the Mann-Whitney U test.
func rankTest(a, b []time.Duration) float64 {
	type sample struct {
		d     time.Duration
		fromA bool
	}
	var all []sample
	for _, d := range a {
		all = append(all, sample{d, true})
	}
	for _, d := range b {
		all = append(all, sample{d, false})
	}
	slices.SortFunc(all, func(x, y sample) int { return int(x.d - y.d) })
	var ranks float64
	for i, s := range all {
		if s.fromA {
			ranks += float64(i + 1)
		}
	}
	n, m := float64(len(a)), float64(len(b))
	return (ranks - n*(n+m+1)/2) / math.Sqrt(n*m*(n+m+1)/12)
}

func TestAttackBypassByOutage(t *testing.T) {
	none, err := NewNone(func(string) bool { return false })
	require.NoError(t, err)
	c := newChain(t, Config{Default: "LDAP|None", Methods: map[Method]Authenticator{
		LDAP: says{Answer: Answer{Unavailable, ReasonUnavailable, nil}}, None: none}})
	local := Attempt{Login: "alice", Remote: "127.0.0.1:1"}
	_, err = c.SignIn(t.Context(), local)
	require.Equal(t, ReasonUnavailable, refused(t, err).Reason)

	c = newChain(t, Config{Parameters: methods{"": "LDAP|None"}, Methods: map[Method]Authenticator{None: none}})
	_, err = c.SignIn(t.Context(), local)
	refused(t, err) // a method that the program does not offer counts as an outage too
}

func TestAttackNoneForAdministrator(t *testing.T) {
	none, err := NewNone(func(user string) bool { return user == "root" })
	require.NoError(t, err)
	c := newChain(t, Config{Default: "None", Methods: map[Method]Authenticator{None: none}})
	_, err = c.SignIn(t.Context(), Attempt{Login: "root", Remote: "127.0.0.1"})
	require.Equal(t, ReasonAdministrator, refused(t, err).Reason)
	_, err = c.SignIn(t.Context(), Attempt{Login: `ACME\ROOT`, Remote: "127.0.0.1"})
	require.Equal(t, ReasonAdministrator, refused(t, err).Reason)
	_, err = c.SignIn(t.Context(), Attempt{Login: "alice", Remote: "127.0.0.1"})
	require.NoError(t, err)
}

func TestAttackNoneFromAfar(t *testing.T) {
	none, err := NewNone(func(string) bool { return false })
	require.NoError(t, err)
	c := newChain(t, Config{Default: "None", Methods: map[Method]Authenticator{None: none}})
	for _, remote := range []string{"192.0.2.7:1", "", "localhost", "127.0.0.1.example"} {
		_, err = c.SignIn(t.Context(), Attempt{Login: "alice", Remote: remote})
		require.Equal(t, ReasonNotPermitted, refused(t, err).Reason, remote)
	}
	_, err = NewNone(func(string) bool { return false }, netip.Prefix{})
	require.Error(t, err)
}

func TestAttackHugeName(t *testing.T) {
	rec := &kept{}
	c, _ := withPassword(t, Config{Incidents: rec})
	huge := strings.Repeat("a", 1<<20)
	for _, a := range []Attempt{attempt(huge, "x"), attempt("alice", huge), {Windows: &WindowsIdentity{Name: huge, Realm: huge}}} {
		_, err := c.SignIn(t.Context(), a)
		require.Equal(t, ReasonMalformed, refused(t, err).Reason)
		require.Less(t, len(err.(*Refusal).Detail()), 400)
	}
	for _, in := range rec.all {
		require.Less(t, len(in.Subject)+len(in.Message), 600)
	}
}

func TestAttackControlCharacters(t *testing.T) {
	c, _ := withPassword(t, Config{})
	for _, login := range []string{"alice\x00", "al\nice", "alice\x7f", "alice\u0085", "\xffalice", " alice", "alice ", "\talice"} {
		_, err := c.SignIn(t.Context(), attempt(login, "correct horse"))
		require.Equal(t, ReasonMalformed, refused(t, err).Reason, "%q", login)
	}
}

func TestAttackLoginForms(t *testing.T) {
	c, _ := withPassword(t, Config{})
	for _, login := range []string{"alice", "ALICE", `ACME\alice`, "alice@acme.example"} {
		got, err := c.SignIn(t.Context(), attempt(login, "correct horse"))
		require.NoError(t, err, login)
		require.Equal(t, "alice", got.User)
	}
	for login, reason := range map[string]Reason{
		`EVIL\alice`: ReasonUnknownUser, "alice@evil.example": ReasonUnknownUser, "alice@acme.example@evil.example": ReasonUnknownUser,
		`A\B\alice`: ReasonMalformed, `ACME\`: ReasonMalformed, "@acme.example": ReasonMalformed, `\alice`: ReasonMalformed, "alice@": ReasonMalformed, "": ReasonMalformed,
	} {
		_, err := c.SignIn(t.Context(), attempt(login, "correct horse"))
		require.Equal(t, reason, refused(t, err).Reason, login)
	}
}

func FuzzLogin(f *testing.F) {
	for _, login := range []string{"alice", `ACME\alice`, "alice@acme.example", "cn=a,dc=b", "a@b@c", `\`, "@", "\x00"} {
		f.Add(login)
	}
	f.Fuzz(func(t *testing.T, login string) {
		name, domain, err := splitLogin(login)
		if err != nil {
			require.Less(t, len(err.Error()), 400)
			return
		}
		require.NotEmpty(t, name)
		require.Contains(t, []string{name, domain + `\` + name, name + "@" + domain}, login, "nothing added, nothing lost")
	})
}

func TestAttackGuessing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := withPassword(t, Config{Default: "WindowsSecurity|TWS", Methods: map[Method]Authenticator{WindowsSecurity: WindowsSession{}}})
		tried := 0
		for start := time.Now(); time.Since(start) < 24*time.Hour; time.Sleep(time.Second) {
			a := attempt("alice", "guess")
			a.Remote = fmt.Sprintf("10.%d.%d.1", tried/250, tried%250) // a botnet: another address each time
			if _, err := c.SignIn(t.Context(), a); refused(t, err).Reason != ReasonThrottled {
				tried++
			}
		}
		require.Less(t, tried, 130, "guesses in a day")
		got, err := c.SignIn(t.Context(), Attempt{Windows: &WindowsIdentity{Name: "alice", Realm: "ACME.EXAMPLE"}, Remote: "192.0.2.9"})
		require.NoError(t, err, "who has a ticket is not made to wait")
		require.Equal(t, WindowsSecurity, got.Method)
		_, err = c.SignIn(t.Context(), attempt("root", "correct horse"))
		require.NoError(t, err, "others are not hindered")
		time.Sleep(15 * time.Minute)
		_, err = c.SignIn(t.Context(), attempt("alice", "correct horse"))
		require.NoError(t, err, "delayed, never locked")
	})
}

func TestAttackGuessingFromOneAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := withPassword(t, Config{})
		tried := 0
		for i := range 3600 {
			a := attempt(fmt.Sprintf("user%d", i), "Summer2026!") // one password for everybody
			a.Remote = fmt.Sprintf("[2001:db8::%x]:443", i)       // one subscriber's network
			if _, err := c.SignIn(t.Context(), a); refused(t, err).Reason != ReasonThrottled {
				tried++
			}
			time.Sleep(time.Second)
		}
		require.Less(t, tried, 80)
	})
}

func TestAttackGuessingInBurst(t *testing.T) {
	c, _ := withPassword(t, Config{Throttle: strict()})
	var tried atomic.Int64
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			_, err := c.SignIn(t.Context(), attempt("alice", "guess"))
			if err.(*Refusal).Reason != ReasonThrottled {
				tried.Add(1)
			}
		})
	}
	wg.Wait()
	require.LessOrEqual(t, tried.Load(), int64(6))
}

func TestAttackGuessingAfterFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		throttle := NewThrottle(ThrottleOptions{})
		wait := func() time.Duration {
			_, wait := throttle.beginAttempt("=alice", "192.0.2.1")
			return wait
		}
		for range 20 {
			wait()
			time.Sleep(15 * time.Minute)
		}
		require.Zero(t, wait())
		require.Positive(t, wait())
		for i := range 200_000 {
			throttle.beginAttempt(fmt.Sprintf("?invented%d", i), fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255))
		}
		require.Positive(t, wait(), "a flood of names does not make it forget")
	})
}

func TestAttackGuessingByNewPassword(t *testing.T) {
	c, _ := withPassword(t, Config{Throttle: strict()})
	var throttled int
	for range 20 {
		err := c.ChangePassword(t.Context(), attempt("alice", "guess"), ctikit.NewSecret("mine from now on"))
		if refused(t, err).Reason == ReasonThrottled {
			throttled++
		}
	}
	require.Equal(t, 14, throttled)
}

// TestAttackGuessingBehindTicket: who sits at a user's unlocked computer has the
// user's ticket, but not the password.
func TestAttackGuessingBehindTicket(t *testing.T) {
	c, _ := withPassword(t, Config{Default: "TWS", Throttle: strict(), Methods: map[Method]Authenticator{WindowsSecurity: WindowsSession{}}})
	var throttled int
	for i := range 40 {
		a := attempt("alice", "guess")
		a.Windows = &WindowsIdentity{Name: "alice", Realm: "ACME.EXAMPLE"}
		var err error
		if i%2 == 0 {
			_, err = c.SignIn(t.Context(), a)
		} else {
			err = c.ChangePassword(t.Context(), a, ctikit.NewSecret("mine from now on"))
		}
		if refused(t, err).Reason == ReasonThrottled {
			throttled++
		}
	}
	require.Equal(t, 34, throttled)
}

func TestAttackCostlyHash(t *testing.T) {
	l, _ := newLocal(t, nil)
	for _, hash := range []string{
		"$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHQ$c29tZXNhbHRzb21lc2FsdA",
		"$argon2id$v=19$m=64,t=4294967295,p=1$c29tZXNhbHQ$c29tZXNhbHRzb21lc2FsdA",
		"$argon2id$v=19$m=64,t=1,p=255$c29tZXNhbHQ$c29tZXNhbHRzb21lc2FsdA",
		"$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHQ$c29tZXNhbHRzb21lc2FsdA",
		"$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$c29tZXNhbHRzb21lc2FsdA",
		"$argon2id$v=16$m=64,t=1,p=1$c29tZXNhbHQ$c29tZXNhbHRzb21lc2FsdA",
		"$argon2id$v=19$m=64,t=1,p=1$$",
		"$2a$31$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyzabcdefg",
		"$2a$04$short", "$2a$xx$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyzabcdefg",
		"5f4dcc3b5aa765d61d8327deb882cf99", "{SSHA}xyz", "", "[redacted]",
	} {
		require.Error(t, l.Import(t.Context(), "alice", hash), hash)
	}
}

func TestAttackSetupByStranger(t *testing.T) {
	l, _ := newLocal(t, nil)
	require.ErrorIs(t, l.Initialise(t.Context(), ctikit.Secret{}, "mallory", ctikit.NewSecret("mine from now on")), ErrRefused, "before a code was made")
	first, err := l.SetupCode(t.Context())
	require.NoError(t, err)
	code, err := l.SetupCode(t.Context())
	require.NoError(t, err)
	for _, guess := range []ctikit.Secret{{}, ctikit.NewSecret("guess"), first} {
		require.ErrorIs(t, l.Initialise(t.Context(), guess, "mallory", ctikit.NewSecret("mine from now on")), ErrRefused)
	}
	require.ErrorIs(t, l.Initialise(t.Context(), code, "root", ctikit.NewSecret("x")), ErrPassword, "the code stays good")
	require.NoError(t, l.Initialise(t.Context(), code, "root", ctikit.NewSecret("correct horse")))
	require.ErrorIs(t, l.Initialise(t.Context(), code, "mallory", ctikit.NewSecret("mine from now on")), ErrInitialised)
	_, err = l.SetupCode(t.Context())
	require.ErrorIs(t, err, ErrInitialised)
	require.Equal(t, Accepted, authenticate(t, l, "root", "correct horse").Verdict)
}

func TestAttackStolenToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _, tokens, s := remembering(t)
		rec := &kept{}
		c.cfg.Incidents, c.cfg.Company = rec, func(user string) string { return "company of " + user }
		stolen, err := c.Remember(t.Context(), s, "laptop")
		require.NoError(t, err)
		_, own, err := c.Resume(t.Context(), stolen, "")
		require.NoError(t, err)
		time.Sleep(time.Minute)
		_, _, err = c.Resume(t.Context(), stolen, "203.0.113.66")
		require.Equal(t, ReasonToken, refused(t, err).Reason)
		_, _, err = c.Resume(t.Context(), own, "")
		refused(t, err) // the whole series: nobody knows which of the two is the thief
		require.Equal(t, "auth.token-stolen", rec.all[0].Code)
		require.Equal(t, "company of alice", rec.all[0].Company)
		list, err := tokens.List(t.Context(), "alice")
		require.NoError(t, err)
		require.Empty(t, list)
		for key, record := range tokens.cfg.Store.(*MemoryStore).records {
			require.NotContains(t, key+string(record), stolen.Reveal())
		}
	})
}

func TestAttackTokenOutlivesPassword(t *testing.T) {
	c, l, _, s := remembering(t)
	token, err := c.Remember(t.Context(), s, "")
	require.NoError(t, err)
	require.NoError(t, l.SetPassword(t.Context(), "alice", ctikit.NewSecret("another horse"), false))
	_, _, err = c.Resume(t.Context(), token, "")
	refused(t, err)
}

func TestAttackTokenOutlivesMethod(t *testing.T) {
	tokens, err := NewTokens(TokensConfig{Store: &MemoryStore{}})
	require.NoError(t, err)
	settings, users := methods{"": "TWS"}, house{disabled: map[string]bool{}}
	c, _ := withPassword(t, Config{Tokens: tokens, Parameters: settings, Users: users})
	s, err := c.SignIn(t.Context(), attempt("alice", "correct horse"))
	require.NoError(t, err)
	token, err := c.Remember(t.Context(), s, "")
	require.NoError(t, err)
	_, token, err = c.Resume(t.Context(), token, "")
	require.NoError(t, err)
	settings[""] = "LDAP"
	_, _, err = c.Resume(t.Context(), token, "")
	require.ErrorContains(t, refused(t, err).Cause, "TWS")
	settings[""] = "TWS"
	users.disabled["alice"] = true
	token, err = c.Remember(t.Context(), s, "")
	require.NoError(t, err)
	_, _, err = c.Resume(t.Context(), token, "")
	require.ErrorContains(t, refused(t, err).Cause, "disabled")
}

// TestAttackTokenOfNothing: a token stands for a password or ticket that was
// given. A name alone gives none, since the token would be good from afar, nor
// does another token, since it would never end.
func TestAttackTokenOfNothing(t *testing.T) {
	none, err := NewNone(func(string) bool { return false })
	require.NoError(t, err)
	tokens, err := NewTokens(TokensConfig{Store: &MemoryStore{}})
	require.NoError(t, err)
	c, _ := withPassword(t, Config{Tokens: tokens, Default: "TWS|None", Methods: map[Method]Authenticator{None: none}})
	byName, err := c.SignIn(t.Context(), Attempt{Login: "bob", Remote: "127.0.0.1:1"})
	require.NoError(t, err)
	_, err = c.Remember(t.Context(), byName, "")
	require.ErrorContains(t, err, "nothing was proved")

	s, err := c.SignIn(t.Context(), attempt("alice", "correct horse"))
	require.NoError(t, err)
	token, err := c.Remember(t.Context(), s, "")
	require.NoError(t, err)
	resumed, _, err := c.Resume(t.Context(), token, "")
	require.NoError(t, err)
	_, err = c.Remember(t.Context(), resumed, "")
	require.ErrorContains(t, err, "by a token")
}

func TestAttackLogInjection(t *testing.T) {
	var out bytes.Buffer
	log := ctikit.NewIncidentLog(ctikit.IncidentOptions{Logger: slog.New(slog.NewTextHandler(&out, nil))})
	c, _ := withPassword(t, Config{Incidents: log})
	_, err := c.SignIn(t.Context(), attempt("x\nlevel=INFO msg=\"all is well\"", "hunter2"))
	refused(t, err)
	_, err = c.SignIn(t.Context(), attempt("alice", "hunter2"))
	require.NotContains(t, fmt.Sprintf("%+v %#v", err, err), "hunter2")
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "err", err, "attempt", attempt("alice", "hunter2"))
	require.NotContains(t, out.String(), "hunter2")
	require.Equal(t, 3, strings.Count(out.String(), "\n"))
}
