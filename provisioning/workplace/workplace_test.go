package workplace_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/internal/testenv"
	"github.com/ctikit/ctikit/provisioning"
	"github.com/ctikit/ctikit/provisioning/settings"
	"github.com/ctikit/ctikit/provisioning/workplace"
)

// good is a system, a user and a client that break no rule.
func good() (workplace.System, workplace.User, workplace.Client) {
	return workplace.System{
			Kind: provisioning.System{IP500V2: true}, Release: provisioning.NewVersion(11, 1, 3), Registrar: "pbx.example.com", TLS: true,
			Licences:  []string{workplace.EssentialEdition, workplace.PreferredEdition},
			Messaging: workplace.SpacesMessaging, Portal: true, WebRTCGateway: true, CompanyDomain: "example.com", APIKey: true, Push: true,
			CellularDirect: []string{"112"}, CallHandover: true, VoIPCalling: "1",
		}, workplace.User{
			Name: "Ada", Extension: "4001", HasPassword: true, Identity: "ada@example.com", Profile: workplace.PowerUser, SpacesLicence: workplace.SpacesPower,
			MobileVoIP: true, DesktopVoIP: true, NoAnswerTime: 25 * time.Second, Fallback: true, IOSDevices: 1,
			Devices: []workplace.SimultaneousDevice{workplace.DeskPhone, workplace.MobileClient},
		}, workplace.Client{OS: provisioning.IOS, Version: provisioning.NewVersion(3, 33), OSVersion: 15, ViaSpaces: true, SpacesCalling: true, Extension: true, SSO: true}
}

