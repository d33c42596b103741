package section

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDecode(t *testing.T) {
	var part struct{ A int }
	require.NoError(t, Decode(json.RawMessage(" {\"A\": 1} \n"), &part))
	require.Equal(t, 1, part.A)
	for _, bad := range []string{"", "{", `{"B": 1}`, `{"A": "x"}`, `{} {}`, `{} x`} {
		require.Error(t, Decode(json.RawMessage(bad), &part), bad)
	}
}
