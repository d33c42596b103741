package ecma323

import (
	"bytes"
	"fmt"
	"maps"
	"strconv"
	"sync"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/xmlscan"
)

// digits is the length of the invoke identifier in front of the document.
const digits = 4

// EventID is the invoke identifier of every event; requests have smaller ones.
const EventID message.InvokeID = 9999

// Config is what a switch makes of the standard.
type Config struct {
	Edition uint8 // 3 to 6, of ECMA-323
	Login   Login
}

// root is the root element of a message.
type root[T any] struct {
	name string
	s    structure[T]
}

// entry is what a root element stands for.
type entry struct {
	kind  message.Kind
	op    message.Operation
	event cti.Kind
	read  func(*reader, *message.Message)
}

type codec struct {
	edition   uint8
	namespace string
	reader    reader
	roots     map[string]*entry
	last      *entry // that of the message before: events of a kind come in bursts
	lastName  string
	start     structure[session]
	asked     func(message.InvokeID) message.Operation // may be nil
}

// Namespace is that of an edition.
func Namespace(edition uint8) string {
	return fmt.Sprintf("http://www.ecma-international.org/standards/ecma-323/csta/ed%d", edition)
}

// New returns the codec of an edition.
func New(c Config, o message.Options) message.Codec {
	out := &codec{edition: min(max(c.Edition, 3), 6), start: startSession(c.Login), roots: make(map[string]*entry)}
	out.namespace, out.asked = Namespace(out.edition), o.Asked
	out.reader.strings = message.NewCache[string](o.CacheSize)
	out.reader.devices = message.NewCache[message.Device](o.CacheSize)
	out.indexRoots()
	return out
}

var (
	events   = mergeTables(callEvents, associatedEvents, featureEvents)
	services = mergeTables(callServices, featureServices, systemServices)
	// answers has the responses that only acknowledge, too.
	answers = func() map[message.Operation]root[result] {
		out := maps.Clone(results)
		for _, op := range acknowledged {
			out[op] = resultOf(services[op].name + "Response")
		}
		return out
	}()
)

func mergeTables[K comparable, V any](parts ...map[K]V) map[K]V {
	out := make(map[K]V)
	for _, p := range parts {
		maps.Copy(out, p)
	}
	return out
}

// spellings of root elements that others use.
var spellings = map[string]string{
	"TransferredEvent": "TransferedEvent", "SingleStepTransfer": "SingleStepTransferCall",
	"SingleStepConference": "SingleStepConferenceCall",
	"CampOnCall":           "CamponCall", "CampOnCallResponse": "CamponCallResponse",
	"SingleStepTransferResponse":   "SingleStepTransferCallResponse",
	"SingleStepConferenceResponse": "SingleStepConferenceCallResponse", "RouteingModeEvent": "RouteingEvent",
}

// indexRoots lists every root element.
func (c *codec) indexRoots() {
	for kind, e := range events {
		c.roots[e.name] = &entry{kind: message.EventKind, event: kind,
			read: func(r *reader, m *message.Message) { e.s.readChildren(r, &m.Event) }}
	}
	for op, q := range services {
		c.roots[q.name] = &entry{kind: message.RequestKind, op: op,
			read: func(r *reader, m *message.Message) { q.s.readChildren(r, &m.Request) }}
	}
	for op, a := range answers {
		c.roots[a.name] = &entry{kind: message.ResultKind, op: op,
			read: func(r *reader, m *message.Message) { a.s.readChildren(r, &m.Result) }}
	}
	c.roots["CSTAErrorCode"] = &entry{kind: message.FailureKind,
		read: func(r *reader, m *message.Message) { r.readFailure(&m.Failure) }}
	c.indexSessions()
	for other, name := range spellings {
		c.roots[other] = c.roots[name]
	}
}

