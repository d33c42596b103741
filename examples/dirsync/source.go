package main

import (
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"strings"

	_ "modernc.org/sqlite" // the driver of sqlite: sources and stores

	"github.com/ctikit/ctikit/directory"
	"github.com/ctikit/ctikit/directory/csvsource"
	"github.com/ctikit/ctikit/directory/ldapsource"
	"github.com/ctikit/ctikit/directory/sqlsource"
)

func isLDAP(source string) bool {
	return strings.HasPrefix(source, "ldap://") || strings.HasPrefix(source, "ldaps://")
}

// sourceType is the type that the import definition states.
func sourceType(o options) directory.SourceType {
	switch {
	case isLDAP(o.source):
		return directory.SourceType(o.kind)
	case strings.HasPrefix(o.source, "sqlite:"):
		return directory.SQL
	}
	return directory.CSV
}

// mapping reads the mapping file; the LDAP types have one of their own.
func mapping(o options) (out directory.Mapping, err error) {
	if o.mapping != "" {
		text, err := os.ReadFile(o.mapping)
		if err == nil {
			err = json.Unmarshal(text, &out)
		}
		if err != nil {
			return nil, fmt.Errorf("mapping: %w", err)
		}
		return out, nil
	}
	switch sourceType(o) {
	case directory.LDAP:
		return ldapsource.LDAPMapping(), nil
	case directory.ActiveDirectory:
		return ldapsource.ADMapping(), nil
	case directory.A5000:
		return ldapsource.A5000Mapping(), nil
	}
	return nil, fmt.Errorf("-mapping is needed for %s", o.source)
}

// open opens what the import reads.
func open(o options, imp directory.Import) (directory.Source, func(), error) {
	nothing := func() {}
	switch {
	case isLDAP(o.source):
		s, err := openLDAP(o, imp)
		return s, nothing, err
	case strings.HasPrefix(o.source, "sqlite:"):
		file, query, ok := strings.Cut(strings.TrimPrefix(o.source, "sqlite:"), "?query=")
		if !ok {
			return nil, nil, fmt.Errorf("-source sqlite:FILE?query=… has no query")
		}
		if plain, err := url.QueryUnescape(query); err == nil && !strings.Contains(query, " ") {
			query = plain
		}
		db, err := sql.Open("sqlite", "file:"+file+"?mode=ro")
		if err != nil {
			return nil, nil, err
		}
		return &sqlsource.Source{DB: db, Query: query, Key: o.key, Columns: imp.Mapping.Attributes(), Name: file}, func() { db.Close() }, nil
	}
	return csvsource.File(o.source, o.key), nothing, nil
}

func openLDAP(o options, imp directory.Import) (*ldapsource.Source, error) {
	s := &ldapsource.Source{
		Servers: []string{o.source}, Plaintext: o.plaintext, Login: o.login, Kind: ldapsource.Kind(o.kind),
		Base: o.base, Filter: o.filter, Attributes: imp.Mapping.Attributes(), Key: o.key,
	}
	if o.passwordFile != "" {
		text, err := os.ReadFile(o.passwordFile)
		if err != nil {
			return nil, err
		}
		if err := s.Password.UnmarshalText([]byte(strings.TrimRight(string(text), "\r\n"))); err != nil {
			return nil, err
		}
	}
	if o.caFile != "" {
		pem, err := os.ReadFile(o.caFile)
		if err != nil {
			return nil, err
		}
		roots := x509.NewCertPool()
		if !roots.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%s holds no certificate", o.caFile)
		}
		s.TLS = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	}
	return s, s.Check()
}
