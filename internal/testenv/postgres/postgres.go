// Package postgres starts throw-away PostgreSQL servers for tests. Their name in
// CTIKIT_REQUIRE is "postgres".
package postgres

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"syscall"
	"testing"
	"time"

	"github.com/ctikit/ctikit/internal/testenv"
)

// Start starts a server without password on the loopback, stops it with the
// test, and returns the URL of its database "postgres".
func Start(t testing.TB) string {
	t.Helper()
	bin := findBinaries(t)
	dir, err := os.MkdirTemp("", "postgres")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	as := unprivileged(t, dir)
	run := func(name string, args ...string) *exec.Cmd {
		cmd := exec.Command(filepath.Join(bin, name), args...)
		cmd.Dir, cmd.SysProcAttr = dir, as
		return cmd
	}
	initdb := run("initdb", "-D", dir+"/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
	if out, err := initdb.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v: %s", err, out)
	}
	address := testenv.Port(t)
	_, port, _ := net.SplitHostPort(address)
	server := run("postgres", "-D", dir+"/data", "-h", "127.0.0.1", "-p", port, "-k", dir, "-F")
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		server.Process.Signal(syscall.SIGQUIT)
		server.Wait()
	})
	for range 400 {
		if run("pg_isready", "-h", "127.0.0.1", "-p", port).Run() == nil {
			return fmt.Sprintf("postgres://postgres@%s/postgres?sslmode=disable", address)
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatal("PostgreSQL does not answer")
	return ""
}

// findBinaries finds the newest installed server; Debian keeps it off the PATH.
func findBinaries(t testing.TB) string {
	t.Helper()
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	sort.Slice(dirs, func(i, j int) bool {
		return len(dirs[i]) < len(dirs[j]) || len(dirs[i]) == len(dirs[j]) && dirs[i] < dirs[j]
	})
	for i := len(dirs) - 1; i >= 0; i-- {
		if _, err := os.Stat(filepath.Join(dirs[i], "initdb")); err == nil {
			return dirs[i]
		}
	}
	return filepath.Dir(testenv.Tool(t, "postgres", "initdb"))
}
