package csta_test

import (
	"bytes"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/csta/internal/framing"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
)

// dialects are every encoding in each of its framings, without what stands in
// front of the first message.
func dialects() (out []csta.Profile) {
	for _, e := range []csta.Encoding{csta.BER3, csta.BER2, csta.BER1, csta.XML3, csta.XML4, csta.XML5, csta.XML6} {
		framings := []csta.Framing{csta.NonDelimited, csta.Delimited}
		if e.XML() {
			framings = []csta.Framing{csta.XMLHeader}
		}
		for _, f := range framings {
			out = append(out, csta.Profile{Name: fmt.Sprintf("%v, %v", e, f), Encoding: e, Framing: f, Version: -1})
		}
	}
	return out
}

// wire is a peer that answers every request of its driver in the right way, and
// says in front of each answer what the test wants.
type wire struct {
	p     csta.Profile
	codec message.Codec
}

func (w *wire) framed(m []byte) []byte {
	out := append(framing.Framing(w.p.Framing).Begin(nil), m...)
	_ = framing.Framing(w.p.Framing).End(out, 0)
	return out
}

func (w *wire) result(id message.InvokeID, r message.Result) []byte {
	out, err := w.codec.AppendResult(nil, id, &r)
	if err != nil {
		panic(err)
	}
	return out
}

func (w *wire) event(e message.Event) []byte {
	out, err := w.codec.AppendEvent(nil, 1, &e)
	if err != nil {
		panic(err)
	}
	return out
}

// link opens a link over which bad is said, framed, in front of every answer.
func (w *wire) link(t *testing.T, bad func(id message.InvokeID, op message.Operation) [][]byte) (driver.Session, *collector) {
	listener := ctitest.Listen(ctitest.PipeOptions{})
	t.Cleanup(func() { listener.Close() })
	go func() {
		c, err := listener.Accept()
		if err == nil {
			defer c.Close()
			w.serve(c, bad)
		}
	}()
	got := &collector{}
	s, err := csta.Config{Addr: "pbx", Profile: w.p, Dial: listener.Dial}.Open(t.Context(), got)
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	return s, got
}

func (w *wire) serve(c net.Conn, bad func(id message.InvokeID, op message.Operation) [][]byte) {
	reader := newCodec(w.p) // one for each who reads
	for r := framing.NewReader(c, framing.Framing(w.p.Framing), 0); ; {
		frame, err := r.Next()
		if err != nil {
			return
		}
		var m message.Message
		if reader.Decode(frame, &m) != nil || m.Kind != message.RequestKind {
			continue
		}
		for _, b := range bad(m.InvokeID, m.Request.Op) {
			c.Write(b)
		}
		c.Write(w.framed(w.result(m.InvokeID, message.Result{Op: m.Request.Op, CrossRef: "7",
			Connection: message.ConnectionOf("c1", message.Number("4001"))})))
	}
}

// held is an event of a monitor.
func held(xref, number string) message.Event {
	return message.Event{Kind: cti.Held, CrossRef: message.Text(xref), State: cti.Hold, Cause: cti.CauseNormal,
		Connection: message.ConnectionOf("c1", message.Number("4001")), Subject: message.Number(number)}
}

// TestBadInputInEveryEncoding: what cannot be meant is skipped and counted, the
// monitor beside it reports on, and the request in flight is answered.
func TestBadInputInEveryEncoding(t *testing.T) {
	for _, p := range dialects() {
		w := &wire{p, newCodec(p)}
		good := w.event(held("7", "4002"))
		cases := map[string][]byte{
			"truncated":            good[:len(good)-3],
			"event of no monitor":  w.event(held("nobody"[:4], "4002")),
			"unknown invoke id":    w.result(4711, message.Result{Op: message.HoldCall}),
			"wrong tag":            wrongTag(p, good),
			"no UTF-8":             bytes.Replace(good, []byte("4002"), []byte("40\xff\xfe"), 1),
			"bytes behind the end": append(bytes.Clone(good), "<a/>"...),
			"error of no request":  w.failure(4711),
			"10,000 deep":          deep(p, good),
		}
		if p.Encoding.XML() {
			cases["DTD"] = []byte("9999<!DOCTYPE a><HeldEvent/>")
			cases["entities"] = []byte(`9999<!DOCTYPE a [<!ENTITY b "c">]><HeldEvent>&b;</HeldEvent>`)
			cases["empty"] = []byte("9999")
		} else {
			inside := bytes.Clone(good)
			inside[3+bytes.IndexByte(inside[2:], 0x30)]++ // the argument is longer than the message
			cases["truncated inside"] = inside
		}
		if p.Framing == csta.NonDelimited {
			// Where the length is that of the message itself, one that is cut off
			// or goes on has no end that anybody could find.
			delete(cases, "truncated")
			delete(cases, "bytes behind the end")
		}
		for name, m := range cases {
			t.Run(p.Name+"/"+name, func(t *testing.T) {
				s, got := w.link(t, func(_ message.InvokeID, op message.Operation) [][]byte {
					if op == message.MonitorStart || op == message.SnapshotDevice {
						return nil
					}
					return [][]byte{w.framed(m), w.framed(good)}
				})
				_, err := s.Supervise(t.Context(), cti.Extension{Number: "4001"})
				require.NoError(t, err)
				for range 2 {
					require.NoError(t, do(t.Context(), s, hold))
				}
				require.GreaterOrEqual(t, s.Counters().Skipped, uint64(2))
				got.mu.Lock()
				defer got.mu.Unlock()
				var from []cti.DeviceID
				for _, ev := range got.events {
					require.True(t, utf8.ValidString(string(ev.Subject.Number)))
					if ev.Subject.Number != "40ÿþ" { // not UTF-8: read as ISO 8859-1, in BER
						from = append(from, ev.Subject.Number)
					}
				}
				require.Equal(t, []cti.DeviceID{"4002", "4002"}, from, "the good ones")
			})
		}
	}
}

