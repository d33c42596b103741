package csta_test

import (
	"crypto/tls"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/csta/cstatest"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
)

// TestMonitorWithoutReference: an answer that names no monitor is none.
func TestMonitorWithoutReference(t *testing.T) {
	for _, doc := range []string{"<MonitorStartResponse/>", "<MonitorStartResponse><monitorCrossRefID/></MonitorStartResponse>"} {
		pbx, s, got := newHandPBX(t)
		done := make(chan error, 1)
		go func() {
			_, err := s.Supervise(t.Context(), cti.Extension{Number: "4001"})
			done <- err
		}()
		pbx.say(pbx.next("MonitorStart"), doc)
		require.ErrorIs(t, <-done, cti.ErrProtocol)
		wait := supervising(t, s, "4001")
		pbx.started(pbx.next("MonitorStart"), "7")
		wait()
		require.Empty(t, lines(got))
	}
}

// TestSessionInAnotherEdition: a PBX that grants a session in an edition that was
// not asked for would not understand what follows.
func TestSessionInAnotherEdition(t *testing.T) {
	const editions = "http://www.ecma-international.org/standards/ecma-323/csta/"
	for version, good := range map[string]bool{editions + "ed4": true, editions + "ed4/priv1": true, "3.0": true, "": true, editions + "ed3": false, editions + "ed6": false} {
		p, _ := csta.ProfileByName("OpenScape Voice")
		p.Register, p.AskCapabilities = false, false
		listener := ctitest.Listen(ctitest.PipeOptions{})
		go func() {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			defer c.Close()
			id, _, err := readXML(c)
			if err == nil {
				writeXML(c, id+"<StartApplicationSessionPosResponse><sessionID>1</sessionID><actualProtocolVersion>"+version+
					"</actualProtocolVersion><actualSessionDuration>600</actualSessionDuration></StartApplicationSessionPosResponse>")
				_, _, _ = readXML(c)
			}
		}()
		s, err := csta.Config{Addr: "pbx", Profile: p, Dial: listener.Dial}.Open(t.Context(), nowhere{})
		if good {
			require.NoError(t, err, version)
			require.NoError(t, s.Close())
		} else {
			require.ErrorIs(t, err, cti.ErrRefused, version)
			require.ErrorContains(t, err, "Profile.Encoding")
		}
		listener.Close()
	}
}

// TestTLSAndPlain: neither side of a mismatch waits, and each says what is wrong.
func TestTLSAndPlain(t *testing.T) {
	certificate, roots := certified(t)
	serve := func(l net.Listener) string {
		net := ctitest.NewNetwork(ctitest.Options{})
		server := cstatest.Serve(l, net.Link("a", ctitest.LinkOptions{Protocol: cti.CSTA}), csta.Generic3)
		t.Cleanup(func() { server.Close() })
		return l.Addr().String()
	}
	listen := func() net.Listener {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		return l
	}
	plain := serve(listen())
	secure := serve(tls.NewListener(listen(), &tls.Config{Certificates: []tls.Certificate{certificate}}))
	for name, test := range map[string]struct {
		addr string
		tls  *tls.Config
		want error
		says string
	}{
		"unknown certificate": {secure, &tls.Config{}, cti.ErrLinkDown, "certificate"},
		"another name":        {secure, &tls.Config{ServerName: "other", RootCAs: roots}, cti.ErrLinkDown, "other"},
		"TLS to plain":        {plain, &tls.Config{RootCAs: roots}, cti.ErrLinkDown, ""},
		"plain to TLS":        {secure, nil, cti.ErrLinkDown, ""},
	} {
		t.Run(name, func(t *testing.T) {
			begun := time.Now()
			_, err := csta.Config{Addr: test.addr, Profile: csta.Generic3, TLS: test.tls}.Open(t.Context(), nowhere{})
			require.ErrorIs(t, err, test.want)
			require.True(t, strings.Contains(err.Error(), test.says), err.Error())
			require.Less(t, time.Since(begun), 20*time.Second)
		})
	}
}

// TestProfileWithoutName is one all the same; only no profile at all is the default.
func TestProfileWithoutName(t *testing.T) {
	p := csta.Profile{Encoding: csta.BER3, Framing: csta.Delimited, Port: 1234, Version: -1}
	require.Equal(t, "pbx:1234", csta.Config{Addr: "pbx", Profile: p}.Address())
	require.Equal(t, "pbx:3211", csta.Config{Addr: "pbx"}.Address())
}
