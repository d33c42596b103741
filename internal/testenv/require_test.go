package testenv_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/internal/testenv"
)

// TestRequiredNames: a name in .ci/need/* that no test asks for, or one that a
// test asks for and no file there requires, would let a test be skipped in
// continuous integration without anyone seeing it.
func TestRequiredNames(t *testing.T) {
	required, asked := requiredNames(t), askedNames(t)
	require.Contains(t, required, "vectors")
	for name, where := range required {
		require.Contains(t, asked, name, "%s requires a name that no test asks for", where)
	}
	for name, where := range asked {
		require.Contains(t, required, name, "%s asks for a name that no file of .ci/need requires", where)
	}
}

// requiredNames are the names of the "require:" lines, with their file.
func requiredNames(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(testenv.Root(t), ".ci", "need", "*"))
	require.NoError(t, err)
	names := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for line := range strings.Lines(string(text)) {
			if list, ok := strings.CutPrefix(line, "require:"); ok {
				for _, name := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' }) {
					names[name] = filepath.Base(file)
				}
			}
		}
	}
	return names
}

// askedNames are the literal names in calls of Missing and Tool, with their place.
func askedNames(t *testing.T) map[string]string {
	t.Helper()
	root, names, fset := testenv.Root(t), map[string]string{}, token.NewFileSet()
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		file, err := parser.ParseFile(fset, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(node ast.Node) bool {
			if call, ok := node.(*ast.CallExpr); ok && asks(call) {
				if name, ok := call.Args[1].(*ast.BasicLit); ok {
					text, err := strconv.Unquote(name.Value)
					require.NoError(t, err)
					names[text] = fset.Position(call.Pos()).String()
				}
			}
			return true
		})
		return nil
	}))
	return names
}

func asks(call *ast.CallExpr) bool {
	name := ""
	switch f := call.Fun.(type) {
	case *ast.Ident:
		name = f.Name
	case *ast.SelectorExpr:
		if pkg, ok := f.X.(*ast.Ident); !ok || pkg.Name != "testenv" {
			return false
		}
		name = f.Sel.Name
	}
	return (name == "Missing" || name == "Tool") && len(call.Args) == 3
}
