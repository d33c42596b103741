package bench

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unsafe"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/directory"
	"github.com/ctikit/ctikit/directory/ldapsource"
	"github.com/ctikit/ctikit/directory/sqlstore"
	"github.com/ctikit/ctikit/internal/testenv/slapd"
)

var ldapAttributes = []string{"uid", "cn", "sn", "givenName", "mail", "telephoneNumber", "mobile", "employeeNumber", "ou", "l", "title"}

const ldapUsers = 100_000

// BenchmarkFullRead reads 100,000 users of 11 attributes from one slapd: the
// bytes alone, our reader, and go-ldap as it is usually called.
func BenchmarkFullRead(b *testing.B) {
	server := slapd.Start(b, ldapUsers)
	b.Run("bytes", func(b *testing.B) { everyRun(b, func() int { return bareBytes(b, server) }) })
	for _, method := range []ldapsource.Method{ldapsource.Full, ldapsource.Syncrepl} {
		b.Run("ctikit-"+string(method), func(b *testing.B) { everyRun(b, func() int { return readAll(b, server, method) }) })
	}
	b.Run("ratio", func(b *testing.B) { readRatio(b, server) })
	b.Run("go-ldap-SearchWithPaging", func(b *testing.B) {
		everyRun(b, func() int {
			c, err := ldap.DialURL(server.URL)
			require.NoError(b, err)
			defer c.Close()
			require.NoError(b, c.Bind(slapd.Admin, slapd.Password))
			found, err := c.SearchWithPaging(ldap.NewSearchRequest(slapd.People, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 0, 0, false, "(objectClass=person)", ldapAttributes, nil), 1000)
			require.NoError(b, err)
			return len(found.Entries)
		})
	})
}

func readAll(b *testing.B, server *slapd.Server, method ldapsource.Method) (entries int) {
	for item, err := range benchSource(server, method).Read(context.Background(), "") {
		require.NoError(b, err)
		if item.Entry != nil {
			entries++
		}
	}
	return entries
}

// readRatio reads by turns, the bytes alone and with our reader, and reports the
// median of the ratios: what else the machine does meets both.
func readRatio(b *testing.B, server *slapd.Server) {
	timed := func(read func() int) float64 {
		started := time.Now()
		require.Equal(b, ldapUsers, read())
		return float64(time.Since(started))
	}
	bytes := func() int { return bareBytes(b, server) }
	ours := func() int { return readAll(b, server, ldapsource.Full) }
	var ratios []float64
	for b.Loop() {
		for range 4 {
			before := timed(bytes)
			ratios = append(ratios, timed(ours)/before)
			after := timed(ours)
			ratios = append(ratios, after/timed(bytes))
		}
	}
	slices.Sort(ratios)
	b.ReportMetric(ratios[len(ratios)/2], "of-bytes")
}

func benchSource(server *slapd.Server, method ldapsource.Method) *ldapsource.Source {
	return &ldapsource.Source{Servers: []string{server.URL}, Plaintext: true, Login: slapd.Admin, Password: ctikit.NewSecret(slapd.Password),
		Base: slapd.People, Attributes: ldapAttributes, Method: method}
}

// everyRun reports entries and the largest heap seen meanwhile.
func everyRun(b *testing.B, read func() int) {
	b.ReportAllocs()
	stop := peak()
	for b.Loop() {
		require.Equal(b, ldapUsers, read())
	}
	b.ReportMetric(float64(stop())/(1<<20), "peak-MiB")
	b.ReportMetric(float64(ldapUsers*b.N)/b.Elapsed().Seconds(), "entries/s")
}

// peak watches the memory in use; what it returns stops that and tells the
// most there was, in bytes.
func peak() (stop func() uint64) {
	end, result := make(chan struct{}), make(chan uint64)
	go func() {
		var most uint64
		var m runtime.MemStats
		for {
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse+m.StackInuse)
			select {
			case <-end:
				result <- most
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
	}()
	return func() uint64 { close(end); return <-result }
}

// bareBytes frames the messages of the same answer and throws them away.
func bareBytes(b *testing.B, server *slapd.Server) (entries int) {
	c, err := net.Dial("tcp", server.Address)
	require.NoError(b, err)
	defer c.Close()
	in := bufio.NewReaderSize(c, 256<<10)
	message := func(id int64, op *ber.Packet) {
		m := ber.NewSequence("")
		m.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, id, ""))
		m.AppendChild(op)
		_, err := c.Write(m.Bytes())
		require.NoError(b, err)
	}
	text := func(s string) *ber.Packet {
		return ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, s, "")
	}
	number := func(tag ber.Tag, n int64) *ber.Packet {
		return ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, tag, n, "")
	}
	bind := ber.Encode(ber.ClassApplication, ber.TypeConstructed, ldap.ApplicationBindRequest, nil, "")
	bind.AppendChild(number(ber.TagInteger, 3))
	bind.AppendChild(text(slapd.Admin))
	bind.AppendChild(ber.NewString(ber.ClassContext, ber.TypePrimitive, 0, slapd.Password, ""))
	message(1, bind)
	require.EqualValues(b, 0x61, discardMessage(b, in))

	search := ber.Encode(ber.ClassApplication, ber.TypeConstructed, ldap.ApplicationSearchRequest, nil, "")
	search.AppendChild(text(slapd.People))
	search.AppendChild(number(ber.TagEnumerated, 2))
	search.AppendChild(number(ber.TagEnumerated, 0))
	search.AppendChild(number(ber.TagInteger, 0))
	search.AppendChild(number(ber.TagInteger, 0))
	search.AppendChild(ber.NewBoolean(ber.ClassUniversal, ber.TypePrimitive, ber.TagBoolean, false, ""))
	filter, err := ldap.CompileFilter("(objectClass=person)")
	require.NoError(b, err)
	search.AppendChild(filter)
	names := ber.NewSequence("")
	for _, a := range append(ldapAttributes, "entryUUID") {
		names.AppendChild(text(a))
	}
	search.AppendChild(names)
	message(2, search)
	for discardMessage(b, in) == 0x64 {
		entries++
	}
	return entries
}

