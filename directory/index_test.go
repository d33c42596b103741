package directory

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/internal/testenv"
)

var french = Numbering{Country: "33", NationalPrefix: "0", InternalLength: 5}

var everything = RightsFunc(func(string) bool { return true })

func card(id, name string, numbers ...string) Contact {
	c := Contact{ID: id, Company: "acme", Directory: "main", DisplayName: name}
	for _, n := range numbers {
		kind := Work
		if len(n) <= 5 {
			kind = Internal
		}
		c.Numbers = append(c.Numbers, Number{kind, n})
	}
	return c
}

func TestLookupStages(t *testing.T) {
	ix := NewIndex(french)
	shared := card("5", "Reception", "+44 20 7946 0000")
	shared.Organisation = "Globex"
	other := card("6", "Hank", "+442079460000")
	other.Organisation = "Globex"
	require.NoError(t, ix.Replace([]Contact{
		card("1", "Ann", "+33 1 55 17 18 89", "1889"),
		card("2", "Bob", "01.55.17.18.90"),
		card("3", "Cid", "+33 (0)6 00 00 00 01"),
		card("4", "Dan", "+1 212 555 0123"),
		shared, other,
		card("7", "Eve", "+49 30 123456789"), card("8", "Fay", "+43 30 123456789"),
		card("9", "Gus", "0044 1632 960001"),
		card("10", "Short", "112233"),
	}))
	v := ix.View("acme", everything)
	for _, test := range []struct {
		lookup, e164 string
		class        Class
		name         string
		candidates   int
	}{
		{"0155171889", "+33155171889", ByE164, "Ann", 1},
		{"0155171889", "", ByNational, "Ann", 1},
		{"0033155171889", "", ByNational, "Ann", 1},
		{"+33155171889", "", ByE164, "Ann", 1},
		{"1889", "", ByInternal, "Ann", 1},
		{"0155171890", "", ByNational, "Bob", 1},
		{"x", "+33155171890", ByE164, "Bob", 1},
		{"0600000001", "", ByNational, "Cid", 1},
		{"155171889", "", BySuffix, "Ann", 1},
		{"90155171889", "", BySuffix, "Ann", 1},
		{"0012125550123", "", ByNational, "Dan", 1},
		{"002079460000", "+442079460000", ByE164, "Globex", 2},
		{"99123456789", "", BySuffix, "", 2},
		{"+4930123456789", "", ByE164, "Eve", 1},
		{"+441632960001", "", ByE164, "Gus", 1},
		{"112233", "", ByInternal, "Short", 1},
		{"0112233", "", NoMatch, "", 0},
		{"889", "", NoMatch, "", 0},
		{"01889", "", NoMatch, "", 0},
		{"", "", NoMatch, "", 0},
		{"anonymous", "", NoMatch, "", 0},
		{strings.Repeat("1", 40), "", NoMatch, "", 0},
	} {
		m := v.Lookup(test.lookup, test.e164)
		require.Equal(t, test.class.String(), m.Class.String(), "%+v", test)
		require.Equal(t, test.name, m.Name, "%+v", test)
		require.Len(t, m.Contacts, test.candidates, "%+v", test)
		name, ok := v.CallerName(test.lookup, test.e164)
		require.Equal(t, test.name, name)
		require.Equal(t, test.name != "", ok)
	}
}

func TestLookupAsksForRights(t *testing.T) {
	secret := card("2", "Secret", "+33155171889")
	secret.Directory = "board"
	foreign := card("3", "Foreign", "+33155171889")
	foreign.Company = "other"
	ix := NewIndex(french)
	require.NoError(t, ix.Replace([]Contact{secret, foreign, card("1", "Ann", "+33155171889")}))

	may := map[string]bool{"main": true}
	v := ix.View("acme", RightsFunc(func(d string) bool { return may[d] }))
	require.Len(t, v.Lookup("", "+33155171889").Contacts, 1)
	name, _ := v.CallerName("", "+33155171889")
	require.Equal(t, "Ann", name)
	page, err := v.Search(Search{})
	require.NoError(t, err)
	require.Len(t, page.Contacts, 1)

	may["board"] = true // at once, without a new view
	require.Len(t, v.Lookup("", "+33155171889").Contacts, 2)
	_, ok := v.CallerName("", "+33155171889")
	require.False(t, ok, "two people with nothing in common")
	may["board"], may["main"] = false, false
	require.Equal(t, NoMatch, v.Lookup("", "+33155171889").Class)
	_, ok = ix.View("acme", nil).CallerName("", "+33155171889")
	require.False(t, ok, "no rights, no names")
}

