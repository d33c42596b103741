package auth

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/ctikit/ctikit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// cheap makes tests quick; its shape is that of the default.
var cheap = Cost{Memory: 64, Time: 1, Threads: 1}

// house is a directory of few users: name → key, compared without regard to
// letter case, all in the domain ACME or acme.example.
type house struct {
	disabled map[string]bool
}

func (h house) Find(name, domain string) (string, bool) {
	name = strings.ToLower(name)
	if domain != "" && !strings.EqualFold(domain, "ACME") && !strings.EqualFold(domain, "acme.example") {
		return name, false // a key that is none: found alone decides
	}
	switch name {
	case "alice", "bob", "root", "cn=dave,dc=acme":
		return name, true
	}
	return name, false
}

func (h house) Enabled(user string) bool { return !h.disabled[user] }

// methods gives users their AuthMethods; "" is the default.
type methods map[string]string

func (m methods) Value(user, name string) (string, error) {
	if value, ok := m[user]; ok && name == MethodsParameter {
		return value, nil
	}
	return m[""], nil
}

// says is an authenticator that always gives one answer and counts.
type says struct {
	Answer
	asked *int
}

func (s says) Authenticate(context.Context, Request) Answer {
	if s.asked != nil {
		*s.asked++
	}
	return s.Answer
}

// kept collects incidents.
type kept struct {
	mu  sync.Mutex
	all []ctikit.Incident
}

func (k *kept) Record(in ctikit.Incident) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.all = append(k.all, in)
}

// strict is a throttle whose first wait outlasts any test, however loaded the
// machine is.
func strict() *Throttle {
	return NewThrottle(ThrottleOptions{FirstWait: time.Hour, LongestWait: time.Hour})
}

func newLocal(t testing.TB, tokens *Tokens) (*Local, *MemoryStore) {
	t.Helper()
	store := &MemoryStore{}
	local, err := NewLocal(LocalConfig{Store: store, Cost: cheap, Tokens: tokens})
	require.NoError(t, err)
	return local, store
}

func newChain(t testing.TB, cfg Config) *Chain {
	t.Helper()
	if cfg.Users == nil {
		cfg.Users = house{}
	}
	c, err := New(cfg)
	require.NoError(t, err)
	return c
}

// withPassword is a chain over local passwords where alice and root have one.
func withPassword(t testing.TB, cfg Config) (*Chain, *Local) {
	t.Helper()
	local, _ := newLocal(t, cfg.Tokens)
	for _, user := range []string{"alice", "root"} {
		require.NoError(t, local.SetPassword(t.Context(), user, ctikit.NewSecret("correct horse"), false))
	}
	if cfg.Methods == nil {
		cfg.Methods = map[Method]Authenticator{}
	}
	cfg.Methods[TWS] = local
	if cfg.Parameters == nil && cfg.Default == "" {
		cfg.Default = "TWS"
	}
	return newChain(t, cfg), local
}

func attempt(login, password string) Attempt {
	return Attempt{Login: login, Password: ctikit.NewSecret(password), Remote: "192.0.2.7:4711"}
}

// refused returns the refusal, whose text must be the one text.
func refused(t testing.TB, err error) *Refusal {
	t.Helper()
	require.ErrorIs(t, err, ErrRefused)
	require.EqualError(t, err, ErrRefused.Error())
	var refusal *Refusal
	require.ErrorAs(t, err, &refusal)
	return refusal
}
