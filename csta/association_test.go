package csta_test

import (
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/csta/internal/framing"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
)

// acsePeer is the switch's side of an association, said by hand.
type acsePeer struct {
	t      *testing.T
	conn   net.Conn
	frames *framing.Reader
	p      csta.Profile
	codec  message.Codec
}

// acsePeerOf lets a PBX of a type answer as the test says; it ends with the test.
func acsePeerOf(t *testing.T, p csta.Profile, say func(*acsePeer)) csta.Config {
	listener := ctitest.Listen(ctitest.PipeOptions{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		c, err := listener.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		say(&acsePeer{t, c, framing.NewReader(c, framing.Framing(p.Framing), 0), p, newCodec(p)})
	}()
	t.Cleanup(func() { listener.Close(); <-done })
	p.AskCapabilities = false
	return csta.Config{Addr: "pbx", Profile: p, Dial: listener.Dial, User: "u", Password: ctikit.NewSecret("secret")}
}

func (a *acsePeer) send(encode func([]byte) ([]byte, error)) {
	out, err := encode(framing.Framing(a.p.Framing).Begin(nil))
	if err == nil {
		err = framing.Framing(a.p.Framing).End(out, 0)
	}
	if err != nil {
		a.t.Error(err)
	}
	a.conn.Write(out)
}

func (a *acsePeer) say(m message.Association) {
	a.send(func(dst []byte) ([]byte, error) { return a.codec.AppendAssociation(dst, &m) })
}

// hear reads the next message; nil at the end.
func (a *acsePeer) hear() *message.Message {
	frame, err := a.frames.Next()
	m := new(message.Message)
	if err != nil || a.codec.Decode(frame, m) != nil {
		return nil
	}
	return m
}

// TestAssociationRefused: whatever comes in place of a welcome is a typed error,
// at once.
func TestAssociationRefused(t *testing.T) {
	diagnostic := func(n int64, byProvider bool) message.Association {
		return message.Association{Step: message.Associated, Result: message.RejectedPermanently, Diagnostic: message.Some(n), ByProvider: byProvider}
	}
	chosen := func(bits ...int) message.Association {
		return message.Association{Step: message.Associated, Context: "1.3.12.0.218", Versions: message.BitsOf(8, bits...)}
	}
	for name, test := range map[string]struct {
		answer message.Association
		want   error
		says   string
	}{
		"no common version":        {diagnostic(2, true), cti.ErrRefused, "version"},
		"context not supported":    {diagnostic(2, false), cti.ErrRefused, "Profile.Context"},
		"authentication failed":    {diagnostic(13, false), cti.ErrBadCredentials, "13"},
		"refused for now":          {message.Association{Step: message.Associated, Result: message.RejectedTransiently, Diagnostic: message.Some(int64(1))}, cti.ErrRefused, "transiently"},
		"a version of phase I":     {chosen(0), cti.ErrRefused, "Profile.Version"},
		"a version of XML":         {chosen(5), cti.ErrRefused, "Profile.Version"},
		"no version":               {chosen(), cti.ErrRefused, "Profile.Version"},
		"aborted":                  {message.Association{Step: message.Abort, Reason: message.Some(int64(1))}, cti.ErrLinkDown, "aborted"},
		"released":                 {message.Association{Step: message.Release}, cti.ErrLinkDown, "released"},
		"an association asked for": {message.Association{Step: message.Associate, Context: "1.3.12.0.218"}, cti.ErrProtocol, "association"},
	} {
		t.Run(name, func(t *testing.T) {
			p, _ := csta.ProfileByName("Panasonic KX-TDA/TDE/NS")
			cfg := acsePeerOf(t, p, func(a *acsePeer) {
				a.hear()
				a.say(test.answer)
				io.Copy(io.Discard, a.conn)
			})
			s, err := cfg.Open(t.Context(), nowhere{})
			if err == nil {
				s.Close()
			}
			require.ErrorIs(t, err, test.want)
			require.ErrorContains(t, err, test.says)
			var e *cti.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, cti.OpOpen, e.Op)
		})
	}
}

