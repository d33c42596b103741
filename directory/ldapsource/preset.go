package ldapsource

import (
	"net"
	"strconv"

	"github.com/ctikit/ctikit/directory"
)

// Mappings of the standard fields, as the import forms of the seed product
// pre-fill them (TWP guide 7.2). Add private fields as directory.Field("attr:NAME").
// [directory.Mapping.For] leaves out what contacts do not have, or users.

// StandardMapping returns the mapping of a type of source and a target; nil if the type
// has none, since its names differ between sites.
func StandardMapping(t directory.SourceType, target directory.Target) directory.Mapping {
	switch t {
	case directory.LDAP:
		return LDAPMapping().For(target)
	case directory.ActiveDirectory:
		return ADMapping().For(target)
	case directory.A5000:
		return A5000Mapping().For(target)
	}
	return nil
}

func fillFrom(f directory.Field, attributes ...string) directory.Rule {
	return directory.Rule{Field: f, From: attributes}
}

// LDAPMapping is for inetOrgPerson (RFC 2798).
func LDAPMapping() directory.Mapping {
	return directory.Mapping{
		fillFrom(directory.FieldLogin, "uid"),
		fillFrom(directory.FieldFirstName, "givenName"),
		fillFrom(directory.FieldLastName, "sn"),
		fillFrom(directory.FieldEmail, "mail"),
		fillFrom(directory.FieldCulture, "preferredLanguage"),
		fillFrom(directory.FieldWork, "telephoneNumber"),
		fillFrom(directory.FieldMobile, "mobile"),
		fillFrom(directory.FieldHome, "homePhone"),
		fillFrom(directory.FieldFax, "facsimileTelephoneNumber"),
		fillFrom("attr:title", "title"),
		fillFrom("attr:department", "departmentNumber", "ou"),
	}
}

// ADMapping is for users of Active Directory. The extension is ipPhone.
func ADMapping() directory.Mapping {
	return directory.Mapping{
		fillFrom(directory.FieldLogin, "sAMAccountName"),
		fillFrom(directory.FieldFirstName, "givenName"),
		fillFrom(directory.FieldLastName, "sn"),
		fillFrom(directory.FieldEmail, "mail"),
		fillFrom(directory.FieldCulture, "preferredLanguage"),
		fillFrom(directory.FieldExtension, "ipPhone"),
		fillFrom(directory.FieldWork, "telephoneNumber"),
		fillFrom(directory.FieldMobile, "mobile"),
		fillFrom(directory.FieldHome, "homePhone"),
		fillFrom(directory.FieldFax, "facsimileTelephoneNumber"),
		{Field: directory.FieldDisabled, From: []string{"userAccountControl"}, Mask: 2},
		fillFrom("attr:title", "title"),
		fillFrom("attr:department", "department"),
	}
}

// A5000Mapping is for the PBX's contact records. As users, they sign in by uid
// where the record has one, else by their number. The names of the record's
// attributes differ between releases: check them with an LDAP browser.
func A5000Mapping() directory.Mapping {
	return directory.Mapping{
		fillFrom(directory.FieldLogin, "uid", "telephoneNumber"),
		{Field: directory.FieldDisplayName, Template: "{givenName} {sn}"},
		fillFrom(directory.FieldFirstName, "givenName"),
		fillFrom(directory.FieldLastName, "sn"),
		fillFrom(directory.FieldEmail, "mail"),
		fillFrom(directory.FieldExtension, "telephoneNumber"),
		fillFrom(directory.FieldMobile, "mobile"),
		fillFrom("attr:attr1", "attr1"),
		fillFrom("attr:attr2", "attr2"),
		fillFrom("attr:attr3", "attr3"),
	}
}

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
