package testenv

import (
	"fmt"
	"math/rand/v2"
	"net"
	"testing"
)

// Port returns an address on the loopback for a server that must be told its
// port before it starts. It is the caller's until t ends, whatever other test
// programs run at the same time: a port that was merely seen to be free may be
// another server's a moment later, and a test then speaks with the wrong one.
//
// The port is odd and below those that systems give out by themselves; who
// listens on the even one before it owns it.
func Port(t testing.TB) string {
	t.Helper()
	for range 1000 {
		port := 10_000 + 2*rand.IntN(10_000)
		owner, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		address := fmt.Sprintf("127.0.0.1:%d", port+1)
		free, err := net.Listen("tcp", address)
		if err != nil {
			owner.Close()
			continue
		}
		free.Close()
		t.Cleanup(func() { owner.Close() })
		return address
	}
	t.Fatal("no free port on the loopback")
	return ""
}
