package directory

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/internal/testenv"
)

func names(page Page) (out []string) {
	for _, c := range page.Contacts {
		out = append(out, c.Name())
	}
	return out
}

func people(t *testing.T) *View {
	ix := NewIndex(french)
	list := []Contact{
		card("1", "Dupont Jean", "4001"), card("2", "Jean Dupont"), card("3", "Élodie Dupond"), card("4", "Zoë Ødegård"),
		card("5", "Anne-Marie d'Arc"), card("6", "Straße GmbH"), card("7", "Adupont"),
	}
	list[1].Organisation, list[1].Email = "Œuvres", "jd@example.test"
	require.NoError(t, ix.Replace(list))
	return ix.View("acme", everything)
}

func TestSearchRanks(t *testing.T) {
	v := people(t)
	for text, want := range map[string][]string{
		"dupon":      {"Dupont Jean", "Élodie Dupond", "Jean Dupont", "Adupont"},
		"DUPONT":     {"Dupont Jean", "Jean Dupont", "Adupont"},
		"jean dup":   {"Jean Dupont", "Dupont Jean"},
		"elo":        {"Élodie Dupond"},
		"odegard":    {"Zoë Ødegård"},
		"zoe":        {"Zoë Ødegård"},
		"strasse":    {"Straße GmbH"},
		"marie d":    {"Anne-Marie d'Arc"},
		"oeuvres":    {"Jean Dupont"},
		"jd@example": {"Jean Dupont"},
		"nobody":     nil,
		"jean q":     nil,
		"":           {"Adupont", "Anne-Marie d'Arc", "Dupont Jean", "Élodie Dupond", "Jean Dupont", "Straße GmbH", "Zoë Ødegård"},
	} {
		page, err := v.Search(Search{Text: text})
		require.NoError(t, err)
		require.Equal(t, want, names(page), "%q", text)
		require.Empty(t, page.Next)
	}
}

func TestSearchConditions(t *testing.T) {
	v := people(t)
	for _, test := range []struct {
		where Condition
		want  []string
	}{
		{Condition{FieldDisplayName, Begins, "é"}, []string{"Élodie Dupond"}},
		{Condition{FieldDisplayName, Ends, "JEAN"}, []string{"Dupont Jean"}},
		{Condition{FieldDisplayName, Equals, "jean dupont"}, []string{"Jean Dupont"}},
		{Condition{FieldOrganisation, Equals, "oeuvres"}, []string{"Jean Dupont"}},
		{Condition{FieldExtension, Equals, "4001"}, []string{"Dupont Jean"}},
		{Condition{"", Contains, "4001"}, []string{"Dupont Jean"}},
		{Condition{FieldDisplayName, Differs, "Adupont"}, []string{"Anne-Marie d'Arc", "Dupont Jean", "Élodie Dupond", "Jean Dupont", "Straße GmbH", "Zoë Ødegård"}},
	} {
		page, err := v.Search(Search{Where: []Condition{test.where}})
		require.NoError(t, err)
		require.Equal(t, test.want, names(page), "%+v", test.where)
	}
	_, err := v.Search(Search{Limit: 5000, After: "x", Where: []Condition{{"shoe", "like", ""}}})
	require.ErrorIs(t, err, ctikit.ErrInvalid)
	for _, path := range []string{"limit:", "after:", "where[0].operator:", "where[0].field:"} {
		require.ErrorContains(t, err, path)
	}
}

// Pages laid end to end are what a plain loop over all cards finds, also where
// some cards came by Update.
func TestSearchPagesEqualNaive(t *testing.T) {
	rng := testenv.Rand(t)
	syllables := []string{"an", "na", "lé", "bo", "An", " ", "-", "ß"}
	word := func(n int) (s string) {
		for range 1 + rng.IntN(n) {
			s += syllables[rng.IntN(len(syllables))]
		}
		return s
	}
	for range 40 {
		var cards []Contact
		for i := range 1 + rng.IntN(50) {
			cards = append(cards, card(fmt.Sprintf("%03d", i), "x"+word(6)))
		}
		cut := rng.IntN(len(cards))
		ix := NewIndex(french)
		require.NoError(t, ix.Replace(append(slices.Clone(cards[:cut]), card("000", "replaced"))))
		require.NoError(t, ix.Update(slices.Clone(cards[cut:])))
		require.NoError(t, ix.Update(slices.Clone(cards[:1])))
		v := ix.View("acme", everything)
		for range 20 {
			text := word(2)
			var got []string
			for after := ""; ; {
				page, err := v.Search(Search{Text: text, Limit: 1 + rng.IntN(5), After: after})
				require.NoError(t, err)
				for _, c := range page.Contacts {
					got = append(got, foldText(c.Name()))
				}
				if after = page.Next; after == "" {
					break
				}
			}
			require.Equal(t, naiveSearch(cards, strings.Fields(foldText(text))), got, "%q", text)
		}
	}
}

