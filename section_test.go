package ctikit_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
)

func TestObjects(t *testing.T) {
	broken := errors.New("store is closed")
	o := ctikit.NewObjects(t.Context(), []ctikit.Section{
		{Kind: "user", Find: func(_ context.Context, id string) (string, bool, error) { return "acme", id == "stored", nil }},
		{Kind: "group", Find: func(context.Context, string) (string, bool, error) { return "", false, broken }},
		{Kind: "link"},
	})
	exists := func(kind, id string) bool {
		t.Helper()
		yes, err := o.Exists(kind, id)
		require.NoError(t, err)
		return yes
	}
	require.True(t, exists("user", "stored"), "the document does not have the kind: what is stored stays")
	require.False(t, exists("user", "brought"))
	require.False(t, exists("link", "a"))
	require.True(t, o.Knows("user"))
	require.False(t, o.Knows("link"))

	o.Replace("user", map[string]string{"brought": "other"})
	require.False(t, exists("user", "stored"), "the document replaces the kind")
	require.True(t, exists("user", "brought"))
	company, found, err := o.Company("user", "brought")
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, "other", company)

	o.Replace("link", nil)
	require.True(t, o.Knows("link"), "the document empties the kind")
	_, err = o.Exists("group", "sales")
	require.ErrorIs(t, err, broken)
	require.EqualError(t, err, `look up group "sales": store is closed`)

	var alone *ctikit.Objects
	alone.Replace("user", nil)
	require.False(t, alone.Knows("user"))
	found, err = alone.Exists("user", "ann")
	require.NoError(t, err)
	require.False(t, found)
}
