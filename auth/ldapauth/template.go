package ldapauth

import (
	"errors"
	"fmt"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

// checkTemplate checks a value of AuthLdapDn: the name alone ("?"), a
// distinguished name (OU=PARIS, DC=SSDEI, DC=local, CN=?), or one of the other
// names that Active Directory binds (?@acme.local, ACME\?).
func checkTemplate(template string) error {
	switch {
	case !strings.Contains(template, "?"):
		return fmt.Errorf("%s: no ? for the user name in it", DNParameter)
	case !isDN(template):
		return nil
	}
	if _, err := ldap.ParseDN(strings.ReplaceAll(template, "?", "x")); err != nil {
		return fmt.Errorf("%s: not a distinguished name: %w", DNParameter, err)
	}
	return nil
}

func isDN(name string) bool { return strings.Contains(name, "=") }

// notInAccount are the characters that Windows does not permit in account names.
// In a name made by ?@acme.local or ACME\? they could lead to another account.
const notInAccount = `"/\[]:;|=,+*?<>@`

// bindName puts a user into the template. login is the text as typed, name the part
// of it that names the user.
func bindName(template, login, name string) (string, error) {
	switch {
	case template == "?":
		// The user types a name of the directory, an account or a distinguished
		// name. It is sent unchanged.
		if isDN(login) {
			if _, err := ldap.ParseDN(login); err != nil {
				return "", errors.New("the user name is not a distinguished name")
			}
		} else if strings.ContainsAny(name, notInAccount) {
			return "", errors.New("the user name contains a character that is invalid in account names")
		}
		return login, nil
	case isDN(template):
		return strings.ReplaceAll(template, "?", ldap.EscapeDN(name)), nil
	case strings.ContainsAny(name, notInAccount):
		return "", errors.New("the user name contains a character that is invalid in account names")
	}
	return strings.ReplaceAll(template, "?", name), nil
}
