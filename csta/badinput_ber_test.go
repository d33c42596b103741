package csta_test

import (
	"encoding/hex"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/csta/internal/framing"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
)

// berPeer answers heartbeats in BER; in front of each answer but the first it
// says what the test wants.
type berPeer struct {
	mu       sync.Mutex
	rejected []string // what was sent to it that is no request
}

func newBERPeer(t *testing.T, says func(id byte) []byte) (*berPeer, driver.Session, *collector) {
	peer := new(berPeer)
	listener := ctitest.Listen(ctitest.PipeOptions{})
	t.Cleanup(func() { listener.Close() })
	go func() {
		c, err := listener.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		peer.serve(c, says)
	}()
	got := &collector{}
	p := csta.Generic3
	p.AskCapabilities = false // the greeting is one request
	s, err := csta.Config{Addr: "pbx", Profile: p, Dial: listener.Dial}.Open(t.Context(), got)
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	return peer, s, got
}

func (p *berPeer) serve(c net.Conn, says func(id byte) []byte) {
	first := true
	for r := framing.NewReader(c, framing.NonDelimited, 0); ; {
		m, err := r.Next()
		if err != nil {
			return
		}
		if m[0] != 0xa1 {
			p.mu.Lock()
			p.rejected = append(p.rejected, hex.EncodeToString(m))
			p.mu.Unlock()
			continue
		}
		id := m[4]
		if !first {
			c.Write(says(id))
		}
		first = false
		c.Write(systemStatusAnswer(id))
	}
}

func systemStatusAnswer(id byte) []byte {
	return tlv(0xa2, []byte{2, 1, id}, tlv(0x30, []byte{2, 2, 0, 0xd3, 5, 0}))
}

// tlv is an element with the contents given.
func tlv(tag byte, contents ...[]byte) []byte {
	content := slices.Concat(contents...)
	if n := len(content); n >= 0x80 {
		return slices.Concat([]byte{tag, 0x82, byte(n >> 8), byte(n)}, content)
	}
	return slices.Concat([]byte{tag, byte(len(content))}, content)
}

// report is an event report of a call control event by its tag.
func report(event byte, content ...[]byte) []byte {
	return tlv(0xa1, []byte{2, 1, 1, 2, 1, 21}, tlv(0x30, []byte{0x55, 1, '7'}, tlv(0xa0, tlv(event, content...))))
}

func nested(depth int) []byte {
	out := []byte{5, 0}
	for range depth {
		out = tlv(0xbe, out)
	}
	return out
}

// TestBadBER: what cannot be meant is skipped and counted, and disturbs nothing else.
func TestBadBER(t *testing.T) {
	connection := tlv(0x6b, []byte{0x80, 1, 'c'})
	subject := tlv(0x63, []byte{0x87, 0})
	held := report(0xa9, connection, subject, []byte{0x0a, 1, 22})
	for name, m := range map[string][]byte{
		"event of no monitor":      held,
		"unknown event":            report(0xbd, connection),
		"cut off inside":           tlv(0xa1, []byte{2, 1, 1, 2, 1, 21, 0x30, 9, 0x55}),
		"wrong tag":                report(0xa9, connection, tlv(0x6c, []byte{0x87, 0})),
		"10,000 deep":              report(0xa9, connection, subject, []byte{0x0a, 1, 22}, nested(10000)),
		"10,000 deep, in a result": tlv(0xa2, []byte{2, 1, 99}, tlv(0x30, []byte{2, 2, 0, 0xd3}, nested(10000))),
		"unknown invoke id":        systemStatusAnswer(99),
		"error of no request":      tlv(0xa3, []byte{2, 1, 99, 2, 1, 1}, tlv(0xa0, []byte{0x0a, 1, 1})),
		"reject without id":        {0xa4, 5, 5, 0, 0x80, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			require.Less(t, len(m), 65536)
			_, s, got := newBERPeer(t, func(byte) []byte { return m })
			require.NoError(t, do(t.Context(), s, driver.Request{Op: cti.OpPing}))
			require.NoError(t, do(t.Context(), s, driver.Request{Op: cti.OpPing}))
			require.GreaterOrEqual(t, s.Counters().Skipped, uint64(2))
			require.Empty(t, got.events)
		})
	}
}