// A number's reference has room for the first 127 owners; of the others the
// contact says whose it is. Rights must hold for all of them.
func TestRightsOfManyDirectories(t *testing.T) {
	rng := testenv.Rand(t)
	cards := make([]Contact, 600)
	for i := range cards {
		cards[i] = card(fmt.Sprint(i), fmt.Sprint("Name ", i), fmt.Sprintf("+331%08d", i))
		cards[i].Directory = fmt.Sprint("dir", i%200)
		cards[i].Company = []string{"acme", "other"}[rng.IntN(2)]
	}
	ix := NewIndex(french)
	require.NoError(t, ix.Replace(slices.Clone(cards)))
	require.Greater(t, len(ix.now.Load().base.owners), 2*lastOwner)
	mine := fmt.Sprint("dir", rng.IntN(200))
	v := ix.View("acme", RightsFunc(func(d string) bool { return d == mine }))
	for i := range cards {
		name, ok := v.CallerName("", cards[i].Numbers[0].Value)
		require.Equal(t, cards[i].Company == "acme" && cards[i].Directory == mine, ok, "%s sees %s %s", mine, cards[i].Company, cards[i].Directory)
		if ok {
			require.Equal(t, cards[i].DisplayName, name)
		}
	}
}

// With four digits at the end as the suffix, more may stand before them than a
// slot has room for.
func TestLongNumbersWithAShortSuffix(t *testing.T) {
	var cards []Contact
	for i := range 50 {
		cards = append(cards, card(fmt.Sprint(i), fmt.Sprint("Name ", i), fmt.Sprintf("+%014d1889", 12_345_678_901_234+i)))
	}
	cards = append(cards, card("short", "Short", "+4412341889"))
	ix := NewIndex(Numbering{Suffix: 4})
	require.NoError(t, ix.Replace(slices.Clone(cards)))
	v := ix.View("acme", everything)
	for _, c := range cards {
		m := v.Lookup("", c.Numbers[0].Value)
		require.Equal(t, ByE164, m.Class)
		require.Equal(t, c.DisplayName, m.Name)
		require.Len(t, m.Contacts, 1)
	}
	for _, unknown := range []string{"+123456789999991889", "+4412351889", "1889"} {
		m := v.Lookup(unknown, "")
		require.Equal(t, BySuffix.String(), m.Class.String(), unknown)
		require.Len(t, m.Contacts, len(cards), unknown)
	}
}

// randomCards has many equal and nearly equal numbers.
func randomCards(rng *rand.Rand, n, offset int) []Contact {
	cards := make([]Contact, n)
	for i := range cards {
		cards[i] = card(fmt.Sprint(offset+i), fmt.Sprintf("Name %d", rng.IntN(n/2+1)))
		for range rng.IntN(4) {
			cards[i].Numbers = append(cards[i].Numbers, randomNumber(rng))
		}
	}
	return cards
}

func randomNumber(rng *rand.Rand) Number {
	nsn := fmt.Sprintf("1%02d%06d", rng.IntN(2), rng.IntN(40))
	switch rng.IntN(5) {
	case 0:
		return Number{Work, "+33" + nsn}
	case 1:
		return Number{Work, "0" + nsn}
	case 2:
		return Number{Mobile, "+49" + nsn}
	case 3:
		return Number{Work, "00 33 " + nsn}
	}
	return Number{Internal, fmt.Sprint(10 + rng.IntN(50))}
}

