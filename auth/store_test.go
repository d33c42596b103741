package auth

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/auth/params"
)

// failing is a store that is out of order, wholly or for writing.
type failing struct {
	*MemoryStore
	reading, writing error
}

func (f *failing) Get(ctx context.Context, key string) ([]byte, error) {
	if f.reading != nil {
		return nil, f.reading
	}
	return f.MemoryStore.Get(ctx, key)
}

func (f *failing) Swap(ctx context.Context, key string, old, new []byte) error {
	if f.writing != nil {
		return f.writing
	}
	return f.MemoryStore.Swap(ctx, key, old, new)
}

func TestStoreOutOfOrder(t *testing.T) {
	down := errors.New("disk full")
	store := &failing{MemoryStore: &MemoryStore{}}
	l, err := NewLocal(LocalConfig{Store: store, Cost: cheap})
	require.NoError(t, err)
	require.NoError(t, l.Import(t.Context(), "alice", newArgonHash("correct horse", Cost{Memory: 128, Time: 1, Threads: 1}).String()))
	store.writing = down
	require.Equal(t, Accepted, authenticate(t, l, "alice", "correct horse").Verdict, "a hash that cannot be renewed is still good")
	require.ErrorIs(t, l.SetPassword(t.Context(), "alice", ctikit.NewSecret("another horse"), false), down)
	store.writing = ctikit.ErrConflict
	require.ErrorIs(t, l.SetPassword(t.Context(), "alice", ctikit.NewSecret("another horse"), false), ctikit.ErrConflict, "not for ever")
	store.reading = down
	answer := authenticate(t, l, "alice", "correct horse")
	require.Equal(t, Unavailable, answer.Verdict)
	require.ErrorIs(t, answer.Err, down)
	store.reading, store.writing = nil, nil
	require.NoError(t, store.Swap(t.Context(), "account/bob", nil, []byte("{half")))
	require.Equal(t, Unavailable, authenticate(t, l, "bob", "correct horse").Verdict)
}

func TestPurge(t *testing.T) {
	store := &MemoryStore{}
	tokens, err := NewTokens(TokensConfig{Store: store, Lifetime: time.Nanosecond})
	require.NoError(t, err)
	_, err = tokens.issueToken(t.Context(), SignIn{User: "alice", Method: TWS}, "")
	require.NoError(t, err)
	require.NoError(t, store.Swap(t.Context(), "token/x/y", nil, []byte("rubbish")))
	time.Sleep(time.Millisecond)
	require.NoError(t, tokens.Purge(t.Context()))
	keys, err := store.Keys(t.Context(), "")
	require.NoError(t, err)
	require.Empty(t, keys)
}

func TestIncidentCodes(t *testing.T) {
	for reason, code := range map[Reason]string{
		ReasonWrongPassword: "auth.rejected", ReasonUnknownUser: "auth.rejected", ReasonMalformed: "auth.rejected", ReasonThrottled: "auth.throttled",
		ReasonLocked: "auth.locked", ReasonDisabled: "auth.locked", ReasonPasswordChange: "auth.password-change", ReasonUnavailable: "auth.unavailable", ReasonToken: "auth.token",
	} {
		rec := &kept{}
		c := newChain(t, Config{Default: "TWS", Methods: map[Method]Authenticator{TWS: says{}}, Incidents: rec})
		c.recordRefusal(Request{}, &Refusal{Reason: reason})
		require.Equal(t, code, rec.all[0].Code, reason)
	}
}

func TestAuthMethodsAsParameter(t *testing.T) {
	set, err := params.New(nobodys{}, Definitions("TWS")...)
	require.NoError(t, err)
	require.ErrorContains(t, set.Set(params.User("alice"), MethodsParameter, "TWS|Kerberos"), `[1]: "Kerberos"`)
	require.NoError(t, set.Set(params.User("alice"), MethodsParameter, "LDAP|TWS"))
	for value, allowed := range map[string]bool{"TWS": true, "LDAP|None": false, "none": false, "WindowsSecurity": true} {
		doc := `[{"scope":"user","id":"alice","name":"AuthMethods","value":"` + value + `"}]`
		_, err := set.Section().Import(t.Context(), ctikit.Import{Data: []byte(doc), DryRun: true})
		require.Equal(t, allowed, err == nil, "%s: %v", value, err)
	}
	_, err = params.New(nobodys{}, Definitions("TSW")...)
	require.ErrorContains(t, err, `definitions[0].default[0]: "TSW"`)
}

type nobodys struct{}

func (nobodys) Groups(string) []string { return nil }
func (nobodys) Domain(string) string   { return "" }