func (c *codec) indexSessions() {
	ask := func(name string, op message.Operation, s structure[session]) {
		c.roots[name] = &entry{kind: message.RequestKind, op: op, read: func(r *reader, m *message.Message) {
			m.Request.Session = new(session)
			s.readChildren(r, m.Request.Session)
		}}
	}
	reply := func(name string, op message.Operation, s structure[session]) {
		c.roots[name] = &entry{kind: message.ResultKind, op: op, read: func(r *reader, m *message.Message) {
			m.Result.Session = new(session)
			s.readChildren(r, m.Result.Session)
		}}
	}
	refuse := func(name string, op message.Operation, s structure[session]) {
		reply(name, op, s)
		read := c.roots[name].read
		c.roots[name].read = func(r *reader, m *message.Message) {
			if read(r, m); m.Result.Session.Reason == "" {
				m.Result.Session.Reason = "no reason given"
			}
		}
	}
	ask("StartApplicationSession", message.StartApplicationSession, c.start)
	ask("ResetApplicationSessionTimer", message.ResetApplicationSessionTimer, resetTimer)
	ask("StopApplicationSession", message.StopApplicationSession, stopSession)
	ask("ApplicationSessionTerminated", message.ApplicationSessionTerminated, terminatedSession)
	reply("StartApplicationSessionPosResponse", message.StartApplicationSession, startedSession)
	reply("ResetApplicationSessionTimerPosResponse", message.ResetApplicationSessionTimer, timerReset)
	reply("StopApplicationSessionPosResponse", message.StopApplicationSession, structure[session]{})
	refuse("StartApplicationSessionNegResponse", message.StartApplicationSession, notStarted)
	refuse("ResetApplicationSessionTimerNegResponse", message.ResetApplicationSessionTimer, notReset)
	refuse("StopApplicationSessionNegResponse", message.StopApplicationSession, notStopped)
}

// Decode implements message.Codec.
func (c *codec) Decode(frame []byte, m *message.Message) error {
	m.Reset()
	if len(frame) < digits {
		return &message.DecodeError{Problem: message.BadlyStructured, Detail: "shorter than an invoke identifier"}
	}
	id, ok := invokeID(frame[:digits])
	if !ok {
		return &message.DecodeError{Problem: message.Unrecognized,
			Detail: fmt.Sprintf("expected 4 digits of invoke identifier, got %q", frame[:digits])}
	}
	m.InvokeID = id
	r := &c.reader
	r.startDocument(frame[digits:])
	if !r.scan.Next() || r.scan.Kind() != xmlscan.Start {
		m.Kind = c.guessKind(id)
		return c.malformed(message.MistypedContent)
	}
	r.root = r.scan.Namespace(r.scan.Prefix())
	e := c.findRoot(r.scan.Name())
	if e == nil {
		return c.decodeUnknown(frame[digits:], m)
	}
	m.Kind = e.kind
	switch e.kind {
	case message.EventKind:
		m.Event = message.Event{Kind: e.event}
	case message.RequestKind:
		m.Request = message.Request{Op: e.op}
	case message.ResultKind:
		m.Result = message.Result{Op: e.op}
	}
	e.read(r, m)
	if r.err == nil {
		for r.scan.Next() { // to the end: what follows must be none
		}
	}
	m.Skipped = r.skipped
	if r.err != nil {
		return r.err
	}
	if r.scan.Err() != nil {
		return c.malformed(message.MistypedContent)
	}
	return nil
}

func (c *codec) findRoot(name []byte) *entry {
	if c.last != nil && c.lastName == string(name) {
		return c.last
	}
	e := c.roots[string(name)]
	if e != nil {
		c.last, c.lastName = e, string(name)
	}
	return e
}

