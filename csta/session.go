package csta

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/csta/internal/encoding"
	"github.com/ctikit/ctikit/csta/internal/framing"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/internal/exchange"
	"github.com/ctikit/ctikit/internal/wire"
)

// session is one live link. One goroutine reads, one writes (the exchange's).
type session struct {
	wire.Session[reply]
	cfg      Config
	profile  Profile
	encoding encoding.Encoding
	framing  framing.Framing
	codec    message.Codec
	caps     atomic.Pointer[driver.Capabilities]
	silent   atomic.Bool // the PBX said that existing calls report no events
	monitors *monitors
	early    wire.Early[string] // messages of monitors whose start is not answered
	known    knownConnections
	pieces   pieces

	askedMu sync.Mutex
	asked   map[message.InvokeID]request

	associated chan error    // the answer to the association request
	released   chan struct{} // holds one token when the PBX has answered the release

	registered atomic.Pointer[string] // identifier of the registration for the system's state

	application string // identifier of the application session, set before it is renewed

	// The reader's own.
	ids     *identifiers
	frames  *framing.Reader
	frame   []byte
	scratch cti.Event

	recorder *recorder // nil without one
}

// Open dials, associates and starts to read.
func (c Config) Open(ctx context.Context, sink driver.EventSink) (driver.Session, error) {
	s, err := c.openSession(ctx, sink)
	if err != nil {
		return nil, wire.OpenError(ctx, err)
	}
	return s, nil
}

func (c Config) openSession(ctx context.Context, sink driver.EventSink) (*session, error) {
	if err := c.Validate(); err != nil {
		return nil, &cti.Error{NotSent: true, Err: err}
	}
	conn, err := c.networkEndpoint().Connect(ctx)
	if err != nil {
		return nil, err
	}
	s := &session{
		Session: wire.NewSession[reply](sink), cfg: c, profile: c.effectiveProfile(),
		monitors: newMonitors(), ids: newIdentifiers(),
		asked: make(map[message.InvokeID]request), associated: make(chan error, 1), released: make(chan struct{}, 1),
	}
	s.encoding, s.framing = encoding.Encoding(s.profile.Encoding), framing.Framing(s.profile.Framing)
	s.codec = s.profile.codec(message.Options{Asked: s.requestedOperation})
	s.caps.Store(s.promisedCapabilities())
	if err := s.sendStart(ctx, conn); err != nil {
		conn.Close()
		return nil, err
	}
	s.recorder = newRecorder(c.Record, s.profile.Encoding)
	counted := s.Figures.CountConn(conn)
	s.Exchange = exchange.New[reply](counted, s.exchangeOptions())
	go s.readMessages(counted)
	if err := s.greetPBX(ctx); err != nil {
		s.Exchange.End(err)
		s.awaitEnd()
		return nil, err
	}
	return s, nil
}

func (s *session) exchangeOptions() exchange.Options {
	o := exchange.Options{Window: s.profile.MaxInFlight}
	if s.profile.Encoding.XML() {
		o.FirstID, o.LastID = 1, 9998 // four digits; 9999 is that of events
	}
	return o
}

// sendStart exchanges what comes before the first message.
func (s *session) sendStart(ctx context.Context, conn net.Conn) error {
	if s.profile.Start != OXOStart {
		return nil
	}
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	err := framing.StartOXO(conn)
	if !stop() {
		return ctx.Err()
	}
	var wrong *framing.Error
	if errors.As(err, &wrong) {
		err = fmt.Errorf("%w: %w", cti.ErrProtocol, err)
	}
	return err
}

// greetPBX associates or opens an application session where the PBX wants it, and
// makes sure that the peer speaks CSTA: a heartbeat must be answered. Then it
// registers for the system's state and asks what the PBX can do.
func (s *session) greetPBX(ctx context.Context) (err error) {
	switch {
	case s.profile.Association:
		err = s.openAssociation(ctx)
	case s.profile.Session:
		err = s.startApplicationSession(ctx)
	case s.profile.Heartbeat != NoHeartbeat:
		_, err = s.Do(ctx, driver.Request{Op: cti.OpPing})
	}
	if err == nil {
		err = s.registerStatus(ctx)
	}
	if err == nil {
		err = s.askCapabilities(ctx)
	}
	if ended := s.Exchange.Err(); ended != nil && errors.Is(err, cti.ErrLinkDown) {
		return wire.Lost(ended) // more precise
	}
	return err
}

// serveRequest answers the few requests that a PBX makes of us.
func (s *session) serveRequest(m *message.Message) error {
	id := m.InvokeID
	switch {
	case m.Unknown:
		s.Figures.Skipped.Add(1)
		s.sendReject(id, 1)
	case m.Request.Op == message.SystemStatus:
		return s.handleSystemStatus(m)
	case m.Request.Op == message.SwitchingFunctionCapsChanged:
		return s.handleCapabilitiesChange(m)
	case m.Request.Op == message.SwitchingFunctionDevicesChanged:
		// the list is asked for when a host wants it
		return s.sendAcknowledgement(id, message.SwitchingFunctionDevicesChanged)
	case m.Request.Op == message.SystemRegisterAbort:
		s.renewRegistration(&m.Request)
	case m.Request.Op == message.Escape:
		return s.reportEscape(m)
	case m.Request.Op == message.RequestSystemStatus:
		return s.sendResult(id, message.Result{Op: message.RequestSystemStatus, Status: message.Normal})
	case m.Request.Op == message.SnapshotDeviceData, m.Request.Op == message.SnapshotCallData,
		m.Request.Op == message.SwitchingFunctionDevices:
		s.handlePiece(&m.Request)
	case m.Request.Op == message.MonitorStop:
		return s.handleMonitorStop(m)
	case m.Request.Op == message.StopApplicationSession, m.Request.Op == message.ApplicationSessionTerminated:
		return s.handleSessionEnd(m)
	case m.Request.Op.Answered():
		s.sendReject(id, 1)
	}
	return nil
}

