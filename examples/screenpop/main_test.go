package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/ctikit/ctikit/examples/internal/setup"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func pop(ctx context.Context, args ...string) (status int, out, errs string) {
	var o, e bytes.Buffer
	status = setup.Exit("screenpop", popUpCards(ctx, args, &o, &e), &e)
	return status, o.String(), e.String()
}

func TestCards(t *testing.T) {
	status, out, errs := pop(t.Context(), "-json")
	require.Zero(t, status, errs)
	var got []card
	for line := range strings.Lines(out) {
		var c card
		require.NoError(t, json.Unmarshal([]byte(line), &c))
		require.False(t, c.Time.IsZero())
		require.Equal(t, "2000", c.Extension)
		got = append(got, c)
	}
	var states []string
	for _, c := range got {
		states = append(states, c.State+" "+c.callerText())
	}
	require.Equal(t, []string{
		"rings Paul Durand, Durand SARL", "answered Paul Durand, Durand SARL", "ended Paul Durand, Durand SARL",
		"rings +33499887766", "ended +33499887766", "rings number withheld", "ended number withheld", "rings 1000", "ended 1000",
	}, states)
	require.Equal(t, "+33612345678", got[0].E164)
	require.Equal(t, []contact{{Name: "Paul Durand, Durand SARL", Numbers: []string{"work 01 55 17 20 90", "mobile 06 12 34 56 78"}}}, got[0].Contacts)
	require.True(t, got[7].Internal)
}

func TestText(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, printText(&out)(card{State: "rings", Extension: "2000", Number: "0123", E164: "+33123", Name: "Martin", Contacts: []contact{
		{Name: "Claire Martin", Email: "claire@martin.example", Numbers: []string{"work 0123"}}, {Name: strings.Repeat("x", 100)}}}))
	require.NoError(t, printText(&out)(card{State: "ended", Extension: "2000"}))
	require.Equal(t, `┌──────────────────────────────────────────────┐
│ 2000 rings                                   │
│ Martin                                       │
│ +33123                                       │
│ perhaps Claire Martin                        │
│ claire@martin.example                        │
│ work 0123                                    │
│ perhaps xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… │
└──────────────────────────────────────────────┘
  2000: unknown caller ended
`, out.String())
}

func TestMistakes(t *testing.T) {
	status, _, errs := pop(t.Context(), "-nonsense")
	require.Equal(t, 2, status)
	require.Contains(t, errs, "nonsense")
	status, _, _ = pop(t.Context(), "more")
	require.Equal(t, 2, status)
	status, _, errs = pop(t.Context(), "-config", filepath.Join(t.TempDir(), "none.json"))
	require.Equal(t, 2, status)
	require.Contains(t, errs, "none.json")
	status, _, errs = pop(t.Context(), "-extensions", "2000, 77")
	require.Equal(t, 2, status)
	require.Contains(t, errs, `"77"`)
	require.ErrorIs(t, popUpCards(t.Context(), nil, closed{}, &bytes.Buffer{}), os.ErrClosed, "who cannot print says so")
}

type closed struct{}

func (closed) Write([]byte) (int, error) { return 0, os.ErrClosed }
