package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestGenerated: what is checked in is what the tables make, and nothing else
// passes for generated.
func TestGenerated(t *testing.T) {
	files, err := generateFiles(".")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for name, want := range files {
		got, err := os.ReadFile(name)
		require.NoError(t, err)
		require.Equal(t, string(want), string(got), "%s: run go generate ./csta/internal/gen", name)
	}
	there, err := filepath.Glob("../*/*_gen.go")
	require.NoError(t, err)
	for _, name := range there {
		require.Contains(t, files, name)
	}
}

// TestTableErrors: a mistake in a table is told with its line.
func TestTableErrors(t *testing.T) {
	for table, want := range map[string]string{
		"1 busy":                             "line 1: row without a section or a name",
		"names ecma323\n":                    "line 1: want a shape, a folder and a name",
		"names ecma323 causeNames\n1":        "line 2: row without a section or a name",
		"names ecma323 causeNames\n1x busy":  "line 2: strconv.Atoi: parsing \"1x\": invalid syntax",
		"names ecma323 causeNames\n1-3 busy": "line 2: range 1-3 wants a name that ends with a number",
	} {
		_, err := parseTable(table)
		require.EqualError(t, err, want)
	}
	_, err := formatFile("ecma1", "message", []*section{{shape: "circle"}})
	require.EqualError(t, err, `unknown shape "circle"`)
}
