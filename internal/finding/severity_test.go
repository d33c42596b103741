package finding

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSeverity(t *testing.T) {
	require.Less(t, Info, Warning)
	require.Less(t, Warning, Error)
	for _, s := range []Severity{Info, Warning, Error} {
		text, err := json.Marshal(s)
		require.NoError(t, err)
		require.Equal(t, `"`+s.String()+`"`, string(text))
		var back Severity
		require.NoError(t, json.Unmarshal(text, &back))
		require.Equal(t, s, back)
	}
	var s Severity
	require.EqualError(t, s.UnmarshalText([]byte("bad")), `severity "bad" is none of info, warning and error`)
	_, err := Severity(9).MarshalText()
	require.Error(t, err)
	require.Equal(t, "Severity(9)", Severity(9).String())
}
