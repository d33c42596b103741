package planning

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/testenv"
)

// guide returns the table of TWP guide 4.2.
func guide(t testing.TB) *Table {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(testenv.Root(t), "examples", "linkplan", "twp.json"))
	require.NoError(t, err)
	table, err := Read(bytes.NewReader(text))
	require.NoError(t, err)
	return table
}

// codes are the findings as "code path".
func codes(fs ctikit.Problems) []string {
	out := []string{}
	for _, f := range fs {
		out = append(out, f.Code+" "+f.Path)
	}
	return out
}

func TestGuideIsAcceptedWithWarnings(t *testing.T) {
	fs := guide(t).Check()
	require.NoError(t, fs.Err())
	require.ElementsMatch(t, []string{
		"no-headroom links[0].capacity", "no-headroom links[1].capacity", "no-headroom links[2].capacity",
		"site-maximum-unknown links[0].site", "site-maximum-unknown links[1].site", "site-maximum-unknown links[2].site",
		"site-without-link rows[3].pattern",
	}, codes(fs))
	require.Contains(t, fs[len(fs)-1].Message, "no link on site 4")
}

func TestGuideWithSitesToldHasNoUnknowns(t *testing.T) {
	table := guide(t)
	yes, no := true, false
	table.Sites = []Site{
		{Number: 1, Centre: 1, MaxSupervisions: 800, VTIXMLCard: &yes}, {Number: 2, Centre: 2, MaxSupervisions: 250},
		{Number: 3, Centre: 3, MaxSupervisions: 200}, {Number: 4, Centre: 3, VTIXMLCard: &no},
	}
	table.Links[0].Capacity = 750
	require.Equal(t, []string{"no-headroom links[1].capacity", "no-headroom links[2].capacity"}, codes(table.Check()))
}

