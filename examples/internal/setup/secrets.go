package setup

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"strings"

	"github.com/ctikit/ctikit"
)

// Password reads the file that holds one, in its only line; "" holds none.
func Password(file string) (ctikit.Secret, error) {
	if file == "" {
		return ctikit.Secret{}, nil
	}
	return ParseFile(file, func(text []byte) (s ctikit.Secret, err error) {
		return s, s.UnmarshalText([]byte(strings.TrimRight(string(text), "\r\n")))
	})
}

// Authorities is a TLS configuration that trusts those in a PEM file; "" is nil,
// which trusts the system's.
func Authorities(file string) (*tls.Config, error) {
	if file == "" {
		return nil, nil
	}
	return ParseFile(file, func(pem []byte) (*tls.Config, error) {
		roots := x509.NewCertPool()
		if !roots.AppendCertsFromPEM(pem) {
			return nil, errors.New("no certificate in it")
		}
		return &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, nil
	})
}
