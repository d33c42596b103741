package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/directory"
	"github.com/ctikit/ctikit/examples/internal/setup"
	"github.com/ctikit/ctikit/internal/testenv/samba"
	"github.com/ctikit/ctikit/internal/testenv/slapd"
)

// asProgram makes the test binary the program.
const asProgram = "CTIKIT_TEST_DIRSYNC"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

func testProgram(t *testing.T) string {
	program, err := os.Executable()
	require.NoError(t, err)
	return program
}

func write(t *testing.T, path, text string) string {
	t.Helper()
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// dirsync runs the program and returns its status and both outputs.
func dirsync(args ...string) (int, string, string) {
	var stdout, stderr bytes.Buffer
	err := synchronise(context.Background(), args, &stdout, &stderr)
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
	require.Contains(t, out, "create dirsync/0 login: u0;")
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

// The PBX's own directory: contact records, each with a key of the site's choice;
// as users, who sign in by their number, or as contacts.
func TestA5000(t *testing.T) {
	server := slapd.Start(t, 0)
	record := "dn: cn=c%d,ou=former," + slapd.Suffix + "\nchangetype: %s\n"
	for i := range 12 {
		server.Modify(fmt.Sprintf(record+"objectClass: contactRecord\ncn: c%d\nsn: N%d\ngivenName: G\ntelephoneNumber: 40%02d\nattr1: key%d\n\n", i, "add", i, i, i, i))
	}
	dir := t.TempDir()
	args := []string{"-source", server.URL, "-plaintext", "-type", "a5000", "-key", "attr1", "-base", "ou=former," + slapd.Suffix, "-login", slapd.Admin,
		"-password-file", write(t, filepath.Join(dir, "p"), slapd.Password), "-store"}
	people, contacts := append(args, "sqlite:"+filepath.Join(dir, "u.db")), append(args, "sqlite:"+filepath.Join(dir, "c.db"), "-target", "contacts")
	for args, first := range map[*[]string]string{
		&people:   "create dirsync/key3 [cn=c3,ou=former,dc=example,dc=test] login: 4003; firstName: G; lastName: N3; extension: 4003",
		&contacts: "create dirsync/key3 [cn=c3,ou=former,dc=example,dc=test] displayName: G N3; firstName: G; lastName: N3; extension: 4003",
	} {
		status, out, stderr := dirsync(*args...)
		require.Zero(t, status, stderr)
		require.Contains(t, out, first)
		require.Contains(t, out, "created 12,")
	}
	server.Modify(fmt.Sprintf(record, 3, "delete"))
	server.Modify(fmt.Sprintf(record, 4, "modify") + "replace: sn\nsn: New\n\n")
	for _, args := range [][]string{people, contacts} {
		_, out, _ := dirsync(args...)
		require.Contains(t, out, "lastName: N4 → New")
		require.Contains(t, out, "updated 1 (renamed 0, moved 0, enabled 0), unchanged 10, ignored 0, failed 0, disabled 0, deleted 1, held 0")
	}
}

// A domain controller, over LDAPS and StartTLS with its own authority.
func TestActiveDirectory(t *testing.T) {
	server := samba.Start(t, 20)
	dir := t.TempDir()
	args := []string{"-type", "ad", "-base", samba.Base, "-login", samba.Administrator,
		"-password-file", write(t, filepath.Join(dir, "p"), samba.Password), "-ca", server.Authority, "-store", "sqlite:" + filepath.Join(dir, "s.db")}
	inside := func(source string, more ...string) (int, string) {
		cmd := server.Command(testProgram(t), append(append([]string{"-source", source}, args...), more...)...)
		cmd.Env = append(os.Environ(), asProgram+"=yes")
		out, err := cmd.CombinedOutput()
		if _, ended := errors.AsType[*exec.ExitError](err); !ended {
			require.NoError(t, err)
		}
		return cmd.ProcessState.ExitCode(), string(out)
	}
	status, out := inside("ldaps://127.0.0.1", "-dry-run")
	require.Zero(t, status, out)
	require.Contains(t, out, "created 20,")
	require.Contains(t, out, "CN=Administrator,CN=Users,DC=ad,DC=example,DC=test: no telephone number")
	status, out = inside("ldap://127.0.0.1", "-mode", "insert-update-disable")
	require.Zero(t, status, out)
	require.Contains(t, out, "created 20,")
	require.Contains(t, out, "disabled: true", "the last one")

	server.Modify("dn: CN=Firstname3 Lastname3," + samba.People + "\nchangetype: delete\n\ndn: CN=Firstname4 Lastname4," + samba.People + "\nchangetype: modify\nreplace: mobile\nmobile: +33699\n\n")
	status, out = inside("ldap://127.0.0.1", "-mode", "insert-update-disable")
	require.Zero(t, status, out)
	require.Contains(t, out, "mobile: +33600000004 → +33699")
	require.Contains(t, out, "(changes only): read 1, created 0, updated 1 (renamed 0, moved 0, enabled 0), unchanged 0, ignored 0, failed 0, disabled 1,")
	status, out = inside("ldaps://localhost:636", "-ca", "")
	require.Equal(t, 1, status)
	require.Contains(t, out, "unknown authority")
}

// Secured connections, and the modes, one after the other on stores alike.
func TestModesOverTLS(t *testing.T) {
	server := slapd.Start(t, 30)
	dir := t.TempDir()
	password := write(t, filepath.Join(dir, "p"), slapd.Password)
	args := func(mode directory.Mode, source string, more ...string) []string {
		return append([]string{"-source", source, "-base", slapd.People, "-login", slapd.Admin, "-password-file", password,
			"-ca", server.Authority, "-mode", string(mode), "-store", "sqlite:" + filepath.Join(dir, string(mode)+".db")}, more...)
	}
	modes := map[directory.Mode]string{
		directory.InsertUpdateDelete:  "created 1, updated 1 (renamed 0, moved 0, enabled 0), unchanged 28, ignored 0, failed 0, disabled 0, deleted 1,",
		directory.InsertUpdateDisable: "created 1, updated 1 (renamed 0, moved 0, enabled 0), unchanged 28, ignored 0, failed 0, disabled 1, deleted 0,",
		directory.InsertUpdate:        "created 1, updated 1 (renamed 0, moved 0, enabled 0), unchanged 28, ignored 0, failed 0, disabled 0, deleted 0,",
		directory.UpdateOnly:          "created 0, updated 0 (renamed 0, moved 0, enabled 0), unchanged 0, ignored 30, failed 0, disabled 0, deleted 0,",
	}
	for mode := range modes {
		status, out, stderr := dirsync(args(mode, server.URL)...)
		require.Zero(t, status, stderr)
		if mode == directory.UpdateOnly {
			require.Contains(t, out, "ignored 30,")
		} else {
			require.Contains(t, out, "created 30,")
		}
	}
	server.Modify(strings.Replace(slapd.Person(30), "\nobjectClass", "\nchangetype: add\nobjectClass", 1) + "dn: uid=u000007," + slapd.People + "\nchangetype: modify\nreplace: sn\nsn: New\n\n" +
		"dn: uid=u000008," + slapd.People + "\nchangetype: delete\n\n")
	for mode, want := range modes {
		status, out, stderr := dirsync(args(mode, server.SecureURL)...)
		require.Zero(t, status, stderr)
		require.Contains(t, out, want, mode)
	}
	status, _, stderr := dirsync(args(directory.UpdateOnly, server.SecureURL, "-ca", "")...)
	require.Equal(t, 1, status)
	require.Contains(t, stderr, "unknown authority")
	server.Stop()
	status, _, stderr = dirsync(args(directory.InsertUpdateDelete, server.SecureURL)...)
	require.Equal(t, 1, status)
	require.Contains(t, stderr, "connection refused")
}

// Whoever stops the program learns what was done by then.
func TestStopped(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "people.csv")
	args := []string{"-source", file, "-key", "id", "-mapping", write(t, filepath.Join(dir, "m.json"), csvMapping), "-store", "sqlite:" + filepath.Join(dir, "s.db")}
	var b strings.Builder
	b.WriteString("id,login,name,phone\n")
	for i := range 3000 {
		fmt.Fprintf(&b, "%d,u%d,Name %d,0155%06d\n", i, i, i, i)
	}
	write(t, file, b.String())
	ctx, cancel := context.WithCancel(context.Background())
	var stdout, stderr bytes.Buffer
	err := synchronise(ctx, args, writer(func(p []byte) (int, error) { cancel(); return stdout.Write(p) }), &stderr)
	require.Equal(t, 1, setup.Exit("dirsync", err, &stderr))
	require.True(t, strings.Contains(stdout.String(), "\nrun of import \"dirsync\": read 3000, created 0,"), "a report of what was done")
	require.Contains(t, stderr.String(), "dirsync: interrupted")
	status, out, _ := dirsync(args...)
	require.Zero(t, status)
	require.Contains(t, out, "created 3000,")
}

type writer func([]byte) (int, error)

func (w writer) Write(p []byte) (int, error) { return w(p) }

func TestWrongUse(t *testing.T) {
	dir := t.TempDir()
	unknown := write(t, filepath.Join(dir, "u.json"), `[{"field":"login","frm":["login"]}]`)
	mapping, broken := write(t, filepath.Join(dir, "m.json"), csvMapping), write(t, filepath.Join(dir, "b.json"), csvMapping[1:])
	store := "sqlite:" + filepath.Join(dir, "s.db")
	for _, args := range [][]string{
		{}, {"-source", "x.csv", "more"}, {"-shoe"}, {"-source", "x.csv", "-mapping", mapping, "-key", "id", "-store", "postgres"},
		{"-source", "x.csv", "-store", store}, {"-source", "x.csv", "-key", "id", "-mapping", broken, "-store", store},
		{"-source", "x.csv", "-mapping", mapping, "-store", store}, // no key
		{"-source", "ldap://h", "-type", "nds", "-store", store}, {"-source", "ldap://h", "-base", "o=x", "-mode", "all", "-store", store},
		{"-source", "ldap://h", "-base", "o=x", "-ca", broken, "-store", store}, {"-source", "sqlite:x.db", "-mapping", mapping, "-key", "id", "-store", store},
		{"-source", "x.csv", "-mapping", unknown, "-key", "id", "-store", store}, {"-source", "http://h/x.csv", "-mapping", mapping, "-key", "id", "-store", store},
		{"-source", "ldap://reader:secret@h", "-base", "o=x", "-store", store}, {"-source", "ldap:///", "-base", "o=x", "-store", store}, {"-source", "ldap://h/ou=people", "-base", "o=x", "-store", store},
		{"-source", "x.csv", "-mapping", mapping, "-key", "id", "-store", "sqlite:" + mapping},
	} {
		status, _, stderr := dirsync(args...)
		require.Equal(t, 2, status, "%q", args)
		require.Contains(t, stderr, "dirsync: ")
	}
	status, _, _ := dirsync("-source", filepath.Join(dir, "none.csv"), "-key", "id", "-mapping", mapping, "-store", store)
	require.Equal(t, 1, status, "a source that is not there is no mistake in the arguments")
	_, _, stderr := dirsync("-source", "x.csv", "-key", "id", "-mapping", mapping, "-store", "sqlite:"+mapping)
	require.Contains(t, stderr, mapping, "says which file")
	_, _, stderr = dirsync("-source", "x.csv", "-key", "id", "-mapping", write(t, broken, "[\n{\"field\" 1}]"), "-store", store)
	require.Contains(t, stderr, "b.json: line 2")
	people := write(t, filepath.Join(dir, "p.csv"), "id,login,phone\n1,a,0155\n")
	status, _, stderr = dirsync("-source", people, "-key", "id", "-mapping", mapping, "-store", store)
	require.Equal(t, 1, status, "a mapping that names no column would clear a field of everybody")
	require.Contains(t, stderr, `missing columns ["name"]`)
	status, _, stderr = dirsync("-h")
	require.Zero(t, status)
	require.Contains(t, stderr, "-dry-run")
}
