package csta_test

import (
	"bytes"
	"encoding/hex"
	"encoding/xml"
	"html"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/csta/cstatest"
	"github.com/ctikit/ctikit/csta/dissect"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
)

// TestRecordAndReplay: a link is recorded, without its password, and what was
// recorded stands in for the PBX.
func TestRecordAndReplay(t *testing.T) {
	for _, name := range []string{"OpenScape Business XML", "OpenScape Business BER", "Avaya AES", "Mitel 5000"} {
		t.Run(name, func(t *testing.T) {
			p, ok := csta.ProfileByName(name)
			require.True(t, ok)
			h := harness(t, p)
			h.Network.Add(cti.Extension{Number: "4001"}, cti.Extension{Number: "4002"})
			var file bytes.Buffer
			cfg := h.Connector.(csta.Config)
			cfg.Record = &file
			first := talk(t, cfg)
			require.NotContains(t, file.String(), hex.EncodeToString([]byte("s3cret")))
			require.Equal(t, p.Login, strings.Contains(file.String(), hex.EncodeToString([]byte("******"))))

			r, err := dissect.NewReader(bytes.NewReader(file.Bytes()))
			require.NoError(t, err)
			pdu, err := r.Next()
			require.NoError(t, err)
			require.Equal(t, ">", pdu.Direction)
			require.False(t, pdu.Time.IsZero())

			listener := ctitest.Listen(ctitest.PipeOptions{})
			defer listener.Close()
			replayed := make(chan error, 1)
			go func() {
				c, err := listener.Accept()
				if err == nil {
					err = cstatest.Replay(c, bytes.NewReader(file.Bytes()), p)
					c.Close()
				}
				replayed <- err
			}()
			cfg.Record, cfg.Dial = nil, listener.Dial
			require.Equal(t, first, talk(t, cfg))
			require.NoError(t, <-replayed)
		})
	}
}

// TestSecretsAreMasked: a password is masked in each form that a message can
// have it in.
func TestSecretsAreMasked(t *testing.T) {
	for _, password := range []string{"s3cret", `pass"word`, `it's <mine>`, "a&b]]>c", "zweiß\u00e9\U0001f600", "tab\tand\nline", "longenough"} {
		for _, name := range []string{"OpenScape Business XML", "OpenScape Business BER", "Avaya AES"} {
			p, _ := csta.ProfileByName(name)
			net := ctitest.NewNetwork(ctitest.Options{})
			listener := ctitest.Listen(ctitest.PipeOptions{})
			server := cstatest.Serve(listener, net.Link("a", ctitest.LinkOptions{Protocol: cti.CSTA, User: "u", Password: password,
				Escape: func(data []byte) ([]byte, error) { return data, nil }}), p)
			var file bytes.Buffer
			cfg := csta.Config{Addr: "pbx", Profile: p, Dial: listener.Dial, User: "u", Password: ctikit.NewSecret(password), Record: &file}
			s, err := cfg.Open(t.Context(), nowhere{})
			require.NoError(t, err, "%s %q", name, password)
			if len(password) >= 8 { // a vendor's login in private data
				data := []byte(password)
				if p.Encoding.XML() {
					var escaped bytes.Buffer
					require.NoError(t, xml.EscapeText(&escaped, data))
					data = []byte("<login>" + escaped.String() + "</login>")
				}
				_, err = s.Do(t.Context(), driver.Request{Op: cti.OpEscape, Private: data})
				require.NoError(t, err)
			}
			require.NoError(t, s.Close())
			server.Close()
			for line := range strings.Lines(file.String()) {
				fields := strings.Fields(line)
				frame, err := hex.DecodeString(fields[len(fields)-1])
				if err != nil {
					continue
				}
				for _, text := range []string{string(frame), html.UnescapeString(string(frame))} {
					require.NotContains(t, text, password, "%s %q", name, password)
				}
			}
			require.Contains(t, file.String(), hex.EncodeToString(bytes.Repeat([]byte("*"), len(password))))
		}
	}
}

// talk is a conversation in which one thing follows the other.
func talk(t *testing.T, cfg csta.Config) cti.ConnectionID {
	s, err := cfg.Open(t.Context(), nowhere{})
	require.NoError(t, err)
	made, err := s.Do(t.Context(), driver.Request{Op: cti.OpMakeCall, Device: "4001", Number: "4002"})
	require.NoError(t, err)
	require.NoError(t, do(t.Context(), s, driver.Request{Op: cti.OpClearConnection, Connection: made.Connection}))
	require.NoError(t, s.Close())
	return made.Connection
}

type nowhere struct{}

func (nowhere) Event(*cti.Event) {}
