package ctikit

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSeverity(t *testing.T) {
	require.Less(t, SeverityInfo, SeverityWarning)
	require.Less(t, SeverityWarning, SeverityError)
	for _, s := range []Severity{SeverityInfo, SeverityWarning, SeverityError} {
		text, err := json.Marshal(s)
		require.NoError(t, err)
		require.Equal(t, `"`+s.String()+`"`, string(text))
		var back Severity
		require.NoError(t, json.Unmarshal(text, &back))
		require.Equal(t, s, back)
	}
	var s Severity
	require.EqualError(t, s.UnmarshalText([]byte("bad")), `unknown severity "bad": must be info, warning or error`)
	_, err := Severity(9).MarshalText()
	require.Error(t, err)
	require.Equal(t, "Severity(9)", Severity(9).String())
}
