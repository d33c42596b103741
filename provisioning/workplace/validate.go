package workplace

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/provisioning"
)

// The codes of users, licences and modes.
const (
	PasswordMissing      Code = "password-missing"
	ExtensionMissing     Code = "extension-missing"
	IdentityMissing      Code = "identity-missing"
	ProfileExcluded      Code = "profile-excluded" // unlicensed, or Telephony User
	NotLicensed          Code = "not-licensed"     // the system's table has no row for the profile
	SystemLicenceMissing Code = "system-licence-missing"
	UserLicenceMissing   Code = "user-licence-missing"
	OSNotLicensed        Code = "os-not-licensed"
	OSNotSupported       Code = "os-not-supported"
	MobileVoIPOff        Code = "mobile-voip-off"
	DesktopVoIPOff       Code = "desktop-voip-off"
	RegistrarMissing     Code = "registrar-missing"
	RegistrarIsAddress   Code = "registrar-is-address"
	UnknownMode          Code = "unknown-mode"
	ModeNotLicensed      Code = "mode-not-licensed"
	ModeNotOnOS          Code = "mode-not-on-os"
	TooOld               Code = "too-old"
	VDIPlatform          Code = "vdi-platform"
	VDILocalOS           Code = "vdi-local-os"
	NoMessages           Code = "no-messages"
	EmergencyList        Code = "emergency-list-empty"
)

// Validate reports everything that keeps a user from working with a client on a
// system, and every advice that is not followed, in the order of the manual. Each
// problem has a [Code] and no path. Only those of severity error keep the user
// from working, so Err of the result is nil where there are none.
func Validate(system System, user User, client Client) ctikit.Problems {
	c := &checks{system: system, user: user, client: client}
	if c.client.Mode == "" {
		c.client.Mode = ThisComputer
	}
	c.checkAccount()
	c.checkLicence()
	c.checkPlatform()
	c.checkMode()
	c.checkEmergency()
	c.checkPush()
	c.checkSimultaneous()
	c.checkSpaces()
	return c.found
}

type checks struct {
	system   System
	user     User
	client   Client
	features FeatureSet
	found    ctikit.Problems
}

func (c *checks) addError(code Code, format string, args ...any) {
	c.addProblem(code, ctikit.SeverityError, format, args...)
}

func (c *checks) addProblem(code Code, severity ctikit.Severity, format string, args ...any) {
	c.found = append(c.found, ctikit.Problem{Severity: severity, Code: code, Message: fmt.Sprintf(format, args...)})
}

// checkAccount: what signing in needs (notes ch. 3).
func (c *checks) checkAccount() {
	if !c.user.HasPassword {
		c.addError(PasswordMissing, "the user has no password to sign in with")
	}
	if c.user.Extension == "" {
		c.addError(ExtensionMissing, "the user has no extension to sign in with")
	}
	if c.client.ViaSpaces && !strings.Contains(c.user.Identity, "@") {
		c.addError(IdentityMissing, "the user has no unique identity (e-mail address), by which Spaces knows users")
	}
	if c.client.OS.Mobile() && !c.user.MobileVoIP {
		c.addError(MobileVoIPOff, "mobile VoIP clients are not enabled for the user")
	}
	if !c.client.OS.Mobile() && !c.user.DesktopVoIP {
		c.addError(DesktopVoIPOff, "desktop VoIP clients are not enabled for the user")
	}
	switch _, err := netip.ParseAddr(c.system.Registrar); {
	case c.system.Registrar == "":
		c.addError(RegistrarMissing, "the system has no FQDN of its SIP registrar")
	case err == nil:
		c.addError(RegistrarIsAddress, "the SIP registrar is an address, %s; clients need a name", c.system.Registrar)
	}
}

