package house

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ctikit/ctikit/internal/testenv"
)

// An example is read at a sitting: its own Go files have fewer lines than this.
const exampleLines = 200

func TestExamplesAreShort(t *testing.T) {
	folders, err := filepath.Glob(filepath.Join(testenv.Root(t), "examples", "*", "main.go"))
	if err != nil {
		t.Fatal(err)
	}
	if len(folders) < 10 {
		t.Fatalf("only %d examples found", len(folders))
	}
	for _, main := range folders {
		if n := linesOf(t, filepath.Dir(main)); n >= exampleLines {
			t.Errorf("examples/%s has %d lines of its own, not fewer than %d", filepath.Base(filepath.Dir(main)), n, exampleLines)
		}
	}
}

// linesOf counts the lines of a folder's Go files, tests apart.
func linesOf(t *testing.T, folder string) (n int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		n += bytes.Count(text, []byte("\n"))
	}
	return n
}
