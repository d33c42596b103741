package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/ctikit/ctikit/examples/internal/setup"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestDemonstration(t *testing.T) {
	pbx := setup.NewNetwork()
	s, err := setup.Read("", pbx.Connect)
	require.NoError(t, err)
	r := newReport(true)
	require.NoError(t, demonstrate(t.Context(), r, s, pbx))
	got := r.result
	require.Equal(t, 960, got.Supervised)
	require.Len(t, got.PlanFindings, 7, "three links without headroom, no link on site 4, three unknown maxima")
	require.Equal(t, failover{LostLink: "link 1", Unsupervised: 250, MovedByApply: 250, Returned: 250, Gaps: 500, Snapshots: 960 + 500}, got.Failover)
	require.Equal(t, callResult{Dialled: "+33 (0)1 23 45 67 89", Sent: "00123456789", Name: "Claire Martin, Imprimerie Martin", State: "connected"}, got.Calls[0])
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

func TestMistakesAreAllNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bad.json")
	require.NoError(t, os.WriteFile(path, []byte(`{
		"links": [
			{"name": "a", "protocol": "VTI-XML", "address": "x:1", "capacity": 0},
			{"name": "a", "protocol": "CSTA", "address": "y:1", "pbx": "Unheard Of", "capacity": 5}
		],
		"extensions": [{"first": "100", "count": 3, "protocol": "VTI-XML"}, {"first": "102", "protocol": "VTI-XML"}],
		"dialPlan": {"InternalLength": -1},
		"contacts": "nowhere.csv"
	}`), 0o600))
	_, err := setup.Read(path, nil)
	require.Error(t, err)
	for _, mistake := range []string{"links[0].capacity: must be at least 1", "links[1].name", `links[1].pbx: unknown type of PBX "Unheard Of"`,
		"extensions[1].number", "dialPlan: ", "contacts: "} {
		require.Contains(t, err.Error(), mistake)
	}
	require.True(t, strings.HasPrefix(lines(err), "  "))
	_, err = setup.Read(filepath.Join(t.TempDir(), "none.json"), nil)
	require.ErrorIs(t, err, os.ErrNotExist)
}
