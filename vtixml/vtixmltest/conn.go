package vtixmltest

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/internal/acceptor"
	"github.com/ctikit/ctikit/vtixml"
	"github.com/ctikit/ctikit/vtixml/internal/frames"
)

const maxMessage = 1 << 20

// conn is one connection: one goroutine reads, another writes.
type conn struct {
	net.Conn
	options Options
	in      *frames.Reader
	m       vtixml.Message // the reader's
	a       *ctitest.Association

	mu      sync.Mutex // one writer of the connection at a time
	encoded []byte
	framed  []byte
}

func (s *Server) serveConn(ctx context.Context, nc net.Conn) {
	c := &conn{Conn: nc, options: s.options, in: frames.NewReader(nc, s.options.Framer.Split, maxMessage)}
	if !c.openPort(ctx, s) {
		return
	}
	defer c.a.Close()
	var writer sync.WaitGroup
	writer.Go(func() { c.writeAnswers(ctx) })
	c.readRequests()
	c.a.Close()
	nc.Close()
	writer.Wait()
}

// openPort takes the opening of the link, and reports whether there is one now.
func (c *conn) openPort(ctx context.Context, s *Server) bool {
	data, err := c.in.Next()
	if err != nil {
		return false
	}
	c.m.Reset()
	if err := c.options.Codec.Decode(data, &c.m); err != nil || c.m.Type != vtixml.OpenMessage {
		_ = c.sendRefusal(0, vtixml.Failure{Code: "badVersion", Err: cti.ErrProtocol,
			Text: "dialect version must be " + vtixml.Version})
		return false
	}
	ctx, done := acceptor.WhileConnected(ctx, c, c.in.Fill)
	a, err := s.port.Open(ctx, "", "")
	done()
	var mangle ctitest.Mangle
	switch {
	case err == nil:
		c.a = a
		if c.writeMessage(&vtixml.Message{Type: vtixml.OpenedMessage, Capabilities: a.Capabilities()}) != nil {
			a.Close()
			return false
		}
		return true
	case errors.As(err, &mangle):
		c.breakWire(mangle)
	case !errors.Is(err, cti.ErrLinkDown) && ctx.Err() == nil:
		_ = c.sendRefusal(0, failureOf(err))
	}
	return false
}

// readRequests takes requests off the wire until it ends.
func (c *conn) readRequests() {
	for {
		data, err := c.in.Next()
		if err != nil {
			return
		}
		c.m.Reset()
		if err := c.options.Codec.Decode(data, &c.m); err != nil {
			return
		}
		switch c.m.Type {
		case vtixml.LogonMessage:
			for _, l := range c.m.Logons {
				c.serveLogon(l)
			}
		case vtixml.RequestMessage:
			c.performRequest(c.m.ID, c.m.Op, c.m.Request)
		case vtixml.CloseMessage:
			return
		}
	}
}

// writeAnswers puts what the PBX sends on the wire, until the association ends.
func (c *conn) writeAnswers(ctx context.Context) {
	defer c.Close()
	for {
		m, err := c.a.Next(ctx)
		if err != nil {
			return
		}
		switch m.Kind {
		case ctitest.EventMessage:
			err = c.sendEvent(m)
		case ctitest.AnswerMessage:
			err = c.sendAnswer(m)
		case ctitest.MangledMessage:
			c.breakWire(m.Mangle)
			continue // nothing sound follows; the driver closes
		}
		if err != nil {
			return
		}
	}
}

// writeMessage writes one message.
func (c *conn) writeMessage(m *vtixml.Message) (err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.encoded, err = c.options.Codec.Append(c.encoded[:0], m); err != nil {
		return err
	}
	if c.framed, err = c.options.Framer.Append(c.framed[:0], c.encoded); err != nil {
		return err
	}
	c.SetWriteDeadline(time.Now().Add(10 * time.Second))
	_, err = c.Write(c.framed)
	return err
}

// breakWire breaks the wire in the way asked for.
func (c *conn) breakWire(m ctitest.Mangle) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch m {
	case ctitest.Garbage:
		garbage, _ := c.options.Framer.Append(nil, []byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
		c.Write(garbage)
	case ctitest.HalfMessage:
		whole, _ := c.options.Framer.Append(nil, []byte(`<event monitor="1" kind="Delivered"></event>`))
		c.Write(whole[:len(whole)/2])
		c.Close()
	case ctitest.HugeLength:
		if _, ok := c.options.Framer.(vtixml.LengthPrefixed); ok {
			c.Write([]byte{0x80, 0, 0, 0})
			return
		}
		for range 2 * maxMessage / len(endless) { // where no length is announced, the end never comes
			if _, err := c.Write([]byte(endless)); err != nil {
				return
			}
		}
	}
}

const endless = "<endless>                                                      "
