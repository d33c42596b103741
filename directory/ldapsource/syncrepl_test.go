package ldapsource

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/directory"
	"github.com/ctikit/ctikit/internal/testenv"
	"github.com/ctikit/ctikit/internal/testenv/slapd"
)

// picture is what a client believes after its readings.
type picture map[string]string

// take brings a reading into the picture as the sync engine does.
func (p picture) take(g got) {
	if g.end.Full {
		for key := range p {
			if _, there := g.entries[key]; !there && !slices.Contains(g.still, key) {
				delete(p, key)
			}
		}
	}
	for _, key := range g.gone {
		if _, back := g.entries[key]; !back {
			delete(p, key)
		}
	}
	for key, text := range g.entries {
		p[key] = text
	}
}

func dn(i int) string { return fmt.Sprintf("uid=u%06d,%s", i, slapd.People) }

func TestSyncreplChanges(t *testing.T) {
	server := slapd.Start(t, 300)
	s := source(server)
	p := picture{}
	g, err := read(s, "")
	require.NoError(t, err)
	require.True(t, g.end.Full)
	require.Len(t, g.entries, 300)
	p.take(g)
	first := g.end.Bookmark

	g, err = read(s, first)
	require.NoError(t, err)
	require.False(t, g.end.Full)
	require.Empty(t, g.entries)

	server.Modify("dn: " + dn(1) + "\nchangetype: modify\nreplace: title\ntitle: Boss\n\n" +
		"dn: " + dn(2) + "\nchangetype: delete\n\n" +
		"dn: " + dn(3) + "\nchangetype: modrdn\nnewrdn: uid=moved\ndeleteoldrdn: 1\nnewsuperior: ou=former," + slapd.Suffix + "\n\n" +
		"dn: " + dn(4) + "\nchangetype: modrdn\nnewrdn: uid=renamed\ndeleteoldrdn: 1\n\n" +
		strings.Replace(slapd.Person(900), "\n", "\nchangetype: add\n", 1))
	g, err = read(s, g.end.Bookmark)
	require.NoError(t, err)
	require.False(t, g.end.Full)
	require.Len(t, g.entries, 3)
	require.Len(t, g.gone, 2, "deleted, and moved out of the base")
	p.take(g)

	full := *s
	full.Method = Full
	everything, err := read(&full, "")
	require.NoError(t, err)
	require.Equal(t, everything.entries, map[string]string(p))

	other := *s
	other.Filter = "(title=Boss)"
	g, err = read(&other, first)
	require.NoError(t, err)
	require.True(t, g.end.Full, "a bookmark of another filter is none")
	require.Len(t, g.entries, 1)
}

// A container that is moved or renamed takes its people with it; of those the
// server tells nothing.
func TestSyncreplMovedContainer(t *testing.T) {
	server := slapd.Start(t, 20)
	s := source(server)
	full := *s
	full.Method = Full
	p, from := picture{}, directory.Bookmark("")
	unit := "dn: ou=unit," + slapd.People + "\n"
	for step, change := range []string{
		unit + "changetype: add\nobjectClass: organizationalUnit\nou: unit\n\n" +
			strings.Replace(strings.Replace(slapd.Person(900), slapd.People, "ou=unit,"+slapd.People, 1), "\n", "\nchangetype: add\n", 1),
		"", // nothing
		unit + "changetype: modrdn\nnewrdn: ou=other\ndeleteoldrdn: 1\n\n",
		strings.Replace(unit, "unit", "other", 1) + "changetype: modrdn\nnewrdn: ou=other\ndeleteoldrdn: 1\nnewsuperior: ou=former," + slapd.Suffix + "\n\n",
		"dn: ou=other,ou=former," + slapd.Suffix + "\nchangetype: modrdn\nnewrdn: ou=back\ndeleteoldrdn: 1\nnewsuperior: " + slapd.People + "\n\n",
	} {
		if change != "" {
			server.Modify(change)
		}
		g, err := read(s, from)
		require.NoError(t, err)
		require.Equal(t, change != "", g.end.Full)
		p.take(g)
		from = g.end.Bookmark
		everything, err := read(&full, "")
		require.NoError(t, err)
		require.Equal(t, everything.entries, map[string]string(p), "step %d", step)
	}
}