// decodeUnknown is a message with a root element that is in no table.
func (c *codec) decodeUnknown(document []byte, m *message.Message) error {
	name := string(c.reader.scan.Name())
	c.reader.scan.Skip()
	for c.reader.scan.Next() {
	}
	m.Kind, m.Unknown, m.Raw = c.guessKind(m.InvokeID), true, message.Raw(document)
	switch {
	case m.Kind == message.EventKind || bytes.HasSuffix([]byte(name), []byte("Event")):
		m.Kind, m.Event = message.EventKind, message.Event{}
	case bytes.HasSuffix([]byte(name), []byte("Response")):
		m.Kind, m.Result = message.ResultKind, message.Result{}
	default:
		m.Request = message.Request{}
	}
	if c.reader.scan.Err() != nil {
		return c.malformed(message.MistypedContent)
	}
	return nil
}

// guessKind is the kind of a message of which the identifier alone could be read.
func (c *codec) guessKind(id message.InvokeID) message.Kind {
	switch {
	case id == EventID:
		return message.EventKind
	case c.asked != nil && c.asked(id) != message.NoOperation:
		return message.ResultKind
	}
	return message.RequestKind
}

func (c *codec) malformed(p message.Problem) error {
	e, ok := c.reader.scan.Err().(*xmlscan.Error)
	if !ok {
		return &message.DecodeError{Problem: p, Offset: digits, Detail: "no element"}
	}
	return &message.DecodeError{Problem: p, Offset: e.Offset + digits, Detail: e.Reason}
}

func invokeID(text []byte) (message.InvokeID, bool) {
	n := message.InvokeID(0)
	for _, d := range text {
		if d < '0' || d > '9' {
			return 0, false
		}
		n = n*10 + message.InvokeID(d-'0')
	}
	return n, true
}

// beginDocument puts the identifier, the declaration and the start tag of a root element.
func (c *codec) beginDocument(dst []byte, id message.InvokeID, name, namespace string) (*writer, error) {
	if id < 0 || id > EventID {
		return nil, fmt.Errorf("csta: invoke identifier %d: %w", id, message.ErrNotCarried)
	}
	w := writers.Get().(*writer)
	*w = writer{out: dst, edition: c.edition}
	for unit := message.InvokeID(1000); unit > 0; unit /= 10 {
		w.out = append(w.out, '0'+byte(id/unit%10))
	}
	w.out = append(w.out, `<?xml version="1.0" encoding="UTF-8"?><`...)
	w.out = append(append(append(append(append(w.out, name...), ` xmlns="`...), namespace...), '"'), '>')
	return w, nil
}

// endDocument puts the end tag; the writer is of no more use then.
func (w *writer) endDocument(dst []byte, name string) ([]byte, error) {
	w.closeElement(name)
	out, err := w.out, w.err
	*w = writer{}
	writers.Put(w)
	if err != nil {
		return dst, err
	}
	return out, nil
}

// writers are used again: fields hold functions, so each would be allocated.
var writers = sync.Pool{New: func() any { return new(writer) }}

func appendDocument[T any](c *codec, dst []byte, id message.InvokeID, namespace string, q root[T], v *T) ([]byte,
	error) {
	w, err := c.beginDocument(dst, id, q.name, namespace)
	if err != nil {
		return dst, err
	}
	q.s.writeChildren(w, v)
	return w.endDocument(dst, q.name)
}

func notCarried(what string) error { return fmt.Errorf("csta: %s: %w", what, message.ErrNotCarried) }

func (w *writer) notCarried(format string, args ...any) {
	if w.err == nil {
		w.err = notCarried(fmt.Sprintf(format, args...))
	}
}

// AppendRequest implements message.Codec.
func (c *codec) AppendRequest(dst []byte, id message.InvokeID, r *message.Request) ([]byte, error) {
	if r.Session != nil {
		return c.sessionRequest(dst, id, r)
	}
	q, ok := services[r.Op]
	if !ok {
		return dst, notCarried(r.Op.String())
	}
	return appendDocument(c, dst, id, c.namespace, q, r)
}

