// Package testenv finds what tests need from outside the module: test vectors,
// servers, other encoders. Where a thing is absent the test is skipped and says
// so; the environment variable CTIKIT_REQUIRE (comma-separated names, or "all")
// turns such a skip into a failure, as continuous integration does.
package testenv

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Missing skips t because the named thing is absent, or fails it where
// CTIKIT_REQUIRE names it. detail says what was looked for.
func Missing(t testing.TB, name, detail string) {
	t.Helper()
	required := strings.Split(os.Getenv("CTIKIT_REQUIRE"), ",")
	if slices.Contains(required, name) || slices.Contains(required, "all") {
		t.Fatalf("%s is required by CTIKIT_REQUIRE but absent: %s", name, detail)
	}
	t.Skipf("needs %s, which is absent here: %s", name, detail)
}

// Tool returns the path of an executable; require is its name in
// CTIKIT_REQUIRE, program what is looked up on the PATH and in /usr/sbin.
func Tool(t testing.TB, require, program string) string {
	t.Helper()
	if path, err := exec.LookPath(program); err == nil {
		return path
	}
	if path, err := exec.LookPath(filepath.Join("/usr/sbin", program)); err == nil {
		return path
	}
	Missing(t, require, "no program "+program)
	return ""
}

// Vectors returns the path of a file or folder below the test vectors:
// CTIKIT_VECTORS, else ../shared/vectors beside the module. Its name in
// CTIKIT_REQUIRE is "vectors".
func Vectors(t testing.TB, elem ...string) string {
	t.Helper()
	dir := os.Getenv("CTIKIT_VECTORS")
	if dir == "" {
		dir = filepath.Join(Root(t), "..", "shared", "vectors")
	}
	return findVector(t, dir, elem)
}

// Standards returns the path of a file or folder below the published standards
// that lie beside the test vectors. Its name in CTIKIT_REQUIRE is "vectors".
func Standards(t testing.TB, elem ...string) string {
	t.Helper()
	dir := filepath.Join(Root(t), "..", "shared", "standards")
	if vectors := os.Getenv("CTIKIT_VECTORS"); vectors != "" {
		dir = filepath.Join(vectors, "..", "standards")
	}
	return findVector(t, dir, elem)
}

func findVector(t testing.TB, dir string, elem []string) string {
	t.Helper()
	path := filepath.Join(append([]string{dir}, elem...)...)
	if _, err := os.Stat(path); err != nil {
		Missing(t, "vectors", err.Error()+" (set CTIKIT_VECTORS)")
	}
	return path
}

// Root returns the folder of the module that the test runs in.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("no go.mod above the test's folder")
		}
		dir = parent
	}
}
