package ipoffice

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/provisioning"
)

// codecOrder is every codec in the order in which the ones not selected are written.
var codecOrder = []string{"G711U", "G711A", "G729", "G722", "G726", "OPUS"}

// Validate reports all mistakes at once, each with the path of its field, or with
// the line of the file that it would spoil.
func (c *Config) Validate() error {
	if err := c.check(); err != nil {
		return err
	}
	_, err := c.build(Requester{})
	return err
}

// check looks at the fields.
func (c *Config) check() error {
	v := &validation{}
	v.site(c)
	v.media(c)
	v.client(c)
	if _, err := c.effects(); err != nil {
		v.errs = append(v.errs, err)
	}
	if c.Specials != nil {
		v.specials(c.Specials)
	}
	return errors.Join(v.errs...)
}

type validation struct{ errs []error }

func (v *validation) fail(path, format string, args ...any) {
	v.errs = append(v.errs, fmt.Errorf("%s: %s: %w", path, fmt.Sprintf(format, args...), ctikit.ErrInvalid))
}

func (v *validation) between(path string, n, low, high int) {
	if n < low || n > high {
		v.fail(path, "%d is not within %d and %d", n, low, high)
	}
}

func (v *validation) feature(path string, c *Config, f provisioning.Feature) {
	if err := f.Check(c.Release, c.System); err != nil {
		v.errs = append(v.errs, fmt.Errorf("%s: %w", path, err))
	}
}

var language = regexp.MustCompile(`^[a-z]{2}_[A-Z]{2}$`)

// hostName is an address or a DNS name; nothing else may reach a URL or URI.
var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$`)

func validHost(s string) bool {
	if addr, err := netip.ParseAddr(s); err == nil {
		return addr.Is4() // a bare IPv6 address would need brackets that no source describes
	}
	return len(s) <= 253 && hostName.MatchString(s)
}

func (v *validation) site(c *Config) {
	if c.Release.IsZero() {
		v.fail("release", "is missing")
	}
	if !validHost(c.Address) {
		v.fail("address", "%q is not an IPv4 address or a name", c.Address)
	}
	if c.Registrar != "" && !validHost(c.Registrar) {
		v.fail("registrar", "%q is not a name", c.Registrar)
	}
	if c.Domain != "" && !validHost(c.Domain) {
		v.fail("domain", "%q is not a name", c.Domain)
	}
	if c.SIP.Transport != "tls" && c.SIP.Transport != "tcp" {
		v.fail("sip.transport", "%q is not tls or tcp", c.SIP.Transport)
	}
	v.between("sip.port", c.SIP.Port, 1, 65535)
	v.between("http.port", c.HTTP.Port, 1, 65535)
	v.between("http.tlsPort", c.HTTP.TLS, 1, 65535)
	for i, name := range c.TrustCertificates {
		if name == "" || strings.ContainsAny(name, ", \t/\\\"$") {
			v.fail(fmt.Sprintf("trustCertificates[%d]", i), "%q is not a file name without blank and comma", name)
		}
	}
	if n := len(strings.Join(c.TrustCertificates, ",")); n > 255 {
		v.fail("trustCertificates", "%d characters, at most 255", n)
	}
	if c.Country == "" {
		v.fail("country", "is missing")
	}
	if !language.MatchString(c.Language) {
		v.fail("language", "%q is not like en_GB", c.Language)
	}
	if c.Specials != nil || c.SpecialsUploaded {
		v.feature("specials", c, provisioning.Specials)
	}
}

func (v *validation) media(c *Config) {
	v.between("rtp.low", c.RTP.Low, 1024, 65503)
	v.between("rtp.range", c.RTP.Range, 32, 64511)
	if c.RTP.Low+c.RTP.Range > 65535 {
		v.fail("rtp", "ends at port %d, above 65535", c.RTP.Low+c.RTP.Range)
	}
	if c.RTP.Low%2 != 0 {
		v.fail("rtp.low", "%d is odd; RTP uses the even port of a pair", c.RTP.Low)
	}
	v.between("dscp.audio", c.DSCP.Audio, 0, 63)
	v.between("dscp.video", c.DSCP.Video, 0, 63)
	v.between("dscp.signaling", c.DSCP.Signaling, 0, 63)
	v.between("dtmfPayload", c.DTMFPayload, 96, 127)
	for i, codec := range c.Codecs {
		path := fmt.Sprintf("codecs[%d]", i)
		switch {
		case !slices.Contains(codecOrder, codec):
			v.fail(path, "no codec %q", codec)
		case slices.Contains(c.Codecs[:i], codec):
			v.fail(path, "%s twice", codec)
		case codec == "OPUS":
			v.feature(path, c, provisioning.OpusCodec)
		}
	}
	if n := len(c.MediaEncryption); n == 0 || n > 3 {
		v.fail("mediaEncryption", "%d suites; one to three are offered", n)
	}
	for i, suite := range c.MediaEncryption {
		path := fmt.Sprintf("mediaEncryption[%d]", i)
		if !slices.Contains([]int{1, 2, 9, 10, 11}, suite) {
			v.fail(path, "%d is not 1, 2, 9, 10 or 11", suite)
		} else if slices.Contains(c.MediaEncryption[:i], suite) {
			v.fail(path, "%d twice", suite)
		}
	}
}

func (v *validation) client(c *Config) {
	if c.Client.AutoAnswer {
		v.feature("client.autoAnswer", c, provisioning.AutoAnswer)
	}
	if c.Client.CallHandover {
		v.feature("client.callHandover", c, provisioning.CallHandover)
	}
	if c.Client.Avatar {
		v.feature("client.avatar", c, provisioning.PersonalAvatar)
	}
	v.between("client.declinePolicy", c.Client.DeclinePolicy, 0, 2)
	v.between("client.checkInterval", c.Client.CheckInterval, 0, 365)
	v.between("appcast.interval", c.Appcast.Interval, 0, 365)
	if c.PushNotifications && c.SIP.Transport != "tls" {
		v.fail("pushNotifications", "need sip.transport tls (notes ch. 4)")
	}
	if c.Appcast.Enabled {
		u, err := url.Parse(c.Appcast.URL)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			v.fail("appcast.url", "%q is not a web address", c.Appcast.URL)
		}
	}
}
