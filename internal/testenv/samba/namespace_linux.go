package samba

import (
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// joinNamespace moves the calling goroutine into a network namespace. Its thread is
// never unlocked: it ends with the goroutine, namespace and all.
func joinNamespace(namespace string) error {
	runtime.LockOSThread()
	f, err := os.Open("/run/netns/" + namespace)
	if err != nil {
		return err
	}
	defer f.Close()
	return unix.Setns(int(f.Fd()), unix.CLONE_NEWNET)
}
