package ipoffice_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/provisioning"
	"github.com/ctikit/ctikit/provisioning/ipoffice"
)

func release(t testing.TB, s string) provisioning.Version {
	t.Helper()
	v, err := provisioning.ParseVersion(s)
	require.NoError(t, err)
	return v
}

// printed is the system of the manual's example: a plain installation without TLS.
func printed(t testing.TB) ipoffice.Config {
	c := ipoffice.Defaults()
	c.Release = release(t, "11.1.3.0.0 build 19")
	c.Address = "192.168.0.76"
	c.SIP = ipoffice.SIP{Transport: "tcp", Port: 5060}
	c.HTTP.Secure = false
	c.Codecs = []string{"OPUS", "G722", "G711A", "G711U", "G729"}
	c.MediaEncryption = []int{9}
	c.EncryptSRTCP = false
	c.VerifyServer = false
	c.Country, c.Language = "UK", "en_GB"
	c.PortalMessaging = true
	c.Appcast = ipoffice.Appcast{Enabled: true, URL: "https://storage.googleapis.com/avaya-subscription-eap-update/Vantage/appcast.xml", Interval: 1}
	c.Client.Recording = true
	c.Client.AutoAnswer = true
	c.Client.CallHandover = true
	c.Client.ConferenceName = "Conf fa"
	c.SpecialsUploaded = true
	c.AsPrinted = true
	return c
}
