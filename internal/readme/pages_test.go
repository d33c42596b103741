package readme

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/internal/testenv"
)

// page is one Markdown file of the repository.
type page struct {
	name   string // below the root
	text   string
	blocks []block
}

// block is a fenced block of a page.
type block struct {
	language string
	text     string
	line     int // of its fence
}

// pages reads README.md and docs/.
func pages(t *testing.T) []page {
	root := testenv.Root(t)
	names, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	require.NoError(t, err)
	var out []page
	for _, name := range append(names, filepath.Join(root, "README.md")) {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		short, err := filepath.Rel(root, name)
		require.NoError(t, err)
		blocks, ok := fenced(string(data))
		require.True(t, ok, "%s: a fenced block does not end", short)
		out = append(out, page{short, string(data), blocks})
	}
	return out
}

// fenced finds the fenced blocks of a text; ok is false if the last has no end.
func fenced(text string) (out []block, ok bool) {
	var open *block
	for i, line := range strings.SplitAfter(text, "\n") {
		language, fence := strings.CutPrefix(strings.TrimRight(line, "\n"), "```")
		switch {
		case fence && open == nil:
			open = &block{language: language, line: i + 1}
		case fence:
			out, open = append(out, *open), nil
		case open != nil:
			open.text += line
		}
	}
	return out, open == nil
}

func TestFenced(t *testing.T) {
	blocks, ok := fenced("a\n```go\nx\n\ny\n```\nb\n```\nz\n```\n")
	require.True(t, ok)
	require.Equal(t, []block{{"go", "x\n\ny\n", 2}, {"", "z\n", 8}}, blocks)
	_, ok = fenced("```\nx\n")
	require.False(t, ok)
}

var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// TestLinks: what a page refers to within the repository is there.
func TestLinks(t *testing.T) {
	root := testenv.Root(t)
	found := 0
	for _, p := range pages(t) {
		for _, m := range link.FindAllStringSubmatch(p.text, -1) {
			target, _, _ := strings.Cut(m[1], "#")
			if target == "" || strings.Contains(target, "://") {
				continue
			}
			found++
			_, err := os.Stat(filepath.Join(root, filepath.Dir(p.name), target))
			require.NoError(t, err, "%s refers to %s", p.name, m[1])
		}
	}
	require.NotZero(t, found)
}
