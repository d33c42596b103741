package negotiate

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/auth"
	"github.com/ctikit/ctikit/internal/testenv"
)

func typed(name, password string) auth.Request {
	return auth.Request{Attempt: auth.Attempt{Login: name, Password: ctikit.NewSecret(password)}, User: "u-" + name, Name: name}
}

// address is where the KDC of a krb5.conf answers.
func (k *kdc) address(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(k.path("krb5.conf"))
	require.NoError(t, err)
	_, after, _ := strings.Cut(string(text), "\n  kdc = ")
	address, _, _ := strings.Cut(after, "\n")
	return address
}

func TestPasswordAtMITKerberos(t *testing.T) {
	k := startKDC(t)
	p, err := NewPassword(PasswordConfig{Keytab: k.path("http.keytab"), Service: "HTTP/localhost", Realm: realm, KDCs: []string{k.address(t)}}, nil)
	require.NoError(t, err)
	require.Equal(t, auth.Answer{Verdict: auth.Accepted}, p.Authenticate(t.Context(), typed("alice", "alice")))
	require.Equal(t, auth.Answer{Verdict: auth.Accepted}, p.Authenticate(t.Context(), typed("bob", "bob")), "with pre-authentication")
	for _, user := range []string{"alice", "bob"} {
		wrong := p.Authenticate(t.Context(), typed(user, "guess"))
		require.Equal(t, auth.ReasonWrongPassword, wrong.Reason, wrong.Err)
	}
	require.Equal(t, auth.ReasonUnknownUser, p.Authenticate(t.Context(), typed("nobody", "x")).Reason)
	require.Equal(t, auth.ReasonMalformed, p.Authenticate(t.Context(), typed("HTTP/localhost", "x")).Reason)
	require.Equal(t, auth.NotApplicable, p.Authenticate(t.Context(), typed("alice", "")).Verdict, "nothing was typed and no session is there")

	session := typed("alice", "")
	session.Windows, session.WindowsUser = &auth.WindowsIdentity{Name: "alice", Realm: realm}, "u-alice"
	require.Equal(t, auth.Accepted, p.Authenticate(t.Context(), session).Verdict, "no prompt where the session is trusted")
}

// TestAttackFalseKDC: a KDC that somebody set up with a password of his own for
// alice says yes, but has not the key of our service.
func TestAttackFalseKDC(t *testing.T) {
	genuine, forged := startKDC(t), startKDC(t)
	p, err := NewPassword(PasswordConfig{Keytab: genuine.path("http.keytab"), Service: "HTTP/localhost", Realm: realm, KDCs: []string{forged.address(t)}}, nil)
	require.NoError(t, err)
	answer := p.Authenticate(t.Context(), typed("alice", "alice"))
	require.Equal(t, auth.Unavailable, answer.Verdict)
	require.ErrorContains(t, answer.Err, "cannot prove itself")
}

func TestPasswordWithoutKDC(t *testing.T) {
	address := testenv.Port(t) // where nobody listens
	keytab := writeKeytab(t, serviceKeys(t, "x"))
	p, err := NewPassword(PasswordConfig{Keytab: keytab, Service: "HTTP/localhost", Realm: realm, KDCs: []string{address}}, nil)
	require.NoError(t, err)
	require.Equal(t, auth.Unavailable, p.Authenticate(t.Context(), typed("alice", "alice")).Verdict)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.Equal(t, auth.Unavailable, p.Authenticate(ctx, typed("alice", "alice")).Verdict)

	_, err = NewPassword(PasswordConfig{Keytab: "/nowhere", Service: "host/x", Realm: "A = {", KDCs: []string{"x", "a b:88"}}, nil)
	for _, complaint := range []string{"keytab", "service", "realm", "kdcs[0]", "kdcs[1]"} {
		require.ErrorContains(t, err, complaint)
	}
}