// Each rule, broken alone.
func TestValidate(t *testing.T) {
	s, u, c := good()
	require.Empty(t, workplace.Validate(s, u, c))
	for _, test := range []struct {
		want   string
		change func(*workplace.System, *workplace.User, *workplace.Client)
	}{
		{"error password-missing", func(_ *workplace.System, u *workplace.User, _ *workplace.Client) { u.HasPassword = false }},
		{"error extension-missing", func(_ *workplace.System, u *workplace.User, _ *workplace.Client) { u.Extension = "" }},
		{"error identity-missing", func(_ *workplace.System, u *workplace.User, _ *workplace.Client) { u.Identity = "" }},
		{"error identity-not-of-domain", func(_ *workplace.System, u *workplace.User, _ *workplace.Client) { u.Identity = "ada@example.org" }},
		{"error mobile-voip-off", func(_ *workplace.System, u *workplace.User, _ *workplace.Client) { u.MobileVoIP = false }},
		{"error desktop-voip-off", func(_ *workplace.System, u *workplace.User, c *workplace.Client) {
			u.DesktopVoIP, c.OS, c.OSVersion = false, provisioning.Windows, 11
		}},
		{"error registrar-missing", func(s *workplace.System, _ *workplace.User, _ *workplace.Client) { s.Registrar = "" }},
		{"error registrar-is-address", func(s *workplace.System, _ *workplace.User, _ *workplace.Client) { s.Registrar = "192.0.2.1" }},
		{"error system-licence-missing,error system-licence-missing", func(s *workplace.System, _ *workplace.User, _ *workplace.Client) {
			s.Licences = []string{workplace.EssentialEdition}
		}},
		{"error os-not-licensed", func(_ *workplace.System, u *workplace.User, _ *workplace.Client) { u.Profile = workplace.Teleworker }},
		{"warning os-not-supported", func(_ *workplace.System, _ *workplace.User, c *workplace.Client) { c.OSVersion = 13 }},
		{"warning os-not-supported", func(_ *workplace.System, _ *workplace.User, c *workplace.Client) {
			c.OS, c.OSVersion, c.Edition = provisioning.Windows, 10, "Home"
		}},
		{"error unknown-mode", func(_ *workplace.System, _ *workplace.User, c *workplace.Client) { c.Mode = "telepathy" }},
		{"error mode-not-on-os", func(_ *workplace.System, _ *workplace.User, c *workplace.Client) { c.Mode = workplace.SharedControl }},
		{"error vdi-platform,error vdi-local-os", func(_ *workplace.System, _ *workplace.User, c *workplace.Client) {
			*c = workplace.Client{OS: provisioning.Windows, Mode: workplace.WorkplaceClient, LocalOS: provisioning.MacOS}
		}},
		{"error mode-not-licensed,error too-old", func(_ *workplace.System, u *workplace.User, c *workplace.Client) {
			u.Profile = workplace.Teleworker
			*c = workplace.Client{OS: provisioning.Windows, Version: provisioning.NewVersion(3, 21), Mode: workplace.WorkplaceClient, VDIPlatform: "VMware", LocalOS: provisioning.Android}
		}},
		{"warning emergency-list-empty", func(s *workplace.System, _ *workplace.User, _ *workplace.Client) { s.CellularDirect = nil }},
		{"error push-needs-tls", func(s *workplace.System, _ *workplace.User, _ *workplace.Client) { s.TLS = false }},
		{"error push-domain-not-verified", func(s *workplace.System, _ *workplace.User, _ *workplace.Client) { s.CompanyDomain = "" }},
		{"error push-api-key-missing", func(s *workplace.System, _ *workplace.User, _ *workplace.Client) { s.APIKey = false }},
		{"error push-no-answer-time", func(_ *workplace.System, u *workplace.User, _ *workplace.Client) { u.NoAnswerTime = 19 * time.Second }},
		{"info push-no-answer-time-at-limit", func(_ *workplace.System, u *workplace.User, _ *workplace.Client) { u.NoAnswerTime = 20 * time.Second }},
		{"error push-fallback-missing", func(_ *workplace.System, u *workplace.User, _ *workplace.Client) { u.Fallback = false }},
		{"error push-dial-delay,warning simultaneous-with-twinning", func(_ *workplace.System, u *workplace.User, _ *workplace.Client) {
			u.MobileTwinning, u.TwinnedIsClient, u.DialDelay = true, true, 10*time.Second
		}},
		{"warning simultaneous-with-twinning", func(_ *workplace.System, u *workplace.User, _ *workplace.Client) {
			u.MobileTwinning, u.TwinnedIsClient, u.DialDelay = true, true, 11*time.Second
		}},
		{"warning push-several-devices", func(_ *workplace.System, u *workplace.User, _ *workplace.Client) { u.IOSDevices = 2 }},
		{"error push-voip-calling", func(s *workplace.System, _ *workplace.User, _ *workplace.Client) { s.VoIPCalling = "2" }},
		{"info push-without-callkit", func(_ *workplace.System, _ *workplace.User, c *workplace.Client) { c.Locale = "zh_CN" }},
		{"error too-old,error too-old", func(_ *workplace.System, _ *workplace.User, c *workplace.Client) {
			c.Version = provisioning.NewVersion(3, 5)
		}},
		{"error simultaneous-same-kind", func(_ *workplace.System, u *workplace.User, _ *workplace.Client) {
			u.Devices = []workplace.SimultaneousDevice{workplace.DeskPhone, workplace.DeskPhone, workplace.DeskPhone}
		}},
		{"warning simultaneous-with-cti", func(_ *workplace.System, u *workplace.User, _ *workplace.Client) { u.CTI = true }},
		{"error handover-unavailable", func(s *workplace.System, _ *workplace.User, _ *workplace.Client) {
			s.Release = provisioning.NewVersion(11, 1, 2, 4)
		}},
		{"error portal-needs-settings-url", func(s *workplace.System, _ *workplace.User, _ *workplace.Client) {
			s.Messaging = workplace.PortalMessaging
		}},
		{"error spaces-licence-missing", func(_ *workplace.System, u *workplace.User, _ *workplace.Client) {
			u.SpacesLicence = workplace.SpacesBasic
		}},
		{"error spaces-portal-missing", func(s *workplace.System, _ *workplace.User, _ *workplace.Client) { s.Portal = false }},
		{"error spaces-webrtc-gateway-missing", func(s *workplace.System, _ *workplace.User, _ *workplace.Client) { s.WebRTCGateway = false }},
		{"error too-old", func(s *workplace.System, u *workplace.User, _ *workplace.Client) {
			s.Release, s.CallHandover = provisioning.NewVersion(11, 1, 1), false
		}},
	} {
		s, u, c := good()
		test.change(&s, &u, &c)
		var got []string
		for _, f := range workplace.Validate(s, u, c) {
			require.NotEmpty(t, f.Message)
			got = append(got, f.Severity.String()+" "+string(f.Code))
		}
		require.Equal(t, test.want, strings.Join(got, ","))
	}
}

