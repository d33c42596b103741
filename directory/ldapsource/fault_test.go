package ldapsource

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/directory"
	"github.com/ctikit/ctikit/internal/secret"
	"github.com/ctikit/ctikit/internal/testenv"
	"github.com/ctikit/ctikit/internal/testenv/faultproxy"
	"github.com/ctikit/ctikit/internal/testenv/slapd"
)

var mapping = directory.Mapping{
	{Field: directory.FieldLogin, From: []string{"uid"}},
	{Field: directory.FieldLastName, From: []string{"sn"}},
	{Field: directory.FieldWork, From: []string{"telephoneNumber"}},
	{Field: directory.FieldMobile, From: []string{"mobile"}},
}

// newSync returns a run of an import into a fresh registry.
func newSync(t *testing.T, source directory.Source) *directory.Sync {
	t.Helper()
	r := directory.NewRegistry(directory.NewMemory(), nil)
	require.NoError(t, r.Companies.Save(ctx, directory.Company{ID: "acme", Name: "Acme"}))
	require.NoError(t, r.Domains.Save(ctx, directory.Domain{ID: "paris", Company: "acme", Name: "Paris"}))
	require.NoError(t, r.Directories.Save(ctx, directory.Directory{ID: "staff", Company: "acme", Name: "Staff"}))
	require.NoError(t, r.Imports.Save(ctx, directory.Import{ID: "ldap", Company: "acme", Domain: "paris", Directory: "staff",
		Type: directory.LDAP, Target: directory.ToUsers, Mode: directory.InsertUpdateDelete, Mapping: mapping}))
	return &directory.Sync{Registry: r, Import: "ldap", Source: source}
}

func logins(t *testing.T, s *directory.Sync) map[string]string {
	t.Helper()
	out := map[string]string{}
	for u, err := range s.Registry.Users.All(ctx) {
		require.NoError(t, err)
		out[u.ID] = fmt.Sprint(u.Login, u.LastName, u.Mobile, u.Numbers)
	}
	return out
}

// Wherever the connection breaks, nobody is removed and the next run completes.
func TestFaultsRemoveNobody(t *testing.T) {
	rng := testenv.Rand(t)
	server := slapd.Start(t, 400)
	proxy := faultproxy.New(t, server.Address)
	for _, method := range []Method{Full, Syncrepl} {
		src := source(server)
		src.Servers, src.Plaintext, src.Method, src.PageSize = []string{"ldap://" + proxy.Address}, true, method, 100
		src.Timeout, src.ConnectTimeout = 300*time.Millisecond, 300*time.Millisecond
		s := newSync(t, src)
		proxy.Set(faultproxy.Fault{})
		report, err := s.Run(ctx)
		require.NoError(t, err)
		require.Equal(t, 400, report.Created+report.Unchanged)
		before := logins(t, s)
		for _, how := range []faultproxy.How{faultproxy.Cut, faultproxy.Reset, faultproxy.Stall} {
			for range 6 {
				most := int64(150_000) // of a full answer
				if method == Syncrepl {
					most = 600
				}
				proxy.Set(faultproxy.Fault{After: rng.Int64N(most), How: how})
				_, err := s.Run(ctx)
				if err == nil {
					require.Equal(t, Syncrepl, method, "a short answer may come through whole")
				}
				require.Equal(t, before, logins(t, s))
			}
		}
		proxy.Set(faultproxy.Fault{})
		report, err = s.Run(ctx)
		require.NoError(t, err)
		require.Zero(t, report.Held+report.Deleted+report.Failed)
	}
}

// A bind account that lost its rights gets success and nobody.
func TestBlindAccountRemovesNobody(t *testing.T) {
	server := slapd.Start(t, 50)
	src := source(server)
	s := newSync(t, src)
	_, err := s.Run(ctx)
	require.NoError(t, err)
	before := logins(t, s)
	src.Method = Full // the other method would not tell of them either
	src.Login, src.Password = slapd.Blind, secret.New(slapd.Password)
	report, err := s.Run(ctx)
	require.NoError(t, err)
	require.Equal(t, 50, report.Held)
	require.Equal(t, before, logins(t, s))
	src.Login, src.Method = slapd.Admin, Auto
	report, err = s.Run(ctx)
	require.NoError(t, err)
	require.Zero(t, report.Held)
}

// The limits of the server, met half-way, remove nobody.
func TestLimitsRemoveNobody(t *testing.T) {
	server := slapd.Start(t, 600)
	src := source(server)
	src.Method = Full
	s := newSync(t, src)
	_, err := s.Run(ctx)
	require.NoError(t, err)
	before := logins(t, s)
	src.Login, src.PageSize = slapd.Limited, -1
	_, err = s.Run(ctx)
	var incomplete *directory.Incomplete
	require.ErrorAs(t, err, &incomplete)
	require.Equal(t, before, logins(t, s))
}
