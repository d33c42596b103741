package ldapauth

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ctikit/ctikit/auth"
	"github.com/go-ldap/ldap/v3"
)

// readBind turns the result of a user's bind into a verdict.
func readBind(result *ldap.SimpleBindResult, err error) auth.Answer {
	policy := policyOf(result)
	if err == nil {
		if policy != nil && policy.Error == policyChangeAfterReset {
			return lockout(auth.ReasonPasswordExpired, errors.New("the directory requires a new password"))
		}
		return auth.Answer{Verdict: auth.Accepted}
	}
	var ldapErr *ldap.Error
	if !errors.As(err, &ldapErr) {
		return outage(errors.New(diagnostic(err)))
	}
	cause := errors.New(diagnostic(err))
	switch ldapErr.ResultCode {
	case ldap.LDAPResultInvalidCredentials:
		return readRefusal(policy, ldapErr, cause)
	case ldap.LDAPResultNoSuchObject:
		return rejection(auth.ReasonUnknownUser, cause)
	case ldap.LDAPResultInvalidDNSyntax:
		return rejection(auth.ReasonMalformed, fmt.Errorf("%w (does %s fit this server?)", cause, DNParameter))
	case ldap.LDAPResultInappropriateAuthentication, ldap.LDAPResultInsufficientAccessRights:
		return rejection(auth.ReasonNotPermitted, cause)
	case ldap.LDAPResultConstraintViolation: // 389 Directory Server, after too many failures
		return lockout(auth.ReasonLocked, cause)
	case ldap.LDAPResultUnwillingToPerform: // 389 Directory Server, of an inactivated account
		return lockout(auth.ReasonDisabled, cause)
	case ldap.LDAPResultReferral:
		return outage(fmt.Errorf("%w (referrals are not followed: the password would go to an unconfigured server)", cause))
	}
	return outage(cause)
}

// Errors of the password policy control (draft-behera-ldap-password-policy 6.2).
const (
	policyPasswordExpired  = 0
	policyAccountLocked    = 1
	policyChangeAfterReset = 2
)

func policyOf(result *ldap.SimpleBindResult) *ldap.ControlBeheraPasswordPolicy {
	if result == nil {
		return nil
	}
	control := ldap.FindControl(result.Controls, ldap.ControlTypeBeheraPasswordPolicy)
	policy, _ := control.(*ldap.ControlBeheraPasswordPolicy)
	return policy
}

// readRefusal distinguishes a wrong password from a locked or expired account, as
// far as the server reports it.
func readRefusal(policy *ldap.ControlBeheraPasswordPolicy, err *ldap.Error, cause error) auth.Answer {
	if policy != nil {
		switch policy.Error {
		case policyPasswordExpired, policyChangeAfterReset:
			return lockout(auth.ReasonPasswordExpired, cause)
		case policyAccountLocked:
			return lockout(auth.ReasonLocked, cause)
		}
	}
	if known, ok := subCodes[subCode(err.Err.Error())]; ok {
		return auth.Answer{Verdict: known.verdict, Reason: known.reason, Err: cause}
	}
	return rejection(auth.ReasonWrongPassword, cause)
}

// subCodes are the Windows errors that Active Directory puts into the diagnostic
// message of invalidCredentials, in hexadecimal.
var subCodes = map[string]struct {
	verdict auth.Verdict
	reason  auth.Reason
}{
	"525": {auth.Rejected, auth.ReasonUnknownUser},
	"52e": {auth.Rejected, auth.ReasonWrongPassword},
	"530": {auth.Locked, auth.ReasonNotPermitted}, // not at this hour
	"531": {auth.Locked, auth.ReasonNotPermitted}, // not from this workstation
	"532": {auth.Locked, auth.ReasonPasswordExpired},
	"533": {auth.Locked, auth.ReasonDisabled},
	"701": {auth.Locked, auth.ReasonAccountExpired},
	"773": {auth.Locked, auth.ReasonPasswordExpired}, // must be changed at first log-on
	"775": {auth.Locked, auth.ReasonLocked},
}

// subCode reads 52e from "80090308: LdapErr: DSID-0C090449, comment:
// AcceptSecurityContext error, data 52e, v4f7c".
func subCode(message string) string {
	_, after, found := strings.Cut(message, ", data ")
	if !found {
		return ""
	}
	code, _, _ := strings.Cut(after, ",")
	return strings.ToLower(strings.TrimSpace(code))
}

// diagnostic returns the text of an error, cut so that a hostile server cannot
// fill a log.
func diagnostic(err error) string {
	const limit = 300
	text := err.Error()
	if len(text) > limit {
		text = text[:limit] + "…"
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
}
