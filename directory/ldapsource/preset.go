package ldapsource

import "github.com/ctikit/ctikit/directory"

// Mappings of the standard fields, as the import forms of the seed product
// pre-fill them (TWP guide 7.2). Add private fields as directory.Field("attr:NAME").
// [directory.Mapping.For] leaves out what contacts do not have, or users.

// StandardMapping is the one of a type of source and a target; nil where the type
// has none, since its names are the site's own.
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

// LDAPMapping is for inetOrgPerson (RFC 2798).
func LDAPMapping() directory.Mapping {
	return directory.Mapping{
		{Field: directory.FieldLogin, From: []string{"uid"}},
		{Field: directory.FieldFirstName, From: []string{"givenName"}},
		{Field: directory.FieldLastName, From: []string{"sn"}},
		{Field: directory.FieldEmail, From: []string{"mail"}},
		{Field: directory.FieldCulture, From: []string{"preferredLanguage"}},
		{Field: directory.FieldWork, From: []string{"telephoneNumber"}},
		{Field: directory.FieldMobile, From: []string{"mobile"}},
		{Field: directory.FieldHome, From: []string{"homePhone"}},
		{Field: directory.FieldFax, From: []string{"facsimileTelephoneNumber"}},
		{Field: "attr:title", From: []string{"title"}},
		{Field: "attr:department", From: []string{"departmentNumber", "ou"}},
	}
}

// ADMapping is for users of Active Directory. The extension is ipPhone.
func ADMapping() directory.Mapping {
	return directory.Mapping{
		{Field: directory.FieldLogin, From: []string{"sAMAccountName"}},
		{Field: directory.FieldFirstName, From: []string{"givenName"}},
		{Field: directory.FieldLastName, From: []string{"sn"}},
		{Field: directory.FieldEmail, From: []string{"mail"}},
		{Field: directory.FieldCulture, From: []string{"preferredLanguage"}},
		{Field: directory.FieldExtension, From: []string{"ipPhone"}},
		{Field: directory.FieldWork, From: []string{"telephoneNumber"}},
		{Field: directory.FieldMobile, From: []string{"mobile"}},
		{Field: directory.FieldHome, From: []string{"homePhone"}},
		{Field: directory.FieldFax, From: []string{"facsimileTelephoneNumber"}},
		{Field: directory.FieldDisabled, From: []string{"userAccountControl"}, Mask: 2},
		{Field: "attr:title", From: []string{"title"}},
		{Field: "attr:department", From: []string{"department"}},
	}
}

// A5000Mapping is for the PBX's contact records. As users, they sign in by uid
// where the record has one, else by their number. The names of the record's
// attributes differ between releases: check them with an LDAP browser.
func A5000Mapping() directory.Mapping {
	return directory.Mapping{
		{Field: directory.FieldLogin, From: []string{"uid", "telephoneNumber"}},
		{Field: directory.FieldDisplayName, Template: "{givenName} {sn}"},
		{Field: directory.FieldFirstName, From: []string{"givenName"}},
		{Field: directory.FieldLastName, From: []string{"sn"}},
		{Field: directory.FieldEmail, From: []string{"mail"}},
		{Field: directory.FieldExtension, From: []string{"telephoneNumber"}},
		{Field: directory.FieldMobile, From: []string{"mobile"}},
		{Field: "attr:attr1", From: []string{"attr1"}},
		{Field: "attr:attr2", From: []string{"attr2"}},
		{Field: "attr:attr3", From: []string{"attr3"}},
	}
}
