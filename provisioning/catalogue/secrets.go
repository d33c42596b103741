package catalogue

import (
	"slices"
	"strings"
)

// secrets are the parameters that hold passwords. Names alone do not tell:
// PRESERVE_LOGIN_PASSWORD and PKCS12_PASSWD_RETRY are switches.
var secrets = []string{
	"ACSPASSWORD", "ADMIN_PASSWORD", "CESPASSWORD", "DEBUG_REPORT_PASSWORD", "DIRPASSWORD", "ESMPASSWORD",
	"EWSPASSWORD", "FORCE_HTTP_AUTH_PASSWORD", "FORCE_SIP_PASSWORD", "FORCE_WEB_ADMIN_PASSWORD",
	"FORCE_XSI_WEB_PASSWORD", "HTTP_AUTH_PASSWORD", "NVIKEPSK", "PHONE_LOCK_PIN", "PKCS12PASSWORD", "PROCPSWD",
	"SCEPPASSWORD", "SIPHA1", "SIPPASSWORD", "SNMPSTRING", "SSOPASSWORD", "UNIFIED_PORTAL_PASSWORD",
	"WEP_DEFAULT_KEY", "WLAN_PASSWORD",
}

func isSecret(name string) bool {
	_, found := slices.BinarySearch(secrets, name)
	return found || strings.HasPrefix(name, "SCA") && strings.HasSuffix(name, "_PASSWORD")
}
