package ctikit

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
	l := login{"bob", NewSecret("hunter2"), NewSecret("hunter2")}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("m", "login", l, "pass", l.Pass)
	js, err := json.Marshal(l)
	require.NoError(t, err)
	for _, printed := range []string{
		fmt.Sprint(l), fmt.Sprintf("%+v", l), fmt.Sprintf("%#v", l), fmt.Sprintf("%v %s %q %x", l.Pass, l.Pass, l.Pass, l.hidden),
		fmt.Sprintf("%#v", &l), log.String(), string(js), fmt.Sprint(SealKeyOf([32]byte{'h', 'u'})), fmt.Sprintf("%#v", SealKeyOf([32]byte{'h'})),
	} {
		require.NotContains(t, printed, "hunter2")
		require.NotContains(t, printed, fmt.Sprintf("%x", "hunter2"))
	}
	require.JSONEq(t, `{"User":"bob","Pass":"[redacted]"}`, string(js))
}

func TestRedactedNeverBecomesAPassword(t *testing.T) {
	l := login{Pass: NewSecret("old")}
	require.NoError(t, json.Unmarshal([]byte(`{"Pass":"[redacted]"}`), &l))
	require.Equal(t, "old", l.Pass.Reveal(), "the stored value stays")
	require.NoError(t, json.Unmarshal([]byte(`{"Pass":"new"}`), &l))
	require.Equal(t, "new", l.Pass.Reveal())
	require.ErrorIs(t, json.Unmarshal([]byte(`{"Pass":"[redacted]"}`), &login{}), ErrRedacted)
}
