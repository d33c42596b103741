// Package exchange matches requests and answers on one connection by invoke
// identifier: many requests at once up to a window, answers in any order, one
// writer. Decoding and the reader goroutine are the driver's.
//
// Every request ends: by its answer, by its context, or with the exchange. An
// answer that comes after its request was abandoned is never handed to another
// request: its identifier stays taken until then, and the request's late
// function gets it.
package exchange

import (
	"context"
	"errors"
	"net"
	"os"
	"sync"
	"time"
)

// ErrEnded is the error of requests that the end of the exchange ended without
// a reason given.
var ErrEnded = errors.New("exchange has ended")

// ErrExhausted: every identifier is held by a request that was abandoned and
// whose answer never came. To use one again could hand that answer to another
// request. Nothing was sent.
var ErrExhausted = errors.New("every invoke identifier waits for an answer that never came")

// Options of an [Exchange]. Zero fields take the defaults.
type Options struct {
	// FirstID and LastID are the range of invoke identifiers, used in turn.
	// Default 1 to 32767.
	FirstID, LastID uint32
	// Window is the number of requests that may wait for an answer at once;
	// further ones wait. Default 64.
	Window int
	// WriteTimeout bounds one write to the connection. Default 10 s.
	WriteTimeout time.Duration
	// MaxOut bounds the bytes waiting to be written; a peer that reads nothing
	// ends the exchange when it is reached. Default 4 MiB.
	MaxOut int
}

// Exchange is the state of one connection. R is the type of an answer.
type Exchange[R any] struct {
	conn   net.Conn
	opts   Options
	window chan struct{}
	done   chan struct{}
	wake   chan struct{} // one token: something to write
	idle   chan struct{} // closed when the writer has returned

	mu      sync.Mutex
	pending map[uint32]*pending[R]
	next    uint32
	out     []byte
	queued  uint64 // number of the last request put into out
	taken   uint64 // number of the last request that the writer took
	writing bool
	quiet   chan struct{} // closed when all is written; nil unless a Flush waits
	err     error
	ended   bool
}

type pending[R any] struct {
	answer chan R // of one
	gone   bool   // the request was abandoned
	late   func(R)
}

// New starts the writer of a connection. End it with [Exchange.End].
func New[R any](conn net.Conn, opts Options) *Exchange[R] {
	if opts.LastID == 0 {
		opts.FirstID, opts.LastID = 1, 32767
	}
	if opts.Window <= 0 {
		opts.Window = 64
	}
	if opts.WriteTimeout == 0 {
		opts.WriteTimeout = 10 * time.Second
	}
	if opts.MaxOut == 0 {
		opts.MaxOut = 4 << 20
	}
	x := &Exchange[R]{
		conn: conn, opts: opts, next: opts.FirstID,
		window: make(chan struct{}, min(opts.Window, int(opts.LastID-opts.FirstID))),
		done:   make(chan struct{}), wake: make(chan struct{}, 1), idle: make(chan struct{}),
		pending: make(map[uint32]*pending[R]),
	}
	go x.runWriter()
	return x
}

// Do sends one request and waits for its answer. encode appends the request
// under the identifier given; it runs under a lock and must not wait. late, if
// not nil, gets an answer that comes after ctx has ended, on the caller of
// [Exchange.Answer]. sent is false when certainly nothing reached the peer.
func (x *Exchange[R]) Do(ctx context.Context, encode func(dst []byte, id uint32) ([]byte, error), late func(R)) (
	answer R, sent bool, err error,
) {
	if err := ctx.Err(); err != nil {
		return answer, false, err
	}
	select {
	case x.window <- struct{}{}:
	case <-ctx.Done():
		return answer, false, ctx.Err()
	case <-x.done:
		return answer, false, x.Err()
	}
	p := &pending[R]{answer: make(chan R, 1), late: late}
	id, number, err := x.enqueue(p, encode)
	if err != nil {
		<-x.window
		return answer, false, err
	}
	select {
	case answer = <-p.answer:
		return answer, true, nil
	case <-ctx.Done():
		return x.abandonRequest(id, p, ctx.Err())
	case <-x.done:
		return x.failAtEnd(p, number)
	}
}

// Post sends a request whose answer no caller waits for, outside the window: to
// undo what a late answer reports. late, if not nil, gets the answer.
func (x *Exchange[R]) Post(encode func(dst []byte, id uint32) ([]byte, error), late func(R)) error {
	_, _, err := x.enqueue(&pending[R]{answer: make(chan R, 1), gone: true, late: late}, encode)
	return err
}

// enqueue puts a request under a free identifier into the output.
func (x *Exchange[R]) enqueue(p *pending[R], encode func([]byte, uint32) ([]byte, error)) (
	id uint32, number uint64, err error,
) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.ended {
		return 0, 0, x.err
	}
	id, ok := x.freeID()
	if !ok {
		return 0, 0, ErrExhausted
	}
	if err := x.appendMessage(func(dst []byte) ([]byte, error) { return encode(dst, id) }); err != nil {
		return 0, 0, err
	}
	x.pending[id] = p
	x.queued++
	return id, x.queued, nil
}

