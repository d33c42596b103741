package auth

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Longest accepted inputs, in bytes. They are checked before any other work.
const (
	maxLogin    = 1024 // a distinguished name fits
	maxPassword = 1024
)

// splitLogin takes a login name as typed apart:
//
//	alice               → alice, ""
//	ACME\alice          → alice, "ACME"
//	alice@acme.example  → alice, "acme.example"
//	cn=alice,dc=acme    → cn=alice,dc=acme, ""
//
// The last form is for directories whose users sign in with their distinguished
// name (TWP guide 6.3: AuthLdapDn "?"); a name with "=" is never taken apart.
func splitLogin(login string) (name, domain string, err error) {
	if login == "" {
		return "", "", errors.New("no user name")
	}
	if err := checkText("user name", login, maxLogin); err != nil {
		return "", "", err
	}
	name = login
	if !strings.Contains(login, "=") {
		if before, after, found := strings.Cut(login, `\`); found {
			domain, name = before, after
		} else if at := strings.LastIndexByte(login, '@'); at >= 0 {
			name, domain = login[:at], login[at+1:]
		}
		if strings.ContainsAny(domain, `\@`) || strings.Contains(name, `\`) {
			return "", "", fmt.Errorf("user name %q names more than one domain", clip(login))
		}
		if domain == "" && name != login {
			return "", "", fmt.Errorf("user name %q has a domain separator and no domain", clip(login))
		}
	}
	if strings.TrimSpace(name) != name || name == "" {
		return "", "", fmt.Errorf("user name %q is empty or has blanks around it", clip(login))
	}
	return name, domain, nil
}

// checkText refuses what no name or password holds, and what other programs
// would cut short: NUL and other control characters, bytes that are not UTF-8.
func checkText(what, text string, limit int) error {
	if len(text) > limit {
		return fmt.Errorf("%s of %d bytes is longer than %d", what, len(text), limit)
	}
	if !utf8.ValidString(text) {
		return fmt.Errorf("%s is not UTF-8", what)
	}
	if strings.IndexFunc(text, unicode.IsControl) >= 0 {
		return fmt.Errorf("%s holds a control character", what)
	}
	return nil
}

// clip keeps what a stranger typed from filling logs.
func clip(text string) string {
	const limit = 64
	if len(text) <= limit {
		return text
	}
	return text[:limit] + "…"
}
