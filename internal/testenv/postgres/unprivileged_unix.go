//go:build unix

package postgres

import (
	"os"
	"os/user"
	"strconv"
	"syscall"
	"testing"

	"github.com/ctikit/ctikit/internal/testenv"
)

// unprivileged returns whom to run as: PostgreSQL refuses to run as root.
func unprivileged(t testing.TB, dir string) *syscall.SysProcAttr {
	t.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	u, err := user.Lookup("nobody")
	if err != nil {
		testenv.Missing(t, "postgres", "no user nobody to run it as")
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	if err := os.Chown(dir, uid, gid); err != nil {
		t.Fatal(err)
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
}
