package csta_test

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
)

// handPBX is a PBX in XML that says what the test tells it to. It answers
// everything but the monitors by itself.
type handPBX struct {
	t     *testing.T
	conn  io.ReadWriter
	mu    sync.Mutex
	asked chan [2]string // identifier and document of what concerns monitors
}

func newHandPBX(t *testing.T) (*handPBX, driver.Session, *collector) {
	p := &handPBX{t: t, asked: make(chan [2]string, 64)}
	listener := ctitest.Listen(ctitest.PipeOptions{})
	t.Cleanup(func() { listener.Close() })
	go func() {
		c, err := listener.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		p.conn = c
		p.serve()
	}()
	got := &collector{}
	profile := csta.GenericXML
	profile.AskCapabilities, profile.SnapshotCalls = false, false
	s, err := csta.Config{Addr: "pbx", Profile: profile, Dial: listener.Dial}.Open(t.Context(), got)
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	return p, s, got
}

func (p *handPBX) serve() {
	for {
		id, doc, err := readXML(p.conn)
		switch {
		case err != nil:
			return
		case strings.Contains(doc, "RequestSystemStatus"):
			p.say(id, "<RequestSystemStatusResponse><systemStatus>normal</systemStatus></RequestSystemStatusResponse>")
		case strings.Contains(doc, "<SnapshotDevice"):
			p.say(id, "<SnapshotDeviceResponse><crossRefIDorSnapshotData><snapshotData/></crossRefIDorSnapshotData></SnapshotDeviceResponse>")
		case strings.Contains(doc, "<Monitor") && !strings.Contains(doc, "Response"):
			p.asked <- [2]string{id, doc}
		}
	}
}

func (p *handPBX) say(id, doc string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	m := id + doc
	n := len(m) + 4
	p.conn.Write(append([]byte{0, 0, byte(n >> 8), byte(n)}, m...))
}

// next is the identifier of the next request, which must be of a service.
func (p *handPBX) next(service string) (id string) {
	p.t.Helper()
	select {
	case a := <-p.asked:
		require.Contains(p.t, a[1], "<"+service)
		return a[0]
	case <-time.After(10 * time.Second):
		require.Fail(p.t, "nobody asked for "+service)
		return ""
	}
}

func (p *handPBX) started(id, ref string) {
	p.say(id, "<MonitorStartResponse><monitorCrossRefID>"+ref+"</monitorCrossRefID></MonitorStartResponse>")
}
func (p *handPBX) stop(ref string) {
	p.say("9999", "<MonitorStop><monitorCrossRefID>"+ref+"</monitorCrossRefID></MonitorStop>")
}
func (p *handPBX) outOfService(ref string) {
	p.say("9999", "<OutOfServiceEvent><monitorCrossRefID>"+ref+"</monitorCrossRefID><device><deviceIdentifier>4001</deviceIdentifier></device></OutOfServiceEvent>")
}

func supervising(t *testing.T, s driver.Session, device cti.DeviceID) func() {
	done := make(chan error, 1)
	go func() {
		_, err := s.Supervise(t.Context(), cti.Extension{Number: device})
		done <- err
	}()
	return func() {
		t.Helper()
		select {
		case err := <-done:
			require.NoError(t, err)
		case <-time.After(10 * time.Second):
			require.Fail(t, "Supervise did not return")
		}
	}
}

func lines(got *collector) (out []string) {
	got.mu.Lock()
	defer got.mu.Unlock()
	for _, ev := range got.events {
		out = append(out, fmt.Sprintf("%s %v", ev.Device, ev.Kind))
	}
	return out
}

// TestStopOvertakesTheAnswer: the PBX sends both at once, in the wrong order.
func TestStopOvertakesTheAnswer(t *testing.T) {
	pbx, s, got := newHandPBX(t)
	wait := supervising(t, s, "4001")
	id := pbx.next("MonitorStart")
	pbx.outOfService("7")
	pbx.stop("7")
	pbx.outOfService("7") // of nothing any more
	pbx.started(id, "7")
	wait()
	require.Equal(t, []string{"4001 OutOfService", "4001 MonitorStopped"}, lines(got))
	wait = supervising(t, s, "4001")
	pbx.started(pbx.next("MonitorStart"), "7")
	wait()
	require.NoError(t, do(t.Context(), s, driver.Request{Op: cti.OpPing}))
	require.Len(t, lines(got), 2, "the reference is good when it is used again")
}

