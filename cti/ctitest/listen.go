package ctitest

import (
	"context"
	"net"
	"slices"
	"sync"
	"syscall"
)

// Listener accepts connections in memory, for a test server that takes a
// net.Listener. Its Dial is the dial function of a driver.
type Listener struct {
	options PipeOptions
	backlog chan *Conn
	once    sync.Once
	closed  chan struct{}

	mu      sync.Mutex
	refuses bool
	conns   []*Conn // the server's ends, oldest first
}

// Listen returns a listener whose connections have the options.
func Listen(o PipeOptions) *Listener {
	return &Listener{options: o, backlog: make(chan *Conn, 128), closed: make(chan struct{})}
}

// Accept waits for the next connection and returns the server's end, a [*Conn].
func (l *Listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.backlog:
		return c, nil
	case <-l.closed:
		return nil, &net.OpError{Op: "accept", Net: "memory", Addr: l.Addr(), Err: net.ErrClosed}
	}
}

// Close stops accepting. Connections stay.
func (l *Listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr is a name, not an address that could be dialled.
func (l *Listener) Addr() net.Addr { return addr("server") }

// Dial connects, and returns the client's end, a [*Conn]. network and address
// are not looked at. It takes a round trip, and fails with
// [syscall.ECONNREFUSED] if the listener is closed or refuses.
func (l *Listener) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	if err := sleepUnder(ctx, 2*l.options.Latency); err != nil {
		return nil, l.dialError(err)
	}
	if l.isRefusing() || isClosed(l.closed) {
		return nil, l.dialError(syscall.ECONNREFUSED)
	}
	client, server := Pipe(l.options)
	select {
	case l.backlog <- server:
	default:
		return nil, l.dialError(syscall.ECONNREFUSED)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conns = append(slices.DeleteFunc(l.conns, func(c *Conn) bool { return isClosed(c.closed) }), server)
	return client, nil
}

// Refuse lets Dial fail, or succeed again.
func (l *Listener) Refuse(on bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refuses = on
}

// Conns returns the server's ends of the connections that the server has not
// closed, oldest first: to cut, stall or reset them.
func (l *Listener) Conns() []*Conn {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(l.conns), func(c *Conn) bool { return isClosed(c.closed) })
}

func (l *Listener) isRefusing() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.refuses
}

func (l *Listener) dialError(err error) error {
	return &net.OpError{Op: "dial", Net: "memory", Addr: l.Addr(), Err: err}
}