func (w *wire) failure(id message.InvokeID) []byte {
	f, _ := message.FailureByName(message.OperationError, "generic")
	out, err := w.codec.AppendFailure(nil, id, &f)
	if err != nil {
		panic(err)
	}
	return out
}

// wrongTag is an event in which an element is not the one that stands there.
func wrongTag(p csta.Profile, good []byte) []byte {
	if p.Encoding.XML() {
		return bytes.ReplaceAll(good, []byte("HeldEvent"), []byte("HoldEvent"))
	}
	out := bytes.Clone(good)
	out[2+bytes.IndexByte(out[2:], 0x30)] = 0x31 // the sequence of the argument
	return out
}

// deep is an event with something 10,000 levels deep inside.
func deep(p csta.Profile, good []byte) []byte {
	if p.Encoding.XML() {
		return bytes.Replace(good, []byte("<heldConnection>"), []byte(strings.Repeat("<a>", 10000)+"<heldConnection>"), 1)
	}
	return tlv(0xa1, []byte{2, 1, 1, 2, 1, 21}, nested(10000))
}

// TestWrongAnswerInEveryEncoding: an answer of another service, and one whose
// content is none, are that request's error; the second answer is nobody's.
func TestWrongAnswerInEveryEncoding(t *testing.T) {
	for _, p := range dialects() {
		w := &wire{p, newCodec(p)}
		t.Run(p.Name, func(t *testing.T) {
			for name, wrong := range map[string]func(id message.InvokeID) []byte{
				"of another service": func(id message.InvokeID) []byte {
					return w.result(id, message.Result{Op: message.MonitorStart, CrossRef: "7"})
				},
				"truncated": func(id message.InvokeID) []byte {
					return w.cutInside(w.result(id, message.Result{Op: message.MakeCall, Connection: message.ConnectionOf("c1", message.Number("4001"))}))
				},
			} {
				s, _ := w.link(t, func(id message.InvokeID, op message.Operation) [][]byte {
					if op != message.MakeCall {
						return nil
					}
					return [][]byte{w.framed(wrong(id))}
				})
				done := make(chan error, 1)
				go func() {
					_, err := s.Do(t.Context(), driver.Request{Op: cti.OpMakeCall, Device: "4001", Number: "4002"})
					done <- err
				}()
				select {
				case err := <-done:
					require.ErrorIs(t, err, cti.ErrProtocol, name)
					var e *cti.Error
					require.ErrorAs(t, err, &e, name)
					require.Equal(t, cti.OpMakeCall, e.Op)
				case <-time.After(10 * time.Second):
					require.Fail(t, "no answer", name)
				}
				require.NoError(t, do(t.Context(), s, hold), name)
				require.GreaterOrEqual(t, s.Counters().Skipped, uint64(1), "%s: the right answer came too late", name)
			}
		})
	}
}

// cutInside lets the innermost length say more than there is.
func (w *wire) cutInside(m []byte) []byte {
	if w.p.Encoding.XML() {
		return m[:len(m)-3]
	}
	m[bytes.LastIndex(m, []byte("4001"))-1] += 3
	return m
}

