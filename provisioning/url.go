package provisioning

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// ErrSettingsURL is wrapped by what [CheckSettingsURL] reports.
var ErrSettingsURL = errors.New("not an address of a settings file")

// SettingsURL returns the address at which clients find the settings file of a
// system: https://FQDN/46xxsettings.txt (notes ch. 6).
func SettingsURL(fqdn string) string { return "https://" + fqdn + "/46xxsettings.txt" }

// CheckSettingsURL reports what is wrong with an address for clients: it is a web
// address with a name, not the number of a system (notes ch. 6), and nothing in
// it ends a quoted string.
func CheckSettingsURL(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return fmt.Errorf("%w: it cannot be read as one", ErrSettingsURL)
	case u.Scheme != "https" && u.Scheme != "http":
		return fmt.Errorf("%w: it does not start with https://", ErrSettingsURL)
	case u.User != nil:
		return fmt.Errorf("%w: it holds a user name", ErrSettingsURL)
	case u.Hostname() == "":
		return fmt.Errorf("%w: it has no host", ErrSettingsURL)
	case strings.ContainsAny(address, "\"'`<>\\ "):
		return fmt.Errorf("%w: it has a quote, a blank or a bracket in it", ErrSettingsURL)
	}
	if _, err := netip.ParseAddr(u.Hostname()); err == nil {
		return fmt.Errorf("%w: %s is an address, clients need a name", ErrSettingsURL, u.Hostname())
	}
	return nil
}
