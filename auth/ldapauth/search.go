package ldapauth

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/auth"
)

// Search finds the entry of a user before binding as it: search, then bind, each
// on a separate connection, so that the rights of one never reach the other.
type Search struct {
	BaseDN    string // where to search, with everything below
	Attribute string // holds the user name: uid, sAMAccountName, userPrincipalName
	Filter    string // a further condition, such as (objectClass=person); may be ""
	BindDN    string // the service account that may search
	// Password returns the service account's password; it is asked each time.
	Password func(ctx context.Context) (ctikit.Secret, error)
}

func (s *Search) checkFields() error {
	var ps ctikit.Problems
	if _, err := ldap.ParseDN(s.BaseDN); err != nil {
		ps.AddUnder("baseDN", err)
	}
	const attributeBytes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.;"
	if s.Attribute == "" || strings.Trim(s.Attribute, attributeBytes) != "" {
		ps.Add("attribute", "invalid attribute %.80q", s.Attribute)
	}
	if s.Filter != "" {
		if _, err := ldap.CompileFilter(s.Filter); err != nil {
			ps.AddUnder("filter", err)
		}
	}
	if s.BindDN == "" {
		ps.Add("bindDN", "missing; an anonymous search is not supported")
	}
	if s.Password == nil {
		ps.Add("password", "missing; an anonymous search is not supported")
	}
	return ps.Err()
}

// findEntry returns the DN of the one entry of a user; where there is none, answer
// says why, and final whether other servers need not be asked.
func (a *Authenticator) findEntry(ctx context.Context, server string, s settings, name string) (
	dn string, answer auth.Answer, final bool,
) {
	search := a.cfg.Search
	password, err := search.Password(ctx)
	if err == nil && password.IsZero() {
		err = errors.New("it is empty")
	}
	if err != nil {
		return "", outage(fmt.Errorf("password of the service account: %w", err)), true
	}
	conn, err := a.dialServer(ctx, server, s.security)
	if err != nil {
		return "", outage(err), false
	}
	defer conn.closeConn()
	if _, err := conn.sendBind(search.BindDN, password); err != nil {
		// Trying further servers with a wrong password would lock the account.
		final := ldap.IsErrorWithCode(err, ldap.LDAPResultInvalidCredentials)
		return "", outage(fmt.Errorf("bind of the service account: %s", diagnostic(err))), final
	}
	filter := fmt.Sprintf("(&%s(%s=%s))", search.Filter, search.Attribute, ldap.EscapeFilter(name))
	const sizeLimit = 2 // one too many is enough to know
	found, err := conn.ldap.Search(ldap.NewSearchRequest(search.BaseDN, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases,
		sizeLimit, 0, false, filter, []string{search.Attribute}, nil))
	switch {
	case ldap.IsErrorWithCode(err, ldap.LDAPResultSizeLimitExceeded), err == nil && len(found.Entries) > 1:
		return "", rejection(auth.ReasonUnknownUser, errors.New("more than one entry has the name")), true
	case err != nil:
		return "", outage(fmt.Errorf("search: %s", diagnostic(err))), false
	case len(found.Entries) == 0:
		return "", rejection(auth.ReasonUnknownUser, errors.New("no entry has the name")), true
	}
	entry := found.Entries[0]
	for _, value := range entry.GetEqualFoldAttributeValues(search.Attribute) {
		if strings.EqualFold(value, name) && entry.DN != "" {
			return entry.DN, auth.Answer{}, false
		}
	}
	return "", rejection(auth.ReasonUnknownUser, errors.New("the entry found has another name")), true
}