// Users without a client, and with a basic one.
func TestValidateLicences(t *testing.T) {
	codes := func(kind provisioning.System, profile workplace.Profile, os provisioning.OS, licences ...string) string {
		var got []string
		for _, f := range workplace.Validate(
			workplace.System{Kind: kind, Release: provisioning.NewVersion(11, 1, 3), Registrar: "pbx.example.com", CellularDirect: []string{"112"}, Licences: []string{workplace.EssentialEdition, workplace.PreferredEdition}},
			workplace.User{Extension: "1", HasPassword: true, MobileVoIP: true, DesktopVoIP: true, Profile: profile, Licences: licences, Devices: []workplace.SimultaneousDevice{workplace.DeskPhone, workplace.DesktopClient}},
			workplace.Client{OS: os}) {
			got = append(got, string(f.Code))
		}
		return strings.Join(got, ",")
	}
	subscription, server, ip500 := provisioning.System{Subscription: true}, provisioning.System{}, provisioning.System{IP500V2: true}
	const none, basic = "mode-not-licensed,simultaneous-not-licensed", "simultaneous-not-licensed"
	require.Equal(t, "profile-excluded,"+none, codes(subscription, workplace.TelephonyUser, provisioning.Windows))
	require.Equal(t, "profile-excluded,"+none, codes(ip500, workplace.Unlicensed, provisioning.Windows))
	require.Equal(t, basic, codes(subscription, workplace.TelephonyPlus, provisioning.MacOS))
	require.Equal(t, "os-not-licensed,"+basic, codes(subscription, workplace.TelephonyPlus, provisioning.IOS))
	require.Empty(t, codes(subscription, workplace.UnifiedCommunications, provisioning.Android))
	require.Empty(t, codes(provisioning.System{Subscription: true, IP500V2: true}, workplace.UnifiedCommunications, provisioning.Android))
	require.Equal(t, basic, codes(server, workplace.OfficeWorker, provisioning.Windows), "basic on Server Edition")
	require.Empty(t, codes(ip500, workplace.OfficeWorker, provisioning.Windows), "advanced on IP500 V2")
	require.Equal(t, "not-licensed,"+none, codes(server, workplace.Teleworker, provisioning.Windows))
	require.Equal(t, "user-licence-missing,"+basic, codes(ip500, workplace.MobileWorker, provisioning.Windows))
	require.Equal(t, basic, codes(ip500, workplace.MobileWorker, provisioning.Windows, workplace.SoftphoneLicence))
	require.Equal(t, "user-licence-missing,"+basic, codes(ip500, workplace.BasicUser, provisioning.MacOS))

	vantage := workplace.Client{OS: provisioning.Android, VantageV3: true}
	found := workplace.Validate(workplace.System{Kind: ip500, Registrar: "pbx.example.com", CellularDirect: []string{"112"}}, workplace.User{Extension: "1", HasPassword: true, MobileVoIP: true, Profile: workplace.BasicUser}, vantage)
	require.Empty(t, found, "the telephone's licence covers it")

	s, u, _ := good()
	u.Profile = workplace.OfficeWorker
	s.Kind = provisioning.System{}
	c := workplace.Client{OS: provisioning.Windows, Extension: true}
	found = workplace.Validate(s, u, c)
	require.Len(t, found, 2, "%v", found)
	require.Equal(t, workplace.NoMessages, found[0].Code)
	require.Equal(t, workplace.SimultaneousLicence, found[1].Code)
	u.Profile = workplace.MobileWorker
	require.True(t, slices.ContainsFunc(workplace.Validate(s, u, c), func(p ctikit.Problem) bool { return p.Code == workplace.SpacesNotLicensed }))
}

