//go:build !unix

package postgres

import (
	"syscall"
	"testing"
)

// unprivileged: the server runs as whoever runs the test.
func unprivileged(testing.TB, string) *syscall.SysProcAttr { return nil }
