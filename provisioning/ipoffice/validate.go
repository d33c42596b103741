package ipoffice

import (
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

// Validate returns all problems at once as a [ctikit.Problems], each with the path
// of its field, or with the line of the file that its value cannot be written to.
func (c *Config) Validate() error {
	if err := c.validateFields(); err != nil {
		return err
	}
	_, err := c.buildSettings(Requester{})
	return err
}

func (c *Config) validateFields() error {
	v := &validation{}
	v.checkSite(c)
	v.checkMedia(c)
	v.checkClient(c)
	_, err := c.applySources()
	v.AddUnder("", err)
	if c.Specials != nil {
		v.checkSpecials(c.Specials)
	}
	return v.Err()
}

type validation struct{ ctikit.Problems }

func (v *validation) checkRange(path string, n, low, high int) {
	if n < low || n > high {
		v.Add(path, "must be between %d and %d, got %d", low, high, n)
	}
}

func (v *validation) checkFeature(path string, c *Config, f provisioning.Feature) {
	v.AddUnder(path, f.Check(c.Release, c.System))
}

var language = regexp.MustCompile(`^[a-z]{2}_[A-Z]{2}$`)

// hostName is an address or a DNS name; nothing else may reach a URL or URI.
var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$`)

func isValidHost(s string) bool {
	if addr, err := netip.ParseAddr(s); err == nil {
		return addr.Is4() // a bare IPv6 address would need brackets that no source describes
	}
	return len(s) <= 253 && hostName.MatchString(s)
}

func (v *validation) checkSite(c *Config) {
	if c.Release.IsZero() {
		v.Add("release", "missing")
	}
	if !isValidHost(c.Address) {
		v.Add("address", "must be an IPv4 address or a host name, got %.80q", c.Address)
	}
	if c.Registrar != "" && !isValidHost(c.Registrar) {
		v.Add("registrar", "must be a host name, got %.80q", c.Registrar)
	}
	if c.Domain != "" && !isValidHost(c.Domain) {
		v.Add("domain", "must be a host name, got %.80q", c.Domain)
	}
	if c.SIP.Transport != "tls" && c.SIP.Transport != "tcp" {
		v.Add("sip.transport", "must be tls or tcp, got %.80q", c.SIP.Transport)
	}
	v.checkRange("sip.port", c.SIP.Port, 1, 65535)
	v.checkRange("http.port", c.HTTP.Port, 1, 65535)
	v.checkRange("http.tlsPort", c.HTTP.TLS, 1, 65535)
	for i, name := range c.TrustCertificates {
		if name == "" || strings.ContainsAny(name, ", \t/\\\"$") {
			v.Add(fmt.Sprintf("trustCertificates[%d]", i), "must be a file name without blank and comma, got %.80q", name)
		}
	}
	if n := len(strings.Join(c.TrustCertificates, ",")); n > 255 {
		v.Add("trustCertificates", "must be at most 255 characters in all, got %d", n)
	}
	if c.Country == "" {
		v.Add("country", "missing")
	}
	if !language.MatchString(c.Language) {
		v.Add("language", "must be a code like en_GB, got %.80q", c.Language)
	}
	if c.Specials != nil || c.SpecialsUploaded {
		v.checkFeature("specials", c, provisioning.Specials)
	}
}

func (v *validation) checkMedia(c *Config) {
	v.checkRange("rtp.low", c.RTP.Low, 1024, 65503)
	v.checkRange("rtp.range", c.RTP.Range, 32, 64511)
	if c.RTP.Low+c.RTP.Range > 65535 {
		v.Add("rtp", "must end at port 65535 or below, got %d", c.RTP.Low+c.RTP.Range)
	}
	if c.RTP.Low%2 != 0 {
		v.Add("rtp.low", "must be even, got %d", c.RTP.Low)
	}
	v.checkRange("dscp.audio", c.DSCP.Audio, 0, 63)
	v.checkRange("dscp.video", c.DSCP.Video, 0, 63)
	v.checkRange("dscp.signaling", c.DSCP.Signaling, 0, 63)
	v.checkRange("dtmfPayload", c.DTMFPayload, 96, 127)
	for i, codec := range c.Codecs {
		path := fmt.Sprintf("codecs[%d]", i)
		switch {
		case !slices.Contains(codecOrder, codec):
			v.Add(path, "unknown codec %.80q", codec)
		case slices.Contains(c.Codecs[:i], codec):
			v.Add(path, "duplicate %s", codec)
		case codec == "OPUS":
			v.checkFeature(path, c, provisioning.OpusCodec)
		}
	}
	if n := len(c.MediaEncryption); n == 0 || n > 3 {
		v.Add("mediaEncryption", "must be 1 to 3 suites, got %d", n)
	}
	for i, suite := range c.MediaEncryption {
		path := fmt.Sprintf("mediaEncryption[%d]", i)
		if !slices.Contains([]int{1, 2, 9, 10, 11}, suite) {
			v.Add(path, "must be 1, 2, 9, 10 or 11, got %d", suite)
		} else if slices.Contains(c.MediaEncryption[:i], suite) {
			v.Add(path, "duplicate %d", suite)
		}
	}
}

func (v *validation) checkClient(c *Config) {
	if c.Client.AutoAnswer {
		v.checkFeature("client.autoAnswer", c, provisioning.AutoAnswer)
	}
	if c.Client.CallHandover {
		v.checkFeature("client.callHandover", c, provisioning.CallHandover)
	}
	if c.Client.Avatar {
		v.checkFeature("client.avatar", c, provisioning.PersonalAvatar)
	}
	v.checkRange("client.declinePolicy", c.Client.DeclinePolicy, 0, 2)
	v.checkRange("client.checkInterval", c.Client.CheckInterval, 0, 365)
	v.checkRange("appcast.interval", c.Appcast.Interval, 0, 365)
	if c.PushNotifications && c.SIP.Transport != "tls" {
		v.Add("pushNotifications", "requires sip.transport tls (notes ch. 4)")
	}
	if c.Appcast.Enabled {
		u, err := url.Parse(c.Appcast.URL)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			v.Add("appcast.url", "must be a web address, got %.80q", c.Appcast.URL)
		}
	}
}