// TestStopOfAnOlderMonitor: what is said of a reference before a start is sent
// concerns the older monitor of that reference, known or not.
func TestStopOfAnOlderMonitor(t *testing.T) {
	pbx, s, got := newHandPBX(t)
	first := supervising(t, s, "4001") // whose answer does not come for long
	slow := pbx.next("MonitorStart")
	pbx.stop("7") // nobody knows of what
	require.NoError(t, do(t.Context(), s, driver.Request{Op: cti.OpPing}))
	second := supervising(t, s, "4002")
	pbx.started(pbx.next("MonitorStart"), "7")
	second()
	require.Empty(t, lines(got), "the stop was there before the start")
	pbx.started(slow, "8")
	first()
	require.Empty(t, lines(got))
	pbx.stop("7")
	require.NoError(t, do(t.Context(), s, driver.Request{Op: cti.OpPing}))
	require.Equal(t, []string{"4002 MonitorStopped"}, lines(got))
}

// TestReferenceOfAReleasedMonitor: a PBX that stops a monitor uses its reference
// again at once, while events and a stop of the old one are under way.
func TestReferenceOfAReleasedMonitor(t *testing.T) {
	pbx, s, got := newHandPBX(t)
	wait := supervising(t, s, "4001")
	pbx.started(pbx.next("MonitorStart"), "7")
	wait()
	wait = supervising(t, s, "4002")
	start := pbx.next("MonitorStart")
	released := make(chan error, 1)
	go func() { released <- s.Release(t.Context(), "4001") }()
	stop := pbx.next("MonitorStop")
	pbx.outOfService("7")
	pbx.stop("7")
	pbx.say(stop, "<MonitorStopResponse/>")
	require.NoError(t, <-released)
	pbx.started(start, "7")
	wait()
	require.NoError(t, do(t.Context(), s, driver.Request{Op: cti.OpPing}))
	require.Empty(t, lines(got))
	pbx.outOfService("7")
	require.NoError(t, do(t.Context(), s, driver.Request{Op: cti.OpPing}))
	require.Equal(t, []string{"4002 OutOfService"}, lines(got))
}

// TestReferenceOfAStandingMonitor: a PBX that gives it to another device has
// ended the monitor that had it.
func TestReferenceOfAStandingMonitor(t *testing.T) {
	pbx, s, got := newHandPBX(t)
	for _, device := range []cti.DeviceID{"4001", "4002"} {
		wait := supervising(t, s, device)
		pbx.started(pbx.next("MonitorStart"), "7")
		wait()
	}
	require.Equal(t, []string{"4001 MonitorStopped"}, lines(got))
	wait := supervising(t, s, "4001")
	pbx.started(pbx.next("MonitorStart"), "8")
	wait()
}

// TestEarlyIsBounded: what comes of monitors that nobody started takes no more
// memory than is allowed, and a PBX that stops such without end loses the link.
func TestEarlyIsBounded(t *testing.T) {
	pbx, s, got := newHandPBX(t)
	wait := supervising(t, s, "4001")
	id := pbx.next("MonitorStart")
	for i := range 12000 { // over a hundred bytes each
		pbx.outOfService(fmt.Sprint("other", i))
	}
	pbx.stop("7")
	pbx.started(id, "7")
	wait()
	require.Equal(t, []string{"4001 MonitorStopped"}, lines(got), "a stop has room of its own")
	require.NotZero(t, s.Counters().Skipped)

	go func() { _, _ = s.Supervise(t.Context(), cti.Extension{Number: "4001"}) }()
	pbx.next("MonitorStart")
	go func() {
		for i := range 30000 {
			pbx.stop(fmt.Sprint("other", i))
		}
	}()
	select {
	case <-s.Done():
		require.ErrorIs(t, s.Err(), cti.ErrProtocol)
	case <-time.After(30 * time.Second):
		require.Fail(t, "the link goes on")
	}
}
