package drivertest

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"maps"
	"math/big"
	"reflect"
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// connectorRules are the rules of driver.Connector other than those of Open.
var connectorRules = []Rule{
	{Name: "Protocol is that of the link", unopened: true, run: func(s *suite) {
		require.Equal(s, s.Link.Options().Protocol, s.Connector.Protocol())
	}},
	{Name: "Identity tells links apart and holds no secret", run: func(s *suite) {
		id := s.Connector.Identity()
		require.NotEmpty(s, id)
		require.Equal(s, id, s.Connector.Identity())
		require.NotNil(s, s.Same, "the harness has no Same")
		require.Equal(s, id, s.Same.Identity(), "equal configurations")
		require.NotEmpty(s, s.Different, "the harness has no Different")
		seen := map[string]int{id: -1}
		for i, c := range s.Different {
			at, ok := seen[c.Identity()]
			require.False(s, ok, "Different[%d] has the identity of %d (-1 is Connector)", i, at)
			seen[c.Identity()] = i
		}
		s.requireNoSecret(id)
	}},
	{Name: "a changed TLS configuration is another link", unopened: true, run: func(s *suite) {
		if s.TLS == nil {
			s.requireNoField("TLS", reflect.TypeFor[*tls.Config]())
			s.Skip("the driver has no TLS")
		}
		base := &tls.Config{ServerName: "pbx.example", RootCAs: x509.NewCertPool(), MinVersion: tls.VersionTLS12,
			Certificates: []tls.Certificate{s.newCertificate("one")}}
		id := s.TLS(base).Identity()
		require.Equal(s, id, s.TLS(base).Identity())
		require.Equal(s, id, s.TLS(base.Clone()).Identity(), "a copy of the configuration")
		s.requireNoSecret(id)
		seen := map[string]string{id: "the unchanged configuration"}
		for _, changed := range s.changedTLS(base) {
			id := s.TLS(changed.config).Identity()
			require.NotContains(s, seen, id, "%s: the same link as with %s", changed.name, seen[id])
			seen[id] = changed.name
		}
	}},
	{Name: "a link that is recorded is another link", unopened: true, run: func(s *suite) {
		if s.Recorded == nil {
			s.requireNoField("Recorded", reflect.TypeFor[io.Writer]())
			s.Skip("the driver records nothing")
		}
		id := s.Recorded.Identity()
		require.NotEqual(s, s.Connector.Identity(), id)
		require.Equal(s, id, s.Recorded.Identity())
		s.requireNoSecret(id)
	}},
	{Name: "Validate reports what cannot be opened", unopened: true, run: func(s *suite) {
		require.NoError(s, s.Connector.Validate())
		if len(s.Invalid) == 0 {
			s.Skip("the harness has no invalid settings")
		}
		for _, path := range slices.Sorted(maps.Keys(s.Invalid)) {
			s.requireInvalid(path, s.Invalid[path])
		}
	}},
}

// requireNoField checks that the connector has no exported field of a type, which
// the harness would have to change in one of its own fields.
func (s *suite) requireNoField(harness string, setting reflect.Type) {
	s.Helper()
	connector := reflect.Indirect(reflect.ValueOf(s.Connector)).Type()
	if connector.Kind() != reflect.Struct {
		return
	}
	for _, f := range reflect.VisibleFields(connector) {
		require.False(s, f.IsExported() && f.Type == setting,
			"the harness has no %s, and the connector has the setting %s", harness, f.Name)
	}
}

// requireInvalid checks that Validate reports a problem under a path, and that
// Open tries nothing.
func (s *suite) requireInvalid(path string, c driver.Connector) {
	s.Helper()
	err := c.Validate()
	require.ErrorIs(s, err, ctikit.ErrInvalid, path)
	var problems ctikit.Problems
	require.ErrorAs(s, err, &problems, path)
	named := func(p ctikit.Problem) bool { return p.Path == path && p.Message != "" }
	require.True(s, slices.ContainsFunc(problems, named), "no problem with the path %s: %s", path, err)
	s.requireNoSecret(err.Error())
	_, _, err = s.openConnector(s.ctx, c)
	s.requireError(err, ctikit.ErrInvalid, cti.OpOpen, "")
	require.True(s, cti.SafeToRetry(err), "nothing was sent")
	require.Zero(s, s.Link.Associations(), "%s: Open opened it", path)
}

// requireNoSecret checks that a text shows none of the passwords of the harness.
func (s *suite) requireNoSecret(text string) {
	s.Helper()
	for _, secret := range s.Secrets {
		require.NotContains(s, text, secret)
	}
}

// changedTLS is a TLS configuration with one difference.
type changedTLS struct {
	name   string
	config *tls.Config
}

// changedTLS returns configurations that differ from base in one thing each:
// they accept another peer, show the peer another client, or protect less.
func (s *suite) changedTLS(base *tls.Config) (all []changedTLS) {
	s.Helper()
	another := s.newCertificate("two")
	all = append(all, changedTLS{"no TLS", nil})
	for _, c := range []struct {
		name  string
		apply func(*tls.Config)
	}{
		{"another ServerName", func(c *tls.Config) { c.ServerName = "other.example" }},
		{"InsecureSkipVerify", func(c *tls.Config) { c.InsecureSkipVerify = true }},
		{"other RootCAs", func(c *tls.Config) { c.RootCAs = x509.NewCertPool() }},
		{"the RootCAs of the system", func(c *tls.Config) { c.RootCAs = nil }},
		{"another client certificate", func(c *tls.Config) { c.Certificates = []tls.Certificate{another} }},
		{"no client certificate", func(c *tls.Config) { c.Certificates = nil }},
		{"another MinVersion", func(c *tls.Config) { c.MinVersion = tls.VersionTLS13 }},
		{"a MaxVersion", func(c *tls.Config) { c.MaxVersion = tls.VersionTLS12 }},
		{"CipherSuites", func(c *tls.Config) { c.CipherSuites = []uint16{tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384} }},
		{"VerifyConnection", func(c *tls.Config) { c.VerifyConnection = func(tls.ConnectionState) error { return nil } }},
		{"a KeyLogWriter", func(c *tls.Config) { c.KeyLogWriter = new(bytes.Buffer) }},
	} {
		config := base.Clone()
		c.apply(config)
		all = append(all, changedTLS{c.name, config})
	}
	return all
}

// newCertificate returns a certificate signed by itself.
func (s *suite) newCertificate(name string) tls.Certificate {
	s.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(s, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now(), NotAfter: time.Now().Add(24 * time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, private)
	require.NoError(s, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: private}
}