// A number that stands for nothing is reported, and panics nowhere.
func TestInvalidNumbers(t *testing.T) {
	s, u, c := good()
	c.OS = 200
	problems := workplace.Validate(s, u, c)
	require.Equal(t, "os-not-licensed", problems[0].Code)
	require.ErrorContains(t, problems, "invalid operating system")
	require.Equal(t, "invalid feature set", workplace.FeatureSet(9).String())
	require.ErrorIs(t, provisioning.Feature(99).Check(provisioning.NewVersion(99), provisioning.System{}), ctikit.ErrUnsupported)
	require.ErrorIs(t, provisioning.Feature(99).CheckClient(provisioning.NewVersion(99)), ctikit.ErrUnsupported)
	require.Empty(t, provisioning.OS(9).Model())
	require.Equal(t, "invalid", settings.Kind(99).String())
	require.Equal(t, "Severity(9)", ctikit.Severity(9).String())
}

func TestTables(t *testing.T) {
	require.Len(t, workplace.Licences(), 9)
	require.Len(t, workplace.SpacesCallingLicences(), 3)
	require.Len(t, workplace.CodecTable(), 7)
	require.Len(t, workplace.OSVersions(), 4)
	require.Len(t, workplace.Modes(), 4)
	require.NotEmpty(t, workplace.SpacesCallingRestrictions())
	require.NotEmpty(t, workplace.VirtualClientLimits())
	require.Len(t, workplace.Advanced.Functions(), 8)
	require.Len(t, workplace.Basic.Functions(), 2)
	require.Equal(t, workplace.NoMessaging, workplace.MessagingFor(workplace.PortalMessaging, workplace.Basic))

	ip500, server := provisioning.System{IP500V2: true}, provisioning.System{}
	fp2 := provisioning.NewVersion(11, 1, 2)
	require.Equal(t, []string{"G.722", "G.711 A-law", "G.711 µ-law", "G.729A", "G.729B"}, workplace.Codecs(provisioning.IOS, ip500, fp2))
	require.Equal(t, []string{"G.722", "G.711 A-law", "G.711 µ-law", "G.729A"}, workplace.Codecs(provisioning.Windows, ip500, fp2))
	require.Equal(t, []string{"Opus", "G.722", "G.711 A-law", "G.711 µ-law", "G.729A"}, workplace.Codecs(provisioning.Windows, server, fp2))
	require.NotContains(t, workplace.Codecs(provisioning.Windows, server, provisioning.NewVersion(11, 1, 1)), "Opus")

	require.Len(t, workplace.MoveCalls(provisioning.NewVersion(11, 1, 2)), 1)
	require.Len(t, workplace.MoveCalls(provisioning.NewVersion(11, 1, 2, 4)), 2)
	require.Len(t, workplace.MoveCalls(provisioning.NewVersion(11, 1, 3)), 3)
}

func TestPorts(t *testing.T) {
	texts := func(ports []workplace.Port) (out []string) {
		for _, p := range ports {
			out = append(out, p.Transport+" "+p.Range())
		}
		return out
	}
	require.Equal(t, []string{"tcp 443", "tcp 80", "tcp 5061", "udp 40750-50750"}, texts(workplace.Site{}.Ports()))
	require.Equal(t, []string{"tcp 8411", "tcp 411", "tcp 5060", "udp 5060", "tcp 5061", "udp 46750-50752"},
		texts(workplace.Site{PreferredPorts: true, PlainSIP: true, RTPLow: 46750, RTPHigh: 50752}.Ports()))
	for _, p := range append(append(workplace.SpacesPorts(), workplace.MeetingsPorts()...), workplace.ExtensionPorts()...) {
		require.LessOrEqual(t, p.Low, p.High)
		require.NotEmpty(t, p.Purpose)
	}
	require.Len(t, workplace.SpacesPorts(), 25)

	var b bytes.Buffer
	require.NoError(t, workplace.WritePorts(&b, workplace.SystemPorts()))
	rows, err := csv.NewReader(&b).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 1+len(workplace.SystemPorts()))
	require.Equal(t, []string{"40750-50750", "inbound", "udp", "RTP, RTCP", "", "media for SIP and H.323"}, rows[8])
	require.Error(t, workplace.Firewall(&b, "x { evil", nil))
	b.Reset()
	require.NoError(t, workplace.Firewall(&b, "spaces", workplace.SpacesPorts()))
	require.Contains(t, b.String(), "# tcp dport 443 to *.avayacloud.com: messages")
	require.NotContains(t, b.String(), "accept", "nothing is opened to everyone for a host by name")
	require.Error(t, workplace.WritePorts(broken{}, workplace.SystemPorts()))
}

