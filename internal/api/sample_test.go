package api

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const sample = `package sample

const Ten, half = 10, 0.5

var Err error

type Level uint8

func (Level) String() string { return "" }
func (l *Level) set()        {}

type base struct{ Name string; secret int }

func (*base) Close() error { return nil }

type Box[T any] struct {
	base
	Item T
	n    int
}

func (b *Box[T]) Put(item T) {}

type Reader interface {
	Read(p []byte) (n int, err error)
	sealed()
}

func Open(name string, more ...Level) (*Box[int], error) { return nil, nil }
func hidden() {}
`

func TestFeatures(t *testing.T) {
	require.Equal(t, []string{
		"const Ten untyped int = 10",
		"func Open(name string, more ...Level) (*Box[int], error)",
		"method (*Box) Close() error",
		"method (*Box) Put(item T)",
		"method (Level) String() string",
		"type Box[T any] struct",
		"type Box[T any] struct, Item T",
		"type Level uint8",
		"type Reader interface",
		"type Reader interface, Read(p []byte) (n int, err error)",
		"type Reader interface, unexported methods",
		"var Err error",
	}, checked(t, sample))
}

// TestDifference: what a host would notice is a difference, what it cannot see is none.
func TestDifference(t *testing.T) {
	for _, test := range []struct {
		old, new string
		want     []string
	}{
		{"n    int", "n    string", nil},
		{"func hidden()", "func other()", nil},
		{"Item T", "Thing T", []string{"- type Box[T any] struct, Item T", "+ type Box[T any] struct, Thing T"}},
		{"Ten, half = 10", "Ten, half = 11", []string{"- const Ten untyped int = 10", "+ const Ten untyped int = 11"}},
		{"func (*base) Close() error { return nil }", "", []string{"- method (*Box) Close() error"}},
		{"func (b *Box[T]) Put", "func (b Box[T]) Put", []string{"- method (*Box) Put(item T)", "+ method (Box) Put(item T)"}},
		{"more ...Level", "more []Level", []string{"- func Open(name string, more ...Level) (*Box[int], error)", "+ func Open(name string, more []Level) (*Box[int], error)"}},
		{"	sealed()", "	Seek()", []string{"- type Reader interface, unexported methods", "+ type Reader interface, Seek()"}},
	} {
		changed := strings.Replace(sample, test.old, test.new, 1)
		require.NotEqual(t, sample, changed)
		got := difference(strings.Join(checked(t, sample), "\n"), strings.Join(checked(t, changed), "\n"))
		require.Equal(t, test.want, got, "%s -> %s", test.old, test.new)
	}
}

func checked(t *testing.T, source string) []string {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "sample.go", source, 0)
	require.NoError(t, err)
	pkg, err := new(types.Config).Check("sample", fset, []*ast.File{file}, nil)
	require.NoError(t, err)
	return features(pkg)
}
