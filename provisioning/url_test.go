package provisioning_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/provisioning"
)

func TestSettingsURL(t *testing.T) {
	require.NoError(t, provisioning.CheckSettingsURL(provisioning.SettingsURL("pbx.example.com")))
	require.NoError(t, provisioning.CheckSettingsURL("http://pbx.example.com:8411/46xxsettings.txt"))
	for _, address := range []string{"", "pbx.example.com", "ftp://pbx.example.com/x", "https:///x", "https://192.0.2.1/x", "https://[2001:db8::1]/x", "https://u:p@h/x", "https://h/\"x", "https://h/a b", "https://h/'", "https://h/\n", ":",
		"https://3221225985/x", "https://192.0.513/x", "https://0xC0.0x00020001/x", "https://192.0.2.1./x", "https://*.example.com/x", "https://pbx_1.example.com/x", "https://-pbx.example.com/x"} {
		require.ErrorIs(t, provisioning.CheckSettingsURL(address), provisioning.ErrSettingsURL, address)
	}
}