// A row that a host made itself cannot end a comment or a line of the rules.
func TestFirewallRefusesRows(t *testing.T) {
	good := workplace.Port{Low: 1, High: 2, Direction: workplace.Inbound, Transport: "tcp", Protocol: "P", Purpose: "why"}
	for name, change := range map[string]func(*workplace.Port){
		"range":       func(p *workplace.Port) { p.Low = 3 },
		"no port":     func(p *workplace.Port) { p.Low = 0 },
		"beyond":      func(p *workplace.Port) { p.High = 65536 },
		"transport":   func(p *workplace.Port) { p.Transport = "tcp dport 1 accept; udp" },
		"direction":   func(p *workplace.Port) { p.Direction = "up" },
		"quote":       func(p *workplace.Port) { p.Purpose = `x" accept` },
		"line":        func(p *workplace.Port) { p.Protocol = "x\naccept" },
		"line beside": func(p *workplace.Port) { p.Host = "x\naccept" },
		"long":        func(p *workplace.Port) { p.Purpose = strings.Repeat("x", 130) },
	} {
		p := good
		change(&p)
		var b bytes.Buffer
		err := workplace.Firewall(&b, "t", []workplace.Port{good, p})
		require.ErrorContains(t, err, "ports[1]", name)
		require.ErrorContains(t, workplace.WritePorts(&b, []workplace.Port{good, p}), "ports[1]", name)
		require.Zero(t, b.Len(), "nothing half-written")
	}
	require.NoError(t, workplace.Firewall(io.Discard, "t", []workplace.Port{good}))
}

// nft reads the rules as its own.
func TestFirewallSyntax(t *testing.T) {
	nft := testenv.Tool(t, "nft", "nft")
	for name, ports := range map[string][]workplace.Port{
		"system": workplace.SystemPorts(), "spaces": workplace.SpacesPorts(), "meetings": workplace.MeetingsPorts(), "extension": workplace.ExtensionPorts(),
	} {
		var b bytes.Buffer
		require.NoError(t, workplace.Firewall(&b, name, ports))
		check := exec.Command(nft, "--check", "--file", "-")
		check.Stdin = &b
		out, err := check.CombinedOutput()
		if bytes.Contains(out, []byte("Operation not permitted")) {
			testenv.Missing(t, "nft", "nft may not talk to the kernel here")
		}
		require.NoError(t, err, "%s: %s", name, out)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, os.ErrClosed }

func ExampleFirewall() {
	if err := workplace.Firewall(os.Stdout, "workplace", workplace.Site{}.Ports()); err != nil {
		fmt.Println(err)
	}
	// Output:
	// table inet workplace {
	// 	chain from_clients {
	// 		tcp dport 443 accept comment "HTTPS: client configuration, secure WebSocket"
	// 		tcp dport 80 accept comment "HTTP: client configuration, WebSocket"
	// 		tcp dport 5061 accept comment "SIP over TLS: signalling"
	// 		udp dport 40750-50750 accept comment "RTP, RTCP: media for SIP and H.323"
	// 	}
	// 	chain to_clients {
	// 		tcp dport 5061 accept comment "SIP over TLS: signalling"
	// 	}
	// }
}

func ExampleValidate() {
	found := workplace.Validate(
		workplace.System{Kind: provisioning.System{IP500V2: true}, Release: provisioning.NewVersion(11, 1, 3), Registrar: "pbx.example.com", Licences: []string{workplace.EssentialEdition}},
		workplace.User{Extension: "4001", HasPassword: true, DesktopVoIP: true, Profile: workplace.BasicUser},
		workplace.Client{OS: provisioning.Windows, Mode: workplace.SharedControl})
	for _, f := range found {
		fmt.Printf("%s: %s: %s\n", f.Severity, f.Code, f)
	}
	// Output:
	// error: user-licence-missing: the user lacks the licence Avaya Softphone, which Basic User needs
	// error: mode-not-licensed: the mode "shared control" needs the advanced features, the user has basic
}
