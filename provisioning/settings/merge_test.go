package settings_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/internal/testenv"
	"github.com/ctikit/ctikit/provisioning/settings"
)

func merge(t testing.TB, base, next, local *settings.File) (string, []settings.Conflict) {
	t.Helper()
	merged, conflicts, err := settings.Merge(base, next, local)
	require.NoError(t, err)
	return merged.String(), conflicts
}

func TestMerge(t *testing.T) {
	const base = "## A is one\n## SET A 1\n##\n## B is two\n## SET B 2\n##\nGOTO END\n# END\n"
	for name, test := range map[string]struct {
		next, local, want string
		conflicts         []string
	}{
		"both elsewhere": {
			"## A is one thing\n## SET A 1\n##\n## B is two\n## SET B 2\n##\nGOTO END\n# END\n",
			"## A is one\nSET A 5\n##\n## B is two\n## SET B 2\n##\nGOTO END\n# END\nSET C 1\n",
			"## A is one thing\nSET A 5\n##\n## B is two\n## SET B 2\n##\nGOTO END\n# END\nSET C 1\n", nil,
		},
		"moved by the vendor": {
			"## B is two\n## SET B 2\n##\n## A is one\n## SET A 1\n##\nGOTO END\n# END\n",
			"## A is one\nSET A 5\n##\n## B is two\nSET B 7\n##\nGOTO END\n# END\n",
			"## B is two\nSET B 7\n##\n## A is one\nSET A 5\n##\nGOTO END\n# END\n", nil,
		},
		"both the same": {
			"## A is one\nSET A 5\n##\n## B is two\n## SET B 2\n##\nGOTO END\n# END\n",
			"## A is one\nSET A 5\n##\n## B is two\n## SET B 2\n##\nGOTO END\n# END\n",
			"## A is one\nSET A 5\n##\n## B is two\n## SET B 2\n##\nGOTO END\n# END\n", nil,
		},
		"both differently": {
			"## A is one\n## SET A 9\n##\n## B is two\n## SET B 2\n##\nGOTO END\n# END\n",
			"## A is one\nSET A 5\n##\n## B is two\n## SET B 2\n##\nGOTO END\n# END\n",
			"## A is one\nSET A 5\n##\n## B is two\n## SET B 2\n##\nGOTO END\n# END\n",
			[]string{"2:1: the vendor and the site changed the same line: SET A"},
		},
		"removed by the vendor": {
			"## B is two\n## SET B 2\n##\nGOTO END\n# END\n",
			"## A is one\nSET A 5\n##\n## B is two\n## SET B 2\n##\nGOTO END\n# END\n",
			"SET A 5\n## B is two\n## SET B 2\n##\nGOTO END\n# END\n",
			[]string{"2:1: the site changed a line that the vendor removed: SET A"},
		},
		"deleted by the site": {
			"## A is one thing\n## SET A 1\n##\n## B is two\n## SET B 2\n##\nGOTO END\n# END\n",
			"## A is one\n## SET A 1\n##\nGOTO END\n# END\n",
			"## A is one thing\n## SET A 1\n##\nGOTO END\n# END\n", nil,
		},
		"both add": {
			base + "SET C 1\n", base + "SET C 2\n", base + "SET C 1\nSET C 2\n",
			[]string{"9:1: the vendor and the site added the same statement: END SET C"},
		},
		"new line ends": {
			strings.ReplaceAll(base, "\n", "\r\n"),
			strings.Replace(base, "## SET A 1\n", "SET A 5\n", 1),
			strings.ReplaceAll(strings.Replace(base, "## SET A 1\n", "SET A 5\n", 1), "\n", "\r\n"), nil,
		},
		"no last line end": {
			base + "## new", base + "SET C 1", base + "## new\nSET C 1", nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, conflicts := merge(t, parse(t, base), parse(t, test.next), parse(t, test.local))
			require.Equal(t, test.want, got)
			var texts []string
			for _, c := range conflicts {
				texts = append(texts, c.String())
			}
			require.Equal(t, test.conflicts, texts)
		})
	}
}

// Nothing of the site is lost where the vendor removed one of two equal names.
func TestMergeSameName(t *testing.T) {
	got, conflicts := merge(t, parse(t, "SET A 1\n##\nSET A 2\n"), parse(t, "SET A 2\n"), parse(t, "SET A 9\n##\nSET A 8\n"))
	require.Equal(t, "SET A 9\nSET A 8\n", got)
	require.Len(t, conflicts, 1)
}

// Large changes without a line in common take no quadratic time.
func TestMergeLarge(t *testing.T) {
	text := func(name string) *settings.File {
		var b strings.Builder
		for i := range 40_000 {
			fmt.Fprintf(&b, "SET %s%d 1\n", name, i)
		}
		return parse(t, b.String())
	}
	base, local := text("A"), text("B")
	got, _ := merge(t, base, base, parse(t, local.String()+"SET C 1\n"))
	require.Equal(t, local.String()+"SET C 1\n", got)
}

// A site that enabled settings in the vendor's template keeps them in a new one.
func TestMergeTemplate(t *testing.T) {
	base := vector(t, template)
	text := base.String()
	next := parse(t, strings.ReplaceAll(strings.Replace(text, "22-July-2022", "1-July-2023", 1), "## SET DSCPSIG 41\r\n", "## SET DSCPSIG 40\r\n## SET DSCPNEW 1\r\n"))
	change := strings.NewReplacer("## SET DSCPAUD 43\r\n", "SET DSCPAUD 46\r\n", "# GROUP_1\r\n", "# GROUP_1\r\nSET TIMEZONE Europe/Warsaw\r\n")
	got, conflicts := merge(t, base, next, parse(t, change.Replace(text)))
	require.Empty(t, conflicts)
	require.Equal(t, change.Replace(next.String()), got)
}

func TestMergeProperties(t *testing.T) {
	rnd := testenv.Rand(t)
	for range 2000 {
		base, next, local := randomFile(rnd), randomFile(rnd), randomFile(rnd)
		checkMerge(t, base, next, local)
	}
}

func checkMerge(t testing.TB, base, next, local string) {
	b, n, l := parse(t, base), parse(t, next), parse(t, local)
	got, conflicts := merge(t, b, n, b)
	require.Equal(t, next, got, "merge(base, new, base) = new; base %q", base)
	require.Empty(t, conflicts)
	got, conflicts = merge(t, b, b, l)
	require.Equal(t, local, got, "merge(base, base, local) = local; base %q", base)
	require.Empty(t, conflicts)
	merge(t, b, n, l)
}

func randomFile(rnd *rand.Rand) string {
	var b strings.Builder
	for range rnd.IntN(12) {
		name := string(rune('A' + rnd.IntN(4)))
		fmt.Fprintf(&b, []string{"SET %s %d", "## SET %s %d", "# %s%d", "GOTO %s%d", "IF $%s SEQ %d GOTO X", "## %s text %d", "GET %s%d", "", "##"}[rnd.IntN(9)], name, rnd.IntN(3))
		b.WriteString([]string{"\n", "\n", "\n", "\r\n"}[rnd.IntN(4)])
	}
	text := strings.NewReplacer("%!(EXTRA string=A", "").Replace(b.String())
	if rnd.IntN(4) == 0 {
		text = strings.TrimRight(text, "\r\n")
	}
	return text
}
