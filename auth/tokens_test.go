package auth

import (
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
)

func remembering(t *testing.T) (c *Chain, l *Local, tokens *Tokens, s SignIn) {
	t.Helper()
	tokens, err := NewTokens(TokensConfig{Store: &MemoryStore{}})
	require.NoError(t, err)
	c, l = withPassword(t, Config{Tokens: tokens})
	s, err = c.SignIn(t.Context(), attempt("alice", "correct horse"))
	require.NoError(t, err)
	return c, l, tokens, s
}

func TestRememberMe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _, tokens, s := remembering(t)
		token, err := c.Remember(t.Context(), s, "laptop")
		require.NoError(t, err)
		for range 3 {
			time.Sleep(24 * time.Hour)
			got, next, err := c.Resume(t.Context(), token, "198.51.100.1:1")
			require.NoError(t, err)
			require.Equal(t, SignIn{User: "alice", Method: TWS, Remote: "198.51.100.1:1", At: time.Now(), Remembered: true}, got)
			require.False(t, next.IsZero())
			require.False(t, next.Equal(token), "a new one each time")
			token = next
		}
		list, err := tokens.List(t.Context(), "alice")
		require.NoError(t, err)
		require.Len(t, list, 1)
		require.Equal(t, "laptop", list[0].Label)
		require.Equal(t, "198.51.100.1:1", list[0].Remote)
		require.NoError(t, tokens.Revoke(t.Context(), "bob", list[0].ID), "not bob's to revoke")
		_, token, err = c.Resume(t.Context(), token, "")
		require.NoError(t, err)
		require.NoError(t, tokens.Revoke(t.Context(), "alice", list[0].ID))
		_, _, err = c.Resume(t.Context(), token, "")
		require.Equal(t, ReasonToken, refused(t, err).Reason)
	})
}

func TestTokenExpiry(t *testing.T) {
	for name, test := range map[string]struct{ step, last time.Duration }{
		"unused":  {0, 31 * 24 * time.Hour},
		"too old": {20 * 24 * time.Hour, 370 * 24 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, _, tokens, s := remembering(t)
				token, err := c.Remember(t.Context(), s, "")
				require.NoError(t, err)
				start := time.Now()
				for test.step > 0 && time.Since(start)+test.step < 365*24*time.Hour {
					time.Sleep(test.step)
					_, token, err = c.Resume(t.Context(), token, "")
					require.NoError(t, err)
				}
				time.Sleep(test.last - time.Since(start))
				list, err := tokens.List(t.Context(), "alice")
				require.NoError(t, err)
				require.Empty(t, list)
				_, _, err = c.Resume(t.Context(), token, "")
				require.ErrorContains(t, refused(t, err).Cause, "expired")
				require.NoError(t, tokens.Purge(t.Context()))
			})
		})
	}
}

func TestTwoRequestsWithOneToken(t *testing.T) {
	c, _, _, s := remembering(t)
	token, err := c.Remember(t.Context(), s, "")
	require.NoError(t, err)
	var wg sync.WaitGroup
	var mu sync.Mutex
	var next []ctikit.Secret
	for range 8 {
		wg.Go(func() {
			_, n, err := c.Resume(t.Context(), token, "")
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error("a browser that sends several requests at once is no thief:", err)
			} else if !n.IsZero() {
				next = append(next, n)
			}
		})
	}
	wg.Wait()
	require.Len(t, next, 1, "exactly one of them replaced it")
	_, _, err = c.Resume(t.Context(), next[0], "")
	require.NoError(t, err)
}

func TestTokenMistakes(t *testing.T) {
	_, err := NewTokens(TokensConfig{})
	require.ErrorContains(t, err, "store: missing")
	_, err = NewTokens(TokensConfig{Store: &MemoryStore{}, Lifetime: -1})
	require.ErrorContains(t, err, "lifetime: must not be negative")

	c, _, tokens, s := remembering(t)
	_, err = c.Remember(t.Context(), SignIn{}, "")
	require.Error(t, err)
	_, err = c.Remember(t.Context(), s, "line\nbreak")
	require.Error(t, err)
	for _, token := range []string{"", "x", strings.Repeat("A", 75), strings.Repeat("A", 1<<20), "\x00"} {
		_, _, err := c.Resume(t.Context(), ctikit.NewSecret(token), "")
		require.Equal(t, ReasonToken, refused(t, err).Reason)
	}
	require.NoError(t, tokens.Purge(t.Context()))
	without, _ := withPassword(t, Config{})
	_, err = without.Remember(t.Context(), s, "")
	require.Error(t, err)
	_, _, err = without.Resume(t.Context(), ctikit.NewSecret("x"), "")
	refused(t, err)
}
