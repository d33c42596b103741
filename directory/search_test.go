package directory

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

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
	require.ErrorIs(t, err, ErrInvalid)
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
					got = append(got, fold(c.Name()))
				}
				if after = page.Next; after == "" {
					break
				}
			}
			require.Equal(t, naiveSearch(cards, strings.Fields(fold(text))), got, "%q", text)
		}
	}
}

func naiveSearch(cards []Contact, words []string) (out []string) {
	var byRank [3][]string
	for _, c := range cards {
		name := fold(c.Name())
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

func FuzzFold(f *testing.F) {
	f.Add("Élodie D'Œuvre")
	f.Fuzz(func(t *testing.T, s string) {
		once := fold(s)
		require.Equal(t, once, strings.TrimSpace(once))
		require.NotContains(t, once, "  ")
		require.NotContains(t, once, "\n")
	})
}
