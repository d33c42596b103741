package readme

import (
	"fmt"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/internal/testenv"
)

// TestCode: each Go block of a page is a whole file, in a package of its own of
// a module that uses this one. All of them pass go vet; those with tests or
// examples in them pass go test. So what a reader copies compiles.
func TestCode(t *testing.T) {
	root, dir := testenv.Root(t), t.TempDir()
	module(t, root, dir)
	files := 0
	for _, p := range pages(t) {
		for _, b := range p.blocks {
			if b.language == "go" {
				files++
				write(t, dir, p, b)
			}
		}
	}
	require.NotZero(t, files, "no Go block was found")
	run(t, dir, "vet", "./...")
	run(t, dir, "test", "./...")
}

// module makes a module of dir that requires what the root requires.
func module(t *testing.T, root, dir string) {
	data, err := os.ReadFile(filepath.Join(root, "go.mod"))
	require.NoError(t, err)
	mod := strings.Replace(string(data), "module github.com/ctikit/ctikit\n", "module example.org/reader\n", 1)
	require.NotEqual(t, string(data), mod)
	mod += fmt.Sprintf("\nrequire github.com/ctikit/ctikit v0.0.0\n\nreplace github.com/ctikit/ctikit => %s\n", root)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte(mod), 0o644))
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.sum"), sum, 0o644))
}

var isTest = regexp.MustCompile(`(?m)^func (Test|Example|Benchmark)`)

// write puts a block into a package of its own, named for its place.
func write(t *testing.T, dir string, p page, b block) {
	place := fmt.Sprintf("%s:%d", p.name, b.line)
	formatted, err := format.Source([]byte(b.text))
	require.NoError(t, err, place)
	require.Equal(t, string(formatted), b.text, "%s: not gofmt-ed", place)
	folder := filepath.Join(dir, strings.NewReplacer("/", "_", ".", "_").Replace(strings.ToLower(p.name)), fmt.Sprintf("line%d", b.line))
	require.NoError(t, os.MkdirAll(folder, 0o755))
	file := "code.go"
	if isTest.MatchString(b.text) {
		file = "code_test.go"
	}
	require.NoError(t, os.WriteFile(filepath.Join(folder, file), []byte(b.text), 0o644))
}

func run(t *testing.T, dir string, args ...string) {
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "go %s:\n%s", strings.Join(args, " "), out)
}