// TestAnsweredTwice: the second answer to a request goes to nobody.
func TestAnsweredTwice(t *testing.T) {
	_, s, _ := newBERPeer(t, systemStatusAnswer)
	for range 3 {
		require.NoError(t, do(t.Context(), s, driver.Request{Op: cti.OpPing}))
	}
	require.GreaterOrEqual(t, s.Counters().Skipped, uint64(2))
}

// TestWrongBERAnswer: a result of another service, and one that cannot be read,
// are the error of that request and of no other.
func TestWrongBERAnswer(t *testing.T) {
	for name, result := range map[string][]byte{
		"of another service": {2, 1, 71, 0x30, 3, 0x55, 1, '7'},
		"of none":            {2, 2, 0x3f, 0xff, 5, 0},
		"malformed":          {2, 1, 10, 0x30, 9, 1},
	} {
		t.Run(name, func(t *testing.T) {
			wrong := true
			_, s, _ := newBERPeer(t, func(id byte) []byte {
				if !wrong {
					return nil
				}
				wrong = false
				return tlv(0xa2, []byte{2, 1, id}, tlv(0x30, result))
			})
			_, err := s.Do(t.Context(), driver.Request{Op: cti.OpMakeCall, Device: "4001", Number: "4002"})
			require.ErrorIs(t, err, cti.ErrProtocol)
			require.NoError(t, do(t.Context(), s, driver.Request{Op: cti.OpPing}))
		})
	}
}

// TestBadRequest: a request that cannot be read, or that nobody knows, is
// rejected as ROSE asks.
func TestBadRequest(t *testing.T) {
	for name, test := range map[string]struct{ request, reject []byte }{
		"mistyped argument":      {tlv(0xa1, []byte{2, 1, 5, 2, 2, 0, 0xd3}, tlv(0x30, []byte{4, 1, 0})), []byte{0xa4, 6, 2, 1, 5, 0x81, 1, 2}},
		"cut off inside":         {tlv(0xa1, []byte{2, 1, 5, 2, 9}), []byte{0xa4, 5, 5, 0, 0x80, 1, 2}},
		"unrecognized operation": {tlv(0xa1, []byte{2, 1, 6, 2, 2, 0x3f, 0xff}, tlv(0x30)), []byte{0xa4, 6, 2, 1, 6, 0x81, 1, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			peer, s, _ := newBERPeer(t, func(byte) []byte { return test.request })
			require.NoError(t, do(t.Context(), s, driver.Request{Op: cti.OpPing}))
			require.Eventually(t, func() bool {
				peer.mu.Lock()
				defer peer.mu.Unlock()
				return slices.Contains(peer.rejected, hex.EncodeToString(test.reject))
			}, 10*time.Second, time.Millisecond, "the reject arrives")
		})
	}
}

// TestBadStream: where no next message can be found, the link ends and says why.
func TestBadStream(t *testing.T) {
	for name, m := range map[string][]byte{
		"over-long":               {0xa1, 0x84, 0x7f, 0xff, 0xff, 0xff},
		"longer than one may be":  append([]byte{0xa1, 0x83, 1, 0, 0}, make([]byte, 65536)...),
		"no message":              []byte("HTTP/1.1 400 Bad Request\r\n"),
		"10,000 deep, no lengths": slices.Repeat([]byte{0xa1, 0x80}, 10000),
		"no tag at the beginning": {0, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			_, s, _ := newBERPeer(t, func(byte) []byte { return m })
			require.Error(t, do(t.Context(), s, driver.Request{Op: cti.OpPing}))
			<-s.Done()
			require.ErrorIs(t, s.Err(), cti.ErrProtocol)
		})
	}
}
