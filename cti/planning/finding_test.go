package planning

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/gateway"
)

func TestFindingsJSON(t *testing.T) {
	want := ctikit.Problems{{Severity: ctikit.SeverityError, Code: LinkName}, {Severity: ctikit.SeverityWarning, Code: LinkCapacity}}
	text, err := json.Marshal(want)
	require.NoError(t, err)
	require.Contains(t, string(text), `"error"`)
	var got ctikit.Problems
	require.NoError(t, json.Unmarshal(text, &got))
	require.Equal(t, want, got)

	var severity ctikit.Severity
	require.ErrorContains(t, severity.UnmarshalText([]byte("fatal")), `"fatal"`)
}

func TestCheckWrapsTheSentinel(t *testing.T) {
	table := &Table{Links: []Link{{Name: "a", Protocol: cti.CSTA, Capacity: 1}, {Name: "b", Protocol: cti.CSTA, Capacity: 1}}, Rows: []Row{}}
	err := table.Check().Err()
	require.ErrorIs(t, err, gateway.ErrSecondCSTALink)
	require.ErrorIs(t, err, ctikit.ErrInvalid)
	require.EqualError(t, err, "links[1].protocol: second CSTA link, links[0] is the first; set allowSeveralCSTA to permit it")
}
