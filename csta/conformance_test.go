package csta_test

import (
	"crypto/tls"
	"io"
	"testing"

	"go.uber.org/goleak"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/csta/cstatest"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/cti/driver/drivertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestConformance(t *testing.T) {
	for name, p := range profiles(t) {
		t.Run(name, func(t *testing.T) {
			drivertest.TestConnector(t, func(t testing.TB) drivertest.Harness { return harness(t, p) })
		})
	}
}

// TestConformanceInPieces: answers that come in pieces change nothing.
func TestConformanceInPieces(t *testing.T) {
	for _, p := range []csta.Profile{csta.Generic3, csta.GenericXML} {
		t.Run(p.Name, func(t *testing.T) {
			drivertest.TestConnector(t, func(t testing.TB) drivertest.Harness { return harnessWith(t, p, cstatest.Options{Pieces: 1}) })
		})
	}
}

// TestConformanceOverTCP: over a socket of the operating system, in the clear
// and with TLS.
func TestConformanceOverTCP(t *testing.T) {
	for name, secure := range map[string]bool{"TCP": false, "TLS": true} {
		t.Run(name, func(t *testing.T) {
			drivertest.TestConnectorInRealTime(t, func(t testing.TB) drivertest.Harness { return overTCP(t, secure) })
		})
	}
}

// profiles are the ways of speaking that are held to the contract.
func profiles(t *testing.T) map[string]csta.Profile {
	business, ok := csta.ProfileByName("openscape business ber")
	if !ok {
		t.Fatal("no profile of OpenScape Business")
	}
	bare := csta.Generic3
	bare.Name, bare.Framing, bare.Heartbeat = "delimited, nothing to greet with", csta.Delimited, csta.RequestSystemStatus
	bare1 := csta.Generic1
	bare1.Framing, bare1.Association = csta.NonDelimited, false
	private, integers := csta.Generic3, csta.A5000
	private.Devices, integers.Devices = csta.ImplicitPrivate, csta.DeviceNumber
	oxo, _ := csta.ProfileByName("Alcatel OmniPCX Office")
	wrapped := csta.Generic1
	wrapped.Variant.Wrapped = true
	openscape, _ := csta.ProfileByName("OpenScape Business XML")
	aes, _ := csta.ProfileByName("Avaya AES")
	voice, _ := csta.ProfileByName("OpenScape Voice")
	office, _ := csta.ProfileByName("MiVoice Office 400")
	return map[string]csta.Profile{
		"XML ed6": csta.GenericXML, "XML ed5": office, "XML ed4, session with login": openscape, "XML ed4, session": voice,
		"XML ed3, session with login (AES)": aes,
		"I delimited, ACSE":                 csta.Generic1, "I non-delimited": bare1, "I wrapped": wrapped, "I with the OXO start": oxo,
		"II non-delimited (A5000)": csta.A5000, "II delimited, ACSE": csta.Generic2,
		"III, devices of a private plan": private, "II, devices by integers": integers,
		"III non-delimited": csta.Generic3, "III delimited": bare, "III delimited, ACSE with login": business,
	}
}

func harness(t testing.TB, p csta.Profile) drivertest.Harness {
	return harnessWith(t, p, cstatest.Options{})
}

func harnessWith(t testing.TB, p csta.Profile, with cstatest.Options) drivertest.Harness {
	net := ctitest.NewNetwork(ctitest.Options{})
	o := ctitest.LinkOptions{Protocol: cti.CSTA, GlobalCallIDs: true, HideLimit: true,
		Escape: func(data []byte) ([]byte, error) { return data, nil }}
	cfg := csta.Config{Addr: "pbx", Profile: p}
	if p.Login {
		o.User, o.Password = "app", "s3cret"
		cfg.User, cfg.Password = o.User, ctikit.NewSecret(o.Password)
	}
	port := net.Link("csta", o)
	listener := ctitest.Listen(ctitest.PipeOptions{})
	server := with.Serve(listener, port, p)
	t.Cleanup(func() { server.Close() })
	cfg.Dial = listener.Dial
	h := withSettings(drivertest.Harness{Network: net, Link: port, Connector: cfg, Same: cfg}, cfg)
	if p.Encoding == csta.BER2 || p.Encoding == csta.BER1 {
		h.NoRestricted = true
		h.NoOrigins = p.Encoding == csta.BER1
		h.Unreported = []cti.Kind{cti.DigitsGenerated, cti.DigitsDialed}
	}
	other := cfg
	other.Addr = "pbx2"
	raw := cfg
	raw.KeepRaw = true
	secure, trusting, recorded, dialled := cfg, cfg, cfg, cfg
	secure.TLS, trusting.TLS = &tls.Config{}, &tls.Config{InsecureSkipVerify: true}
	recorded.Record = io.Discard
	dialled.Dial = nil
	h.Different = []driver.Connector{other, raw, secure, trusting, recorded, dialled}
	if p.Login {
		wrong := cfg
		wrong.Password = ctikit.NewSecret("wr0ng")
		h.Refused, h.Secrets = wrong, []string{o.Password}
		h.Different = append(h.Different, wrong)
	}
	return h
}

// withSettings adds to a harness how its configuration may be changed.
func withSettings(h drivertest.Harness, cfg csta.Config) drivertest.Harness {
	h.TLS = func(c *tls.Config) driver.Connector {
		other := cfg
		other.TLS = c
		return other
	}
	recorded, nowhere, huge := cfg, cfg, cfg
	recorded.Record = io.Discard
	nowhere.Addr = ""
	huge.MaxMessage = -1
	h.Recorded, h.Invalid = recorded, map[string]driver.Connector{"addr": nowhere, "maxMessage": huge}
	return h
}
