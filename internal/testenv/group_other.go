//go:build !unix

package testenv

import (
	"os/exec"
	"testing"
)

// StartGroup skips t: the servers that have children run on Unix only.
func StartGroup(t testing.TB, server *exec.Cmd) {
	t.Helper()
	t.Skipf("%s needs process groups", server.Path)
}
