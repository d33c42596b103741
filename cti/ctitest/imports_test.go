package ctitest_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// testOnly reports whether a package has no place in a program: package testing
// with its parts, and what other modules bring for tests.
func testOnly(path string) bool {
	top, _, _ := strings.Cut(path, "/")
	thirdParty := strings.Contains(top, ".") && !strings.HasPrefix(path, "github.com/ctikit/ctikit")
	return top == "testing" || thirdParty
}

// TestProgramsMayLinkTheFakePBX: a program that embeds it links neither package
// testing nor testify.
func TestProgramsMayLinkTheFakePBX(t *testing.T) {
	for path, want := range map[string]bool{
		"testing": true, "testing/synctest": true, "github.com/stretchr/testify/require": true, "go.uber.org/goleak": true,
		"time": false, "log/slog": false, "github.com/ctikit/ctikit/cti/driver": false,
	} {
		require.Equal(t, want, testOnly(path), path)
	}
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", ".").CombinedOutput()
	require.NoError(t, err, "%s", out)
	packages := strings.Fields(string(out))
	require.Contains(t, packages, "github.com/ctikit/ctikit/cti/ctitest")
	for _, path := range packages {
		require.False(t, testOnly(path), "ctitest links %s", path)
	}
}
