// Package house checks the direction of imports: ARCHITECTURE.md draws the
// arrows, this test holds the code to them.
package house

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/ctikit/ctikit/internal/testenv"
)

const module = "github.com/ctikit/ctikit/"

// mayImport tells, for each top-level folder, which others of ours its
// packages may import, besides themselves and internal.
var mayImport = map[string][]string{
	"cti":          {},
	"csta":         {"cti"},
	"vtixml":       {"cti"},
	"dialplan":     {},
	"directory":    {},
	"auth":         {},
	"provisioning": {},
	"internal":     {},
	"examples":     {"cti", "csta", "vtixml", "dialplan", "directory", "auth", "provisioning"},
}

// thirdParty tells which modules a package may link into a host's program; a
// package that is not listed links the standard library only. golang.org/x
// modules count as third parties too. Tests may use what they like.
var thirdParty = map[string][]string{
	"dialplan":             {"github.com/dlclark/regexp2/v2"},
	"directory":            {"golang.org/x/text"}, // accents in names (Unicode normalisation)
	"directory/ldapsource": {"github.com/go-ldap/ldap/v3"},
	"auth":                 {"golang.org/x/crypto", "golang.org/x/sync"},
	"auth/ldapauth":        {"github.com/go-ldap/ldap/v3"},
	"auth/negotiate":       {"github.com/jcmturner/gokrb5/v8"},
}

// anyParty are the folders whose packages no host links: test support, and programs.
func anyParty(path string) bool {
	return isTestSupport(path) || strings.HasPrefix(path, "examples/") || strings.HasPrefix(path, "internal/")
}

// isTestSupport: such packages are imported by tests, by examples and by one another only.
func isTestSupport(path string) bool {
	for _, part := range strings.Split(path, "/") {
		if part == "ctitest" || part == "cstatest" || part == "vtixmltest" || part == "storetest" || part == "testenv" {
			return true
		}
	}
	return false
}

type listed struct {
	ImportPath string
	Imports    []string
}

func TestImports(t *testing.T) {
	packages := list(t)
	if len(packages) < 3 {
		t.Fatalf("go list found only %d packages", len(packages))
	}
	for _, p := range packages {
		for _, complaint := range complaints(p) {
			t.Error(complaint)
		}
	}
}

func TestComplaints(t *testing.T) {
	for _, test := range []struct {
		from, to string
		allowed  bool
	}{
		{"cti", "cti/internal/alloc", true},
		{"cti", "internal/secret", true},
		{"cti", "dialplan", false},
		{"cti", "cti/calllog", false},
		{"cti/calllog", "cti", true},
		{"csta", "cti", true},
		{"csta", "vtixml", false},
		{"csta", "cti/ctitest", false},
		{"csta/cstatest", "cti/ctitest", true},
		{"directory", "dialplan", false},
		{"auth", "internal/testenv", false},
		{"internal/secret", "cti", false},
		{"examples/gateway", "csta/cstatest", true},
	} {
		got := complaints(listed{ImportPath: module + test.from, Imports: []string{module + test.to}})
		if allowed := len(got) == 0; allowed != test.allowed {
			t.Errorf("%s -> %s: allowed %v, want %v (%v)", test.from, test.to, allowed, test.allowed, got)
		}
	}
	for path, allowed := range map[string]bool{"dialplan": true, "dialplan/preset": false, "cti": false, "examples/dialplan": true} {
		got := complaints(listed{ImportPath: module + path, Imports: []string{"github.com/dlclark/regexp2/v2"}})
		if (len(got) == 0) != allowed {
			t.Errorf("%s -> regexp2: %v, want allowed %v", path, got, allowed)
		}
	}
}

func complaints(p listed) (out []string) {
	from, ok := strings.CutPrefix(p.ImportPath, module)
	if !ok {
		return nil
	}
	top := topOf(from)
	if from == "internal/soak" {
		top = "examples" // a program, which nobody imports
	}
	allowed, known := mayImport[top]
	if !known {
		return []string{from + ": a top-level folder that the house does not know"}
	}
	for _, imp := range p.Imports {
		to, ours := strings.CutPrefix(imp, module)
		switch {
		case !ours && !isThird(imp):
		case !ours:
			if !anyParty(from) && !slices.ContainsFunc(thirdParty[from], func(m string) bool { return imp == m || strings.HasPrefix(imp, m+"/") }) {
				out = append(out, from+" links "+imp+", which thirdParty does not list for it")
			}
		case isTestSupport(to) && !isTestSupport(from) && top != "examples":
			out = append(out, from+" imports the test support "+to)
		case topOf(to) == "internal" && to != "internal/soak":
		case topOf(to) == top:
			if from == "cti" && !strings.HasPrefix(to, "cti/internal/") {
				out = append(out, "cti imports "+to+", which is built on it")
			}
		case !slices.Contains(allowed, topOf(to)):
			out = append(out, from+" imports "+to+", against the arrows")
		}
	}
	return out
}

func topOf(path string) string { top, _, _ := strings.Cut(path, "/"); return top }

func isThird(path string) bool { return strings.Contains(topOf(path), ".") }

func list(t *testing.T) (packages []listed) {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = testenv.Root(t)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v: %s", err, stderr.String())
	}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}