// sendAcknowledgement answers a request of the PBX with a result without content.
func (s *session) sendAcknowledgement(id message.InvokeID, op message.Operation) error {
	return s.sendResult(id, message.Result{Op: op})
}

func (s *session) sendResult(id message.InvokeID, r message.Result) error {
	return s.sendMessage(func(dst []byte) ([]byte, error) { return s.codec.AppendResult(dst, id, &r) })
}

// sendReject refuses a request that was not understood.
func (s *session) sendReject(id message.InvokeID, problem int64) {
	_ = s.sendMessage(func(dst []byte) ([]byte, error) {
		return s.codec.AppendReject(dst, &message.Reject{InvokeID: message.Some(id), Class: message.RejectInvoke,
			Problem: problem})
	})
}

// sendMessage queues one message without an answer.
func (s *session) sendMessage(encode func([]byte) ([]byte, error)) error {
	s.Figures.Sent.Add(1)
	return s.Exchange.Send(func(dst []byte) ([]byte, error) { return s.appendFrame(dst, encode) })
}

func (s *session) appendFrame(dst []byte, encode func([]byte) ([]byte, error)) ([]byte, error) {
	start := len(dst)
	dst = s.framing.Begin(dst)
	begun := len(dst)
	out, err := encode(dst)
	if err == nil {
		s.recordSent(out[begun:])
		err = s.framing.End(out, start)
	}
	if err != nil {
		return dst[:start], err
	}
	return out, nil
}

// request is what is remembered about a request in flight.
type request struct {
	op message.Operation
	// onAnswer runs on the reader with a positive answer, before the caller gets
	// it: events may follow at once.
	onAnswer func(reply)
	// onSettled runs on the reader after that, if the answer is not late.
	onSettled func()
	// onLate runs on the reader with an answer whose request was abandoned.
	onLate func(reply)
	// onAny runs on the reader with any answer.
	onAny func()
	// undoing: it undoes something, and no caller waits for its answer.
	undoing bool
}

// askService sends a request and waits for its answer.
func (s *session) askService(ctx context.Context, op cti.Operation, device cti.DeviceID, r *message.Request) (reply,
	error) {
	return s.askNoted(ctx, op, device, r, request{})
}

func (s *session) askNoted(ctx context.Context, op cti.Operation, device cti.DeviceID, r *message.Request,
	note request) (reply, error) {
	if err := s.profile.checkDeviceName(device); err != nil {
		return reply{}, &cti.Error{Op: op, Device: device, NotSent: true, Err: cti.ErrInvalidDevice, Detail: err.Error()}
	}
	note.op = r.Op
	s.Figures.Sent.Add(1)
	a, sent, err := s.Exchange.Do(ctx, func(dst []byte, id uint32) ([]byte, error) {
		out, err := s.appendFrame(dst, func(b []byte) ([]byte,
			error) {
			return s.codec.AppendRequest(b, message.InvokeID(id), r)
		})
		if err != nil {
			return out, &cti.Error{NotSent: true, Err: fmt.Errorf("%w: %w", ctikit.ErrUnsupported, err)}
		}
		s.noteRequest(message.InvokeID(id), note)
		return out, nil
	}, note.onLate)
	if err == nil {
		err = a.err
	}
	if err != nil {
		return a, wire.RequestError(op, device, sent, err)
	}
	return a, nil
}

// postNoted sends a request whose answer no caller waits for.
func (s *session) postNoted(r message.Request, note request) {
	note.op, note.undoing = r.Op, true
	s.Figures.Sent.Add(1)
	_ = s.Exchange.Post(func(dst []byte, id uint32) ([]byte, error) {
		out, err := s.appendFrame(dst, func(b []byte) ([]byte,
			error) {
			return s.codec.AppendRequest(b, message.InvokeID(id), &r)
		})
		if err == nil {
			s.noteRequest(message.InvokeID(id), note)
		}
		return out, err
	}, note.onLate)
}

func (s *session) noteRequest(id message.InvokeID, r request) {
	s.askedMu.Lock()
	s.asked[id] = r
	s.askedMu.Unlock()
}

// requestedOperation returns the operation that an answer belongs to, for the codec.
func (s *session) requestedOperation(id message.InvokeID) message.Operation {
	s.askedMu.Lock()
	defer s.askedMu.Unlock()
	return s.asked[id].op
}

func (s *session) handleAnswer(id message.InvokeID, a reply) {
	s.askedMu.Lock()
	r := s.asked[id]
	delete(s.asked, id)
	s.askedMu.Unlock()
	if r.onAny != nil {
		r.onAny()
	}
	if r.onAnswer != nil && a.err == nil {
		r.onAnswer(a)
	}
	if r.undoing {
		s.Exchange.Answer(uint32(id), a)
		return
	}
	inTime := s.Deliver(uint32(id), a)
	if r.onSettled != nil && a.err == nil && inTime {
		r.onSettled()
	}
}

// Close ends the association and the connection.
func (s *session) Close() error {
	s.CloseWith(func() {
		s.cancelRegistration()
		s.stopApplicationSession()
		s.releaseAssociation()
	}, time.Second)
	s.awaitEnd()
	return nil
}

// awaitEnd waits until every goroutine has ended.
func (s *session) awaitEnd() {
	<-s.Done()
	s.recorder.awaitWriter()
}
