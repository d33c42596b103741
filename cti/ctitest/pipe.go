package ctitest

import (
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

// PipeOptions describe a connection in memory.
type PipeOptions struct {
	Latency time.Duration // in each direction
	Buffer  int           // bytes on the way before Write blocks; 64 KiB by default
}

// Conn is one end of a connection in memory. Unlike that of [net.Pipe], Write
// returns as soon as there is room, as with TCP, and nothing waits in a mutex:
// it works inside a testing/synctest bubble, in which it must be created.
type Conn struct {
	in, out       *stream
	local, remote addr
	reading       deadline
	writing       deadline
	once          sync.Once
	closed        chan struct{}
}

// Pipe returns the two ends of a connection.
func Pipe(o PipeOptions) (client, server *Conn) {
	if o.Buffer <= 0 {
		o.Buffer = 64 << 10
	}
	up, down := newStream(o), newStream(o)
	client = &Conn{in: down, out: up, local: "client", remote: "server", closed: make(chan struct{})}
	server = &Conn{in: up, out: down, local: "server", remote: "client", closed: make(chan struct{})}
	for _, c := range []*Conn{client, server} {
		c.reading.expired, c.writing.expired = make(chan struct{}), make(chan struct{})
	}
	return client, server
}

// Read reads what has arrived; see [net.Conn].
func (c *Conn) Read(b []byte) (int, error) {
	n, err := c.in.readBytes(b, c.reading.expiredChannel, c.closed)
	return n, c.socketError("read", err)
}

// Write sends, and waits while the buffer of the connection is full; see
// [net.Conn].
func (c *Conn) Write(b []byte) (int, error) {
	n, err := c.out.writeBytes(b, c.writing.expiredChannel, c.closed)
	return n, c.socketError("write", err)
}

// Close ends the connection. The other end reads what was written, then EOF.
func (c *Conn) Close() error {
	c.once.Do(func() {
		close(c.closed)
		c.out.finishWriting()
		c.in.stopReading()
	})
	return nil
}

// CutAfter resets the connection once this end has written n more bytes, which
// still arrive; 0 resets at the next Write.
func (c *Conn) CutAfter(n int) { c.out.cutStream(n, c.in) }

// Stall keeps what this end writes on the way until [Conn.Resume].
func (c *Conn) Stall() { c.out.stallStream(true) }

// Resume ends what [Conn.Stall] began.
func (c *Conn) Resume() { c.out.stallStream(false) }

// Reset breaks the connection at once: both ends fail with
// [syscall.ECONNRESET], and what was on the way is lost.
func (c *Conn) Reset() {
	c.out.resetStream()
	c.in.resetStream()
}

// LocalAddr is a name, not an address that could be dialled.
func (c *Conn) LocalAddr() net.Addr { return c.local }

// RemoteAddr is a name, not an address that could be dialled.
func (c *Conn) RemoteAddr() net.Addr { return c.remote }

// SetDeadline sets both deadlines.
func (c *Conn) SetDeadline(t time.Time) error {
	c.reading.setTime(t)
	c.writing.setTime(t)
	return nil
}

// SetReadDeadline sets when Read times out.
func (c *Conn) SetReadDeadline(t time.Time) error { c.reading.setTime(t); return nil }

// SetWriteDeadline sets when Write times out.
func (c *Conn) SetWriteDeadline(t time.Time) error { c.writing.setTime(t); return nil }

// socketError dresses errors as those of a socket; io.EOF stays unchanged.
func (c *Conn) socketError(op string, err error) error {
	switch err {
	case net.ErrClosed, os.ErrDeadlineExceeded, syscall.ECONNRESET, syscall.EPIPE:
		return &net.OpError{Op: op, Net: "memory", Source: c.local, Addr: c.remote, Err: err}
	}
	return err
}

type addr string

func (addr) Network() string  { return "memory" }
func (a addr) String() string { return string(a) }

// deadline is a channel that is closed while the deadline has passed.
type deadline struct {
	mu      sync.Mutex
	timer   *time.Timer
	expired chan struct{}
}

func (d *deadline) expiredChannel() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.expired
}

func (d *deadline) setTime(t time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.timer != nil {
		d.timer.Stop()
		d.timer = nil
	}
	select {
	case <-d.expired:
		d.expired = make(chan struct{})
	default:
	}
	if t.IsZero() {
		return
	}
	expired := d.expired
	left := time.Until(t)
	if left <= 0 {
		close(expired)
		return
	}
	var timer *time.Timer
	timer = time.AfterFunc(left, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.timer == timer { // not replaced in the meantime
			d.timer = nil
			close(expired)
		}
	})
	d.timer = timer
}
