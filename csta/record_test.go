package csta_test

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/csta/cstatest"
	"github.com/ctikit/ctikit/csta/dissect"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
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

// talk is a conversation in which one thing follows the other.
func talk(t *testing.T, cfg csta.Config) cti.ConnectionID {
	s, err := cfg.Open(t.Context(), nowhere{})
	require.NoError(t, err)
	c, err := s.(cti.CallMaker).MakeCall(t.Context(), "4001", "4002")
	require.NoError(t, err)
	require.NoError(t, s.(cti.CallClearer).ClearConnection(t.Context(), c))
	require.NoError(t, s.Close())
	return c
}

type nowhere struct{}

func (nowhere) Event(*cti.Event) {}
