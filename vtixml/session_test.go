package vtixml_test

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/vtixml"
)

// collector keeps what a session reports.
type collector struct {
	mu     sync.Mutex
	events []cti.Event
}

func (c *collector) Event(ev *cti.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.events = append(c.events, *ev)
}

func (c *collector) all() []cti.Event {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.events[:len(c.events):len(c.events)]
}

// scripted is a PBX that says what the test tells it to, over a pipe.
type scripted struct {
	t    *testing.T
	conn net.Conn
}

func (s scripted) say(text string) {
	frame, err := vtixml.LengthPrefixed{}.Append(nil, []byte(text))
	require.NoError(s.t, err)
	_, err = s.conn.Write(frame)
	require.NoError(s.t, err)
}

func (s scripted) hear() string {
	var head [4]byte
	_, err := io.ReadFull(s.conn, head[:])
	require.NoError(s.t, err)
	message := make([]byte, binary.BigEndian.Uint32(head[:]))
	_, err = io.ReadFull(s.conn, message)
	require.NoError(s.t, err)
	return string(message)
}

// dialScript gives a Config that reaches a scripted PBX.
func dialScript(t *testing.T, cfg vtixml.Config) (vtixml.Config, scripted) {
	ours, theirs := ctitest.Pipe(ctitest.PipeOptions{})
	t.Cleanup(func() { theirs.Close() })
	cfg.Addr = "pbx"
	cfg.Dial = func(context.Context, string, string) (net.Conn, error) { return ours, nil }
	return cfg, scripted{t, theirs}
}

const opened = `<opened version="ctikit-1" operations="supervise release makeCall snapshotDevice ping future" maxSupervisions="2"/>`

func open(t *testing.T, cfg vtixml.Config, sink driver.EventSink) driver.Session {
	s, err := cfg.Open(t.Context(), sink)
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

// TestUnknownIsCounted: what the driver does not understand harms nothing.
func TestUnknownIsCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg, pbx := dialScript(t, vtixml.Config{})
		pbx.say(opened)
		sink := &collector{}
		s := open(t, cfg, sink)
		pbx.hear()
		for _, text := range []string{`<news/>`, `<answer id="77"/>`, `<event monitor="5" kind="Sunrise"/>`, `<makeCall id="3" device="1" number="2"/>`,
			`<event monitor="9" kind="Delivered" device="4001" call="1"/>`, `<capabilities operations="ping" shoeSize="44"/>`} {
			pbx.say(text)
		}
		require.Equal(t, `<refusal id="3" code="unsupported"/>`, pbx.hear())
		pbx.say(`<ping id="4"/>`)
		require.Equal(t, `<answer id="4"/>`, pbx.hear())
		synctest.Wait()
		events := sink.all()
		require.Len(t, events, 1, "an event of no monitor goes to nobody")
		require.Equal(t, cti.CapabilitiesChanged, events[0].Kind)
		require.Equal(t, cti.OperationsOf(cti.OpPing), s.Capabilities().Operations)
		require.EqualValues(t, 6, s.Counters().Skipped, "future, news, the answer, Sunrise, makeCall, shoeSize")
		_, err := s.Do(t.Context(), driver.Request{Op: cti.OpMakeCall, Device: "4001", Number: "1"})
		require.ErrorIs(t, err, ctikit.ErrUnsupported)
	})
}

func TestCloseByThePBX(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg, pbx := dialScript(t, vtixml.Config{})
		pbx.say(opened)
		s := open(t, cfg, &collector{})
		pbx.say(`<close/>`)
		<-s.Done()
		require.ErrorIs(t, s.Err(), cti.ErrLinkDown)
		require.ErrorContains(t, s.Err(), "the PBX closed the link")
	})
}

func TestKeepRaw(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := inMemory(ctitest.LinkOptions{}, vtixml.Config{KeepRaw: true})(t)
		h.Network.Add(cti.Extension{Number: "4001"})
		sink := &collector{}
		s := open(t, h.Connector.(vtixml.Config), sink)
		_, err := s.Supervise(t.Context(), cti.Extension{Number: "4001"})
		require.NoError(t, err)
		require.NoError(t, h.Network.Set("4001").MessageWaiting(true))
		synctest.Wait()
		require.Equal(t, `<event monitor="1" kind="MessageWaiting" device="4001" on="true"><subject number="4001"/></event>`, string(sink.all()[0].Raw))
	})
}

// TestLongMessage: the limit is the configuration's.
func TestLongMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg, pbx := dialScript(t, vtixml.Config{MaxMessage: 200})
		pbx.say(opened)
		s := open(t, cfg, &collector{})
		pbx.say(`<event monitor="1" kind="DisplayUpdated" text="` + strings.Repeat("x", 200) + `"/>`)
		<-s.Done()
		require.ErrorIs(t, s.Err(), cti.ErrProtocol)
		require.ErrorContains(t, s.Err(), "exceeds the maximum of 200")
	})
}