// TestAssociationAccepted: any version of the phase that is spoken will do, and
// no version, as old switches answer.
func TestAssociationAccepted(t *testing.T) {
	for name, versions := range map[string]message.Bits{"offered": message.BitsOf(5, 4), "earlier": message.BitsOf(3, 2), "not told": {}, "several": message.BitsOf(19, 4, 14, 18)} {
		t.Run(name, func(t *testing.T) {
			p, _ := csta.ProfileByName("Panasonic KX-TDA/TDE/NS")
			cfg := acsePeerOf(t, p, func(a *acsePeer) {
				if m := a.hear(); m == nil || m.Association.Step != message.Associate || !m.Association.Versions.Has(4) {
					t.Errorf("no AARQ: %v", m)
				}
				a.say(message.Association{Step: message.Associated, Context: "1.3.12.0.218", Versions: versions})
				if m := a.hear(); m == nil || m.Association.Step != message.Release {
					t.Errorf("no RLRQ: %v", m)
				}
			})
			s, err := cfg.Open(t.Context(), nowhere{})
			require.NoError(t, err)
			require.NoError(t, s.Close())
		})
	}
}

// TestAssociationEnds: the switch ends it while the link is up.
func TestAssociationEnds(t *testing.T) {
	for name, end := range map[string]func(a *acsePeer){
		"ABRT":      func(a *acsePeer) { a.say(message.Association{Step: message.Abort}) },
		"bare ABRT": func(a *acsePeer) { a.send(func(dst []byte) ([]byte, error) { return append(dst, 0x80, 1, 0), nil }) },
		"RLRQ": func(a *acsePeer) {
			a.say(message.Association{Step: message.Release, Reason: message.Some(int64(0))})
			if m := a.hear(); m == nil || m.Association.Step != message.Released {
				t.Errorf("RLRQ was answered by %v", m)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			p, _ := csta.ProfileByName("Panasonic KX-TDA/TDE/NS")
			cfg := acsePeerOf(t, p, func(a *acsePeer) {
				a.hear()
				a.say(message.Association{Step: message.Associated, Context: "1.3.12.0.218"})
				a.hear() // the request in flight
				end(a)
				io.Copy(io.Discard, a.conn)
			})
			s, err := cfg.Open(t.Context(), nowhere{})
			require.NoError(t, err)
			defer s.Close()
			_, err = s.Do(t.Context(), driver.Request{Op: cti.OpMakeCall, Device: "4001", Number: "4002"})
			require.ErrorIs(t, err, cti.ErrLinkDown)
			require.False(t, cti.SafeToRetry(err), "it had been sent")
			<-s.Done()
			require.ErrorIs(t, s.Err(), cti.ErrLinkDown)
			require.ErrorContains(t, s.Err(), "association")
		})
	}
}

// TestOXO: the OmniPCX Office wants its byte first and EXIT at the end (Alcatel
// 3EH21000, CSTA link).
func TestOXO(t *testing.T) {
	p, _ := csta.ProfileByName("Alcatel OmniPCX Office")
	t.Run("from the start to the end", func(t *testing.T) {
		exit := make(chan string, 1)
		cfg := acsePeerOf(t, p, func(a *acsePeer) {
			if err := framing.AcceptOXO(a.conn); err != nil {
				t.Error(err)
			}
			a.hear()
			a.say(message.Association{Step: message.Associated, Context: p.Context})
			if m := a.hear(); m == nil || m.Association.Step != message.Release {
				t.Errorf("no RLRQ: %v", m)
			}
			time.Sleep(20 * time.Millisecond)
			a.say(message.Association{Step: message.Released, Reason: message.Some(int64(0))})
			rest, _ := io.ReadAll(a.conn)
			exit <- string(rest)
		})
		s, err := cfg.Open(t.Context(), nowhere{})
		require.NoError(t, err)
		require.NoError(t, s.Close())
		require.Equal(t, "EXIT", <-exit)
	})
	for name, start := range map[string]string{"another byte": "X", "lower case": "p", "an AARE at once": "\x00\x02\x61\x00", "the client's": "B"} {
		t.Run(name, func(t *testing.T) {
			cfg := acsePeerOf(t, p, func(a *acsePeer) {
				io.WriteString(a.conn, start)
				io.Copy(io.Discard, a.conn)
			})
			_, err := cfg.Open(t.Context(), nowhere{})
			require.ErrorIs(t, err, cti.ErrProtocol)
			require.ErrorContains(t, err, "OmniPCX Office")
		})
	}
	t.Run("the end", func(t *testing.T) {
		_, err := acsePeerOf(t, p, func(a *acsePeer) {}).Open(t.Context(), nowhere{})
		require.ErrorIs(t, err, cti.ErrLinkDown)
	})
	t.Run("garbage behind the byte", func(t *testing.T) {
		cfg := acsePeerOf(t, p, func(a *acsePeer) {
			io.WriteString(a.conn, "PHTTP/1.1 400 Bad Request\r\n\r\n")
			io.Copy(io.Discard, a.conn)
		})
		_, err := cfg.Open(t.Context(), nowhere{})
		require.ErrorIs(t, err, cti.ErrProtocol)
	})
}