// freeID finds the next identifier that no request holds; the window is smaller
// than their range, but those abandoned hold theirs too.
func (x *Exchange[R]) freeID() (id uint32, ok bool) {
	for range x.opts.LastID - x.opts.FirstID + 1 {
		id := x.next
		if x.next++; x.next > x.opts.LastID {
			x.next = x.opts.FirstID
		}
		if _, taken := x.pending[id]; !taken {
			return id, true
		}
	}
	return 0, false
}

// appendMessage adds bytes to the output.
func (x *Exchange[R]) appendMessage(encode func([]byte) ([]byte, error)) error {
	if len(x.out) > x.opts.MaxOut {
		return errors.New("the peer does not read: too much waits to be written")
	}
	out, err := encode(x.out)
	if err != nil {
		return err
	}
	x.out = out
	select {
	case x.wake <- struct{}{}:
	default:
	}
	return nil
}

// abandonRequest leaves a request whose context has ended.
func (x *Exchange[R]) abandonRequest(id uint32, p *pending[R], why error) (answer R, sent bool, err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	select {
	case answer = <-p.answer: // it came at the last moment
		return answer, true, nil
	default:
	}
	if x.pending[id] == p {
		p.gone = true
		<-x.window // never waits: this request's own token
	}
	return answer, true, why
}

func (x *Exchange[R]) failAtEnd(p *pending[R], number uint64) (answer R, sent bool, err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	select {
	case answer = <-p.answer:
		return answer, true, nil
	default:
		return answer, number <= x.taken, x.err
	}
}

// Send puts a message that has no answer into the output.
func (x *Exchange[R]) Send(encode func(dst []byte) ([]byte, error)) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.ended {
		return x.err
	}
	return x.appendMessage(encode)
}

// Answer hands an answer to its request. It reports whether one was waiting,
// and whether the answer is late: its request had been abandoned.
func (x *Exchange[R]) Answer(id uint32, answer R) (known, late bool) {
	x.mu.Lock()
	p := x.pending[id]
	if p == nil {
		x.mu.Unlock()
		return false, false
	}
	delete(x.pending, id)
	if !p.gone {
		<-x.window         // never waits: this request's own token; free when its Do returns
		p.answer <- answer // room for one, sent once
	}
	x.mu.Unlock()
	if p.gone && p.late != nil {
		p.late(answer)
	}
	return true, p.gone
}

// InFlight counts the requests that wait for an answer, without those abandoned.
func (x *Exchange[R]) InFlight() int { return len(x.window) }

// Done is closed when the exchange has ended.
func (x *Exchange[R]) Done() <-chan struct{} { return x.done }

// Err returns why the exchange ended; nil before that.
func (x *Exchange[R]) Err() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.err
}

// End ends the exchange, closes the connection and fails what waits with why.
// The first call counts. It does not wait for the writer; see [Exchange.Wait].
func (x *Exchange[R]) End(why error) {
	if why == nil {
		why = ErrEnded
	}
	x.mu.Lock()
	first := !x.ended
	if first {
		x.ended, x.err = true, why
	}
	x.mu.Unlock()
	if first {
		close(x.done)
		x.conn.Close()
	}
}

// Wait waits until the writer has returned.
func (x *Exchange[R]) Wait() { <-x.idle }

// Flush waits, for at most d, until all that was queued has been handed to the
// connection: the last word of an orderly end.
func (x *Exchange[R]) Flush(d time.Duration) {
	x.mu.Lock()
	if len(x.out) == 0 && !x.writing {
		x.mu.Unlock()
		return
	}
	if x.quiet == nil {
		x.quiet = make(chan struct{})
	}
	quiet := x.quiet
	x.mu.Unlock()
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-quiet:
	case <-timer.C:
	case <-x.done:
	}
}

// runWriter is the writer: it takes all that is queued and writes it in one go.
func (x *Exchange[R]) runWriter() {
	defer close(x.idle)
	var spare []byte
	for {
		select {
		case <-x.wake:
		case <-x.done:
			return
		}
		buf := x.takeQueued(spare)
		if len(buf) == 0 { // taken with what was before it, or nothing was appended
			continue
		}
		x.conn.SetWriteDeadline(time.Now().Add(x.opts.WriteTimeout))
		_, err := x.conn.Write(buf)
		x.signalFlushed()
		if err != nil {
			x.endAfterWrite(err)
			return
		}
		spare = buf
		if cap(spare) > 1<<20 {
			spare = nil // do not keep a burst's memory
		}
	}
}

// takeQueued gives the writer all that is queued; further requests go into spare.
func (x *Exchange[R]) takeQueued(spare []byte) (buf []byte) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.taken = x.queued
	if len(x.out) == 0 {
		return nil
	}
	buf, x.out, x.writing = x.out, spare[:0], true
	return buf
}

// signalFlushed tells those who wait in Flush, if all has been written.
func (x *Exchange[R]) signalFlushed() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.writing = false
	if len(x.out) == 0 && x.quiet != nil {
		close(x.quiet)
		x.quiet = nil
	}
}

// endAfterWrite ends the exchange, but lets the reader go first for a moment:
// what the peer said before it closed tells more than a broken pipe.
func (x *Exchange[R]) endAfterWrite(err error) {
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		timer := time.NewTimer(lastWords)
		defer timer.Stop()
		select {
		case <-x.done:
		case <-timer.C:
		}
	}
	x.End(err)
}

// lastWords is how long the reader may take to find the end on its own.
const lastWords = 200 * time.Millisecond