func (c *codec) sessionRequest(dst []byte, id message.InvokeID, r *message.Request) ([]byte, error) {
	switch r.Op {
	case message.StartApplicationSession:
		return appendDocument(c, dst, id, sessionNamespace, root[session]{"StartApplicationSession", c.start}, r.Session)
	case message.ResetApplicationSessionTimer:
		return appendDocument(c, dst, id, sessionNamespace, root[session]{"ResetApplicationSessionTimer", resetTimer},
			r.Session)
	case message.StopApplicationSession:
		return appendDocument(c, dst, id, sessionNamespace, root[session]{"StopApplicationSession", stopSession}, r.Session)
	case message.ApplicationSessionTerminated:
		return appendDocument(c, dst, id, sessionNamespace, root[session]{"ApplicationSessionTerminated", terminatedSession},
			r.Session)
	}
	return dst, notCarried(r.Op.String())
}

// AppendResult implements message.Codec.
func (c *codec) AppendResult(dst []byte, id message.InvokeID, r *message.Result) ([]byte, error) {
	if r.Session != nil || r.Op >= message.StartApplicationSession {
		return c.sessionResult(dst, id, r)
	}
	a, ok := answers[r.Op]
	if !ok {
		return dst, notCarried("result of " + r.Op.String())
	}
	return appendDocument(c, dst, id, c.namespace, a, r)
}

var sessionAnswers = map[message.Operation]struct {
	name          string
	good, refused structure[session]
}{
	message.StartApplicationSession:      {"StartApplicationSession", startedSession, notStarted},
	message.ResetApplicationSessionTimer: {"ResetApplicationSessionTimer", timerReset, notReset},
	message.StopApplicationSession:       {"StopApplicationSession", nil, notStopped},
}

func (c *codec) sessionResult(dst []byte, id message.InvokeID, r *message.Result) ([]byte, error) {
	a, ok := sessionAnswers[r.Op]
	if !ok || r.Session == nil && r.Op == message.StartApplicationSession {
		return dst, notCarried("result of " + r.Op.String())
	}
	s := r.Session
	if s == nil {
		s = new(session)
	}
	if s.Reason != "" {
		return appendDocument(c, dst, id, sessionNamespace, root[session]{a.name + "NegResponse", a.refused}, s)
	}
	return appendDocument(c, dst, id, sessionNamespace, root[session]{a.name + "PosResponse", a.good}, s)
}

// AppendFailure implements message.Codec.
func (c *codec) AppendFailure(dst []byte, id message.InvokeID, f *message.Failure) ([]byte, error) {
	w, err := c.beginDocument(dst, id, "CSTAErrorCode", c.namespace)
	if err != nil {
		return dst, err
	}
	w.writeFailure(f)
	return w.endDocument(dst, "CSTAErrorCode")
}

// AppendReject implements message.Codec. XML has no reject: an error says the same.
func (c *codec) AppendReject(dst []byte, r *message.Reject) ([]byte, error) {
	if !r.InvokeID.Set {
		return dst, notCarried("a reject without invoke identifier")
	}
	name := "generic"
	if r.Class == message.RejectInvoke {
		switch r.Problem {
		case 1:
			name = "serviceNotSupported"
		case 2:
			name = "invalidParameterValue"
		}
	}
	f, _ := message.FailureByName(message.OperationError, name)
	return c.AppendFailure(dst, r.InvokeID.Value, &f)
}

// AppendEvent implements message.Codec. Every event has the same identifier.
func (c *codec) AppendEvent(dst []byte, _ message.InvokeID, e *message.Event) ([]byte, error) {
	q, ok := events[e.Kind]
	if !ok {
		return dst, notCarried("event " + strconv.Itoa(int(e.Kind)))
	}
	return appendDocument(c, dst, EventID, c.namespace, q, e)
}

// AppendAssociation implements message.Codec. In place of an association XML
// has application sessions.
func (c *codec) AppendAssociation(dst []byte, _ *message.Association) ([]byte, error) {
	return dst, notCarried("an ACSE association")
}
