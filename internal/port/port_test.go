package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const testNames = `
cti New cti/gateway New
cti Config cti/gateway Config
cti Secret . Secret
cti NewSecret . NewSecret
auth NewSecret . NewSecret # both
cti SealKey . SealKey
cti *SealKey . *Keyring
cti Section . Section
cti *ConfigError . Problems
. Problems.Problems -
. Problems.Errors ! now Err
cti Full cti Full()
cti/old * cti/fresh *
cti Gateway cti/gateway Machine
cti Gateway.Shut Close
cti Config.Wait cti/gateway Config.Delay
cti Escaper.Escape ~ Escape Private
cti Escaper,Pinger ! now Do
`

// library is a module with the new API of testNames.
var library = map[string]string{
	"go.mod": "module github.com/ctikit/ctikit\n\ngo 1.26\n",
	"root.go": `package ctikit

import "context"

type Secret string

func NewSecret(s string) Secret { return Secret(s) }

type SealKey struct{ bytes *string }

func SealKeyOf([32]byte) SealKey { return SealKey{} }

func (SealKey) Encode() string { return "" }

type Keyring struct{}

func NewKeyring(SealKey) *Keyring { return nil }

type Problems []error

func (Problems) Error() string { return "" }

type Import struct {
	Data   []byte
	DryRun bool
}

type Section struct {
	Import func(ctx context.Context, in Import) (int, error)
}
`,
	"cti/cti.go":           "package cti\n\ntype Kind int\n\nconst OpEscape = 1\n\nfunc Full() Kind { return 0 }\n",
	"cti/new/new.go":       "package new\n\nfunc Any() {}\n",
	"cti/driver/driver.go": "package driver\n\nimport \"context\"\n\ntype Request struct {\n\tOp      int\n\tPrivate []byte\n}\n\ntype Session interface {\n\tDo(ctx context.Context, r Request) (int, error)\n}\n",
	"cti/gateway/gateway.go": `package gateway

import ctikit "github.com/ctikit/ctikit"

type Config struct {
	Delay int
	Key   *ctikit.Keyring
	Inner struct{ Delay int }
}

type Machine struct{}

func New(Config) *Machine { return nil }

func (*Machine) Close() {}

func (*Machine) Config() *Config { return nil }

func (*Machine) Section(key *ctikit.Keyring) ctikit.Section { return ctikit.Section{} }
`,
}

func writeFiles(t *testing.T, root string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		file := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	}
}

// port rewrites files, and returns them and what was printed.
func port(t *testing.T, files map[string]string) (map[string]string, string) {
	t.Helper()
	root := t.TempDir()
	writeFiles(t, root, files)
	var out strings.Builder
	require.NoError(t, portProgram(&out, root, testNames))
	got := map[string]string{}
	for name := range files {
		text, err := os.ReadFile(filepath.Join(root, name))
		require.NoError(t, err)
		got[name] = string(text)
	}
	var again strings.Builder
	require.NoError(t, portProgram(&again, root, testNames))
	require.NotContains(t, again.String(), "changed ", "the second run")
	return got, out.String()
}

// imported is a file of imports and declarations.
func imported(body string, imports ...string) string {
	text := "package main\n\n"
	switch len(imports) {
	case 0:
	case 1:
		text += "import " + imports[0] + "\n\n"
	default:
		text += "import (\n\t" + strings.Join(imports, "\n\t") + "\n)\n\n"
	}
	return text + body + "\n"
}

const (
	ofCTI     = `"github.com/ctikit/ctikit/cti"`
	ofAuth    = `"github.com/ctikit/ctikit/auth"`
	ofGateway = `"github.com/ctikit/ctikit/cti/gateway"`
	ofDriver  = `"github.com/ctikit/ctikit/cti/driver"`
	ofRoot    = `"github.com/ctikit/ctikit"`
)

