package ldapsource

import (
	"context"
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/directory"
	"github.com/ctikit/ctikit/internal/testenv"
	"github.com/ctikit/ctikit/internal/testenv/faultproxy"
	"github.com/ctikit/ctikit/internal/testenv/samba"
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

// TestFaultsRemoveNobody: whatever happens to the answers, of every way of reading
// a server that has, nobody is removed who is still there, and the next run that
// is left alone ends with what the server has.
func TestFaultsRemoveNobody(t *testing.T) {
	server := slapd.Start(t, 300)
	dial := func() (net.Conn, error) { return net.Dial("tcp", server.Address) }
	next := 300
	change := func() { // one goes, one comes, one changes
		server.Modify(fmt.Sprintf("dn: uid=u%06d,%s\nchangetype: delete\n\n", next-300, slapd.People) +
			strings.Replace(slapd.Person(next), "\nobjectClass", "\nchangetype: add\nobjectClass", 1) +
			fmt.Sprintf("dn: uid=u%06d,%s\nchangetype: modify\nreplace: sn\nsn: New%d\n\n", next-100, slapd.People, next))
		next++
	}
	for _, method := range []Method{Full, Syncrepl} {
		t.Run(string(method), func(t *testing.T) {
			src := source(server)
			src.Method, src.PageSize = method, 100
			spoil(t, src, mapping, dial, change, 4)
		})
	}
}

// The same with a domain controller; called by the test that has one.
func adFaults(t *testing.T, server *samba.Server) {
	dial := func() (net.Conn, error) { return server.Dial(ctx, "tcp", "127.0.0.1:389") }
	next := 2_000_000 + testenv.Rand(t).IntN(1_000_000)*10
	add := func(i int) string { return strings.Replace(samba.Person(i, 544), "\n", "\nchangetype: add\n", 1) }
	server.Modify(add(next) + add(next+1) + add(next+2))
	change := func() {
		server.Modify(person(next) + "changetype: delete\n\n" + add(next+3) + person(next+1) + fmt.Sprintf("changetype: modify\nreplace: mobile\nmobile: +33%d\n\n", next))
		next++
	}
	for name, set := range map[string]func(*Source){
		"dirsync": func(s *Source) { s.Method = DirSync },
		"usn":     func(s *Source) { s.Method = USN },
		"usn, ordinary": func(s *Source) {
			s.Method, s.Login, s.Password = USN, samba.Reader, ctikit.NewSecret(samba.ReaderSecret)
		},
	} {
		t.Run(name, func(t *testing.T) {
			src := adSource(server)
			set(src)
			spoil(t, src, ADMapping(), dial, change, 2)
		})
	}
}

// spoil runs an import over and over, each time with another fault, after a change.
func spoil(t *testing.T, src *Source, m directory.Mapping, dial func() (net.Conn, error), change func(), rounds int) {
	rng := testenv.Rand(t)
	proxy := faultproxy.Before(t, dial)
	src.Servers, src.Plaintext, src.Dial = []string{"ldap://" + proxy.Address}, true, nil
	src.Attributes = m.Attributes()
	src.Timeout, src.ConnectTimeout = time.Minute, time.Minute
	s := newSync(t, src)
	require.NoError(t, s.Registry.Imports.Update(ctx, "ldap", func(i *directory.Import) error { i.Mapping = m; return nil }))
	well := func() int64 {
		t.Helper()
		proxy.Set(faultproxy.Fault{})
		src.Dial, src.Timeout = nil, time.Minute
		report, err := s.Run(ctx)
		require.NoError(t, err)
		require.Zero(t, report.Held+report.Failed, report.String())
		answer := proxy.Passed()
		full := *src
		full.Method = Full
		truth, err := read(&full, "")
		require.NoError(t, err)
		require.Equal(t, slices.Sorted(maps.Keys(truth.entries)), keysOf(t, s))
		again := newSync(t, &full) // and everybody is as the server has them
		require.NoError(t, again.Registry.Imports.Update(ctx, "ldap", func(i *directory.Import) error { i.Mapping = m; return nil }))
		_, err = again.Run(ctx)
		require.NoError(t, err)
		require.Equal(t, logins(t, again), logins(t, s))
		return answer
	}
	well()
	// safe runs once with a fault; whoever is there before and is at the server must stay.
	safe := func(what string) error {
		t.Helper()
		before := logins(t, s)
		full := *src
		full.Method, full.Dial, full.Timeout = Full, func(context.Context, string, string) (net.Conn, error) { return dial() }, time.Minute
		truth, err := read(&full, "")
		require.NoError(t, err)
		_, err = s.Run(ctx)
		after := logins(t, s)
		for id := range before {
			if _, there := truth.entries[strings.TrimPrefix(id, "ldap/")]; there {
				require.Contains(t, after, id, what)
			} else if err != nil {
				require.Contains(t, after, id, "%s: nobody goes with a reading that failed", what)
			}
		}
		return err
	}
	for _, how := range []faultproxy.How{faultproxy.Cut, faultproxy.Reset, faultproxy.Stall} {
		for range rounds {
			change()
			answer := well()
			change()
			fault := faultproxy.Fault{After: rng.Int64N(answer), How: how}
			proxy.Set(fault)
			src.Timeout = 200 * time.Millisecond
			what := fmt.Sprintf("%+v of %d", fault, answer)
			if err := safe(what); err == nil {
				t.Log(what + ": came through")
			}
			well()
		}
	}
	for _, code := range []int{codeTimeLimitExceeded, codeSizeLimitExceeded, codeAdminLimitExceeded, codeBusy} {
		for _, few := range []int{rng.IntN(2), 2 + rng.IntN(2)} { // before and after the root and the base were read
			change()
			src.Dial = fooled(dial, few, code)
			require.Error(t, safe(fmt.Sprintf("result %d after %d entries", code, few)))
			well()
		}
	}
	src.Dial = fooled(dial, 2, 0) // the root and the base, and nobody else; all with success
	_ = safe("success and nobody")
	require.NotEmpty(t, keysOf(t, s))
	well()
	s.Registry.Imports.Update(ctx, "ldap", func(i *directory.Import) error { i.FullEvery = 1; return nil }) // reconciling
	src.Dial = fooled(dial, 2, 0)
	_ = safe("reconciling, success and nobody")
	require.NotEmpty(t, keysOf(t, s))
	well()
}

func keysOf(t *testing.T, s *directory.Sync) (out []string) {
	t.Helper()
	for u, err := range s.Registry.Users.All(ctx) {
		require.NoError(t, err)
		out = append(out, u.Origin.Key)
	}
	slices.Sort(out)
	return out
}

// fooled dials a server whose answers lack all entries and notices but the first
// few; with a code, the search that would have told of the next one ends with it.
func fooled(dial func() (net.Conn, error), few, code int) func(context.Context, string, string) (net.Conn, error) {
	return func(context.Context, string, string) (net.Conn, error) {
		c, err := dial()
		if err != nil {
			return nil, err
		}
		return &fooledConn{Conn: c, in: newConn(c, time.Minute, 1<<20), few: few, code: code}, nil
	}
}

type fooledConn struct {
	net.Conn
	in        *conn
	few, code int
	hit       bool
	out       []byte
}

func (f *fooledConn) Read(p []byte) (int, error) {
	for len(f.out) == 0 {
		raw, err := f.in.nextMessage(context.Background())
		if err != nil {
			return 0, err
		}
		id, m, err := parseMessage(raw)
		if err != nil {
			return 0, err
		}
		switch {
		case m.op == opSearchEntry && f.few > 0:
			f.few--
			f.out = appendElement(f.out, tagSequence, raw)
		case m.op == opSearchEntry || m.op == opIntermediate:
			f.hit = true
		case m.op == opSearchDone && f.hit && f.code != 0:
			f.out = append(f.out, resultOf(opSearchDone, id, f.code, "")...)
		default:
			f.out = appendElement(f.out, tagSequence, raw)
		}
	}
	n := copy(p, f.out)
	f.out = f.out[n:]
	return n, nil
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
	src.Login, src.Password = slapd.Blind, ctikit.NewSecret(slapd.Password)
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