// discardMessage skips one LDAPMessage and returns the tag of its operation.
func discardMessage(b *testing.B, in *bufio.Reader) byte {
	head, err := in.Peek(12) // no message that is asked for is shorter
	require.NoError(b, err)
	length, at := int(head[1]), 2
	if length >= 0x80 {
		n := length & 0x7f
		length = int(binary.BigEndian.Uint64(head[2:10]) >> (64 - 8*n))
		at += n
	}
	op := head[at+2+int(head[at+1])]
	_, err = in.Discard(at + length)
	if err != io.EOF {
		require.NoError(b, err)
	}
	return op
}

// BenchmarkNoChange synchronises 100,000 users of a slapd, of whom none has
// changed, with a SQLite store: by reading all of them, and by RFC 4533.
func BenchmarkNoChange(b *testing.B) {
	server := slapd.Start(b, ldapUsers)
	ctx := context.Background()
	for _, method := range []ldapsource.Method{ldapsource.Full, ldapsource.Syncrepl} {
		b.Run(string(method), func(b *testing.B) {
			db, err := sql.Open("sqlite", sqlstore.SQLiteDSN(filepath.Join(b.TempDir(), "x.db")))
			require.NoError(b, err)
			defer db.Close()
			store, err := sqlstore.Open(ctx, db, sqlstore.SQLite)
			require.NoError(b, err)
			r := directory.NewRegistry(store, nil)
			require.NoError(b, r.Companies.Save(ctx, directory.Company{ID: "c", Name: "C"}))
			require.NoError(b, r.Domains.Save(ctx, directory.Domain{ID: "d", Company: "c", Name: "D"}))
			require.NoError(b, r.Directories.Save(ctx, directory.Directory{ID: "dir", Company: "c", Name: "Dir"}))
			require.NoError(b, r.Imports.Save(ctx, directory.Import{ID: "i", Company: "c", Domain: "d", Directory: "dir", Type: directory.LDAP,
				Target: directory.ToUsers, Mode: directory.InsertUpdateDelete, Mapping: ldapsource.LDAPMapping()}))
			source := benchSource(server, method)
			sync := &directory.Sync{Registry: r, Import: "i", Source: source}
			started := time.Now()
			report, err := sync.Run(ctx)
			require.NoError(b, err)
			require.Equal(b, ldapUsers, report.Created)
			first := time.Since(started)
			for b.Loop() {
				report, err = sync.Run(ctx)
				require.NoError(b, err)
				require.Zero(b, report.Updated+report.Created+report.Deleted)
			}
			b.ReportMetric(first.Seconds(), "s-first-run")
		})
	}
}

// BenchmarkSearch finds the first page among 150,000 contacts.
func BenchmarkSearch(b *testing.B) {
	rng := rand.New(rand.NewPCG(3, 4))
	syllables := []string{"ma", "rie", "du", "pont", "jean", "lé", "o", "na", "bert", "son", "mül", "ler", "ga", "ro"}
	word := func() (s string) {
		for range 2 + rng.IntN(3) {
			s += syllables[rng.IntN(len(syllables))]
		}
		return s
	}
	contacts := make([]directory.Contact, 150_000)
	for i := range contacts {
		contacts[i] = directory.Contact{ID: fmt.Sprint(i), Company: "acme", Directory: "d", FirstName: word(), LastName: word(), Organisation: word(), Email: word() + "@example.test",
			Numbers: []directory.Number{{Kind: directory.Work, Value: fmt.Sprintf("+33 1 %08d", i)}}}
	}
	index := directory.NewIndex(directory.Numbering{})
	require.NoError(b, index.Replace(contacts))
	view := index.View("acme", everything)
	_, err := view.Search(directory.Search{}) // makes the text that searches go through
	require.NoError(b, err)
	where := func(f directory.Field, op directory.Operator, value string) directory.Search {
		return directory.Search{Where: []directory.Condition{{Field: f, Operator: op, Value: value}}}
	}
	for name, search := range map[string]directory.Search{
		"begins": {Text: "mari"}, "within": {Text: "pont"}, "two-words": {Text: "ber dup"}, "nobody": {Text: "xyzzy"}, "one-letter": {Text: "m"},
		"last-name-begins": where(directory.FieldLastName, directory.Begins, "mari"),
		"last-name-ends":   where(directory.FieldLastName, directory.Ends, "lerga"),
		"last-name-equals": where(directory.FieldLastName, directory.Equals, "xyzzy"),
		"number-ends":      where(directory.FieldWork, directory.Ends, "14 99 99"),
		"any-contains":     where("", directory.Contains, "xyzzy"),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, err := view.Search(search)
				require.NoError(b, err)
			}
		})
	}
}

