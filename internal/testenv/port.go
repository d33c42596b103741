package testenv

import (
	"fmt"
	"math/rand/v2"
	"net"
	"testing"
	"time"
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

// Address returns an address of the loopback (127/8, all of which is the machine's
// own on Linux) for a server whose ports are fixed. It is the caller's until t
// ends: who listens on its port 1 owns it.
func Address(t testing.TB) string {
	t.Helper()
	for range 1000 {
		address := fmt.Sprintf("127.%d.%d.%d", 1+rand.IntN(254), rand.IntN(256), 1+rand.IntN(254))
		if owner, err := net.Listen("tcp", address+":1"); err == nil {
			t.Cleanup(func() { owner.Close() })
			return address
		}
	}
	t.Fatal("no free address on the loopback; listening on port 1 needs root")
	return ""
}

// Alone waits until no other test program is between its own call with this port
// and the end of its test: for what the machine has only once. Choose a port below
// 10,000 that nobody else listens on.
func Alone(t testing.TB, port int) {
	t.Helper()
	for range 6000 {
		if owner, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			t.Cleanup(func() { owner.Close() })
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("another test program has held port %d for ten minutes", port)
}
