package readme

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/internal/testenv"
)

// command is one that a page or a program's comment tells to type.
var command = regexp.MustCompile("go run \\./examples/([a-z]+)([^`\\n#]*)")

// TestCommandsOfThePages: what the README, the how-tos and the comments of the
// examples tell to type names programs and flags that there are.
func TestCommandsOfThePages(t *testing.T) {
	root := testenv.Root(t)
	var pages []string
	for _, pattern := range []string{"README.md", "docs/*.md", "examples/*/main.go"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		require.NoError(t, err)
		pages = append(pages, found...)
	}
	bin := t.TempDir()
	build := exec.Command("go", "build", "-o", bin+string(filepath.Separator), "./examples/...")
	build.Dir = root
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s", out)
	checked := 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		for _, found := range command.FindAllStringSubmatch(string(text), -1) {
			checkCommand(t, bin, filepath.Base(page), found[1], strings.Fields(found[2]))
			checked++
		}
	}
	require.Greater(t, checked, 25)
}

func checkCommand(t *testing.T, bin, page, program string, words []string) {
	var arguments []string
	if len(words) > 0 && program == "settings" {
		arguments = words[:1] // a command of the program
	}
	help, err := exec.Command(filepath.Join(bin, program), append(arguments, "-h")...).CombinedOutput()
	if err != nil {
		t.Errorf("%s: go run ./examples/%s %v -h: %v: %s", page, program, arguments, err, help)
		return
	}
	for _, word := range words {
		name, isFlag := strings.CutPrefix(strings.Trim(word, "[]"), "-")
		if isFlag && name != "h" && !regexp.MustCompile(`(?m)^  -`+regexp.QuoteMeta(name)+`\b`).Match(help) {
			t.Errorf("%s: go run ./examples/%s has no flag -%s", page, program, name)
		}
	}
}
