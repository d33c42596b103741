package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/examples/internal/setup"
	"github.com/ctikit/ctikit/internal/testenv/slapd"
)

func write(t *testing.T, path, text string) string {
	t.Helper()
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// dirsync runs the program and returns its status and both outputs.
func dirsync(args ...string) (int, string, string) {
	var stdout, stderr bytes.Buffer
	err := run(context.Background(), args, &stdout, &stderr)
	return setup.Exit("dirsync", err, &stderr), stdout.String(), stderr.String()
}

const csvMapping = `[{"field":"login","from":["login"]},{"field":"lastName","from":["name"]},{"field":"work","from":["phone"]}]`

func TestCSV(t *testing.T) {
	dir := t.TempDir()
	people := func(n int) string {
		var b strings.Builder
		b.WriteString("id,login,name,phone\n")
		for i := range n {
			fmt.Fprintf(&b, "%d,u%d,Name %d,0155%06d\n", i, i, i, i)
		}
		return b.String()
	}
	file := write(t, filepath.Join(dir, "people.csv"), people(20))
	args := []string{"-source", file, "-key", "id", "-mapping", write(t, filepath.Join(dir, "m.json"), csvMapping), "-store", "sqlite:" + filepath.Join(dir, "s.db")}

	status, out, progress := dirsync(append(args, "-dry-run")...)
	require.Zero(t, status)
	require.Contains(t, out, "create dirsync/0 login:  → u0;")
	require.Contains(t, out, "dry run of import \"dirsync\": read 20, created 20,")
	require.Empty(t, progress, "a bar is for terminals")
	require.NoFileExists(t, filepath.Join(dir, "s.db"), "a dry run makes no store")
	status, out, _ = dirsync(append(args, "-dry-run", "-max-changes", "8")...)
	require.Zero(t, status)
	require.Equal(t, 1, strings.Count(out, "and 12 more in the next plan\n"))
	status, out, _ = dirsync(append(args, "-max-changes", "8")...)
	require.Zero(t, status)
	require.Equal(t, 3, strings.Count(out, "run of import"))
	require.Contains(t, out, "read 20, created 4,")
	_, out, _ = dirsync(args...)
	require.Contains(t, out, "created 0, updated 0 (renamed 0, moved 0, enabled 0), unchanged 20")

	write(t, file, people(10))
	status, out, _ = dirsync(args...)
	require.Equal(t, 3, status)
	require.Contains(t, out, "held 10")
	require.Contains(t, out, "held: 10 removals of 20 known are 50.0 %, more than limits.percent 10")
	status, out, _ = dirsync(append(args, "-approve", "-quiet")...)
	require.Zero(t, status)
	require.Contains(t, out, "deleted 10")

	write(t, file, people(10)+"cut")
	status, _, stderr := dirsync(args...)
	require.Equal(t, 1, status)
	require.Contains(t, stderr, "incomplete")
}

func TestLDAPAndSQLite(t *testing.T) {
	server := slapd.Start(t, 30)
	dir := t.TempDir()
	store := filepath.Join(dir, "s.db")
	args := []string{"-source", server.URL, "-plaintext", "-base", slapd.People, "-login", slapd.Admin,
		"-password-file", write(t, filepath.Join(dir, "p"), slapd.Password+"\n"), "-store", "sqlite:" + store, "-quiet"}
	status, out, stderr := dirsync(args...)
	require.Zero(t, status, stderr)
	require.Contains(t, out, "created 30")
	server.Modify("dn: uid=u000003," + slapd.People + "\nchangetype: modify\nreplace: sn\nsn: New\n\n")
	_, out, _ = dirsync(args...)
	require.Contains(t, out, "lastName: Lastname3 → New")
	require.Contains(t, out, "read 1, created 0, updated 1")

	// The store that was just filled is a database like any other.
	mapping := `[{"field":"login","from":["id"]},{"field":"work","from":["version"]}]`
	status, out, stderr = dirsync("-source", "sqlite:"+store+"?query=SELECT id, version FROM directory_objects WHERE kind = 'user'", "-key", "id",
		"-mapping", write(t, filepath.Join(dir, "m.json"), mapping), "-store", "sqlite:"+filepath.Join(dir, "other.db"))
	require.Zero(t, status, stderr)
	require.Contains(t, out, "created 30")
}

func TestWrongUse(t *testing.T) {
	dir := t.TempDir()
	mapping, broken := write(t, filepath.Join(dir, "m.json"), csvMapping), write(t, filepath.Join(dir, "b.json"), csvMapping[1:])
	store := "sqlite:" + filepath.Join(dir, "s.db")
	for _, args := range [][]string{
		{}, {"-source", "x.csv", "more"}, {"-shoe"}, {"-source", "x.csv", "-mapping", mapping, "-key", "id", "-store", "postgres"},
		{"-source", "x.csv", "-store", store}, {"-source", "x.csv", "-key", "id", "-mapping", broken, "-store", store},
		{"-source", "x.csv", "-mapping", mapping, "-store", store}, // no key
		{"-source", "ldap://h", "-type", "nds", "-store", store}, {"-source", "ldap://h", "-base", "o=x", "-mode", "all", "-store", store},
		{"-source", "ldap://h", "-base", "o=x", "-ca", broken, "-store", store}, {"-source", "sqlite:x.db", "-mapping", mapping, "-key", "id", "-store", store},
	} {
		status, _, stderr := dirsync(args...)
		require.Equal(t, 2, status, "%q", args)
		require.Contains(t, stderr, "dirsync: ")
	}
	status, _, _ := dirsync("-source", filepath.Join(dir, "none.csv"), "-key", "id", "-mapping", mapping, "-store", store)
	require.Equal(t, 1, status, "a source that is not there is no mistake in the arguments")
	status, _, stderr := dirsync("-h")
	require.Zero(t, status)
	require.Contains(t, stderr, "-dry-run")
}