// TestFindings changes one thing of a table without findings.
func TestFindings(t *testing.T) {
	for name, test := range map[string]struct {
		change func(t *Table)
		want   []string
	}{
		"nothing":            {func(*Table) {}, []string{}},
		"name missing":       {func(t *Table) { t.Links[0].Name = "" }, []string{"link-name links[0].name", `link-unknown rows[0].planned["a"]`}},
		"name twice":         {func(t *Table) { t.Links[1].Name = "a" }, []string{"link-name links[1].name", `link-unknown rows[1].planned["b"]`, `link-unknown rows[2].planned["b"]`}},
		"capacity":           {func(t *Table) { t.Links[0].Capacity = -1 }, []string{"link-capacity links[0].capacity"}},
		"protocol":           {func(t *Table) { t.Links[0].Protocol = 9 }, []string{"link-protocol links[0].protocol", `link-cannot rows[0].planned["a"]`}},
		"second CSTA":        {func(t *Table) { t.Links = append(t.Links, csta("c"), csta("d")) }, []string{"second-csta-link links[3].protocol"}},
		"CSTA allowed":       {func(t *Table) { t.AllowSeveralCSTA = true; t.Links = append(t.Links, csta("c"), csta("d")) }, []string{}},
		"site of link":       {func(t *Table) { t.Links[0].Site.Site = 9 }, []string{"site-unknown links[0].site"}},
		"site of row":        {func(t *Table) { t.Rows[2].Pattern.Site = 9 }, []string{"site-unknown rows[2].pattern"}},
		"site twice":         {func(t *Table) { t.Sites[1].Number = 1 }, []string{"site-twice sites[1].number", "site-unknown links[1].site", "site-unknown rows[1].pattern", "site-unknown paths[1].between[1]", "site-unknown paths[2].between[1]"}},
		"site number":        {func(t *Table) { t.Sites = append(t.Sites, Site{}) }, []string{"site-number sites[3].number"}},
		"centre told twice":  {func(t *Table) { t.Links[0].Centre = 2 }, []string{"centre-conflict links[0].centre"}},
		"never matches":      {func(t *Table) { t.Rows[0].Pattern.Cluster = 0 }, []string{"pattern-never-matches rows[0].pattern"}},
		"row twice":          {func(t *Table) { t.Rows[2].Pattern = t.Rows[1].Pattern }, []string{"row-twice rows[2].pattern"}},
		"row protocol":       {func(t *Table) { t.Rows[0].Protocol = 9; t.Rows[0].Planned = nil }, []string{"row-protocol rows[0].protocol"}},
		"other protocol":     {func(t *Table) { t.Rows[0].Protocol = cti.CSTA }, []string{`link-cannot rows[0].planned["a"]`}},
		"negative":           {func(t *Table) { t.Rows[0].Planned["a"] = -1; t.Rows[1].Implicit = -1 }, []string{`planned-negative rows[0].planned["a"]`, "planned-negative rows[1].implicit"}},
		"too many":           {func(t *Table) { t.Rows[0].Implicit = 3_000_000 }, []string{"too-many-extensions rows[0].planned"}},
		"too many links":     {func(t *Table) { t.Links = make([]Link, 5000) }, []string{"too-many-extensions links"}},
		"path cost":          {func(t *Table) { t.Paths[0].Cost = -1 }, []string{"path-invalid paths[0].cost"}},
		"path to itself":     {func(t *Table) { t.Paths[0].Between = [2]int{1, 1} }, []string{"path-invalid paths[0].between"}},
		"path of no site":    {func(t *Table) { t.Paths[0].Between = [2]int{1, 0} }, []string{"site-number paths[0].between[1]"}},
		"above site maximum": {func(t *Table) { t.Links[0].Capacity = 101 }, []string{"above-site-maximum links[0].capacity"}},
		"site maximum shared": {func(t *Table) {
			t.Links = append(t.Links, Link{Name: "c", Site: t.Links[0].Site, Capacity: 51})
			t.Rows[0].Planned = map[string]int{"a": 10, "c": 10}
		}, []string{"site-maximum-shared links[2].capacity"}},
		"own site not listed": {func(t *Table) { t.Links[0].Site.Site = 3 }, []string{"list-lacks-own-site links[0].site", "site-without-link sites[0]", `longer-path rows[2].planned["b"]`,
			"site-maximum-unknown links[0].site", "centre-without-link rows[0].centre", `transit-path rows[0].planned["a"]`}},
		"centre without link": {func(t *Table) { t.Sites[2].Centre = 3 }, []string{"centre-without-link rows[2].centre"}},
		"one link, two nodes": {func(t *Table) {
			t.Links = t.Links[:1]
			t.Rows = t.Rows[:1]
			t.Sites[0].Node, t.Sites[1].Node = 1, 2
			t.Sites[1].Centre = 1
		}, []string{"several-links-required links", "site-without-link sites[1]", "centre-without-link sites[2].centre"}},
		"too much planned":  {func(t *Table) { t.Rows[0].Planned["a"] = 51 }, []string{"capacity-exceeded links[0].capacity", `allocation-differs rows[0].planned`}},
		"not supervised":    {func(t *Table) { t.Rows[0].Planned["a"] = 99 }, []string{"capacity-exceeded links[0].capacity", "not-supervised rows[1]", "not-supervised rows[2]", "allocation-differs rows[0].planned"}},
		"no headroom":       {func(t *Table) { t.Rows[0].Planned["a"] = 50 }, []string{"no-headroom links[0].capacity"}},
		"no link on a site": {func(t *Table) { *t.Sites[2].VTIXMLCard = true }, []string{"site-without-link sites[2]"}},
		"maximum unknown":   {func(t *Table) { t.Sites[0].MaxSupervisions = 0 }, []string{"site-maximum-unknown links[0].site"}},
		"place unknown":     {func(t *Table) { t.Links[0].Site = cti.Location{} }, []string{"site-maximum-unknown links[0].site", "site-without-link sites[0]", "centre-without-link rows[0].centre"}},
		"longer path":       {func(t *Table) { t.Rows[0].Planned = map[string]int{"a": 0, "b": 10} }, []string{`longer-path rows[0].planned["b"]`, "allocation-differs rows[0].planned"}},
		"transit path":      {func(t *Table) { t.Paths[1].Cost = 9 }, []string{`transit-path rows[2].planned["b"]`}},
		"unreachable":       {func(t *Table) { t.Paths[1].Unreachable = true }, []string{`unreachable rows[2].planned["b"]`, "allocation-differs rows[2].planned"}},
		"no list":           {func(t *Table) { t.Links = append(t.Links, Link{Name: "c", Site: t.Links[0].Site, Capacity: 10}) }, []string{"no-list links[2]"}},
		"overflows":         {func(t *Table) { t.Rows[0].Implicit = 5 }, []string{"overflows rows[0]"}},
	} {
		t.Run(name, func(t *testing.T) {
			table := sound()
			test.change(table)
			require.ElementsMatch(t, test.want, codes(table.Check()))
		})
	}
}

func csta(name string) Link { return Link{Name: name, Protocol: cti.CSTA, Capacity: 10} }

