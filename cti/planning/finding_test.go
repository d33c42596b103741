package planning

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
)

func TestFindingsJSON(t *testing.T) {
	want := Findings{{Severity: ctikit.SeverityError, Code: LinkName}, {Severity: ctikit.SeverityWarning, Code: LinkCapacity}}
	text, err := json.Marshal(want)
	require.NoError(t, err)
	require.Contains(t, string(text), `"error"`)
	var got Findings
	require.NoError(t, json.Unmarshal(text, &got))
	require.Equal(t, want, got)

	var severity ctikit.Severity
	require.ErrorContains(t, severity.UnmarshalText([]byte("fatal")), `"fatal"`)
}