// naive finds the best class by comparing with every number of every card.
func naive(cards []Contact, lookup, e164 string) (Class, []string) {
	canonical := func(s string) string {
		switch {
		case strings.HasPrefix(s, "+"):
			return s
		case strings.HasPrefix(s, "00"):
			return "+" + s[2:]
		case strings.HasPrefix(s, "0") && len(s) > 5:
			return "+33" + s[1:]
		}
		return ""
	}
	stages := []struct {
		class Class
		match func(n Number, s string) bool
	}{
		{ByE164, func(n Number, s string) bool { return e164 != "" && n.Kind != Internal && canonical(s) == e164 }},
		{ByNational, func(n Number, s string) bool {
			return canonical(lookup) != "" && n.Kind != Internal && canonical(s) == canonical(lookup)
		}},
		{ByInternal, func(n Number, s string) bool { return canonical(s) == "" && s == lookup }},
		{BySuffix, func(n Number, s string) bool {
			return len(lookup) >= 9 && len(s) >= 9 && strings.HasSuffix(s, lookup[len(lookup)-9:])
		}},
	}
	for _, stage := range stages {
		var ids []string
		for _, c := range cards {
			if slices.ContainsFunc(c.Numbers, func(n Number) bool { return stage.match(n, strings.ReplaceAll(n.Value, " ", "")) }) {
				ids = append(ids, c.ID)
			}
		}
		if ids != nil {
			slices.Sort(ids)
			return stage.class, ids
		}
	}
	return NoMatch, nil
}

func TestLookupEqualsNaive(t *testing.T) {
	rng := testenv.Rand(t)
	for range 30 {
		cards := randomCards(rng, 1+rng.IntN(60), 0)
		ix := NewIndex(french)
		require.NoError(t, ix.Replace(slices.Clone(cards)))
		for range 3 { // and after updates
			v := ix.View("acme", everything)
			require.Equal(t, len(cards), ix.Len())
			for range 100 {
				lookup := strings.ReplaceAll(randomNumber(rng).Value, " ", "")
				e164 := ""
				if lookup[0] == '+' || rng.IntN(2) == 0 && len(lookup) > 5 && lookup[:2] == "00" {
					e164 = "+" + strings.TrimLeft(lookup, "+0")
				}
				class, ids := naive(cards, lookup, e164)
				m := v.Lookup(lookup, e164)
				var got []string
				for _, c := range m.Contacts {
					got = append(got, c.ID)
				}
				slices.Sort(got)
				require.Equal(t, ids, got, "%s %s", lookup, e164)
				require.Equal(t, class.String(), m.Class.String(), "%s %s", lookup, e164)
			}
			cards = update(t, rng, ix, cards)
		}
	}
}

// update removes, replaces and adds some cards in the index and the list alike.
func update(t *testing.T, rng *rand.Rand, ix *Index, cards []Contact) []Contact {
	var removed []string
	put := randomCards(rng, 1+rng.IntN(10), rng.IntN(len(cards)+1))
	for range rng.IntN(5) {
		removed = append(removed, fmt.Sprint(1000+rng.IntN(3)), fmt.Sprint(rng.IntN(len(cards)+1)))
	}
	removed = slices.DeleteFunc(removed, func(id string) bool {
		return slices.ContainsFunc(put, func(c Contact) bool { return c.ID == id })
	})
	require.NoError(t, ix.Update(slices.Clone(put), removed...))
	cards = slices.DeleteFunc(cards, func(c Contact) bool {
		return slices.Contains(removed, c.ID) || slices.ContainsFunc(put, func(p Contact) bool { return p.ID == c.ID })
	})
	return append(cards, put...)
}

func TestUpdateOfManyRebuilds(t *testing.T) {
	rng := testenv.Rand(t)
	ix := NewIndex(french)
	require.NoError(t, ix.Replace(randomCards(rng, 2000, 0)))
	require.NoError(t, ix.Update(randomCards(rng, 1500, 1000)))
	require.Equal(t, 2500, ix.Len())
	require.Empty(t, ix.now.Load().delta.cards)
}

func TestLookupAllocatesNothing(t *testing.T) {
	ix := NewIndex(french)
	require.NoError(t, ix.Replace([]Contact{{ID: "1", Company: "acme", FirstName: "Ann", LastName: "Lee", Numbers: []Number{{Work, "+33155171889"}}}}))
	v := ix.View("acme", everything)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		if name, _ := v.CallerName("0155171889", "+33155171889"); name != "Ann Lee" {
			panic(name)
		}
		v.CallerName("0155171888", "+33155171888")
	}))
}

