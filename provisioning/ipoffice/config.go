package ipoffice

import (
	"fmt"
	"io"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/internal/strictjson"
	"github.com/ctikit/ctikit/provisioning"
)

// Config is what an IP Office system knows about itself. Start from [Defaults];
// nothing of a site is in them. Its JSON form is read by [ReadConfig].
type Config struct {
	// Release and System decide which features there are.
	Release provisioning.Version `json:"release"`
	System  provisioning.System  `json:"system"`
	// Address is the system's LAN address, also printed in the header.
	Address string `json:"address"`
	// Registrar is the FQDN of the SIP registrar; clients are given it in place
	// of Address. Cloud services and external clients need one.
	Registrar string `json:"registrar,omitempty"`
	// Domain is the SIP domain; "" for Registrar, or Address.
	Domain string `json:"domain,omitempty"`

	SIP  SIP  `json:"sip"`
	HTTP HTTP `json:"http"`
	RTP  RTP  `json:"rtp"`
	DSCP DSCP `json:"dscp"`

	// Codecs are those selected, best first: OPUS, G722, G711A, G711U, G729, G726.
	Codecs []string `json:"codecs"`
	// DTMFPayload is the RTP payload type of RFC 2833 digits, 96 to 127.
	DTMFPayload int `json:"dtmfPayload"`
	// MediaEncryption are the SRTP suites offered, best first: 1, 2, 10, 11, and 9 for none.
	MediaEncryption []int `json:"mediaEncryption"`
	EncryptSRTCP    bool  `json:"encryptSRTCP"`
	// TLS12Only refuses TLS 1.0 and 1.1.
	TLS12Only bool `json:"tls12Only"`
	// VerifyServer makes clients check the name in the system's certificate.
	VerifyServer bool `json:"verifyServer"`
	EnforceSIPS  bool `json:"enforceSIPS"`
	// TrustCertificates are files of CA certificates that clients fetch.
	TrustCertificates []string `json:"trustCertificates"`

	// Country is the keyword for tones, Language the ISO code with an underscore.
	Country  string `json:"country"`
	Language string `json:"language"`

	// CloudAccounts: clients may sign in with an Avaya cloud account.
	CloudAccounts bool `json:"cloudAccounts"`
	// PortalMessaging: messages go through one-X Portal; else through Spaces.
	PortalMessaging  bool `json:"portalMessaging"`
	InstantMessaging bool `json:"instantMessaging"`
	// PushNotifications: Apple push notifications for the iOS client.
	PushNotifications bool    `json:"pushNotifications"`
	Appcast           Appcast `json:"appcast"`
	Client            Client  `json:"client"`

	// SourceNumbers are the NoUser user's source numbers, as typed there.
	SourceNumbers []string `json:"sourceNumbers,omitempty"`
	// SourceRules add source numbers that this package does not know: NAME=value
	// becomes SET Parameter value.
	SourceRules []SourceRule `json:"sourceRules,omitempty"`

	// Specials is the generated 46xxspecials.txt; nil for none.
	Specials *Specials `json:"specials,omitempty"`
	// SpecialsUploaded: a static 46xxspecials.txt is there. [Handler] and [FS]
	// find that out themselves, and send clients of older releases, which do not
	// read it, nowhere.
	SpecialsUploaded bool `json:"specialsUploaded,omitempty"`

	// AsPrinted omits what the manual's example omits: the lines that
	// keep telephones out of the clients' sections, and the section of the 96x1
	// telephones that the example still refers to.
	AsPrinted bool `json:"asPrinted,omitempty"`
}

// SIP is how clients reach the registrar.
type SIP struct {
	Transport string `json:"transport"` // tls or tcp; udp is not for Workplace
	Port      int    `json:"port"`      // 5061 for tls, 5060 for tcp
}

// HTTP is how clients fetch files.
type HTTP struct {
	// Secure gives clients an https URL.
	Secure bool `json:"secure"`
	Port   int  `json:"port"`    // 80, or 8411 with "use preferred phone ports"
	TLS    int  `json:"tlsPort"` // 443, or 411
}

// RTP is the range of ports that clients use: Low to Low+Range.
type RTP struct {
	Low   int `json:"low"`
	Range int `json:"range"`
}