// TestQualify: names and imports, in a program without a module.
func TestQualify(t *testing.T) {
	for _, test := range []struct{ name, in, want string }{
		{"the last name of a package", imported("var _ = cti.NewSecret(``)", ofCTI), imported("var _ = ctikit.NewSecret(``)", ofRoot)},
		{"others stay", imported("var _ cti.Kind = cti.New", ofCTI), imported("var _ cti.Kind = gateway.New", ofCTI, ofGateway)},
		{"two of one", imported("var _, _ = cti.NewSecret(``), auth.NewSecret(``)", `"fmt"`, "", ofAuth, ofCTI),
			imported("var _, _ = ctikit.NewSecret(``), ctikit.NewSecret(``)", `"fmt"`, "", ofRoot)},
		{"imported already", imported("var _ = root.Secret(cti.NewSecret(``))", ofCTI, "root "+ofRoot), "package main\n\nimport (\n\troot " + ofRoot + "\n)\n\nvar _ = root.Secret(root.NewSecret(``))\n"},
		{"an alias", imported("var _ = c.New(c.Kind(1))", "c "+ofCTI), imported("var _ = gateway.New(c.Kind(1))", "c "+ofCTI, ofGateway)},
		{"nothing of ours", imported("var _ = cti.New", `"example.org/cti"`), imported("var _ = cti.New", `"example.org/cti"`)},
		{"a variable of that name", imported("var _ = cti.New\n\nfunc f(cti struct{ New int }) { _ = cti.New }", ofCTI),
			imported("var _ = gateway.New\n\nfunc f(cti struct{ New int }) { _ = cti.New }", ofGateway)},
		{"a variable of the new name", imported("func f(gateway int) { _ = cti.New }", ofCTI),
			imported("func f(gateway int) { _ = ctigateway.New }", "ctigateway "+ofGateway)},
		{"it is declared by the statement", imported("func f() {\n\tgateway := cti.New(cti.Config{})\n\t_ = gateway\n}", ofCTI),
			imported("func f() {\n\tgateway := gateway.New(gateway.Config{})\n\t_ = gateway\n}", ofGateway)},
		{"a function of the new name", imported("func gateway() { _ = cti.New }", ofCTI), imported("func gateway() { _ = ctigateway.New }", "ctigateway "+ofGateway)},
		{"another import of the new name", imported("var _, _ = cti.New, gateway.X", ofCTI, `"example.org/gateway"`),
			imported("var _, _ = ctigateway.New, gateway.X", "ctigateway "+ofGateway, `"example.org/gateway"`)},
		{"inside what is not known", imported("var _ = cti.Unknown{A: []cti.Secret{cti.NewSecret(``)}}.Get(cti.New)", ofCTI),
			imported("var _ = cti.Unknown{A: []ctikit.Secret{ctikit.NewSecret(``)}}.Get(gateway.New)", ofRoot, ofCTI, ofGateway)},
		{"pointers", imported("var key *cti.SealKey = &cti.SealKey{}", ofCTI), imported("var key *ctikit.Keyring = &ctikit.SealKey{}", ofRoot)},
		{"a value for a pointer", imported("var _ *cti.ConfigError", ofCTI), imported("var _ ctikit.Problems", ofRoot)},
		{"a function for a constant", imported("var _ = []any{cti.Full, cti.Full.String(), cti.Full()}", ofCTI), imported("var _ = []any{cti.Full(), cti.Full().String(), cti.Full()}", ofCTI)},
		{"a whole package", imported("var _ = old.Any", `"github.com/ctikit/ctikit/cti/old"`), imported("var _ = fresh.Any", `"github.com/ctikit/ctikit/cti/fresh"`)},
		{"a request", imported("func f(s any) { _, _ = s.(cti.Escaper).Escape(nil, cti.NewSecret(``)) }", ofCTI),
			imported("func f(s any) { _, _ = s.Do(nil, driver.Request{Op: cti.OpEscape, Private: ctikit.NewSecret(``)}) }", ofRoot, ofCTI, ofDriver)},
		{"comments and format", imported("// cti.New\nvar   _ = cti.New // cti.New", ofCTI+" // words", `"fmt"`), imported("// cti.New\nvar   _ = gateway.New // cti.New", ofGateway+" // words", `"fmt"`)},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, printed := port(t, map[string]string{"a.go": test.in})
			require.Equal(t, test.want, got["a.go"])
			require.Equal(t, test.in != test.want, strings.Contains(printed, "changed a.go\n"))
		})
	}
}

// TestQualifyHands: what is not rewritten is said.
func TestQualifyHands(t *testing.T) {
	for name, test := range map[string]struct{ in, want string }{
		"a dot":         {imported("var _ = New", ". "+ofCTI), "a.go:3: dot import of cti: its names are not rewritten"},
		"a blank":       {imported("", "_ "+`"github.com/ctikit/ctikit/cti/old"`), "a.go:3: blank import of old, which has moved"},
		"a hint":        {imported("var _ cti.Pinger", ofCTI), "a.go:5: cti.Pinger: now Do"},
		"a result":      {imported("var a, _ = s.(cti.Escaper).Escape(nil, nil)", ofCTI), "a.go:5: cti.Escaper: now Do"},
		"no Go":         {"package", "a.go: a.go:1:8: expected 'IDENT'"},
		"no module":     {"package a\n", "go.mod: not type-checked, so methods and fields are not renamed: no go.mod"},
		"by name":       {imported("func f(x any) { x.Shut() }"), "a.go:3: Shut may be Close now: its type is not known"},
		"twice removed": {imported("var _ = New", ". "+ofCTI), "places need a hand"},
	} {
		_, printed := port(t, map[string]string{"a.go": test.in})
		require.Contains(t, printed, test.want, name)
	}
	got, printed := port(t, map[string]string{"a.go": "package a\n\nfunc f(x any) { x.Shut() }\n", "b.go": "package a\n\nfunc (T) Shut() {}\n"})
	require.NotContains(t, printed, "changed", "the program has a Shut itself: %v", got)
}

