package auth

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTableOfAttacks holds the table in the package comment to the tests: each
// name has a test in its package, and each test of an attack is in the table.
func TestTableOfAttacks(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	_, table, found := strings.Cut(string(doc), "# Attacks")
	require.True(t, found)
	files, err := filepath.Glob("*/*_test.go")
	require.NoError(t, err)
	own, err := filepath.Glob("*_test.go")
	require.NoError(t, err)
	tests := map[string]bool{}
	for _, file := range append(files, own...) {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range regexp.MustCompile(`(?m)^func (TestAttack\w+)\(`).FindAllStringSubmatch(string(text), -1) {
			name := strings.TrimPrefix(m[1], "TestAttack")
			tests[name] = true
			require.Regexp(t, `\b`+name+`\b`, table, "%s is not in the table of doc.go", m[1])
		}
	}
	rows := regexp.MustCompile(`(?m)^//\t([\w, ]+?)(?:  |$)`).FindAllStringSubmatch(table, -1)
	require.Greater(t, len(rows), 30)
	for _, row := range rows {
		for name := range strings.SplitSeq(row[1], ", ") {
			require.True(t, tests[name], "the table names %s, which has no test", name)
		}
	}
}
