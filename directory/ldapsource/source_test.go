package ldapsource

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/directory"
	"github.com/ctikit/ctikit/internal/testenv/slapd"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var ctx = context.Background()

var attributes = []string{"uid", "cn", "sn", "givenName", "mail", "telephoneNumber", "mobile", "employeeNumber", "ou", "l", "title"}

// source reads the people of a slapd as its administrator, by StartTLS.
func source(s *slapd.Server) *Source {
	return &Source{
		Servers: []string{s.URL}, TLS: &tls.Config{RootCAs: s.Roots},
		Login: slapd.Admin, Password: ctikit.NewSecret(slapd.Password),
		Base: slapd.People, Attributes: attributes, Timeout: 10 * time.Second,
	}
}

// got is what a reading yielded.
type got struct {
	entries map[string]string // key → path and attributes
	gone    []string
	still   []string
	end     *directory.End
}

func read(s *Source, from directory.Bookmark) (g got, err error) {
	g.entries = map[string]string{}
	for item, err := range s.Read(ctx, from) {
		switch {
		case err != nil:
			return g, err
		case item.Entry != nil:
			text := item.Entry.Path
			for _, a := range item.Entry.Attrs {
				text += fmt.Sprintf(" %s=%q", a.Name, a.Values)
			}
			g.entries[item.Entry.Key] = text
		case item.Gone != "":
			g.gone = append(g.gone, item.Gone)
		case item.Still != "":
			g.still = append(g.still, item.Still)
		case item.End != nil:
			g.end = item.End
		}
	}
	return g, nil
}

func TestReadFull(t *testing.T) {
	server := slapd.Start(t, 1200)
	want := ""
	for name, change := range map[string]func(*Source){
		"StartTLS":      func(*Source) {},
		"LDAPS":         func(s *Source) { s.Servers = []string{server.SecureURL} },
		"plaintext":     func(s *Source) { s.Plaintext = true },
		"small pages":   func(s *Source) { s.PageSize = 100 },
		"no pages":      func(s *Source) { s.PageSize = -1 },
		"syncrepl":      func(s *Source) { s.Method = Syncrepl },
		"second server": func(s *Source) { s.Servers = []string{"ldap://127.0.0.1:1", server.URL} },
		"size limit":    func(s *Source) { s.Login = slapd.Limited },
	} {
		t.Run(name, func(t *testing.T) {
			s := source(server)
			s.Method = Full
			change(s)
			g, err := read(s, "")
			require.NoError(t, err)
			require.Len(t, g.entries, 1200)
			require.True(t, g.end.Full)
			if text := fmt.Sprint(g.entries); want == "" {
				want = text
			} else {
				require.Equal(t, len(want), len(text))
			}
			for key, text := range g.entries {
				require.Len(t, key, 36)
				require.Contains(t, text, "title=[\"Engineer\"]")
			}
		})
	}
}

func TestReadRefusals(t *testing.T) {
	server := slapd.Start(t, 600)
	for name, test := range map[string]struct {
		change func(*Source)
		want   string
	}{
		"size limit":       {func(s *Source) { s.Login = slapd.Limited; s.PageSize = -1 }, "incomplete: the server's size limit"},
		"page limit":       {func(s *Source) { s.Login = slapd.Limited; s.PageSize = 400 }, "incomplete: an administrative limit"},
		"syncrepl, limit":  {func(s *Source) { s.Login = slapd.Limited; s.Method = Syncrepl }, "incomplete: the server's size limit"},
		"no such base":     {func(s *Source) { s.Base = "ou=nobody," + slapd.Suffix }, "incomplete: the base does not exist"},
		"anonymous":        {func(s *Source) { s.Login = "" }, "incomplete"},
		"wrong password":   {func(s *Source) { s.Password = ctikit.NewSecret("wrong") }, "bind: result 49"},
		"unknown CA":       {func(s *Source) { s.TLS = nil }, "certificate"},
		"other name":       {func(s *Source) { s.TLS.ServerName = "ldap.example.test" }, "certificate"},
		"key not readable": {func(s *Source) { s.Key = "roomNumber" }, "has no roomNumber"},
		"nobody there":     {func(s *Source) { s.Servers = []string{"ldap://127.0.0.1:1"} }, "127.0.0.1:1"},
		"long message":     {func(s *Source) { s.MaxMessage = 300 }, "exceeds MaxMessage 300"},
	} {
		t.Run(name, func(t *testing.T) {
			s := source(server)
			s.Method = Full
			test.change(s)
			g, err := read(s, "")
			require.ErrorContains(t, err, test.want)
			require.Nil(t, g.end)
			require.NotContains(t, err.Error(), slapd.Password+`"`)
		})
	}
	s := source(server)
	s.Login = slapd.Blind // success and nobody: the engine's limits are for that
	g, err := read(s, "")
	require.NoError(t, err)
	require.Empty(t, g.entries)
}

func TestCheck(t *testing.T) {
	err := (&Source{Servers: []string{"http://x", "ldap://u:p@h"}, Base: "no dn", Filter: "(broken", Login: "x", Kind: "nds", Method: USN, Attributes: []string{"*"}}).Check()
	require.ErrorIs(t, err, ctikit.ErrInvalid)
	for _, want := range []string{"servers[0]:", "servers[1]:", "base:", "filter:", "password:", "kind:", "method:", "attributes[0]:"} {
		require.ErrorContains(t, err, want)
	}
	require.NotContains(t, err.Error(), "u:p")
	require.ErrorContains(t, (&Source{Servers: []string{"ldap://h"}, Kind: A5000}).Check(), "key: missing")
	require.NoError(t, (&Source{Servers: []string{"ldap://h"}, Kind: A5000, Key: "attr1", Base: "dc=x"}).Check())
}

