package demo

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/ctikit/ctikit/examples/internal/report"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestDemonstration(t *testing.T) {
	got, err := Run(t.Context(), report.New(nil, true))
	require.NoError(t, err)
	require.Equal(t, 960, got.Supervised)
	require.Len(t, got.PlanFindings, 7, "three links without headroom, no link on site 4, three unknown maxima")
	require.Equal(t, Failover{LostLink: "link 1", Unsupervised: 250, MovedByApply: 250, Returned: 250, Gaps: 500, Snapshots: 960 + 500}, got.Failover)
	require.Equal(t, Call{Dialled: "+33 (0)1 23 45 67 89", Sent: "00123456789", Name: "Claire Martin, Imprimerie Martin", State: "connected"}, got.Calls[0])
	require.Equal(t, "Paul Durand, Durand SARL", got.Calls[1].Name)
	require.Equal(t, "no answer, external calls, to 2001", got.Forward)
	require.Equal(t, "3001 talks to Paul Durand, Durand SARL, transferred by 3000", got.Transfer)
	require.Equal(t, "3000 and 2 others", got.Conference)
	require.Equal(t, "2000 talks to 0612345678, called from 1900", got.Callback)
	require.Equal(t, "alice by TWS", got.SignIn)
	require.Greater(t, got.Settings["acw"], 60)
	require.Len(t, got.Links, 4)
	encoded, err := json.Marshal(got)
	require.NoError(t, err)
	require.Contains(t, string(encoded), `"protocol":"VTI-XML"`)
}
