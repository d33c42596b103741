package ldapauth

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/auth"
	"github.com/ctikit/ctikit/auth/params"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

const peopleDN = "uid=?,ou=people,dc=example,dc=test"

func request(name, password string) auth.Request {
	return auth.Request{Attempt: auth.Attempt{Login: name, Password: ctikit.NewSecret(password)}, User: "u:" + name, Name: name}
}

func ask(t testing.TB, a *Authenticator, name, password string) auth.Answer {
	t.Helper()
	return a.Authenticate(t.Context(), request(name, password))
}

func newAuthenticator(t testing.TB, cfg Config) *Authenticator {
	t.Helper()
	if cfg.Timeout == 0 {
		cfg.Timeout = time.Minute // machines that test are loaded
	}
	a, err := New(cfg)
	require.NoError(t, err)
	return a
}

func TestBindAtSlapd(t *testing.T) {
	s := startSlapd(t)
	for name, cfg := range map[string]Config{
		"StartTLS": {TLS: s.tls(), Parameters: Fixed{ServerParameter: s.addr, DNParameter: peopleDN}},
		"LDAPS":    {TLS: s.tls(), Parameters: Fixed{ServerParameter: s.tlsAddr, DNParameter: peopleDN, SecurityParameter: LDAPS}},
		"in clear": {Parameters: Fixed{ServerParameter: s.addr, DNParameter: peopleDN, SecurityParameter: Plaintext}},
		"search": {TLS: s.tls(), Parameters: Fixed{ServerParameter: s.addr}, Search: &Search{
			BaseDN: "dc=example,dc=test", Attribute: "uid", Filter: "(objectClass=person)", BindDN: "cn=service,dc=example,dc=test",
			Password: func(context.Context) (ctikit.Secret, error) { return ctikit.NewSecret("service"), nil }}},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAuthenticator(t, cfg)
			for uid, password := range people {
				require.Equal(t, auth.Answer{Verdict: auth.Accepted}, ask(t, a, uid, password), uid)
			}
			require.Equal(t, auth.ReasonWrongPassword, ask(t, a, "bob", "correct horse").Reason)
			require.Equal(t, auth.Rejected, ask(t, a, "nobody", "correct horse").Verdict)
			require.Equal(t, auth.Accepted, ask(t, a, "ALICE", "correct horse").Verdict, "the directory compares without case")
		})
	}
	t.Run("the user name is the DN", func(t *testing.T) {
		a := newAuthenticator(t, Config{TLS: s.tls(), Parameters: Fixed{ServerParameter: s.addr}})
		require.Equal(t, auth.Accepted, ask(t, a, "uid=alice,ou=people,dc=example,dc=test", "correct horse").Verdict)
		require.Equal(t, auth.ReasonMalformed, ask(t, a, "alice", "correct horse").Reason, "slapd knows no such bind name")
		require.Equal(t, auth.ReasonMalformed, ask(t, a, "uid=alice,,", "correct horse").Reason)
	})
	t.Run("TLS is checked", func(t *testing.T) {
		for _, security := range []string{StartTLS, LDAPS} {
			server := map[string]string{StartTLS: s.addr, LDAPS: s.tlsAddr}[security]
			a := newAuthenticator(t, Config{Parameters: Fixed{ServerParameter: server, DNParameter: peopleDN, SecurityParameter: security}})
			answer := ask(t, a, "alice", "correct horse")
			require.Equal(t, auth.Unavailable, answer.Verdict)
			require.ErrorContains(t, answer.Err, "certificate")
		}
		a := newAuthenticator(t, Config{TLS: &tls.Config{RootCAs: s.roots, ServerName: "other.example"}, Parameters: Fixed{ServerParameter: s.addr, DNParameter: peopleDN}})
		require.ErrorContains(t, ask(t, a, "alice", "correct horse").Err, "other.example")
	})
	t.Run("service account refused", func(t *testing.T) {
		a := newAuthenticator(t, Config{TLS: s.tls(), Parameters: Fixed{ServerParameter: s.addr}, Search: &Search{
			BaseDN: "dc=example,dc=test", Attribute: "uid", BindDN: "cn=service,dc=example,dc=test",
			Password: func(context.Context) (ctikit.Secret, error) { return ctikit.NewSecret("wrong"), nil }}})
		answer := ask(t, a, "alice", "correct horse")
		require.Equal(t, auth.Unavailable, answer.Verdict, "no anonymous search instead")
		require.ErrorContains(t, answer.Err, "service account")
	})
	t.Run("password to be changed", func(t *testing.T) {
		a := newAuthenticator(t, Config{TLS: s.tls(), Parameters: Fixed{ServerParameter: s.addr, DNParameter: peopleDN}})
		require.Equal(t, auth.ReasonPasswordExpired, ask(t, a, "reset", "given by admin").Reason)
		require.Equal(t, auth.ReasonWrongPassword, ask(t, a, "reset", "guess").Reason)
	})
	t.Run("locked is told from wrong", func(t *testing.T) {
		a := newAuthenticator(t, Config{TLS: s.tls(), Parameters: Fixed{ServerParameter: s.addr, DNParameter: peopleDN}})
		var last auth.Answer
		for range 6 {
			last = ask(t, a, "locked", "guess")
		}
		require.Equal(t, auth.Locked, last.Verdict)
		require.Equal(t, auth.ReasonLocked, last.Reason)
		require.Equal(t, auth.ReasonLocked, ask(t, a, "locked", "locked out").Reason, "the right password too")
	})
}