// BenchmarkLookup names callers: half of the numbers are known, and go through
// all stages.
func BenchmarkLookup(b *testing.B) {
	for _, n := range []int{150_000, 1_000_000} {
		rng := rand.New(rand.NewPCG(1, 2))
		contacts := make([]directory.Contact, n)
		baseline := mapIndex{contacts: contacts, ids: make(map[uint64][]uint32, n), rights: everything}
		queries := make([]string, 1<<16)
		for i := range contacts {
			number := fmt.Sprintf("+33%09d", 100_000_000+rng.IntN(800_000_000))
			contacts[i] = directory.Contact{ID: fmt.Sprint(i), Company: "acme", Directory: "d", DisplayName: "Name", Numbers: []directory.Number{{Kind: directory.Work, Value: number}}}
			key := lastNine(number)
			baseline.ids[key] = append(baseline.ids[key], uint32(i))
		}
		for i := range queries {
			queries[i] = strings.Clone(contacts[rng.IntN(n)].Numbers[0].Value) // as from a link: not the contact's own copy
			if i%2 == 1 {
				queries[i] = fmt.Sprintf("+33%09d", rng.IntN(100_000_000))
			}
		}
		rng.Shuffle(len(queries), func(i, j int) { queries[i], queries[j] = queries[j], queries[i] })
		runtime.GC()
		b.Run(fmt.Sprintf("go-map/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				sink, _ = baseline.CallerName(queries[i&(len(queries)-1)])
			}
		})
		before := live()
		index := directory.NewIndex(directory.Numbering{Country: "33", NationalPrefix: "0"})
		require.NoError(b, index.Replace(contacts))
		view := index.View("acme", everything)
		beyond := live() - before - int64(n)*int64(unsafe.Sizeof(contacts[0])) // the index's own slice of contacts
		b.Run(fmt.Sprintf("ratio/%d", n), func(b *testing.B) { lookupRatio(b, queries, &baseline, view) })
		runtime.GC() // what building left behind is no look-up's cost
		b.Run(fmt.Sprintf("ctikit/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				q := queries[i&(len(queries)-1)]
				sink, _ = view.CallerName(q, q)
			}
			b.ReportMetric(float64(beyond)/float64(n), "B/number")
		})
	}
}

// live is the memory in use after a collection, in bytes.
func live() int64 {
	runtime.GC()
	runtime.GC() // also what pools held
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// lookupRatio runs both by turns, a few thousand look-ups each, so that a noisy
// machine slows both, and reports the median of the ratios. Each is the first to
// see its queries in every second turn.
func lookupRatio(b *testing.B, queries []string, baseline *mapIndex, view *directory.View) {
	var ratios []float64
	for i := 0; b.Loop(); i++ {
		block := queries[i%16*4096:][:4096]
		timed := func(name func(string) string) float64 {
			started := time.Now()
			for _, q := range block {
				sink = name(q)
			}
			return float64(time.Since(started))
		}
		inMap := func(q string) string { name, _ := baseline.CallerName(q); return name }
		inIndex := func(q string) string { name, _ := view.CallerName(q, q); return name }
		if i/16%2 == 0 {
			ofMap := timed(inMap)
			ratios = append(ratios, timed(inIndex)/ofMap)
		} else {
			ofIndex := timed(inIndex)
			ratios = append(ratios, ofIndex/timed(inMap))
		}
	}
	slices.Sort(ratios)
	b.ReportMetric(ratios[len(ratios)/2], "of-map")
}

var sink string

var everything = directory.RightsFunc(func(string) bool { return true })

// mapIndex is what one writes first: a Go map of the last nine digits, one stage.
type mapIndex struct {
	contacts []directory.Contact
	ids      map[uint64][]uint32
	rights   directory.Rights
}

func lastNine(number string) (key uint64) {
	for i := range len(number) {
		if c := number[i]; c >= '0' && c <= '9' {
			key = key*10 + uint64(c-'0')
		}
	}
	return key % 1_000_000_000
}

func (m *mapIndex) CallerName(number string) (string, bool) {
	for _, id := range m.ids[lastNine(number)] {
		if c := &m.contacts[id]; c.Company == "acme" && m.rights.MaySee(c.Directory) && c.Numbers[0].Value == number {
			return c.DisplayName, true
		}
	}
	return "", false
}
