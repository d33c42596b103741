package secret

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"
)

type login struct {
	User   string
	Pass   Secret
	hidden Secret
}

func TestSecretNeverPrints(t *testing.T) {
	l := login{"bob", New("hunter2"), New("hunter2")}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("m", "login", l, "pass", l.Pass)
	js, err := json.Marshal(l)
	require.NoError(t, err)
	for _, printed := range []string{
		fmt.Sprint(l), fmt.Sprintf("%+v", l), fmt.Sprintf("%#v", l), fmt.Sprintf("%v %s %q %x", l.Pass, l.Pass, l.Pass, l.hidden),
		fmt.Sprintf("%#v", &l), log.String(), string(js), fmt.Sprint(Key{'h', 'u'}), fmt.Sprintf("%#v", Key{'h'}),
	} {
		require.NotContains(t, printed, "hunter2")
		require.NotContains(t, printed, fmt.Sprintf("%x", "hunter2"))
	}
	require.JSONEq(t, `{"User":"bob","Pass":"[redacted]"}`, string(js))
}

func TestRedactedNeverBecomesAPassword(t *testing.T) {
	l := login{Pass: New("old")}
	require.NoError(t, json.Unmarshal([]byte(`{"Pass":"[redacted]"}`), &l))
	require.Equal(t, "old", l.Pass.Reveal(), "the stored value stays")
	require.NoError(t, json.Unmarshal([]byte(`{"Pass":"new"}`), &l))
	require.Equal(t, "new", l.Pass.Reveal())
	require.ErrorIs(t, json.Unmarshal([]byte(`{"Pass":"[redacted]"}`), &login{}), ErrRedacted)
}

func TestSeal(t *testing.T) {
	key, other := Key{1}, Key{2}
	sealed, err := key.Seal(New("1234"), "extension/4001")
	require.NoError(t, err)
	require.True(t, IsSealed(sealed))
	opened, err := key.Open(sealed, "extension/4001")
	require.NoError(t, err)
	require.True(t, opened.Equal(New("1234")))

	for name, open := range map[string]func() (Secret, error){
		"another key":   func() (Secret, error) { return other.Open(sealed, "extension/4001") },
		"another place": func() (Secret, error) { return key.Open(sealed, "extension/4002") },
		"not sealed":    func() (Secret, error) { return key.Open("1234", "extension/4001") },
		"too short":     func() (Secret, error) { return key.Open(sealPrefix+"AAAA", "extension/4001") },
	} {
		t.Run(name, func(t *testing.T) {
			got, err := open()
			require.ErrorIs(t, err, ErrSealed)
			require.True(t, got.IsZero())
			require.NotContains(t, err.Error(), "1234")
		})
	}
	empty, err := key.Seal(Secret{}, "x")
	require.NoError(t, err)
	require.Empty(t, empty)
}

// TestSealChanged: no character of what is sealed may be another one, the bits
// of the last that stand for nothing included. Nonces are random, so several.
func TestSealChanged(t *testing.T) {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
	key := Key{1}
	for range 3 {
		sealed, err := key.Seal(New("1234"), "extension/4001")
		require.NoError(t, err)
		for i := len(sealPrefix); i < len(sealed); i++ {
			for _, other := range []byte(letters) {
				if other != sealed[i] {
					_, err := key.Open(sealed[:i]+string(other)+sealed[i+1:], "extension/4001")
					require.ErrorIs(t, err, ErrSealed, "character %d: %q for %q", i, other, sealed[i])
				}
			}
		}
	}
}
