package auth

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
)

// BenchmarkChain is the chain's own cost: the methods answer at once.
func BenchmarkChain(b *testing.B) {
	c := newChain(b, Config{Parameters: methods{"": "LDAP|TWS"}, Methods: map[Method]Authenticator{
		LDAP: says{Answer: Answer{Rejected, ReasonWrongPassword, nil}}, TWS: says{Answer: Answer{Verdict: Accepted}}}})
	a := attempt(`ACME\alice`, "x")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.SignIn(b.Context(), a); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLocal is one sign-in with a password at the default cost; beside it
// the bare hash.
func BenchmarkLocal(b *testing.B) {
	l, err := NewLocal(LocalConfig{Store: &MemoryStore{}})
	require.NoError(b, err)
	require.NoError(b, l.SetPassword(b.Context(), "alice", ctikit.NewSecret("correct horse"), false))
	b.Run("sign-in", func(b *testing.B) {
		for b.Loop() {
			require.Equal(b, Accepted, authenticate(b, l, "alice", "correct horse").Verdict)
		}
	})
	b.Run("hash", func(b *testing.B) {
		h := newArgonHash("correct horse", defaultCost)
		for b.Loop() {
			require.True(b, h.matches("correct horse"))
		}
	})
}

// TestMemoryOfManySignInsAtOnce: 200 sign-ins at the default cost, of which only
// a few may hash at a time, stay below 150 MiB.
func TestMemoryOfManySignInsAtOnce(t *testing.T) {
	l, err := NewLocal(LocalConfig{Store: &MemoryStore{}, AtOnce: 2}) // the most that is the default anywhere
	require.NoError(t, err)
	require.NoError(t, l.SetPassword(t.Context(), "alice", ctikit.NewSecret("correct horse"), false))
	hash := newArgonHash("correct horse", defaultCost).String()
	const users = 200
	for i := range users {
		require.NoError(t, l.Import(t.Context(), fmt.Sprintf("user%d", i), hash))
	}
	runtime.GC()
	var most, accepted atomic.Uint64
	stop := make(chan struct{})
	var watcher, wg sync.WaitGroup
	watcher.Go(func() {
		var m runtime.MemStats
		for {
			select {
			case <-stop:
				return
			case <-time.After(10 * time.Millisecond):
				runtime.ReadMemStats(&m)
				most.Store(max(most.Load(), m.HeapInuse+m.StackInuse))
			}
		}
	})
	for i := range users {
		wg.Go(func() {
			if authenticate(t, l, fmt.Sprintf("user%d", i), "correct horse").Verdict == Accepted {
				accepted.Add(1)
			}
		})
	}
	wg.Wait()
	close(stop)
	watcher.Wait()
	require.EqualValues(t, users, accepted.Load())
	t.Logf("most memory in use: %d MiB", most.Load()>>20)
	require.Less(t, most.Load(), uint64(150<<20))
}
