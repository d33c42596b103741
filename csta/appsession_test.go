package csta_test

import (
	"bytes"
	"encoding/hex"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/csta/cstatest"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
)

// TestSessionIsRenewed: the switch ends a session that is not renewed in time;
// ours lives on, and ends in an orderly way.
func TestSessionIsRenewed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := csta.ProfileByName("OpenScape Business XML")
		p.SessionDuration = time.Minute
		h := harness(t, p)
		s, err := h.Connector.Open(t.Context(), nowhere{})
		require.NoError(t, err)
		time.Sleep(time.Hour)
		require.NoError(t, s.(cti.Pinger).Ping(t.Context()))
		out := s.(cti.Counter).Counters().MessagesOut
		require.InDelta(t, 90, out, 5) // one every 40 s
		require.NoError(t, s.Close())
	})
}

// TestSessionIsStopped: the end of a link is told to the PBX.
func TestSessionIsStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := csta.ProfileByName("OpenScape Voice")
		var record bytes.Buffer
		b := opened(t, p, cstatest.Options{}, func(c *csta.Config, _ *ctitest.LinkOptions) { c.Record = &record })
		require.NoError(t, b.session.Close())
		require.Contains(t, record.String(), hex.EncodeToString([]byte("<SystemRegisterCancel")))
		require.Contains(t, record.String(), hex.EncodeToString([]byte("<StopApplicationSession")))
		require.Contains(t, record.String(), hex.EncodeToString([]byte("<appEndReason>normal</appEndReason>")))
	})
}

// TestSessionIsEndedByTheSwitch: the link ends, and says why.
func TestSessionIsEndedByTheSwitch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := csta.ProfileByName("OpenScape Business XML")
		b := opened(t, p, cstatest.Options{}, nil)
		b.server.EndSessions("shutdown")
		<-b.session.Done()
		require.ErrorIs(t, b.session.Err(), cti.ErrLinkDown)
		require.ErrorContains(t, b.session.Err(), "shutdown")
	})
}

// TestRefusals: a wrong password is one thing, another protocol is another.
func TestRefusals(t *testing.T) {
	for _, name := range []string{"OpenScape Business XML", "OpenScape Business BER", "Avaya AES", "OpenScape Voice", "Alcatel OmniPCX Office"} {
		t.Run(name, func(t *testing.T) {
			p, _ := csta.ProfileByName(name)
			h := harness(t, p)
			cfg := h.Connector.(csta.Config)
			if p.Login {
				cfg.Password = cti.NewSecret("wrong")
				_, err := cfg.Open(t.Context(), nowhere{})
				require.ErrorIs(t, err, cti.ErrBadCredentials)
				cfg.Password = cti.NewSecret("s3cret")
			}
			if cfg.Profile.Context = "1.2.3"; p.Encoding.XML() {
				cfg.Profile.Encoding = csta.XML6
			}
			_, err := cfg.Open(t.Context(), nowhere{})
			require.ErrorIs(t, err, cti.ErrRefused)
			require.NotErrorIs(t, err, cti.ErrBadCredentials)
		})
	}
}