// TestMembers: what the types tell, in a module that is not tidy.
func TestMembers(t *testing.T) {
	root := t.TempDir()
	writeFiles(t, root, library)
	const gomod = "module x\n\ngo 1.26\n\nrequire github.com/ctikit/ctikit v0.0.0\n\nreplace github.com/ctikit/ctikit => "
	got, printed := port(t, map[string]string{
		"go.mod": gomod + root + "\n",
		"h/h.go": "package h\n\nimport " + ofCTI + "\n\ntype Host struct{ *cti.Gateway }\n\nfunc (h *Host) Own() *cti.Gateway { return h.Gateway }\n\nfunc Keep(key *cti.SealKey) {}\n",
		"main.go": `package main

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/ctikit/ctikit/cti"
	"x/h"
)

type other struct{}

func (other) Shut() {}

func main() {
	key := cti.SealKey{1}
	gw := cti.New(cti.Config{Wait: 1, Key: &key})
	gw.Shut()
	gw.Config().Wait++
	gw.Config().Inner.Delay++
	h.Host{}.Shut()
	other{}.Shut()
	h.Keep(&cti.SealKey{2})
	h.Keep(nil)
	var filled, empty cti.SealKey
	var read cti.SealKey
	copy(read[1:], "raw")
	read[0] = 1
	h.Keep(&read)
	_ = []any{read.Encode(), cti.SealKey([]byte("raw")), cti.SealKey(filled), cti.SealKey{}, empty}
	s := gw.Section(new(cti.SealKey))
	s.Import(context.Background(), nil, true)
	s.Import = func(ctx context.Context, data json.RawMessage, dry bool) (int, error) {
		return len(data), nil
	}
	_ = cti.Section{Import: func(ctx context.Context, _ json.RawMessage, dry bool) (int, error) { return 1, ctx.Err() }}
	var wrong *cti.ConfigError
	if errors.As(nil, &wrong) {
		_ = wrong.Problems
	}
}
`,
		"hand.go":      "package main\n\nimport " + ofCTI + "\n\nfunc hand(gw *cti.Gateway, ps *cti.ConfigError) { gw.Unknown(ps.Errors()) }\n",
		"main_test.go": "package main_test\n\nimport " + ofCTI + "\n\nfunc f(gw *cti.Gateway) { gw.Shut() }\n",
	})
	require.Equal(t, `package main

import (
	"context"
	"errors"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti/gateway"
	"x/h"
)

type other struct{}

func (other) Shut() {}

func main() {
	key := ctikit.SealKeyOf([32]byte{1})
	gw := gateway.New(gateway.Config{Delay: 1, Key: ctikit.NewKeyring(key)})
	gw.Close()
	gw.Config().Delay++
	gw.Config().Inner.Delay++
	h.Host{}.Close()
	other{}.Shut()
	h.Keep(ctikit.NewKeyring(ctikit.SealKeyOf([32]byte{2})))
	h.Keep(nil)
	var filled, empty ctikit.SealKey
	var read [32]byte
	copy(read[1:], "raw")
	read[0] = 1
	h.Keep(ctikit.NewKeyring(ctikit.SealKeyOf(read)))
	_ = []any{ctikit.SealKeyOf(read).Encode(), ctikit.SealKeyOf([32]byte([]byte("raw"))), ctikit.SealKey(filled), ctikit.SealKey{}, empty}
	s := gw.Section(ctikit.NewKeyring(*new(ctikit.SealKey)))
	s.Import(context.Background(), ctikit.Import{Data: nil, DryRun: true})
	s.Import = func(ctx context.Context, part ctikit.Import) (int, error) {
		data := part.Data
		return len(data), nil
	}
	_ = ctikit.Section{Import: func(ctx context.Context, part ctikit.Import) (int, error) { return 1, ctx.Err() }}
	var wrong ctikit.Problems
	if errors.As(nil, &wrong) {
		_ = wrong
	}
}
`, got["main.go"])
	require.Contains(t, got["h/h.go"], "type Host struct{ *gateway.Machine }")
	require.Contains(t, got["h/h.go"], "func Keep(key *ctikit.Keyring) {}")
	require.Contains(t, got["main_test.go"], "func f(gw *gateway.Machine) { gw.Close() }")
	require.Contains(t, printed, "changed h/h.go\nchanged hand.go\nchanged main.go\nchanged main_test.go\n")
	require.Contains(t, printed, "hand.go:8: gw.Unknown undefined")
	require.Contains(t, printed, "hand.go:8: ctikit.Problems.Errors: now Err")
	require.Contains(t, printed, "main.go:32: this key must not be nil")
	require.Contains(t, printed, "h/h.go:10: h.Gateway undefined")
	require.Equal(t, gomod+root+"\n", got["go.mod"])
}