// TestRejected: a request that the PBX rejects ends with a typed error; a reject
// that names no request, or another, is counted and nothing else.
func TestRejected(t *testing.T) {
	for _, p := range dialects() {
		if p.Encoding.XML() {
			continue // has errors in place of rejects
		}
		w := &wire{p, newCodec(p)}
		for _, test := range []struct {
			reject message.Reject
			want   error
		}{
			{message.Reject{Class: message.RejectGeneral, Problem: 0}, cti.ErrProtocol},
			{message.Reject{Class: message.RejectInvoke, Problem: 0}, cti.ErrProtocol},
			{message.Reject{Class: message.RejectInvoke, Problem: 1}, ctikit.ErrUnsupported},
			{message.Reject{Class: message.RejectInvoke, Problem: 2}, cti.ErrProtocol},
			{message.Reject{Class: message.RejectInvoke, Problem: 3}, cti.ErrBusy},
			{message.Reject{Class: message.RejectInvoke, Problem: 99}, cti.ErrProtocol},
		} {
			t.Run(fmt.Sprintf("%s/%s", p.Name, test.reject.String()), func(t *testing.T) {
				s, _ := w.link(t, func(id message.InvokeID, op message.Operation) [][]byte {
					if op != message.MakeCall {
						return nil
					}
					nobody, another, ours := test.reject, test.reject, test.reject
					another.InvokeID, ours.InvokeID = message.Some[message.InvokeID](4711), message.Some(id)
					var out [][]byte
					for _, r := range []*message.Reject{&nobody, &another, &ours} {
						m, err := w.codec.AppendReject(nil, r)
						if err != nil {
							panic(err)
						}
						out = append(out, w.framed(m))
					}
					return out
				})
				_, err := s.Do(t.Context(), driver.Request{Op: cti.OpMakeCall, Device: "4001", Number: "4002"})
				require.ErrorIs(t, err, test.want)
				var e *cti.Error
				require.ErrorAs(t, err, &e)
				require.Contains(t, e.Code, "rejected")
				require.NoError(t, do(t.Context(), s, hold))
				require.GreaterOrEqual(t, s.Counters().Skipped, uint64(2))
			})
		}
	}
}

// TestTextIsText: what an event has as text is valid UTF-8, whatever the PBX's
// characters are.
func TestTextIsText(t *testing.T) {
	for _, p := range dialects() {
		if p.Encoding.XML() {
			continue // refuses what is none
		}
		w := &wire{p, newCodec(p)}
		e := message.Event{Kind: cti.DisplayUpdated, CrossRef: message.Text("7"), Device: message.Number("4001"),
			Feature: message.Feature{Display: &message.Display{Contents: message.Text("caf\xe9")}}}
		m, err := w.codec.AppendEvent(nil, 1, &e)
		if err != nil {
			require.ErrorIs(t, err, message.ErrNotCarried)
			continue
		}
		t.Run(p.Name, func(t *testing.T) {
			s, got := w.link(t, func(_ message.InvokeID, op message.Operation) [][]byte {
				if op == message.MonitorStart || op == message.SnapshotDevice {
					return nil
				}
				return [][]byte{w.framed(m)}
			})
			_, err := s.Supervise(t.Context(), cti.Extension{Number: "4001"})
			require.NoError(t, err)
			require.NoError(t, do(t.Context(), s, hold))
			require.Len(t, got.events, 1)
			require.True(t, utf8.ValidString(got.events[0].Text))
			require.Equal(t, "café", got.events[0].Text)
		})
	}
}

// TestOverLong: a message longer than Config.MaxMessage ends the link at once,
// before anything is allocated for it, and says so.
func TestOverLong(t *testing.T) {
	for _, p := range dialects() {
		t.Run(p.Name, func(t *testing.T) {
			w := &wire{p, newCodec(p)}
			long := w.framed(w.result(1, message.Result{Op: message.MonitorStart, CrossRef: strings.Repeat("7", 3000)}))
			listener := ctitest.Listen(ctitest.PipeOptions{})
			defer listener.Close()
			go func() {
				c, err := listener.Accept()
				if err == nil {
					defer c.Close()
					w.serve(c, func(message.InvokeID, message.Operation) [][]byte { return [][]byte{long[:100]} }) // its beginning is enough
				}
			}()
			s, err := csta.Config{Addr: "pbx", Profile: p, Dial: listener.Dial, MaxMessage: 2000}.Open(t.Context(), nowhere{})
			require.NoError(t, err)
			defer s.Close()
			_, err = s.Do(t.Context(), driver.Request{Op: cti.OpMakeCall, Device: "4001", Number: "4002"})
			require.Error(t, err)
			<-s.Done()
			require.ErrorIs(t, s.Err(), cti.ErrProtocol)
			require.ErrorContains(t, s.Err(), "limit is 2000")
		})
	}
}

// hold is a request whose reply holds nothing.
var hold = driver.Request{Op: cti.OpHoldCall, Connection: cti.ConnectionID{Call: "c1", Device: "4001"}}
