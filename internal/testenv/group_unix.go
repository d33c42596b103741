//go:build unix

package testenv

import (
	"os/exec"
	"syscall"
	"testing"
)

// StartGroup starts a server that has children, and ends all of them with the
// test: it runs in a process group of its own.
func StartGroup(t testing.TB, server *exec.Cmd) {
	t.Helper()
	server.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		syscall.Kill(-server.Process.Pid, syscall.SIGTERM)
		server.Wait()
	})
}
