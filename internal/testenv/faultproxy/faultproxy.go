// Package faultproxy is a TCP proxy that spoils connections on request.
package faultproxy

import (
	"io"
	"net"
	"sync"
	"testing"
)

// Fault is what happens to the answers of a server. The zero value is none.
type Fault struct {
	After int64 // bytes that come through first
	How   How
}

// How a connection is spoilt.
type How int

// The ways.
const (
	None  How = iota
	Cut       // closed, as if the server had ended
	Reset     // reset
	Stall     // nothing more comes, and nothing says so
)

// Proxy listens on Address.
type Proxy struct {
	Address string

	dial   func() (net.Conn, error)
	mu     sync.Mutex
	fault  Fault
	passed int64
	conns  []net.Conn
	ended  bool
	done   sync.WaitGroup
}

// New starts a proxy in front of a server; it ends with the test.
func New(t testing.TB, target string) *Proxy {
	t.Helper()
	return Before(t, func() (net.Conn, error) { return net.Dial("tcp", target) })
}

// Before is New for a server that is reached by a function.
func Before(t testing.TB, dial func() (net.Conn, error)) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{Address: l.Addr().String(), dial: dial}
	p.done.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			p.done.Go(func() { p.forwardConnection(c) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		p.mu.Lock()
		p.ended = true
		for _, c := range p.conns {
			c.Close()
		}
		p.mu.Unlock()
		p.done.Wait()
	})
	return p
}

// Set spoils the connections that are opened from now on.
func (p *Proxy) Set(f Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fault, p.passed = f, 0
}

// Passed is how many bytes of answers have come through unspoilt since Set.
func (p *Proxy) Passed() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.passed
}

type counted struct {
	to net.Conn
	p  *Proxy
}

func (c counted) Write(b []byte) (int, error) {
	c.p.mu.Lock()
	c.p.passed += int64(len(b))
	c.p.mu.Unlock()
	return c.to.Write(b)
}

func (p *Proxy) forwardConnection(client net.Conn) {
	defer client.Close()
	server, err := p.dial()
	if err != nil {
		return
	}
	defer server.Close()
	p.mu.Lock()
	fault := p.fault
	p.conns = append(p.conns, client, server)
	ended := p.ended
	p.mu.Unlock()
	if ended {
		return
	}
	p.done.Go(func() {
		io.Copy(server, client)
		server.Close()
	})
	if fault.How == None {
		io.Copy(counted{client, p}, server)
		return
	}
	io.CopyN(client, server, fault.After)
	switch fault.How {
	case Reset:
		client.(*net.TCPConn).SetLinger(0)
	case Stall:
		io.Copy(io.Discard, server)
	}
}
