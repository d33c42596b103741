package workplace

import (
	"slices"
	"strings"
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/provisioning"
)

// The codes of push notifications, simultaneous mode and Spaces.
const (
	PushNeedsTLS      Code = "push-needs-tls"
	PushDomain        Code = "push-domain-not-verified"
	PushAPIKey        Code = "push-api-key-missing"
	PushNoAnswerTime  Code = "push-no-answer-time"
	PushNoAnswerLimit Code = "push-no-answer-time-at-limit"
	PushFallback      Code = "push-fallback-missing"
	PushDialDelay     Code = "push-dial-delay"
	PushSeveral       Code = "push-several-devices"
	PushVoIPCalling   Code = "push-voip-calling"
	PushNoCallKit     Code = "push-without-callkit"

	SimultaneousLicence  Code = "simultaneous-not-licensed"
	SimultaneousTwice    Code = "simultaneous-same-kind"
	SimultaneousCTI      Code = "simultaneous-with-cti"
	SimultaneousTwinning Code = "simultaneous-with-twinning"
	HandoverUnavailable  Code = "handover-unavailable"

	SpacesLicenceMissing Code = "spaces-licence-missing"
	SpacesNotLicensed    Code = "spaces-calling-not-licensed"
	SpacesPortal         Code = "spaces-portal-missing"
	SpacesGateway        Code = "spaces-webrtc-gateway-missing"
	SpacesIdentity       Code = "identity-not-of-domain"
	PortalRegistration   Code = "portal-needs-settings-url"
)

const (
	shortestNoAnswer = 20 * time.Second
	shortestDelay    = 10 * time.Second
)

// checkPush: Apple push notifications (notes ch. 4).
func (c *checks) checkPush() {
	if !c.system.Push || c.client.OS != provisioning.IOS {
		return
	}
	c.requireFeature(provisioning.PushNotification)
	if !c.system.TLS {
		c.addError(PushNeedsTLS, "push notifications work with TLS only")
	}
	if c.system.CompanyDomain == "" {
		c.addError(PushDomain, "the company's domain is not verified with Avaya Cloud Services")
	}
	if !c.system.APIKey {
		c.addError(PushAPIKey, "key and secret of the domain are not in the security settings")
	}
	switch {
	case c.user.NoAnswerTime < shortestNoAnswer:
		c.addError(PushNoAnswerTime,
			"calls go elsewhere after %s; waking the client may take 6 s, so at least %s are needed",
			c.user.NoAnswerTime, shortestNoAnswer)
	case c.user.NoAnswerTime == shortestNoAnswer:
		c.addProblem(PushNoAnswerLimit, ctikit.SeverityInfo,
			"the manual asks for at least %s in one place and for more in another", shortestNoAnswer)
	}
	if !c.user.Fallback {
		c.addError(PushFallback,
			"calls go nowhere on no answer; the system would send notifications as long as the caller waits")
	}
	if c.user.MobileTwinning && c.user.TwinnedIsClient && c.user.DialDelay <= shortestDelay {
		c.addError(PushDialDelay,
			"the twinned mobile is the client's device and rings after %s; more than %s are needed",
			c.user.DialDelay, shortestDelay)
	}
	if c.user.IOSDevices > 1 {
		c.addProblem(PushSeveral, ctikit.SeverityWarning,
			"%d iOS devices; only the one registered last is notified", c.user.IOSDevices)
	}
	if v := c.system.VoIPCalling; v != "" && v != "1" && v != "3" {
		c.addError(PushVoIPCalling, "VOIPCALLINGENABLED is %.10s; push notifications need 1 or 3", v)
	}
	if strings.HasSuffix(c.client.Locale, "_CN") {
		c.addProblem(PushNoCallKit, ctikit.SeverityInfo,
			"with the locale %s calls are announced without CallKit", c.client.Locale)
		c.requireFeature(provisioning.QuietPush)
	}
}

// checkSimultaneous: several devices of one user (notes ch. 10).
func (c *checks) checkSimultaneous() {
	if len(c.user.Devices) < 2 {
		return
	}
	if c.features != Advanced {
		c.addError(SimultaneousLicence,
			"simultaneous mode needs the advanced features; signing in on one device signs out the other")
	}
	sorted := slices.Sorted(slices.Values(c.user.Devices))
	for i := 1; i < len(sorted); i++ {
		if sorted[i] == sorted[i-1] && (i == 1 || sorted[i-2] != sorted[i]) {
			c.addError(SimultaneousTwice, "more than one %s; a user has one of each kind", sorted[i])
		}
	}
	if c.user.CTI {
		c.addProblem(SimultaneousCTI, ctikit.SeverityWarning,
			"another application controls the user's calls; with several devices it is not sure which one it uses")
	}
	if c.user.MobileTwinning {
		c.addProblem(SimultaneousTwinning, ctikit.SeverityWarning,
			"mobile twinning together with simultaneous mode rings twice for one call")
	}
	if c.system.CallHandover {
		if err := provisioning.CallHandover.Check(c.system.Release, c.system.Kind); err != nil {
			c.addError(HandoverUnavailable, "%v", err)
		}
	}
}

// checkSpaces: registration with Spaces and calls from there (notes ch. 3, 13 and 14).
func (c *checks) checkSpaces() {
	if c.client.ViaSpaces && c.system.Messaging == PortalMessaging {
		c.addError(PortalRegistration,
			"with messages from one-X Portal, clients register with the address of the settings file only")
	}
	company := c.system.CompanyDomain
	_, domain, ok := strings.Cut(c.user.Identity, "@")
	if ok && c.client.ViaSpaces && company != "" && !strings.EqualFold(domain, company) {
		c.addError(SpacesIdentity, "the unique identity is not of the verified domain %s", c.system.CompanyDomain)
	}
	if !c.client.SpacesCalling && !c.client.Extension {
		return
	}
	if c.client.SpacesCalling {
		c.requireFeature(provisioning.SpacesCallingSIP)
	} else {
		c.requireFeature(provisioning.SpacesCalling)
	}
	if c.user.SpacesLicence != SpacesBusiness && c.user.SpacesLicence != SpacesPower {
		c.addError(SpacesLicenceMissing, "Spaces Calling needs a Business or Power licence of Spaces")
	}
	row, ok := LookupSpacesCalling(c.system.Kind, c.user.Profile)
	if !ok {
		c.addError(SpacesNotLicensed, "%s systems have no Spaces Calling for the profile %s", c.system.Kind, c.user.Profile)
	}
	if row.SystemLicence != "" && !slices.Contains(c.system.Licences, row.SystemLicence) {
		c.addError(SystemLicenceMissing, "the system lacks the licence %s, which Spaces Calling needs", row.SystemLicence)
	}
	if !c.system.Portal && (c.client.SSO || c.client.Extension) {
		c.addError(SpacesPortal, "single sign-on and the extension of Chrome need a one-X Portal server")
	}
	if c.client.Extension && !c.system.WebRTCGateway {
		c.addError(SpacesGateway, "the extension of Chrome needs the WebRTC gateway on the portal's server")
	}
}
