package main

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/ctikit/ctikit/directory"
	"github.com/ctikit/ctikit/directory/csvsource"
	"github.com/ctikit/ctikit/directory/ldapsource"
	"github.com/ctikit/ctikit/examples/internal/setup"
	"github.com/ctikit/ctikit/examples/internal/sqlite"
)

// openSource opens what the import reads, and completes the import's definition.
func (o *options) openSource() (source directory.Source, closeSource func(), err error) {
	isSQL := strings.HasPrefix(o.source, sqlite.Prefix)
	server, err := url.Parse(o.source)
	isLDAP := err == nil && (server.Scheme == "ldap" || server.Scheme == "ldaps")
	switch {
	case isSQL:
		o.Type = directory.SQL
	case !isLDAP:
		o.Type = directory.CSV
	}
	if o.Mapping, err = o.readMapping(); err != nil {
		return nil, nil, err
	}
	if strings.Contains(o.source, "://") && !isLDAP {
		return nil, nil, fmt.Errorf("-source must be ldap://…, ldaps://…, FILE.csv or sqlite:FILE?query=…, got %s", o.source)
	}
	nothing := func() {}
	switch {
	case isLDAP:
		source, err = o.openLDAP(server)
		return source, nothing, err
	case isSQL:
		return sqlite.Source(o.source, o.Key, o.Mapping.Attributes())
	}
	file := csvsource.File(o.source, o.Key)
	file.Columns = o.Mapping.Attributes()
	return file, nothing, nil
}

// readMapping reads the mapping file; the LDAP types have a mapping of their own.
func (o *options) readMapping() (directory.Mapping, error) {
	if o.mapping != "" {
		return setup.ParseJSON[directory.Mapping](o.mapping)
	}
	if standard := ldapsource.StandardMapping(o.Type, o.Target); standard != nil {
		return standard, nil
	}
	return nil, fmt.Errorf("-mapping is needed for %s", o.source)
}

func (o *options) openLDAP(server *url.URL) (s *ldapsource.Source, err error) {
	o.Host = server.Hostname()
	if o.Host == "" || server.User != nil || strings.Trim(server.Path, "/")+server.RawQuery != "" {
		return nil, fmt.Errorf("-source must be ldap://HOST[:PORT], got %s; see -login, -base, -filter", server.Redacted())
	}
	o.Port, _ = strconv.Atoi(server.Port()) // digits or nothing: url.Parse has seen to it
	if server.Scheme == "ldaps" {
		o.Security = directory.LDAPS
	} else if o.plaintext {
		o.Security = directory.NoTLS
	}
	s = ldapsource.FromImport(&o.Import)
	s.Password, err = setup.Password(o.passwordFile)
	if err == nil {
		s.TLS, err = setup.Authorities(o.caFile)
	}
	if err == nil {
		err = s.Check()
	}
	return s, err
}