func TestBytesPerNumber(t *testing.T) {
	const n = 200_000
	cards := make([]Contact, n)
	for i := range cards { // a block of consecutive numbers, as companies have them
		cards[i] = Contact{ID: fmt.Sprint(i), Numbers: []Number{{Work, fmt.Sprintf("+331%08d", i)}}}
	}
	ix := NewIndex(french)
	require.NoError(t, ix.Replace(cards))
	numbers := &ix.now.Load().base.numbers
	slots := numbers.slots
	require.LessOrEqual(t, float64(cap(slots)*int(unsafe.Sizeof(slots[0]))+cap(numbers.filter)*8)/n, 16.0)
	longest, run := 0, 0
	for i := range slots {
		if run++; slots[i].rest == 0 {
			run = 0
		}
		longest = max(longest, run)
	}
	require.Less(t, longest, 500, "blocks of numbers do not pile up")
}

// The filter in front of the table knows every number and few others.
func TestFilter(t *testing.T) {
	rng := testenv.Rand(t)
	for name, next := range map[string]func(i int) uint32{
		"random":       func(int) uint32 { return rng.Uint32N(1_000_000_000) },
		"a block":      func(i int) uint32 { return 155_000_000 + uint32(i) },
		"switchboards": func(i int) uint32 { return uint32(i) * 1000 % 1_000_000_000 },
	} {
		const n = 100_000
		numbers := make([]number, n)
		known := map[uint32]bool{}
		for i := range numbers {
			numbers[i] = number{rest: 1, key: next(i) * spread, ref: newRef(i, 0, false)}
			known[numbers[i].key] = true
		}
		table := newTable(slices.Clone(numbers))
		for _, want := range numbers {
			from, to := table.findSlots(want.key)
			require.True(t, slices.Contains(table.slots[from:to], slot{want.key, 1, want.ref}), name)
		}
		passed := 0
		for range n {
			key := rng.Uint32N(1_000_000_000) * spread
			from, to := table.findSlots(key)
			require.Equal(t, known[key], from < to, name)
			if word, bits := table.filterBits(key); table.filter[word]&bits == bits && !known[key] {
				passed++
			}
		}
		require.Less(t, passed, n/10, name)
	}
}

func TestReadDigits(t *testing.T) {
	for text, want := range map[string]string{
		"+33 (0)1-55.17/18 89": "+33155171889", "0155171889": "0155171889", "00\u00a033": "0033", "(0)1": "01", "007": "007",
		"123456789012345678": "123456789012345678",
	} {
		require.Equal(t, want, dialable(text))
	}
	for _, text := range []string{"", "+", "1+", "++1", "12a", "33x", "1234567890123456789", strings.Repeat("9", 1000)} {
		d := digits{1, 1, true}
		require.False(t, d.parseDigits(text), text)
		require.Zero(t, d, text)
	}
}

func TestReadersDuringUpdates(t *testing.T) {
	ix := NewIndex(french)
	require.NoError(t, ix.Replace([]Contact{card("1", "Ann", "+33155171889")}))
	var wg sync.WaitGroup
	done := make(chan struct{})
	for range 2 {
		wg.Go(func() {
			v := ix.View("acme", everything)
			for {
				select {
				case <-done:
					return
				default:
				}
				name, ok := v.CallerName("", "+33155171889")
				if !ok || name != "Ann" {
					panic("a reader saw half an update")
				}
				if _, err := v.Search(Search{Text: "ann"}); err != nil {
					panic(err)
				}
			}
		})
	}
	for i := range 200 {
		require.NoError(t, ix.Update([]Contact{card("1", "Ann", "+33155171889"), card(fmt.Sprint(i+2), "Other", "4001")}))
	}
	close(done)
	wg.Wait()
}

func FuzzLookup(f *testing.F) {
	f.Add("+33 (0)1 55 17 18 89", "0155171889", "+33155171889")
	f.Add("1889", "1889", "")
	f.Fuzz(func(t *testing.T, stored, lookup, e164 string) {
		ix := NewIndex(french)
		require.NoError(t, ix.Replace([]Contact{card("1", "Ann", stored)}))
		m := ix.View("acme", everything).Lookup(lookup, e164)
		require.Equal(t, m.Class == NoMatch, len(m.Contacts) == 0)
		var d digits
		if d.parseDigits(stored) && len(stored) > 5 { // a number is found by its own spelling
			require.NotEqual(t, NoMatch, ix.View("acme", everything).Lookup(stored, "").Class)
		}
	})
}