func TestLoopIsLeftAndContextEnds(t *testing.T) {
	server := slapd.Start(t, 2000)
	s := source(server)
	n := 0
	for _, err := range s.Read(ctx, "") {
		require.NoError(t, err)
		if n++; n == 10 {
			break
		}
	}
	cancelled, cancel := context.WithCancel(ctx)
	defer cancel()
	n = 0
	var last error
	for _, err := range s.Read(cancelled, "") {
		last = err
		if n++; n == 10 {
			cancel()
		}
	}
	require.ErrorIs(t, last, context.Canceled)
	require.Less(t, n, 2000)
	g, err := read(s, "")
	require.NoError(t, err)
	require.Len(t, g.entries, 2000)
}

func TestHugeValueIsRead(t *testing.T) {
	server := slapd.Start(t, 5)
	s := source(server)
	s.Attributes = append(s.Attributes, "description")
	big := make([]byte, 10<<20)
	for i := range big {
		big[i] = 'x'
	}
	server.Modify("dn: uid=u000002," + slapd.People + "\nchangetype: modify\nadd: description\ndescription: " + string(big) + "\n")
	g, err := read(s, "")
	require.NoError(t, err)
	require.Len(t, g.entries, 5)
}

func TestMembers(t *testing.T) {
	server := slapd.Start(t, 5)
	member := func(uid int) string { return fmt.Sprintf("uid=u%06d,%s", uid, slapd.People) }
	group := func(name string, members ...string) string {
		text := "dn: cn=" + name + ",ou=groups," + slapd.Suffix + "\nchangetype: add\nobjectClass: groupOfNames\ncn: " + name + "\n"
		for _, m := range members {
			text += "member: " + m + "\n"
		}
		return text + "\n"
	}
	dn := func(name string) string { return "cn=" + name + ",ou=groups," + slapd.Suffix }
	server.Modify(group("a", member(1), dn("b"), dn("a")) + group("b", member(2), member(1), dn("c")) + group("c", dn("a"), member(3), "uid=gone,"+slapd.People))
	got, err := source(server).Members(ctx, dn("a"), "member")
	require.NoError(t, err)
	require.Equal(t, []string{member(1), member(2), member(3)}, got)
	_, err = source(server).Members(ctx, dn("x"), "member")
	require.ErrorContains(t, err, "result 32")
}

func TestNextRange(t *testing.T) {
	for option, want := range map[string]int{"": 0, "range=0-1499": 1500, "Range=1500-*": 0, "lang-fr": 0} {
		n, err := nextRange(option)
		require.NoError(t, err)
		require.Equal(t, want, n)
	}
	for _, option := range []string{"range=0-", "range=x", "range=1--5"} {
		_, err := nextRange(option)
		require.Error(t, err, option)
	}
}

// The PBX's directory has no operational attributes and no paging.
func TestA5000(t *testing.T) {
	server := slapd.Start(t, 3)
	for i := range 3 {
		server.Modify(fmt.Sprintf("dn: cn=c%d,ou=former,%s\nchangetype: add\nobjectClass: contactRecord\ncn: c%d\nsn: N%d\ntelephoneNumber: 40%d\nattr1: key%d\n\n", i, slapd.Suffix, i, i, i, i))
	}
	s := source(server)
	s.Kind, s.Key, s.Base, s.Attributes = A5000, "attr1", "ou=former,"+slapd.Suffix, A5000Mapping().Attributes()
	g, err := read(s, "")
	require.NoError(t, err)
	require.Len(t, g.entries, 3)
	require.Contains(t, g.entries, "key2")
	require.True(t, g.end.Full)
	require.Empty(t, g.end.Bookmark)
}

func TestFromImport(t *testing.T) {
	server := slapd.Start(t, 3)
	host, port, err := net.SplitHostPort(server.Address)
	require.NoError(t, err)
	number, err := strconv.Atoi(port)
	require.NoError(t, err)
	imp := &directory.Import{Type: directory.LDAP, Host: host, Port: number, Login: slapd.Admin, Password: ctikit.NewSecret(slapd.Password),
		Base: slapd.People, Filter: "(uid=u000001)", Mapping: LDAPMapping(), Security: directory.NoTLS}
	g, err := read(FromImport(imp), "")
	require.NoError(t, err)
	require.Len(t, g.entries, 1)
	imp.Security = ""
	_, err = read(FromImport(imp), "")
	require.ErrorContains(t, err, "StartTLS", "and its certificate is not trusted")
	imp.Port, imp.Security = 0, directory.LDAPS
	require.Equal(t, []string{"ldaps://127.0.0.1:636"}, FromImport(imp).Servers)
	require.Equal(t, []string{"ldap://[::1]:389"}, FromImport(&directory.Import{Host: "::1"}).Servers)
}

// A part of the tree that another server holds is never followed, and makes a
// reading incomplete unless it was said to be of no interest.
func TestReferrals(t *testing.T) {
	server := slapd.Start(t, 20)
	server.Modify("dn: ou=elsewhere," + slapd.People + "\nchangetype: add\nobjectClass: referral\nobjectClass: extensibleObject\nou: elsewhere\nref: ldap://192.0.2.1/ou=x\n\n")
	for _, method := range []Method{Full, Syncrepl} {
		s := source(server)
		s.Method = method
		_, err := read(s, "")
		var incomplete *directory.Incomplete
		require.ErrorAs(t, err, &incomplete, method)
		require.ErrorContains(t, err, "192.0.2.1")
		s.IgnoreReferrals = true
		g, err := read(s, "")
		require.NoError(t, err)
		require.Len(t, g.entries, 20)
	}
}
