// Package ldapauth is the method LDAP of package auth: the password is checked
// by a bind at a directory server (TWP guide 6.3).
//
//	bind, err := ldapauth.New(ldapauth.Config{Parameters: set}) // a *params.Set with Definitions
//	chain, err := auth.New(auth.Config{Methods: map[auth.Method]auth.Authenticator{auth.LDAP: bind}, ...})
//
// The name to bind with is made from the parameter AuthLdapDn, in which "?"
// represents the user name, or found by a search first ([Search]). Server, port,
// name and security can differ per user, group and domain.
//
// In addition to package auth, it protects against a name that changes the DN or
// the filter that contains it, an empty password (RFC 4513 5.1.2), more than one
// bind per attempt (which would lock accounts early), credentials sent in plain
// text or to a referral's host, and answers of unbounded size.
//
// The time that a directory server itself takes for a wrong password and for an
// unknown name differs (a factor of five with Samba) and cannot be hidden here.
package ldapauth
