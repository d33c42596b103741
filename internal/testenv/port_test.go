package testenv_test

import (
	"net"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

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

func TestAddressIsTheCallersUntilItsTestEnds(t *testing.T) {
	if l, err := net.Listen("tcp", "127.3.2.1:1"); err != nil {
		t.Skipf("the loopback is 127.0.0.1 here, or port 1 is not ours: %v", err)
	} else {
		l.Close()
	}
	seen := map[string]bool{}
	for range 500 {
		address := testenv.Address(t)
		require.False(t, seen[address], "%s was given twice", address)
		seen[address] = true
	}
}

func TestAloneWaits(t *testing.T) {
	_, port, err := net.SplitHostPort(testenv.Port(t))
	require.NoError(t, err)
	number, err := strconv.Atoi(port)
	require.NoError(t, err)
	var inside atomic.Int32
	for range 3 {
		t.Run("one", func(t *testing.T) {
			t.Parallel()
			testenv.Alone(t, number)
			require.EqualValues(t, 1, inside.Add(1))
			time.Sleep(10 * time.Millisecond)
			inside.Add(-1)
		})
	}
}
