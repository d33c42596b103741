// Package cstatest is a CSTA server for a PBX in memory: the other end of package
// csta's driver, on any net.Listener.
//
//	net := ctitest.NewNetwork(ctitest.Options{})
//	port := net.Link("csta", ctitest.LinkOptions{Protocol: cti.CSTA})
//	server := cstatest.Serve(listener, port, csta.Generic3)
//	defer server.Close()
//
// It speaks the encoding, framing and association of the profile. Faults that
// [ctitest.Network.Inject] puts to work show on its wire, down to broken bytes.
package cstatest

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/csta/internal/ecma323"
	"github.com/ctikit/ctikit/csta/internal/encoding"
	"github.com/ctikit/ctikit/csta/internal/framing"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/internal/acceptor"
)

// Server serves CSTA on a listener until it is closed.
type Server struct {
	port    *ctitest.Link
	profile csta.Profile
	options Options
	accept  *acceptor.Acceptor

	mu    sync.Mutex
	conns map[*conn]bool // open ones
}

// Options select how the PBX behaves where ECMA-269 leaves it the choice. The zero
// value answers in one message and sends nothing unprompted.
type Options struct {
	// Pieces is how many calls, parties or devices one message of an answer has:
	// snapshots are answered with a reference then, and follow in pieces
	// (not in CSTA I and II, which have no such services). 0 answers in one
	// message; the list of devices comes in pieces of 50.
	Pieces int
	// Heartbeat is how often the PBX reports its state to the application, which
	// must answer: after two reports without an answer it ends the connection. 0 is never.
	Heartbeat time.Duration
}

// Serve starts to serve connections with the port of a network.
func Serve(l net.Listener, port *ctitest.Link, p csta.Profile) *Server {
	return Options{}.Serve(l, port, p)
}

// Serve is [Serve] with options.
func (o Options) Serve(l net.Listener, port *ctitest.Link, p csta.Profile) *Server {
	s := &Server{port: port, profile: p, options: o, conns: make(map[*conn]bool)}
	s.accept = acceptor.Start(l, s.serveConn)
	return s
}

// Addr returns the listener's address.
func (s *Server) Addr() net.Addr { return s.accept.Addr() }

// Close ends the listener and every connection, and waits for their goroutines.
func (s *Server) Close() error { return s.accept.Close() }

// serveConn serves one connection: this goroutine reads, another writes.
func (s *Server) serveConn(ctx context.Context, nc net.Conn) {
	if secure, ok := nc.(*tls.Conn); ok && secure.HandshakeContext(ctx) != nil {
		return // before anything sets deadlines: those would end it for good
	}
	c := &conn{
		Conn: nc, in: bufio.NewReader(nc), framing: framing.Framing(s.profile.Framing), profile: s.profile,
		options: s.options,
		codec:   newCodec(s.profile), encoding: encoding.Encoding(s.profile.Encoding),
	}
	c.frames = framing.NewReader(c.in, c.framing, 0)
	if s.profile.Start == csta.OXOStart && framing.AcceptOXO(readWriter{c.in, nc}) != nil {
		return
	}
	if err := c.openPort(ctx, s); err != nil {
		return
	}
	defer c.a.Close()
	s.trackConn(c, true)
	defer s.trackConn(c, false)
	var writer sync.WaitGroup
	writer.Go(func() { c.writeAnswers(ctx) })
	if s.options.Heartbeat > 0 {
		writer.Go(func() { c.sendHeartbeats(s.options.Heartbeat) })
	}
	c.readRequests()
	if c.life != nil {
		c.life.Stop()
	}
	c.a.Close()
	nc.Close()
	writer.Wait()
}

func (s *Server) trackConn(c *conn, open bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if open {
		s.conns[c] = true
	} else {
		delete(s.conns, c)
	}
}

// readWriter reads through the buffer that the frames are read through.
type readWriter struct {
	io.Reader
	io.Writer
}

// newCodec returns a codec for the profile's encoding and its variant.
func newCodec(p csta.Profile) message.Codec {
	v := encoding.Variant{Wrapped: p.Variant.Wrapped, Codes: p.Variant.Codes, Login: ecma323.Login(p.Variant.Login)}
	return encoding.New(encoding.Encoding(p.Encoding), v, message.Options{})
}

