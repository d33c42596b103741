package vtixml_test

import (
	"context"
	"net"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti/gateway"
	"github.com/ctikit/ctikit/vtixml"
)

// TestSoakOverTCP is TestSoak over TCP on the loopback interface, in real time:
// as long as CTIKIT_SOAK says ("2m"). Faults are shorter and come more often.
func TestSoakOverTCP(t *testing.T) {
	asked := os.Getenv("CTIKIT_SOAK")
	if asked == "" {
		t.Skip("takes real time: CTIKIT_SOAK=2m sets how long")
	}
	long, err := time.ParseDuration(asked)
	require.NoError(t, err, "CTIKIT_SOAK")
	s := newSoak(t)
	s.unit, s.pace, s.quiet = 100*time.Millisecond, 10*time.Millisecond, 60
	timing := gateway.Timing{FailoverDelay: 300 * time.Millisecond, HoldDown: time.Second, RequestTimeout: time.Second, Heartbeat: time.Second,
		HeartbeatTimeout: 500 * time.Millisecond, BackoffMin: 20 * time.Millisecond, BackoffMax: 500 * time.Millisecond, RetryRefused: 200 * time.Millisecond}
	gw := s.gateway(timing, func(int) (net.Listener, vtixml.Config, func() []breakable) {
		listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
		require.NoError(t, err)
		brittle := &brittleListener{Listener: listener}
		return brittle, vtixml.Config{Addr: listener.Addr().String()}, brittle.wires
	})
	s.run(gw, long, func(sub *gateway.Subscription) {
		const enough = 2 * time.Minute // for the longest pause before a refused supervision is tried again
		for end := time.Now().Add(enough); ; {
			s.read(sub)
			err := s.differs(gw)
			if err == nil {
				return
			}
			require.True(t, time.Now().Before(end), "%v", err)
			time.Sleep(50 * time.Millisecond)
		}
	})
}

// brittleListener accepts connections that can be cut and stalled.
type brittleListener struct {
	net.Listener
	mu   sync.Mutex
	open []*brittleConn
}

func (l *brittleListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &brittleConn{Conn: conn, left: -1}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open = append(slices.DeleteFunc(l.open, (*brittleConn).isClosed), c)
	return c, nil
}

// wires are the connections that the server has not closed.
func (l *brittleListener) wires() (all []breakable) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.open {
		if !c.isClosed() {
			all = append(all, c)
		}
	}
	return all
}

// brittleConn is a connection whose writes can be stalled, and which can be
// reset in the middle of what is written.
type brittleConn struct {
	net.Conn
	mu      sync.Mutex
	left    int           // bytes to write before the reset; -1: no reset
	stalled chan struct{} // closed by Resume; nil: not stalled
	closed  bool
}

func (c *brittleConn) Write(p []byte) (int, error) {
	c.mu.Lock()
	stalled := c.stalled
	c.mu.Unlock()
	if stalled != nil {
		<-stalled
	}
	c.mu.Lock()
	n, cut := len(p), c.left >= 0 && c.left <= len(p)
	if cut {
		n = c.left
	}
	if c.left >= 0 {
		c.left -= n
	}
	c.mu.Unlock()
	n, err := c.Conn.Write(p[:n])
	if cut {
		c.Conn.(*net.TCPConn).SetLinger(0)
		c.Close()
		return n, net.ErrClosed
	}
	return n, err
}

func (c *brittleConn) Close() error {
	c.Resume()
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	return c.Conn.Close()
}

func (c *brittleConn) isClosed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed
}

// CutAfter resets the connection once so many further bytes were written.
func (c *brittleConn) CutAfter(bytes int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.left = bytes
}

// Stall lets writes wait until Resume.
func (c *brittleConn) Stall() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stalled == nil && !c.closed {
		c.stalled = make(chan struct{})
	}
}

// Resume lets writes go on.
func (c *brittleConn) Resume() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stalled != nil {
		close(c.stalled)
		c.stalled = nil
	}
}
