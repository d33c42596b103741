package csta_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/cti"
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