// conn is one connection.
type conn struct {
	net.Conn
	in       *bufio.Reader
	encoding encoding.Encoding
	framing  framing.Framing
	frames   *framing.Reader
	codec    message.Codec
	profile  csta.Profile
	options  Options
	a        *ctitest.Association
	filters  filters

	life *time.Timer // of the application session, nil without one

	registration atomic.Pointer[string] // for the system's state, nil without one
	unanswered   atomic.Int32           // reports of the PBX's state
	lastService  atomic.Int64           // number of the last answer in pieces or registration

	mu     sync.Mutex // one writer of the connection at a time
	nextID atomic.Int64
}

// nextInvokeID numbers what the PBX sends unprompted; XML has at most 9998.
func (c *conn) nextInvokeID() message.InvokeID { return message.InvokeID((c.nextID.Add(1)-1)%9998 + 1) }

// openPort takes the association request, where the profile has one, and opens the
// port.
func (c *conn) openPort(ctx context.Context, s *Server) error {
	first, err := c.readOpening(s.profile)
	if err != nil {
		return err
	}
	if first.foreign {
		_ = c.sendRefusal(s.profile, first)
		return errors.New("the application speaks another protocol or version")
	}
	watched, done := acceptor.WhileConnected(ctx, c, func() error { _, err := c.in.Peek(1); return err })
	a, err := s.port.Open(watched, first.user, first.password)
	done()
	var broken ctitest.Mangle
	switch {
	case errors.As(err, &broken):
		c.breakWire(broken)
		return err
	case err != nil && !errors.Is(err, cti.ErrLinkDown):
		_ = c.sendRefusal(s.profile, first)
		return err
	case err != nil:
		return err
	}
	c.a = a
	return c.sendAcceptance(s.profile, first)
}

// writeMessage writes one message.
func (c *conn) writeMessage(encode func([]byte) ([]byte, error)) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	out, err := encode(c.framing.Begin(nil))
	if err != nil {
		return err
	}
	if err := c.framing.End(out, 0); err != nil {
		return err
	}
	c.SetWriteDeadline(time.Now().Add(10 * time.Second))
	_, err = c.Write(out)
	return err
}

// breakWire breaks the wire in the way asked for and sends nothing more.
func (c *conn) breakWire(m ctitest.Mangle) {
	whole, err := c.codec.AppendResult(c.framing.Begin(nil), 1,
		&message.Result{Op: message.MonitorStart, CrossRef: "1234"})
	if err != nil {
		panic(fmt.Sprintf("cstatest: %v", err)) // a defect of this package
	}
	_ = c.framing.End(whole, 0)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch m {
	case ctitest.Garbage:
		c.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
	case ctitest.HalfMessage:
		c.Write(whole[:len(whole)/2])
		c.Close()
	case ctitest.HugeLength:
		c.Write([]byte{0xa1, 0x84, 0x80, 0, 0, 0})
	}
}

// readRequests takes requests off the wire until it ends.
func (c *conn) readRequests() {
	var m message.Message
	for {
		frame, err := c.frames.Next()
		if err != nil {
			return
		}
		if err := c.codec.Decode(frame, &m); err != nil {
			_ = c.sendReject(m.InvokeID, 2)
			continue
		}
		switch m.Kind {
		case message.RequestKind:
			if m.Unknown {
				_ = c.sendReject(m.InvokeID, 1)
				continue
			}
			if !c.serveSession(m.InvokeID, &m.Request) {
				c.performRequest(m.InvokeID, &m.Request)
			}
		case message.ResultKind:
			if m.Result.Op == message.SystemStatus || m.Unknown || m.Result.Op == message.NoOperation {
				c.unanswered.Store(0)
			}
		case message.AssociationKind:
			if m.Association.Step == message.Release {
				_ = c.writeAssociation(&message.Association{Step: message.Released})
			}
			return
		}
	}
}

func (c *conn) sendReject(id message.InvokeID, problem int64) error {
	return c.writeMessage(func(dst []byte) ([]byte, error) {
		return c.codec.AppendReject(dst, &message.Reject{InvokeID: message.Some(id), Class: message.RejectInvoke,
			Problem: problem})
	})
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
			err = c.sendEvent(m.Monitor, m.Event)
		case ctitest.AnswerMessage:
			err = c.sendAnswer(m)
		case ctitest.MangledMessage:
			c.breakWire(m.Mangle)
			return
		}
		if err != nil {
			return
		}
	}
}
