// Package api keeps the exported API of every public package as a text file,
// so that each change of it is seen in review:
//
//	go test ./internal/api -update
//
// writes the files anew. A line that goes away, or changes, breaks hosts: it
// belongs in CHANGELOG.md, and in the version number.
package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/internal/testenv"
)

var update = flag.Bool("update", false, "write the files anew")

const module = "github.com/ctikit/ctikit/"

func TestAPI(t *testing.T) {
	root := testenv.Root(t)
	var wanted []string
	for path, pkg := range public(t) {
		name := relativeName(path) + ".txt"
		wanted = append(wanted, name)
		lines := features(pkg)
		require.NotEmpty(t, lines, "%s exports nothing", path)
		text := strings.Join(lines, "\n") + "\n"
		if *update {
			require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
			require.NoError(t, os.WriteFile(name, []byte(text), 0o644))
			continue
		}
		kept, err := os.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is new: go test ./internal/api -update", path)
			continue
		}
		require.NoError(t, err)
		for _, line := range difference(string(kept), text) {
			t.Errorf("%s: %s", relativeName(path), line)
		}
	}
	for _, stale := range files(t, filepath.Join(root, "internal", "api")) {
		if slices.Contains(wanted, stale) {
			continue
		}
		if *update {
			require.NoError(t, os.Remove(stale))
		} else {
			t.Errorf("%s is of no package any more: go test ./internal/api -update", stale)
		}
	}
	if t.Failed() {
		t.Log("the API has changed; if it should, write it down with: go test ./internal/api -update")
	}
}

// difference lists the lines that only one of two sorted texts has.
func difference(kept, now string) (out []string) {
	before, after := strings.Split(kept, "\n"), strings.Split(now, "\n")
	for _, line := range before {
		if !slices.Contains(after, line) {
			out = append(out, "- "+line)
		}
	}
	for _, line := range after {
		if !slices.Contains(before, line) {
			out = append(out, "+ "+line)
		}
	}
	return out
}

func files(t *testing.T, dir string) (names []string) {
	t.Helper()
	require.NoError(t, fs.WalkDir(os.DirFS(dir), ".", func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".txt") {
			names = append(names, path)
		}
		return err
	}))
	return names
}

func isInternal(path string) bool {
	return slices.Contains(strings.Split(path, "/"), "internal")
}

type listed struct {
	ImportPath, Name, Export string
	DepOnly                  bool
}

// public reads, from the compiler's export data, the packages that a host can import.
func public(t *testing.T) map[string]*types.Package {
	t.Helper()
	cmd := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Name,Export,DepOnly", "./...")
	cmd.Dir = testenv.Root(t)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, "go list: %s", stderr.String())
	export := map[string]string{}
	var paths []string
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		export[p.ImportPath] = p.Export
		if !p.DepOnly && p.Name != "main" && p.Export != "" && !isInternal(p.ImportPath) {
			paths = append(paths, p.ImportPath)
		}
	}
	require.Greater(t, len(paths), 20)
	lookup := importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) { return os.Open(export[path]) })
	packages := map[string]*types.Package{}
	for _, path := range paths {
		pkg, err := lookup.Import(path)
		require.NoError(t, err)
		packages[path] = pkg
	}
	return packages
}

// relativeName is the path of a package below the module; the root package has
// the module's name.
func relativeName(path string) string {
	if path == strings.TrimSuffix(module, "/") {
		return "ctikit"
	}
	return strings.TrimPrefix(path, module)
}
