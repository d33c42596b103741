package ldapsource_test

import (
	"fmt"

	"github.com/ctikit/ctikit/directory/ldapsource"
)

// A source is checked whole before anything is opened.
func Example() {
	source := &ldapsource.Source{
		Servers: []string{"ldaps://dc1.example.test", "ldaps://dc2.example.test"},
		Kind:    ldapsource.ActiveDirectory,
		Base:    "OU=people,DC=example,DC=test",
		Login:   "reader@example.test", // and no password
		Filter:  "(&(objectClass=user)",
	}
	fmt.Println(source.Check())
	// Output:
	// ldap source: password: missing; a bind with a name and no password is anonymous (RFC 4513 5.1.2)
	// filter: invalid filter "(&(objectClass=user)": LDAP Result Code 201 "Filter Compile Error": ldap: unexpected end of filter
}