func TestParseTable(t *testing.T) {
	for _, wrong := range []string{"cti", "cti New", "cti New cti/gateway", "cti * cti/gateway New", "cti New a b c"} {
		_, err := parseTable(wrong)
		require.ErrorContains(t, err, "names.txt: cannot read", wrong)
	}
	require.Error(t, portProgram(t.Output(), t.TempDir(), "nonsense"))
	require.Error(t, portProgram(t.Output(), filepath.Join(t.TempDir(), "missing"), ""))
}

// TestNamesExist: what names.txt calls the new names is there.
func TestNamesExist(t *testing.T) {
	names, err := parseTable(namesText)
	require.NoError(t, err)
	declared := map[symbol]bool{}
	read := map[string]bool{}
	exists := func(s symbol) bool {
		if !read[s.pkg] {
			read[s.pkg] = true
			declarePackage(t, s.pkg, declared)
		}
		return declared[s]
	}
	for from, to := range names.symbols {
		if to.name != "*" {
			to.name = strings.TrimSuffix(to.name, "()")
			require.True(t, exists(to), "%v became %v, which does not exist", from, to)
			require.False(t, from.pkg != to.pkg && exists(from), "%v became %v, but is still there", from, to)
		}
	}
	for from, to := range names.pointers {
		to.name = strings.TrimPrefix(to.name, "*")
		require.True(t, exists(to), "%v became %v, which does not exist", from, to)
	}
	for m, to := range names.members {
		if exists(m.owner) && to != "-" {
			require.True(t, exists(symbol{m.owner.pkg, m.owner.name + "." + to}), "%v.%s has no %s", m.owner, m.name, to)
		}
	}
	for m, a := range names.abilities {
		require.False(t, exists(m.owner), "%v is still there", m.owner)
		require.True(t, exists(symbol{"cti", "Op" + a.operation}), "%v.%s: no operation %s", m.owner, m.name, a.operation)
		for _, field := range a.fields {
			require.True(t, exists(symbol{"cti/driver", "Request." + field}), "%v.%s: no field %s", m.owner, m.name, field)
		}
	}
}

// declarePackage notes the exported names of a package, with methods and fields.
func declarePackage(t *testing.T, pkg string, declared map[symbol]bool) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("../..", pkg, "*.go"))
	require.NoError(t, err)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		syntax, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		for _, decl := range syntax.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				name := d.Name.Name
				if d.Recv != nil {
					name = baseName(d.Recv.List[0].Type) + "." + name
				}
				declared[symbol{pkg, name}] = true
			case *ast.GenDecl:
				declareSpecs(pkg, d, declared)
			}
		}
	}
}

func declareSpecs(pkg string, d *ast.GenDecl, declared map[symbol]bool) {
	for _, spec := range d.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			declared[symbol{pkg, s.Name.Name}] = true
			var members *ast.FieldList
			switch u := s.Type.(type) {
			case *ast.StructType:
				members = u.Fields
			case *ast.InterfaceType:
				members = u.Methods
			default:
				continue
			}
			for _, field := range members.List {
				for _, name := range field.Names {
					declared[symbol{pkg, s.Name.Name + "." + name.Name}] = true
				}
			}
		case *ast.ValueSpec:
			for _, name := range s.Names {
				declared[symbol{pkg, name.Name}] = true
			}
		}
	}
}

// baseName is the name of a receiver's type.
func baseName(t ast.Expr) string {
	switch x := t.(type) {
	case *ast.StarExpr:
		return baseName(x.X)
	case *ast.IndexExpr:
		return baseName(x.X)
	case *ast.Ident:
		return x.Name
	}
	return ""
}
