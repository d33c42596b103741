package provisioning

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// ErrSettingsURL is wrapped by the errors of [CheckSettingsURL].
var ErrSettingsURL = errors.New("not an address of a settings file")

// SettingsURL returns the address at which clients find the settings file of a
// system: https://FQDN/46xxsettings.txt (notes ch. 6).
func SettingsURL(fqdn string) string { return "https://" + fqdn + "/46xxsettings.txt" }

// CheckSettingsURL returns why a URL cannot be given to clients, wrapping
// [ErrSettingsURL], or nil. It must be a web address with a host name, not an
// address (notes ch. 6), and hold nothing that ends a quoted string.
func CheckSettingsURL(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return fmt.Errorf("%w: invalid URL", ErrSettingsURL)
	case u.Scheme != "https" && u.Scheme != "http":
		return fmt.Errorf("%w: must start with https:// or http://", ErrSettingsURL)
	case u.User != nil:
		return fmt.Errorf("%w: must not contain a user name", ErrSettingsURL)
	case u.Hostname() == "":
		return fmt.Errorf("%w: no host", ErrSettingsURL)
	case strings.ContainsAny(address, "\"'`<>\\ "):
		return fmt.Errorf("%w: must not contain a quote, a blank or a bracket", ErrSettingsURL)
	}
	host := strings.TrimSuffix(u.Hostname(), ".")
	_, err = netip.ParseAddr(host)
	switch {
	case err == nil || isNumericLabel(host[strings.LastIndexByte(host, '.')+1:]):
		return fmt.Errorf("%w: %s is an address; clients need a name", ErrSettingsURL, u.Hostname())
	case !hostName.MatchString(host):
		return fmt.Errorf("%w: invalid host name %.80q", ErrSettingsURL, u.Hostname())
	}
	return nil
}

// isNumericLabel: a host whose last label is a number is read as an address by web
// clients, whatever its form: 3221225985, 192.0.513, 0xC0.0x00020001.
func isNumericLabel(label string) bool {
	_, err := strconv.ParseUint(label, 0, 64)
	return err == nil || strings.Trim(label, "0123456789") == ""
}

// hostName is made of letters, digits and hyphens (RFC 1123 2.1).
var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$`)
