package catalogue

import (
	"slices"
	"strings"
)

// secrets are the parameters that hold passwords. Names alone do not tell:
// PRESERVE_LOGIN_PASSWORD and PKCS12_PASSWD_RETRY are switches.
var secrets = []string{
	"ACSPASSWORD", "ADMIN_PASSWORD", "CESPASSWORD", "DEBUG_REPORT_PASSWORD", "DIRPASSWORD", "ESMPASSWORD", "EWSPASSWORD",
	"FORCE_HTTP_AUTH_PASSWORD", "FORCE_SIP_PASSWORD", "FORCE_WEB_ADMIN_PASSWORD", "FORCE_XSI_WEB_PASSWORD", "HTTP_AUTH_PASSWORD",
	"NVIKEPSK", "PHONE_LOCK_PIN", "PKCS12PASSWORD", "PROCPSWD", "SCEPPASSWORD", "SIPHA1", "SIPPASSWORD", "SNMPSTRING", "SSOPASSWORD",
	"UNIFIED_PORTAL_PASSWORD", "WEP_DEFAULT_KEY", "WLAN_PASSWORD",
}

func isSecret(name string) bool {
	_, found := slices.BinarySearch(secrets, name)
	return found || strings.HasPrefix(name, "SCA") && strings.HasSuffix(name, "_PASSWORD")
}

// IPOffice returns the values that parameters must have in an IP Office system,
// for settings.Linter.Require (vendor's template of 22 July 2022).
func IPOffice() map[string]string {
	return map[string]string{
		"SIPREGPROXYPOLICY":          "alternate",
		"SIMULTANEOUS_REGISTRATIONS": "1",
		"DISCOVER_AVAYA_ENVIRONMENT": "0",
		"ENABLE_AVAYA_ENVIRONMENT":   "0",
		"ENABLE_3PCC_ENVIRONMENT":    "0",
		"POUND_KEY_AS_CALL_TRIGGER":  "0",
	}
}