// DSCP are the DiffServ code points, 0 to 63.
type DSCP struct {
	Audio     int `json:"audio"`
	Video     int `json:"video"`
	Signaling int `json:"signaling"`
}

// Appcast is the update feed of the desktop clients.
type Appcast struct {
	Enabled  bool   `json:"enabled"`
	URL      string `json:"url,omitempty"`
	Interval int    `json:"interval"` // days
}

// Client are the functions that the system offers in the client.
type Client struct {
	HeadsetControl     bool `json:"headsetControl"`     // call control keys of headsets, desktop
	BrowserExtension   bool `json:"browserExtension"`   // desktop
	IMProvider         bool `json:"imProvider"`         // Windows: message provider of Office
	OutlookAddon       bool `json:"outlookAddon"`       // Windows
	OutlookCallContact bool `json:"outlookCallContact"` // Windows
	ConferenceControls bool `json:"conferenceControls"`
	OtherPhone         bool `json:"otherPhone"` // teleworker mode
	Recording          bool `json:"recording"`
	SharedControl      bool `json:"sharedControl"` // desk phone mode
	// AutoAnswer needs 11.1.2.4, CallHandover 11.1.3.
	AutoAnswer   bool `json:"autoAnswer"`
	CallHandover bool `json:"callHandover"`
	// Avatar shows the user's Exchange picture: SELF_AVATAR_ENABLED (notes ch. 8), needs 11.1.2.4.
	Avatar bool `json:"avatar"`
	// DeclinePolicy is the answer to a declined call: 0 as if no answer, 1 busy (486), 2 decline (603).
	DeclinePolicy int `json:"declinePolicy"`
	// ConferenceName is the name of ad-hoc conferences.
	ConferenceName string `json:"conferenceName"`
	// CheckInterval is the time between two readings of the file, in days.
	CheckInterval int `json:"checkInterval"`
}

// Defaults returns the values that an IP Office system starts with, for a
// secure installation: TLS for signalling and files, names verified.
func Defaults() Config {
	return Config{
		SIP:               SIP{Transport: "tls", Port: 5061},
		HTTP:              HTTP{Secure: true, Port: 80, TLS: 443},
		RTP:               RTP{Low: 46750, Range: 4002},
		DSCP:              DSCP{Audio: 46, Video: 46, Signaling: 34},
		Codecs:            []string{"G722", "G711A", "G711U", "G729"},
		DTMFPayload:       101,
		MediaEncryption:   []int{1, 2, 9},
		EncryptSRTCP:      true,
		TLS12Only:         true,
		VerifyServer:      true,
		TrustCertificates: []string{"WebRootCA.pem"},
		Language:          "en_US",
		CloudAccounts:     true,
		InstantMessaging:  true,
		Appcast:           Appcast{Interval: 1},
		Client: Client{HeadsetControl: true, OutlookAddon: true, OutlookCallContact: true, ConferenceControls: true,
			OtherPhone: true, SharedControl: true, DeclinePolicy: 2, ConferenceName: "Conference", CheckInterval: 1},
	}
}

// maxConfig bounds the JSON form.
const maxConfig = 1 << 20

// ReadConfig reads the JSON form over [Defaults] and checks it. Unknown fields
// are errors: a misspelt one would be lost silently. The error is or wraps a
// [ctikit.Problems] unless r fails.
func ReadConfig(r io.Reader) (Config, error) {
	c := Defaults()
	data, err := io.ReadAll(io.LimitReader(r, maxConfig+1))
	switch {
	case err != nil:
	case len(data) > maxConfig:
		var ps ctikit.Problems
		ps.Add("", "must be at most %d bytes", maxConfig)
		err = ps
	default:
		err = strictjson.Decode(data, &c)
	}
	if err != nil {
		return Config{}, fmt.Errorf("ipoffice: reading the configuration: %w", err)
	}
	return c, c.Validate()
}

// serverName is the name that clients connect to.
func (c *Config) serverName() string {
	if c.Registrar != "" {
		return c.Registrar
	}
	return c.Address
}

// sipDomain is the SIP domain.
func (c *Config) sipDomain() string {
	if c.Domain != "" {
		return c.Domain
	}
	return c.serverName()
}
