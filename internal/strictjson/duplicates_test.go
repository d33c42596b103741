package strictjson

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDuplicates(t *testing.T) {
	ps := Duplicates([]byte(`{"a": 1, "b": [{"c": {}, "d": null, "c": [1]}, {"c": 2}], "a": {"x": 1, "x": "2", "x": 3}}`))
	require.EqualError(t, ps, "b[0].c: duplicate field\na: duplicate field\na.x: duplicate field\na.x: duplicate field")
	for _, text := range []string{"", "7", "[]", `{"a": 1, "A": 2}`, `[{"a": 1}, {"a": 1}]`, `{"a": 1, "a"`, strings.Repeat("[", 1<<20)} {
		require.Empty(t, Duplicates([]byte(text)), "%.40q", text)
	}
}
