package enum

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNames(t *testing.T) {
	names := []string{"none", "", "CSTA"}
	require.Equal(t, "CSTA", Name(names, 2, "Protocol"))
	require.Equal(t, "Protocol(1)", Name(names, 1, "Protocol"))
	require.Equal(t, "Protocol(3)", Name(names, 3, "Protocol"))
	i, err := Value(names, "csta", "protocol")
	require.NoError(t, err)
	require.Equal(t, 2, i)
	_, err = Value([]string{"a", "b"}, "c", "letter")
	require.EqualError(t, err, `unknown letter "c": must be one of a, b`)
}