// sound returns a table without findings: site 3 is supervised through site 2.
func sound() *Table {
	yes, yes2, no := true, true, false
	return &Table{
		Links: []Link{
			{Name: "a", Site: cti.Location{Site: 1, Cluster: 1}, Capacity: 50},
			{Name: "b", Site: cti.Location{Site: 2, Cluster: 1}, Capacity: 50},
		},
		Rows: []Row{
			{Pattern: cti.Pattern{Site: 1, Cluster: cti.Any}, Planned: map[string]int{"a": 20}},
			{Pattern: cti.Pattern{Site: 2, Cluster: cti.Any}, Planned: map[string]int{"b": 20}},
			{Pattern: cti.Pattern{Site: 3, Cluster: cti.Any}, Planned: map[string]int{"b": 10}},
		},
		Sites: []Site{
			{Number: 1, Centre: 1, MaxSupervisions: 100, VTIXMLCard: &yes},
			{Number: 2, Centre: 2, MaxSupervisions: 100, VTIXMLCard: &yes2},
			{Number: 3, Centre: 2, VTIXMLCard: &no},
		},
		Paths: []Path{{Between: [2]int{1, 3}, Cost: 5}, {Between: [2]int{3, 2}, Cost: 1}, {Between: [2]int{1, 2}, Cost: 3}},
	}
}

func TestLossOfALink(t *testing.T) {
	table := guide(t)
	table.Links[0].Capacity = 600
	a, err := table.Allocate("link1", "link2")
	require.NoError(t, err)
	require.Equal(t, LinkUse{Name: "link0", Capacity: 600, Used: 600, Explicit: 500, Overflow: 100}, a.Links[0])
	require.Equal(t, LinkUse{Name: "link1", Capacity: 250, Lost: true}, a.Links[1])
	require.Equal(t, 350, a.Unsupervised)
	require.Equal(t, map[string]int{"link0": 100}, a.Rows[1].ByLink, "the slots went to those that were lost first")
	_, err = table.Allocate("nowhere")
	require.ErrorContains(t, err, `unknown link "nowhere"`)
	table.Links[0].Capacity = 0
	_, err = table.Allocate()
	require.ErrorContains(t, err, "links[0].capacity")
	require.ErrorIs(t, err, ctikit.ErrInvalid)
}

func TestImplicitRowsAreSpread(t *testing.T) {
	table := guide(t)
	table.Rows = []Row{{Pattern: cti.Pattern{Site: 9, Cluster: 9}, Implicit: 95}}
	a, err := table.Allocate()
	require.NoError(t, err)
	require.Equal(t, []int{50, 25, 20}, []int{a.Links[0].Implicit, a.Links[1].Implicit, a.Links[2].Implicit})
}

func TestReadRefuses(t *testing.T) {
	for text, want := range map[string]string{
		``:                                "EOF",
		`{}`:                              "links: missing\nrows: missing",
		`null`:                            "links: missing",
		`{"links":null,"rows":[]}`:        "links: missing",
		`{"links":[]}`:                    "rows: missing",
		`{"links":[],"rows":[]} x`:        "unexpected text after",
		`{"links":[{"nmae":"a"}]}`:        "nmae",
		`{"rows":[{"pattern":"1.2.3"}]}`:  "1.2.3",
		`{"rows":[{"pattern":"-1.2"}]}`:   "-1.2",
		`{"links":[{"site":"1.*"}]}`:      "1.*",
		`{"links":[{"protocol":"ISDN"}]}`: "ISDN",
		`{"rows":"` + strings.Repeat("x", maxFile) + `"}`: "larger than",
	} {
		_, err := Read(strings.NewReader(text))
		require.ErrorContains(t, err, want)
	}
}

func FuzzCheck(f *testing.F) {
	text, err := json.Marshal(sound())
	require.NoError(f, err)
	f.Add(text)
	f.Add([]byte(`{"links":[{"name":"a","capacity":1},{"name":"b","capacity":2}],"rows":[{"pattern":"*.*","planned":{"a":3}}],"reserveExplicit":true}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		table, err := Read(bytes.NewReader(text))
		if err != nil {
			return
		}
		c := &checker{index: table.buildIndex()}
		if c.checkStructure(); len(c.found) == 0 && c.countExtensions() > 2000 {
			return // right, but slow
		}
		fs := table.Check()
		a, err := table.Allocate()
		require.NoError(t, table.Print(&bytes.Buffer{}))
		if err != nil {
			require.Error(t, fs.Err(), "a table that makes no sense has no allocation")
			return
		}
		placed := a.Unsupervised
		for _, l := range a.Links {
			require.LessOrEqual(t, l.Used, l.Capacity)
			require.Equal(t, l.Used, l.Explicit+l.Overflow+l.Implicit)
			placed += l.Used
		}
		require.Equal(t, table.buildIndex().countExtensions(), placed)
	})
}
