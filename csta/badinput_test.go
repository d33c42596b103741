package csta_test

import (
	"io"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
)

// badPeer answers the greeting and then, behind whatever is asked, says what
// the test wants in front of the right answer.
func badPeer(t *testing.T, says func(id string) []string) (driver.Session, *collector) {
	return badPeerWith(t, func(*csta.Config) {}, says)
}

func badPeerWith(t *testing.T, change func(*csta.Config), says func(id string) []string) (driver.Session, *collector) {
	listener := ctitest.Listen(ctitest.PipeOptions{})
	t.Cleanup(func() { listener.Close() })
	go func() {
		c, err := listener.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		first := true
		for {
			id, doc, err := readXML(c)
			switch {
			case err != nil:
				return
			case first:
				first = false
			default:
				for _, s := range says(id) {
					writeXML(c, s)
				}
			}
			if strings.Contains(doc, "RequestSystemStatus") {
				writeXML(c, id+"<RequestSystemStatusResponse><systemStatus>normal</systemStatus></RequestSystemStatusResponse>")
			}
		}
	}()
	got := &collector{}
	p := csta.GenericXML
	p.AskCapabilities = false // the greeting is one request
	cfg := csta.Config{Addr: "pbx", Profile: p, Dial: listener.Dial}
	change(&cfg)
	s, err := cfg.Open(t.Context(), got)
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	return s, got
}

func readXML(r io.Reader) (id, doc string, err error) {
	head := make([]byte, 8)
	if _, err := io.ReadFull(r, head); err != nil {
		return "", "", err
	}
	body := make([]byte, int(head[2])<<8+int(head[3])-8)
	_, err = io.ReadFull(r, body)
	return string(head[4:]), string(body), err
}

func writeXML(c net.Conn, m string) {
	n := len(m) + 4
	c.Write(append([]byte{0, 0, byte(n >> 8), byte(n)}, m...))
}

// TestBadInput: what cannot be meant is skipped and counted, and disturbs
// nothing else.
func TestBadInput(t *testing.T) {
	for name, m := range map[string]string{
		"cut off":                  "9999<DeliveredEvent><monitorCrossRefID>1",
		"unknown invoke id":        "4711<MakeCallResponse/>",
		"event of no monitor":      "9999<HeldEvent><monitorCrossRefID>nobody</monitorCrossRefID></HeldEvent>",
		"unknown event":            "9999<SomethingNewEvent/>",
		"DTD":                      "9999<!DOCTYPE a><HeldEvent/>",
		"entities":                 `9999<!DOCTYPE a [<!ENTITY b "c">]><HeldEvent>&b;</HeldEvent>`,
		"10,000 deep":              "9999" + strings.Repeat("<a>", 10000),
		"not UTF-8":                "9999<HeldEvent><monitorCrossRefID>\xff</monitorCrossRefID></HeldEvent>",
		"response without request": "0042<SystemRegisterResponse/>",
	} {
		t.Run(name, func(t *testing.T) {
			s, got := badPeer(t, func(string) []string { return []string{m} })
			require.NoError(t, do(t.Context(), s, driver.Request{Op: cti.OpPing}))
			require.NoError(t, do(t.Context(), s, driver.Request{Op: cti.OpPing}))
			require.EqualValues(t, 2, s.Counters().Skipped)
			require.Empty(t, got.events)
		})
	}
}

// TestWrongAnswer: a result of another service than asked for, and one that
// cannot be read, are the error of that request and of no other.
func TestWrongAnswer(t *testing.T) {
	for name, doc := range map[string]string{
		"of another service": "<MonitorStopResponse/>",
		"malformed":          "<MakeCallResponse><callingDevice>",
		"unknown":            "<NewResponse/>",
	} {
		t.Run(name, func(t *testing.T) {
			wrong := true
			s, _ := badPeer(t, func(id string) []string {
				if !wrong {
					return nil
				}
				wrong = false
				return []string{id + doc}
			})
			_, err := s.Do(t.Context(), driver.Request{Op: cti.OpMakeCall, Device: "4001", Number: "4002"})
			require.ErrorIs(t, err, cti.ErrProtocol)
			require.NoError(t, do(t.Context(), s, driver.Request{Op: cti.OpPing}))
		})
	}
}

// TestNoCSTA: a stream that is no CSTA ends the link.
func TestNoCSTA(t *testing.T) {
	s, _ := badPeer(t, func(string) []string { return []string{strings.Repeat("x", 65535)} })
	require.Error(t, do(t.Context(), s, driver.Request{Op: cti.OpPing}))
	<-s.Done()
	require.ErrorIs(t, s.Err(), cti.ErrProtocol)
}
