package ldapsource

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/directory"
	"github.com/ctikit/ctikit/internal/testenv"
	"github.com/ctikit/ctikit/internal/testenv/samba"
)

func adSource(s *samba.Server) *Source {
	return &Source{
		Servers: []string{"ldaps://127.0.0.1"}, TLS: &tls.Config{RootCAs: s.Roots}, Dial: s.Dial,
		Login: samba.Administrator, Password: ctikit.NewSecret(samba.Password), Kind: ActiveDirectory, Base: samba.People,
		Attributes: []string{"sAMAccountName", "sn", "givenName", "mail", "telephoneNumber", "mobile", "userAccountControl", "title"},
		Timeout:    20 * time.Second, ConnectTimeout: 20 * time.Second,
	}
}

func person(i int) string {
	return fmt.Sprintf("dn: CN=Firstname%d Lastname%d,%s\n", i, i, samba.People)
}

// TestActiveDirectory runs on one domain, since it takes ten seconds to start.
func TestActiveDirectory(t *testing.T) {
	server := samba.Start(t, 120)
	passing := strings.Replace(samba.Person(999_999, 544), "\n", "\nchangetype: add\n", 1) + person(999_999) + "changetype: delete\n\n"
	server.Modify(passing) // no domain is without tombstones for long
	t.Run("full", func(t *testing.T) { adFull(t, server) })
	t.Run("disabled bit", func(t *testing.T) { adDisabled(t, server) })
	t.Run("members by range", func(t *testing.T) { adMembers(t, server) })
	t.Run("faults", func(t *testing.T) { adFaults(t, server) })
	for name, change := range map[string]func(*Source){
		"dirsync":           func(s *Source) {},
		"dirsync, ordinary": func(s *Source) { s.Login, s.Password = samba.Reader, ctikit.NewSecret(samba.ReaderSecret) },
		"usn":               func(s *Source) { s.Method = USN },
		"usn, ordinary": func(s *Source) {
			s.Method, s.Login, s.Password = USN, samba.Reader, ctikit.NewSecret(samba.ReaderSecret)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := adSource(server)
			change(s)
			adIncremental(t, server, s)
		})
	}
}

func adFull(t *testing.T, server *samba.Server) {
	var want map[string]string
	for name, change := range map[string]func(*Source){
		"LDAPS":       func(*Source) {},
		"StartTLS":    func(s *Source) { s.Servers = []string{"ldap://127.0.0.1"} },
		"pages":       func(s *Source) { s.PageSize = 50 },
		"DN bind":     func(s *Source) { s.Login = "CN=Administrator,CN=Users," + samba.Base },
		"domain bind": func(s *Source) { s.Login = `ADEX\administrator` },
		"dirsync":     func(s *Source) { s.Method = DirSync },
	} {
		s := adSource(server)
		s.Method = Full
		change(s)
		g, err := read(s, "")
		require.NoError(t, err, name)
		require.Len(t, g.entries, 120, name)
		if want == nil {
			want = g.entries
		}
		require.Equal(t, want, g.entries, name)
	}
	s := adSource(server)
	s.Base = samba.Base // a search there refers to CN=Configuration
	s.Method = Full
	g, err := read(s, "")
	require.NoError(t, err)
	require.Greater(t, len(g.entries), 120)
	s.Password = ctikit.NewSecret("wrong")
	_, err = read(s, "")
	require.ErrorContains(t, err, "bind: result 49")
}

func adDisabled(t *testing.T, server *samba.Server) {
	s := newSync(t, adSource(server))
	require.NoError(t, s.Registry.Imports.Update(ctx, "ldap", func(i *directory.Import) error {
		i.Mapping = ADMapping()
		return nil
	}))
	report, err := s.Run(ctx)
	require.NoError(t, err)
	require.Equal(t, 120, report.Created, report.String())
	off := 0
	for u, err := range s.Registry.Users.All(ctx) {
		require.NoError(t, err)
		if u.Disabled {
			off++
		}
	}
	require.Equal(t, 1, off)
}

func adMembers(t *testing.T, server *samba.Server) {
	var b strings.Builder
	fmt.Fprintf(&b, "dn: CN=all,%s\nchangetype: add\nobjectClass: group\n", samba.People)
	for i := range 120 {
		fmt.Fprintf(&b, "member: CN=Firstname%d Lastname%d,%s\n", i, i, samba.People)
	}
	fmt.Fprintf(&b, "\ndn: CN=outer,%s\nchangetype: add\nobjectClass: group\nmember: CN=all,%s\n\n", samba.People, samba.People)
	server.Modify(b.String())
	got, err := adSource(server).Members(ctx, "CN=outer,"+samba.People, "member")
	require.NoError(t, err)
	require.Len(t, got, 120)
}