// TestChainKeepsTheAccountUnlocked: guessing through the chain is slowed down
// before the directory's own lock-out (four failures here) shuts the user out
// for good; a limit below the directory's is the host's to set.
func TestChainKeepsTheAccountUnlocked(t *testing.T) {
	s := startSlapd(t)
	a := newAuthenticator(t, Config{TLS: s.tls(), Parameters: Fixed{ServerParameter: s.addr, DNParameter: peopleDN}})
	chain, err := auth.New(auth.Config{Users: anyone{}, Default: "LDAP", Methods: map[auth.Method]auth.Authenticator{auth.LDAP: a},
		Throttle: auth.NewThrottle(auth.ThrottleOptions{UserFailures: 2, FirstWait: time.Minute})})
	require.NoError(t, err)
	for range 50 {
		_, err := chain.SignIn(t.Context(), auth.Attempt{Login: "alice", Password: ctikit.NewSecret("guess")})
		require.ErrorIs(t, err, auth.ErrRefused)
	}
	require.Equal(t, auth.Accepted, ask(t, a, "alice", "correct horse").Verdict)
}

type anyone struct{}

func (anyone) Find(name, _ string) (string, bool) { return name, true }
func (anyone) Enabled(string) bool                { return true }

func TestServersInOrder(t *testing.T) {
	s := startSlapd(t)
	var dialled []string
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		dialled = append(dialled, address)
		if strings.HasPrefix(address, "down") {
			return nil, errors.New("no route")
		}
		return new(net.Dialer).DialContext(ctx, network, s.addr)
	}
	a := newAuthenticator(t, Config{TLS: &tls.Config{RootCAs: s.roots, ServerName: "localhost"}, Dial: dial,
		Parameters: Fixed{ServerParameter: "down1|up1, down2 up2:1389", DNParameter: peopleDN}})
	require.Equal(t, auth.Accepted, ask(t, a, "alice", "correct horse").Verdict)
	require.Equal(t, []string{"down1:389", "up1:389"}, dialled)
	dialled = nil
	require.Equal(t, auth.Accepted, ask(t, a, "alice", "correct horse").Verdict)
	require.Equal(t, []string{"up1:389"}, dialled, "one that is out of reach is asked last for a while")

	down := newAuthenticator(t, Config{Dial: dial, Parameters: Fixed{ServerParameter: "down1|down2", DNParameter: peopleDN}})
	answer := ask(t, down, "alice", "correct horse")
	require.Equal(t, auth.Unavailable, answer.Verdict)
	require.ErrorContains(t, answer.Err, "down1:389: no route")
	require.ErrorContains(t, answer.Err, "down2:389: no route")
}

// TestParametersPerDomain: the seed's three parameters, set for one domain.
func TestParametersPerDomain(t *testing.T) {
	s := startSlapd(t)
	set, err := params.New(oneDomain{}, Definitions()...)
	require.NoError(t, err)
	host, port, _ := net.SplitHostPort(s.addr)
	for name, value := range map[string]string{ServerParameter: host, PortParameter: port, DNParameter: peopleDN} {
		require.NoError(t, set.Set(params.Domain("paris"), name, value))
	}
	a := newAuthenticator(t, Config{TLS: s.tls(), Parameters: set})
	require.Equal(t, auth.Accepted, ask(t, a, "alice", "correct horse").Verdict)
	r := request("alice", "correct horse")
	r.User = "lyonnais"
	answer := a.Authenticate(t.Context(), r)
	require.Equal(t, auth.Unavailable, answer.Verdict, "nothing is set for lyon")
	require.ErrorContains(t, answer.Err, ServerParameter)

	data := []byte(`[{"scope":"domain","id":"paris","name":"AuthLdapSecurity","value":"None"}]`)
	_, err = set.Section().Import(t.Context(), ctikit.Import{Data: data})
	require.ErrorContains(t, err, "an import may not weaken")
}

type oneDomain struct{}

func (oneDomain) Groups(string) []string { return nil }
func (oneDomain) Domain(user string) string {
	return map[bool]string{true: "lyon", false: "paris"}[user == "lyonnais"]
}

func TestConfigMistakesAllAtOnce(t *testing.T) {
	_, err := New(Config{Timeout: -1, TLS: &tls.Config{InsecureSkipVerify: true}, Search: &Search{BaseDN: "x,y", Attribute: "uid)(", Filter: "(((", BindDN: ""}})
	for _, complaint := range []string{"parameters", "timeout", "InsecureSkipVerify", "search.baseDN", "search.attribute", "search.filter", "search.bindDN", "search.password"} {
		require.ErrorContains(t, err, complaint)
	}
}

func TestParameterChecks(t *testing.T) {
	set, err := params.New(oneDomain{}, Definitions()...)
	require.NoError(t, err)
	for _, good := range [][2]string{
		{ServerParameter, "10.0.0.1"}, {ServerParameter, "a|b:1389,[2001:db8::1]:389 2001:db8::2"}, {PortParameter, "3268"},
		{DNParameter, "?"}, {DNParameter, "OU=PARIS, DC=SSDEI, DC=local, CN=?"}, {DNParameter, "?@acme.local"}, {DNParameter, `ACME\?`},
		{SecurityParameter, "LDAPS"},
	} {
		require.NoError(t, set.Set(params.User("x"), good[0], good[1]), good[1])
	}
	for _, bad := range [][2]string{
		{ServerParameter, ""}, {ServerParameter, "ldap://host"}, {ServerParameter, "host:0"}, {ServerParameter, "host:99999"}, {ServerParameter, strings.Repeat("h ", 17)},
		{PortParameter, "0"}, {PortParameter, "65536"}, {PortParameter, "ldap"},
		{DNParameter, ""}, {DNParameter, "cn=alice,dc=x"}, {DNParameter, "cn=?,,"},
		{SecurityParameter, "SSL"},
	} {
		require.Error(t, set.Set(params.User("x"), bad[0], bad[1]), bad[1])
	}
}
