package vtixml_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/vtixml"
	"github.com/ctikit/ctikit/vtixml/vtixmltest"
)

func TestOpening(t *testing.T) {
	for name, test := range map[string]struct {
		answer string
		want   error
		text   string
	}{
		"another version":     {`<opened version="ctikit-9"/>`, cti.ErrProtocol, "ctikit-9"},
		"our version refused": {`<refusal code="badVersion" text="want version ctikit-9"/>`, cti.ErrProtocol, "want version ctikit-9"},
		"credentials":         {`<refusal code="badCredentials"/>`, cti.ErrBadCredentials, "badCredentials"},
		"something else":      {`<ping id="1"/>`, cti.ErrProtocol, "unexpected reply"},
		"no XML":              {`hello`, cti.ErrProtocol, "outside the root"},
		"document type":       {`<!DOCTYPE x><opened version="ctikit-1"/>`, cti.ErrProtocol, "document type"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, pbx := dialScript(t, vtixml.Config{Application: "crm"})
			pbx.say(test.answer)
			_, err := cfg.Open(t.Context(), &collector{})
			require.ErrorIs(t, err, test.want)
			require.ErrorContains(t, err, test.text)
			require.Equal(t, `<open version="ctikit-1" application="crm"/>`, pbx.hear())
		})
	}
}

func TestConfiguration(t *testing.T) {
	for addr, want := range map[string]string{"pbx": "pbx:3199", "pbx:4000": "pbx:4000", "10.0.0.1": "10.0.0.1:3199", "::1": "[::1]:3199", "[::1]": "[::1]:3199", "[::1]:5": "[::1]:5"} {
		require.Equal(t, want, vtixml.Config{Addr: addr}.Address())
	}
	_, err := vtixml.Config{MaxMessage: -1, MaxInFlight: 1 << 20}.Open(t.Context(), &collector{})
	require.ErrorContains(t, err, "addr: ")
	require.ErrorContains(t, err, "maxMessage: ")
	require.ErrorContains(t, err, "maxInFlight: ")
	require.True(t, cti.SafeToRetry(err))
	_, err = vtixml.Config{Addr: "pbx:http"}.Open(t.Context(), &collector{})
	require.ErrorContains(t, err, "addr: invalid port")
}

func TestTLS(t *testing.T) {
	donor := httptest.NewTLSServer(nil) // for its certificate of example.com
	donor.Close()
	authorities := x509.NewCertPool()
	authorities.AddCert(donor.Certificate())
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	port := ctitest.NewNetwork(ctitest.Options{}).Link("a", ctitest.LinkOptions{})
	server := vtixmltest.Serve(tls.NewListener(listener, &tls.Config{Certificates: donor.TLS.Certificates}), port, vtixmltest.Options{})
	defer server.Close()
	cfg := vtixml.Config{Addr: listener.Addr().String(), TLS: &tls.Config{RootCAs: authorities, ServerName: "example.com"}}
	s := open(t, cfg, &collector{})
	require.NoError(t, do(t.Context(), s, driver.Request{Op: cti.OpPing}))
	require.NoError(t, s.Close())

	other := cfg
	other.TLS = &tls.Config{RootCAs: authorities, ServerName: "elsewhere.example"}
	require.NotEqual(t, cfg.Identity(), other.Identity())
	_, err = other.Open(t.Context(), &collector{})
	require.ErrorIs(t, err, cti.ErrLinkDown)
	require.ErrorContains(t, err, "TLS")
	stranger := cfg
	stranger.TLS = nil
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	_, err = stranger.Open(ctx, &collector{})
	require.Error(t, err, "a server that wants TLS")
}

// TestServerRefusesOtherVersions: the test server is no yes-man.
func TestServerRefusesOtherVersions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		listener := ctitest.Listen(ctitest.PipeOptions{})
		port := ctitest.NewNetwork(ctitest.Options{}).Link("a", ctitest.LinkOptions{})
		server := vtixmltest.Serve(listener, port, vtixmltest.Options{})
		defer server.Close()
		conn, err := listener.Dial(t.Context(), "", "")
		require.NoError(t, err)
		defer conn.Close()
		pbx := scripted{t, conn}
		pbx.say(`<open version="ctikit-0"/>`)
		require.Contains(t, pbx.hear(), `code="badVersion"`)
		require.Zero(t, port.Associations())
	})
}

// plain is a codec of a vocabulary without opening that logs extensions on one
// by one.
type plain struct{ vtixml.Dialect }

func (plain) Capabilities() driver.Capabilities {
	return driver.Capabilities{Operations: cti.OperationsOf(cti.OpSupervise, cti.OpSnapshotDevice), MaxSupervisions: 2}
}

func (c plain) Append(dst []byte, m *vtixml.Message) ([]byte, error) {
	if len(m.Logons) > 1 {
		return dst, errors.New("one by one")
	}
	return c.Dialect.Append(dst, m)
}

// TestUngreeted: a protocol may have no opening, and no message for several logons.
func TestUngreeted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg, pbx := dialScript(t, vtixml.Config{Codec: plain{}})
		s := open(t, cfg, &collector{})
		require.Equal(t, 2, s.Capabilities().MaxSupervisions)
		var wg sync.WaitGroup
		for _, number := range []cti.DeviceID{"4001", "4002"} {
			wg.Go(func() {
				_, err := s.Supervise(t.Context(), cti.Extension{Number: number})
				require.ErrorIs(t, err, cti.ErrBadPassword)
			})
		}
		for _, id := range []string{"1", "2"} {
			require.Contains(t, pbx.hear(), `<logon><extension id="`+id+`"`)
			pbx.say(`<refusal id="` + id + `" code="badPassword"/>`)
		}
		wg.Wait()
	})
}

// countingCodec is a codec with a state that use changes.
type countingCodec struct {
	vtixml.Dialect
	Messages int
}

func (c *countingCodec) Append(dst []byte, m *vtixml.Message) ([]byte, error) {
	c.Messages++
	return c.Dialect.Append(dst, m)
}

// markedFramer is a framer with a setting.
type markedFramer struct {
	vtixml.LengthPrefixed
	Mark byte
}

// TestIdentityOfCodecAndFramer: a pointer counts as such, whatever it points to
// now; a value by its content.
func TestIdentityOfCodecAndFramer(t *testing.T) {
	codec := func(c vtixml.Codec) string { return vtixml.Config{Addr: "pbx", Codec: c}.Identity() }
	one, two := new(countingCodec), new(countingCodec)
	before := codec(one)
	_, err := one.Append(nil, &vtixml.Message{Type: vtixml.OpenMessage})
	require.NoError(t, err)
	require.Equal(t, before, codec(one), "used")
	require.NotEqual(t, before, codec(two))
	require.Equal(t, codec(nil), codec(vtixml.Dialect{}), "the default")
	require.NotEqual(t, codec(nil), before)

	framer := func(f vtixml.Framer) string { return vtixml.Config{Addr: "pbx", Framer: f}.Identity() }
	marked := &markedFramer{Mark: 'a'}
	before = framer(marked)
	marked.Mark = 'b'
	require.Equal(t, before, framer(marked))
	require.Equal(t, framer(markedFramer{Mark: 'a'}), framer(markedFramer{Mark: 'a'}))
	require.NotEqual(t, framer(markedFramer{Mark: 'a'}), framer(markedFramer{Mark: 'b'}))
	require.Equal(t, framer(nil), framer(vtixml.LengthPrefixed{}), "the default")
	require.NotEqual(t, framer(nil), framer(markedFramer{}))
}