// adIncremental changes the domain step by step; after each step what the source
// told so far must equal a full reading.
func adIncremental(t *testing.T, server *samba.Server, s *Source) {
	rng := testenv.Rand(t)
	ordinary := s.Login == samba.Reader
	full := *s
	full.Method = Full
	p, from := picture{}, directory.Bookmark("")
	next := 1000 + rng.IntN(1_000_000)*10
	unitDN := fmt.Sprintf("OU=unit%d,%s", next, samba.People)
	unit := "dn: " + unitDN + "\n"
	add := func(i int) string { return strings.Replace(samba.Person(i, 544), "\n", "\nchangetype: add\n", 1) }
	for step, change := range []string{
		"",
		add(next) + add(next+1) + add(next+2) + add(next+3),
		person(next) + fmt.Sprintf("changetype: modrdn\nnewrdn: CN=Firstname%d Lastname%d\ndeleteoldrdn: 1\nnewsuperior: OU=former,%s\n\n", next, next, samba.Base),
		strings.Replace(person(next), samba.People, "OU=former,"+samba.Base, 1) + fmt.Sprintf("changetype: modrdn\nnewrdn: CN=Firstname%d Lastname%d\ndeleteoldrdn: 1\nnewsuperior: %s\n\n", next, next, samba.People),
		person(next) + "changetype: modify\nreplace: title\ntitle: Boss\n-\ndelete: mobile\n\n",
		person(next+1) + "changetype: delete\n\n",
		person(next+2) + fmt.Sprintf("changetype: modrdn\nnewrdn: CN=Renamed%d\ndeleteoldrdn: 1\n\n", next),
		person(next+3) + fmt.Sprintf("changetype: modrdn\nnewrdn: CN=Moved%d\ndeleteoldrdn: 1\nnewsuperior: OU=former,%s\n\n", next, samba.Base),
		fmt.Sprintf("dn: CN=Moved%d,OU=former,%s\nchangetype: modrdn\nnewrdn: CN=Back%d\ndeleteoldrdn: 1\nnewsuperior: %s\n\n", next, samba.Base, next, samba.People),
		// A container with somebody in it leaves, is renamed outside, and comes back.
		unit + "changetype: add\nobjectClass: organizationalUnit\n\n" + strings.Replace(add(next+4), samba.People, unitDN, 1),
		unit + fmt.Sprintf("changetype: modrdn\nnewrdn: OU=unit%d\ndeleteoldrdn: 1\nnewsuperior: OU=former,%s\n\n", next, samba.Base),
		fmt.Sprintf("dn: OU=unit%d,OU=former,%s\nchangetype: modrdn\nnewrdn: OU=other%d\ndeleteoldrdn: 1\nnewsuperior: %s\n\n", next, samba.Base, next, samba.People),
		fmt.Sprintf("dn: OU=other%d,%s\nchangetype: modrdn\nnewrdn: OU=third%d\ndeleteoldrdn: 1\n\n", next, samba.People, next),
		strings.Replace(person(next+4), samba.People, fmt.Sprintf("OU=third%d,%s", next, samba.People), 1) + "changetype: delete\n\n",
	} {
		if change != "" {
			server.Modify(change)
		}
		g, err := read(s, from)
		require.NoError(t, err)
		require.True(t, step > 0 || g.end.Full)
		if step > 0 && !strings.Contains(change, "OU=unit") && !strings.Contains(change, "OU=other") {
			require.LessOrEqual(t, len(g.entries), 4, "only what changed")
			require.Equal(t, ordinary, g.end.Full, "step %d: whoever sees tombstones lists nobody", step)
			require.Equal(t, ordinary, len(g.still) > 0)
			if !ordinary && strings.Contains(change, ": delete\n") {
				require.NotEmpty(t, g.gone, "a tombstone")
			}
		}
		require.NotEmpty(t, g.end.Bookmark)
		p.take(g)
		from = g.end.Bookmark
		everything, err := read(&full, "")
		require.NoError(t, err)
		require.Equal(t, everything.entries, map[string]string(p), "step %d", step)
	}
	garbage := bookmark{Method: (&reading{settings: must(s.newSettings()), root: rootDSE{controls: []string{controlDirSync}}}).chooseMethod(),
		Cookie: []byte("garbage"), USN: 1 << 60, Server: "another", Scope: (&reading{settings: must(s.newSettings())}).bookmarkScope()}
	g, err := read(s, garbage.encodeBookmark())
	require.NoError(t, err)
	require.True(t, g.end.Full, "a bookmark that is of no use means from the beginning")
	var old bookmark
	require.NoError(t, json.Unmarshal([]byte(from), &old))
	old.Made -= int64(tombstonesLast / time.Second)
	g, err = read(s, old.encodeBookmark())
	require.NoError(t, err)
	require.True(t, g.end.Full, "tombstones may be forgotten")
	require.Empty(t, g.still)
}
