package testenv_test

import (
	"net"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/internal/testenv"
)

// TestPortIsTheCallersUntilItsTestEnds: many at once are all different though
// none of them is listened on, and a server can listen.
func TestPortIsTheCallersUntilItsTestEnds(t *testing.T) {
	seen := map[string]bool{}
	for range 500 {
		address := testenv.Port(t)
		require.False(t, seen[address], "%s was given twice", address)
		seen[address] = true
	}
	for address := range seen {
		l, err := net.Listen("tcp", address)
		require.NoError(t, err)
		require.NoError(t, l.Close())
	}
}
