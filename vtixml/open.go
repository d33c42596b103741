package vtixml

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/internal/exchange"
	"github.com/ctikit/ctikit/internal/wire"
	"github.com/ctikit/ctikit/vtixml/internal/frames"
)

// Open dials and opens the link: <open> is answered by <opened>.
func (c Config) Open(ctx context.Context, sink driver.EventSink) (driver.Session, error) {
	if err := c.Validate(); err != nil {
		return nil, &cti.Error{Op: cti.OpOpen, NotSent: true, Err: err}
	}
	s := &session{Session: wire.NewSession[reply](sink), cfg: c.completeConfig(), watched: newSupervisions()}
	conn, err := s.cfg.networkEndpoint().Connect(ctx)
	if err != nil {
		return nil, wire.OpenError(ctx, classifyEnd(err))
	}
	counted := s.Figures.CountConn(conn)
	s.in = frames.NewReader(counted, s.cfg.Framer.Split, s.cfg.MaxMessage)
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	err = s.greetPBX(counted)
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		conn.Close()
		return nil, wire.OpenError(ctx, classifyEnd(err))
	}
	s.Exchange = exchange.New[reply](counted, exchange.Options{Window: s.cfg.MaxInFlight, LastID: 1<<31 - 1, FirstID: 1})
	go s.readMessages()
	return s, nil
}

// greetPBX sends <open> and waits for <opened>, where the protocol has them.
func (s *session) greetPBX(conn net.Conn) error {
	if codec, ok := s.cfg.Codec.(Ungreeted); ok {
		s.capabilities = codec.Capabilities()
		return nil
	}
	hello := Message{Type: OpenMessage, Open: Open{Application: s.cfg.Application}}
	out, err := s.appendMessage(nil, &hello)
	if err != nil {
		return err
	}
	if _, err := conn.Write(out); err != nil {
		return err
	}
	m, err := s.readMessage()
	switch {
	case err != nil:
		return err
	case m.Type == RefusalMessage:
		return m.Failure.asError()
	case m.Type != OpenedMessage:
		return fmt.Errorf("%w: unexpected reply to the opening message", cti.ErrProtocol)
	}
	s.capabilities = m.Capabilities
	return nil
}

// classifyEnd returns why a connection ended as an application distinguishes it: the
// peer broke the protocol, or the link is down.
func classifyEnd(err error) error {
	var frame *frames.FrameError
	var garbled *decodeError
	if errors.As(err, &frame) || errors.As(err, &garbled) {
		err = fmt.Errorf("%w: %w", cti.ErrProtocol, err)
	}
	return wire.Lost(err)
}

// decodeError is a message that the codec refused.
type decodeError struct{ error }

func (e *decodeError) Unwrap() error { return e.error }
