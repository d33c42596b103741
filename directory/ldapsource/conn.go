package ldapsource

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// conn is one LDAP connection with one operation at a time on it. Nobody but
// the caller reads: a slow consumer holds up this connection, through TCP, and
// nothing else; there is no goroutine and no queue.
type conn struct {
	net     net.Conn
	timeout time.Duration // for each answer of the server
	max     int           // longest message

	buf        []byte
	start, end int // what of buf is not consumed yet
	lastID     int
	broken     error
}

// message is one LDAPMessage; its slices live until the next one is read.
type message struct {
	op       byte
	body     []byte
	controls []byte
}

const readSize = 256 << 10

func newConn(c net.Conn, timeout time.Duration, max int) *conn {
	return &conn{net: c, timeout: timeout, max: max, buf: make([]byte, readSize)}
}

// closeConn says goodbye (RFC 4511 4.3) and closes the connection.
func (c *conn) closeConn() {
	if c.broken == nil {
		c.net.SetDeadline(time.Now().Add(time.Second))
		c.net.Write(appendMessage(nil, c.lastID+1, []byte{opUnbindRequest, 0}, nil))
	}
	c.net.Close()
}

// interruptWith makes the end of ctx end whatever waits on the connection.
func (c *conn) interruptWith(ctx context.Context) (stop func() bool) {
	return context.AfterFunc(ctx, func() { c.net.SetDeadline(time.Unix(1, 0)) })
}

// sendRequest writes a request and returns its message ID.
func (c *conn) sendRequest(ctx context.Context, op []byte, controls []control) (int, error) {
	if c.broken != nil {
		return 0, fmt.Errorf("connection is broken: %w", c.broken)
	}
	c.lastID++
	c.net.SetWriteDeadline(time.Now().Add(c.timeout))
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if _, err := c.net.Write(appendMessage(nil, c.lastID, op, controls)); err != nil {
		return 0, c.markBroken(ctx, err)
	}
	return c.lastID, nil
}

// markBroken marks the connection as broken: whatever is read from it later could
// belong to another request.
func (c *conn) markBroken(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		err = ctx.Err()
	} else if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	c.broken = err
	return err
}

// receiveReply returns the next message of the request.
func (c *conn) receiveReply(ctx context.Context, id int) (message, error) {
	raw, err := c.nextMessage(ctx)
	if err != nil {
		return message{}, c.markBroken(ctx, err)
	}
	got, m, err := parseMessage(raw)
	switch {
	case err != nil:
		return message{}, c.markBroken(ctx, err)
	case got == id:
		return m, nil
	case got == 0: // notice of disconnection, RFC 4511 4.4.1
		err := decodeResult("server closes the connection", m.body)
		if err == nil {
			err = io.ErrUnexpectedEOF
		}
		return message{}, c.markBroken(ctx, err)
	}
	return message{}, c.markBroken(ctx, fmt.Errorf("answer to message %d, expected message %d", got, id))
}

func parseMessage(raw []byte) (id int, m message, err error) {
	body, rest, err := expectElement(raw, tagInteger)
	if err == nil {
		id, err = decodeInteger(body)
	}
	if err == nil {
		m.op, m.body, rest, err = splitElement(rest)
	}
	if err == nil && len(rest) > 0 {
		m.controls, _, err = expectElement(rest, 0xa0)
	}
	return id, m, err
}

// nextMessage returns the content of the next LDAPMessage, a slice of the buffer.
func (c *conn) nextMessage(ctx context.Context) ([]byte, error) {
	for {
		tag, start, need, err := parseHeader(c.buf[c.start:c.end])
		switch {
		case err != nil:
			return nil, err
		case need > 0 && tag != tagSequence:
			return nil, fmt.Errorf("%w: unexpected tag %#02x of a message", errBER, tag)
		case need > c.max:
			return nil, fmt.Errorf("message of %d bytes exceeds MaxMessage %d; do not request photo attributes", need, c.max)
		case need > 0 && need <= c.end-c.start:
			raw := c.buf[c.start+start : c.start+need]
			c.start += need
			return raw, nil
		}
		c.growBuffer(need)
		c.net.SetReadDeadline(time.Now().Add(c.timeout))
		if err := ctx.Err(); err != nil { // after the deadline: interruptible may have set its own
			return nil, err
		}
		n, err := c.net.Read(c.buf[c.end:])
		c.end += n
		if n == 0 && err != nil {
			return nil, err
		}
	}
}

// growBuffer makes space to read on: the unread rest moves to the front, and the
// buffer grows to a message that does not fit; it shrinks again after it.
func (c *conn) growBuffer(need int) {
	rest := c.buf[c.start:c.end]
	switch {
	case need > len(c.buf):
		c.buf = append(make([]byte, 0, need+readSize), rest...)
		c.buf = c.buf[:cap(c.buf)]
	case len(c.buf) > 8*readSize && len(rest) < readSize && need <= readSize:
		c.buf = append(make([]byte, 0, readSize), rest...)
		c.buf = c.buf[:cap(c.buf)]
	default:
		copy(c.buf, rest)
	}
	c.start, c.end = 0, len(rest)
}

// bindSimple signs in (RFC 4511 4.2, simple). A name with an empty password would be
// an unauthenticated bind, which servers answer with success (RFC 4513 5.1.2):
// the caller has refused it.
func (c *conn) bindSimple(ctx context.Context, dn, password string) error {
	return c.requestResult(ctx, "bind", bindRequest(dn, password), opBindResponse)
}

// requestResult sends a request whose only reply is a result.
func (c *conn) requestResult(ctx context.Context, operation string, request []byte, reply byte) error {
	id, err := c.sendRequest(ctx, request, nil)
	if err != nil {
		return err
	}
	m, err := c.receiveReply(ctx, id)
	if err != nil {
		return err
	}
	if m.op != reply {
		return c.markBroken(ctx, fmt.Errorf("%w: unexpected operation %#02x in reply to %s", errBER, m.op, operation))
	}
	return decodeResult(operation, m.body)
}

// startTLS secures the connection (RFC 4511 4.14).
func (c *conn) startTLS(ctx context.Context, config *tls.Config) error {
	if err := c.requestResult(ctx, "StartTLS", startTLSRequest(), opExtendedResponse); err != nil {
		return err
	}
	if c.start != c.end {
		return c.markBroken(ctx, errors.New("StartTLS: plain text after the answer"))
	}
	secured := tls.Client(c.net, config)
	c.net.SetDeadline(time.Now().Add(c.timeout))
	if err := secured.HandshakeContext(ctx); err != nil {
		return c.markBroken(ctx, fmt.Errorf("StartTLS: %w", err))
	}
	c.net.SetDeadline(time.Time{})
	c.net = secured
	return nil
}
