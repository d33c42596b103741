package ldapsource

import (
	"net"
	"strconv"

	"github.com/ctikit/ctikit/directory"
)

// FromImport returns the source of an import definition of the types LDAP,
// ActiveDirectory and A5000. Replicas, a TLS configuration and limits can be set
// in it before it is used.
func FromImport(imp *directory.Import) *Source {
	scheme, port := "ldap://", 389
	if imp.Security == directory.LDAPS {
		scheme, port = "ldaps://", 636
	}
	if imp.Port != 0 {
		port = imp.Port
	}
	return &Source{
		Servers:   []string{scheme + net.JoinHostPort(imp.Host, strconv.Itoa(port))},
		Plaintext: imp.Security == directory.NoTLS,
		Login:     imp.Login, Password: imp.Password,
		Kind: Kind(imp.Type), Base: imp.Base, Filter: imp.Filter, Key: imp.Key,
		Attributes: imp.Mapping.Attributes(),
	}
}