// After a restart slapd has lost its log of deletions: it answers with a present
// phase, from which the deleted are known by their absence.
func TestSyncreplAfterRestart(t *testing.T) {
	server := slapd.Start(t, 300)
	s := source(server)
	p := picture{}
	g, err := read(s, "")
	require.NoError(t, err)
	p.take(g)
	server.Modify("dn: " + dn(7) + "\nchangetype: delete\n\ndn: " + dn(8) + "\nchangetype: modify\nreplace: title\ntitle: Boss\n\n")
	server.Stop()
	server.Run()
	g, err = read(s, g.end.Bookmark)
	require.NoError(t, err)
	require.True(t, g.end.Full)
	require.NotEmpty(t, g.still)
	p.take(g)
	require.Len(t, p, 299)
	full := *s
	full.Method = Full
	everything, err := read(&full, "")
	require.NoError(t, err)
	require.Equal(t, everything.entries, map[string]string(p))
}

// A cookie that the server does not know: it answers with everything as if that
// were the changes. The bookmark is not kept, so that the next run reads anew.
func TestSyncreplForeignCookie(t *testing.T) {
	server := slapd.Start(t, 300)
	s := source(server)
	g, err := read(s, "")
	require.NoError(t, err)
	var known bookmark
	require.NoError(t, json.Unmarshal([]byte(g.end.Bookmark), &known))
	for _, cookie := range []string{"garbage", "rid=000,csn=20010101000000.000000Z#000000#000#000000"} {
		mark := known
		mark.Cookie = []byte(cookie)
		g, err = read(s, mark.encodeBookmark())
		require.NoError(t, err)
		require.True(t, g.end.Full || g.end.Bookmark == "", "%s: %+v", cookie, g.end)
	}
	for _, mark := range []directory.Bookmark{"nonsense", `{"m":"syncrepl"}`, `{"m":"dirsync","c":"AA=="}`} {
		g, err = read(s, mark)
		require.NoError(t, err)
		require.True(t, g.end.Full)
		require.Len(t, g.entries, 300)
	}
}

func must(s *settings, err error) *settings {
	if err != nil {
		panic(err)
	}
	return s
}

// Random lives of a real server: what changes tell, step by step, is what a full
// reading tells at the end.
func TestSyncreplEqualsFull(t *testing.T) {
	rng := testenv.Rand(t)
	server := slapd.Start(t, 60)
	s := source(server)
	full := *s
	full.Method = Full
	p, from := picture{}, directory.Bookmark("")
	w := &world{rng: rng, next: 60}
	for i := range 60 {
		w.names = append(w.names, fmt.Sprintf("u%06d", i))
	}
	for range 12 {
		server.Modify(w.change())
		if rng.IntN(4) == 0 {
			server.Stop()
			server.Run()
		}
		g, err := read(s, from)
		require.NoError(t, err)
		p.take(g)
		from = g.end.Bookmark
		everything, err := read(&full, "")
		require.NoError(t, err)
		require.Equal(t, everything.entries, map[string]string(p))
	}
}

// world makes random changes to the people of a server.
type world struct {
	rng   *rand.Rand
	names []string // uid of those in ou=people
	next  int
}

func (w *world) change() string {
	var b strings.Builder
	for range 1 + w.rng.IntN(8) {
		at := w.rng.IntN(len(w.names))
		name := "dn: uid=" + w.names[at] + "," + slapd.People + "\n"
		switch w.rng.IntN(5) {
		case 0:
			b.WriteString(name + "changetype: delete\n\n")
			w.names = slices.Delete(w.names, at, at+1)
		case 1:
			fmt.Fprintf(&b, "%schangetype: modify\nreplace: title\ntitle: T%d\n-\nreplace: l\n\n", name, w.rng.IntN(1000))
		case 2:
			w.next++
			fmt.Fprintf(&b, "%schangetype: modrdn\nnewrdn: uid=r%d\ndeleteoldrdn: 1\n\n", name, w.next)
			w.names[at] = fmt.Sprint("r", w.next)
		case 3:
			fmt.Fprintf(&b, "%schangetype: modrdn\nnewrdn: uid=%s\ndeleteoldrdn: 1\nnewsuperior: ou=former,%s\n\n", name, w.names[at], slapd.Suffix)
			w.names = slices.Delete(w.names, at, at+1)
		default:
			w.next++
			b.WriteString(strings.Replace(slapd.Person(w.next), "\n", "\nchangetype: add\n", 1))
			w.names = append(w.names, fmt.Sprintf("u%06d", w.next))
		}
	}
	return b.String()
}