func naiveSearch(cards []Contact, words []string) (out []string) {
	var byRank [3][]string
	for _, c := range cards {
		name := foldText(c.Name())
		rank := 0
		if !strings.HasPrefix(name, strings.Join(words, " ")) {
			rank = 1
		}
		for _, w := range words {
			begins := slices.ContainsFunc(strings.Fields(name), func(f string) bool { return strings.HasPrefix(f, w) })
			if !strings.Contains(name, w) {
				rank = 9
			} else if !begins && rank < 2 {
				rank = 2
			}
		}
		if rank < 3 {
			byRank[rank] = append(byRank[rank], name)
		}
	}
	for _, list := range byRank {
		slices.Sort(list)
		out = append(out, list...)
	}
	return out
}

// Conditions find what a plain loop over all cards finds, whatever text a scan
// looks for first.
func TestConditionsEqualNaive(t *testing.T) {
	rng := testenv.Rand(t)
	words := []string{"An", "Léa", "Noé-Bo", "ß", "01 55", "d'Arc", ""}
	numbers := []string{"+33 1 55", "01.55", "155", "4001", "(0)155", ""}
	pick := func(list []string) string { return list[rng.IntN(len(list))] }
	fields := []Field{"", FieldDisplayName, FieldFirstName, FieldLastName, FieldOrganisation, FieldEmail, FieldWork, FieldExtension, "attr:title"}
	operators := []Operator{Contains, Begins, Ends, Equals, Differs}
	for range 200 {
		var cards []Contact
		for i := range 1 + rng.IntN(12) {
			c := Contact{ID: fmt.Sprintf("%02d", i), Company: "acme", Directory: "main", FirstName: pick(words), LastName: pick(words),
				Organisation: pick(words), Email: pick(words), Attributes: map[string]string{"title": pick(words)}}
			c.DisplayName = strings.TrimSpace(c.FirstName + " " + c.LastName + c.ID)
			for range rng.IntN(3) {
				c.Numbers = append(c.Numbers, Number{[]NumberKind{Work, Internal}[rng.IntN(2)], pick(numbers)})
			}
			cards = append(cards, c)
		}
		ix := NewIndex(french)
		cut := rng.IntN(len(cards))
		require.NoError(t, ix.Replace(slices.Clone(cards[:cut])))
		require.NoError(t, ix.Update(slices.Clone(cards[cut:])))
		var where []Condition
		for range 1 + rng.IntN(2) {
			where = append(where, Condition{drawn(rng.IntN, fields), drawn(rng.IntN, operators), pick(slices.Concat(words, numbers, []string{"n", "1", "0155"}))})
		}
		s := Search{Where: where}
		if rng.IntN(2) == 0 {
			s.Text = pick([]string{"a", "an", "40", "lea", "01"})
		}
		page, err := ix.View("acme", everything).Search(s)
		require.NoError(t, err)
		var got, want []string
		for _, c := range page.Contacts {
			got = append(got, c.ID)
		}
		for i := range cards {
			if naiveText(&cards[i], s.Text) && !slices.ContainsFunc(where, func(c Condition) bool { return !naiveCondition(&cards[i], c) }) {
				want = append(want, cards[i].ID)
			}
		}
		slices.Sort(got)
		require.Equal(t, want, got, "%+v", s)
	}
}

func drawn[T any](intn func(int) int, list []T) T { return list[intn(len(list))] }

func naiveText(c *Contact, text string) bool {
	all := foldText(c.DisplayName + "|" + c.FirstName + "|" + c.LastName + "|" + c.Organisation + "|" + c.Email)
	for _, n := range c.Numbers {
		all += "|" + naiveDigits(n.Value)
	}
	return strings.Contains(all, foldText(text))
}

func naiveDigits(s string) string { return regexp.MustCompile(`[^0-9]`).ReplaceAllString(s, "") }

func naiveCondition(c *Contact, q Condition) bool {
	compare := map[Operator]func(a, b string) bool{Contains: strings.Contains, Begins: strings.HasPrefix, Ends: strings.HasSuffix,
		Equals: func(a, b string) bool { return a == b }, Differs: func(a, b string) bool { return a == b }}[q.Operator]
	texts := map[Field]string{FieldDisplayName: c.DisplayName, FieldFirstName: c.FirstName, FieldLastName: c.LastName,
		FieldOrganisation: c.Organisation, FieldEmail: c.Email, "attr:title": c.Attributes["title"]}
	found := false
	for f, v := range texts {
		found = found || v != "" && (q.Field == f || q.Field == "" && f != "attr:title") && compare(foldText(v), foldText(q.Value))
	}
	digits := naiveDigits(q.Value)
	number := digits != "" && !strings.ContainsFunc(q.Value, unicode.IsLetter)
	for _, n := range c.Numbers {
		field := map[NumberKind]Field{Work: FieldWork, Internal: FieldExtension}[n.Kind]
		found = found || number && (q.Field == "" || q.Field == field) && compare(naiveDigits(n.Value), digits)
	}
	return found != (q.Operator == Differs)
}

func FuzzFold(f *testing.F) {
	f.Add("Élodie D'Œuvre")
	f.Fuzz(func(t *testing.T, s string) {
		once := foldText(s)
		require.Equal(t, once, strings.TrimSpace(once))
		require.NotContains(t, once, "  ")
		require.NotContains(t, once, "\n")
	})
}