// checkLicence: which feature set the user has, and on which systems (notes ch. 1).
func (c *checks) checkLicence() {
	if c.user.Profile == Unlicensed || c.user.Profile == TelephonyUser || c.user.Profile == "" {
		c.addError(ProfileExcluded, "the profile %q has no client", c.user.Profile)
		return
	}
	row, ok := LookupLicence(c.system.Kind, c.user.Profile)
	if c.client.VantageV3 && !c.system.Kind.Subscription {
		// The telephone's own licence covers the client; the table does not apply,
		// but it still says what the user may do.
		c.features = max(row.Features, Basic)
		return
	}
	if !ok {
		c.addError(NotLicensed, "%s systems have no client for the profile %s", c.system.Kind, c.user.Profile)
		return
	}
	c.features = row.Features
	if c.system.Kind.IP500V2 {
		for _, l := range row.System {
			if !slices.Contains(c.system.Licences, l) {
				c.addError(SystemLicenceMissing, "the system lacks the licence %s", l)
			}
		}
	}
	for _, l := range row.User {
		if l != string(row.Profile) && !slices.Contains(c.user.Licences, l) {
			c.addError(UserLicenceMissing, "the user lacks the licence %s, which %s needs", l, row.Profile)
		}
	}
	if !slices.Contains(row.OS, c.client.OS) {
		c.addError(OSNotLicensed, "%s has no client for %s on %s", c.user.Profile, c.client.OS, c.system.Kind)
	}
	if c.system.Messaging != "" && MessagingFor(c.system.Messaging, c.features) == NoMessaging {
		c.addProblem(NoMessages, ctikit.SeverityInfo, "a %s client has no messages and no presence", c.features)
	}
}

// checkPlatform: versions of the operating system (notes ch. 1).
func (c *checks) checkPlatform() {
	for _, v := range osVersions {
		if v.OS != c.client.OS {
			continue
		}
		if c.client.OSVersion != 0 && !slices.Contains(v.Versions, c.client.OSVersion) {
			c.addProblem(OSNotSupported, ctikit.SeverityWarning,
				"%s %d is not among the versions supported: %d to %d",
				v.OS, c.client.OSVersion, v.Versions[0], v.Versions[len(v.Versions)-1])
		}
		if c.client.Edition != "" && v.Editions != nil && !slices.Contains(v.Editions, c.client.Edition) {
			c.addProblem(OSNotSupported, ctikit.SeverityWarning,
				"%s %s is not supported, only %s", v.OS, c.client.Edition, strings.Join(v.Editions, " and "))
		}
	}
}

// checkMode: what the way of making calls needs (notes ch. 1, 9 and 11).
func (c *checks) checkMode() {
	i := slices.IndexFunc(modes, func(m ModeRule) bool { return m.Mode == c.client.Mode })
	if i < 0 {
		c.addError(UnknownMode, "unknown mode %q", c.client.Mode)
		return
	}
	rule := modes[i]
	if c.features < rule.Features {
		c.addError(ModeNotLicensed,
			"the mode %q needs the %s features, the user has %s", rule.Mode, rule.Features, c.features)
	} else if rule.Profiles != nil && !slices.Contains(rule.Profiles, c.user.Profile) {
		c.addError(ModeNotLicensed, "the mode %q is for Power User and Unified Communications User only", rule.Mode)
	}
	if !slices.Contains(rule.OS, c.client.OS) {
		c.addError(ModeNotOnOS, "the mode %q is not for %s", rule.Mode, c.client.OS)
	}
	for _, f := range rule.Needs {
		c.requireFeature(f)
	}
	if rule.Mode != WorkplaceClient {
		return
	}
	if !slices.Contains(vdiPlatforms, c.client.VDIPlatform) {
		c.addError(VDIPlatform,
			"the virtual desktop %q is not one of %s", c.client.VDIPlatform, strings.Join(vdiPlatforms, ", "))
	}
	if !slices.Contains(vdiLocal, c.client.LocalOS) {
		c.addError(VDILocalOS,
			"the local client cannot be on %s, only on Windows or a Chromebook (Android)", c.client.LocalOS)
	}
}

// requireFeature reports a release or client that is too old for a feature.
func (c *checks) requireFeature(f provisioning.Feature) {
	if err := f.Check(c.system.Release, c.system.Kind); err != nil {
		c.addError(TooOld, "%v", err)
	}
	if c.client.Version.IsZero() {
		return
	}
	if err := f.CheckClient(c.client.Version); err != nil {
		c.addError(TooOld, "%v", err)
	}
}

// checkEmergency: mobile users should reach emergency services by the mobile network,
// which knows where they are (notes ch. 3).
func (c *checks) checkEmergency() {
	if c.client.OS.Mobile() && len(c.system.CellularDirect) == 0 {
		c.addProblem(EmergencyList, ctikit.SeverityWarning,
			"no numbers are reserved for the native dialler (SET_CDNL); "+
				"emergency calls would show the site's location, not the user's")
	}
}
