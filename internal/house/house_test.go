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

const module = "github.com/ctikit/ctikit"

// mayImport has one row for each floor of the house: the packages below a path
// (the longest that matches counts) and the paths of which they may import
// packages, besides internal/ of the module and packages of their own row.
// "." is the root package, which every package may import.
var mayImport = map[string][]string{
	".":            {},
	"cti":          {}, // the words
	"cti/driver":   {"cti"},
	"cti/gateway":  {"cti", "cti/driver", "cti/internal"},
	"cti/internal": {},
	"cti/ctitest":  {"cti", "cti/driver"},

	"cti/calllog":      {"cti", "cti/gateway"},
	"cti/presence":     {"cti", "cti/gateway"},
	"cti/callback":     {"cti", "cti/gateway"},
	"cti/forwardrules": {"cti", "cti/gateway"},
	"cti/planning":     {"cti", "cti/gateway", "cti/internal"},

	"cti/driver/drivertest": {"cti", "cti/driver", "cti/ctitest"},

	"csta":              {"cti", "cti/driver", "csta/internal"},
	"csta/internal":     {"cti"},
	"csta/dissect":      {"cti", "csta/internal"},
	"csta/cstatest":     {"csta", "csta/internal", "cti", "cti/driver", "cti/ctitest"},
	"vtixml":            {"cti", "cti/driver", "vtixml/internal"},
	"vtixml/internal":   {"cti"},
	"vtixml/vtixmltest": {"vtixml", "vtixml/internal", "cti", "cti/driver", "cti/ctitest"},

	"dialplan":     {},
	"directory":    {},
	"auth":         {},
	"provisioning": {},
	"internal":     {},
	// What the two drivers of wires share.
	"internal/wire": {"cti", "cti/driver"},

	"internal/soak": {"cti", "csta", "vtixml"}, // a program
	"examples":      {"cti", "csta", "vtixml", "dialplan", "directory", "auth", "provisioning"},
}

// floor returns the row of a package.
func floor(path string) (below string, known bool) {
	for below = path; ; {
		if _, known = mayImport[below]; known {
			return below, true
		}
		slash := strings.LastIndexByte(below, '/')
		if slash < 0 {
			return "", false
		}
		below = below[:slash]
	}
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
	return path != "cti/ctitest" && isTestSupport(path) || isBelow(path, "examples") || isBelow(path, "internal")
}

// isTestSupport: such packages are imported by tests, by programs and by one another only.
func isTestSupport(path string) bool {
	for part := range strings.SplitSeq(path, "/") {
		switch part {
		case "ctitest", "drivertest", "cstatest", "vtixmltest", "storetest", "testenv":
			return true
		}
	}
	return false
}

func isProgram(path string) bool { return isBelow(path, "examples") || isBelow(path, "internal/soak") }

func isBelow(path, folder string) bool { return path == folder || strings.HasPrefix(path, folder+"/") }

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
		{"cti", "internal/enum", true},
		{"cti", ".", true},
		{".", "cti", false},
		{".", "internal/printable", true},
		{"cti", "cti/driver", false},
		{"cti", "cti/gateway", false},
		{"cti", "dialplan", false},
		{"cti/driver", "cti/gateway", false},
		{"cti/gateway", "cti/internal/alloc", true},
		{"cti/gateway", "cti/ctitest", false},
		{"cti/calllog/sqlstore", "cti/calllog", true},
		{"cti/calllog", "cti/driver", false},
		{"cti/ctitest", "cti/driver/drivertest", false},
		{"cti/ctitest", "cti/gateway", false},
		{"csta", "cti/driver", true},
		{"csta", "cti/gateway", false},
		{"csta", "vtixml", false},
		{"csta", "cti/ctitest", false},
		{"csta", "internal/wire", true},
		{"directory", "internal/wire", false},
		{"csta/cstatest", "cti/ctitest", true},
		{"csta/internal/ber", "csta/internal/message", true},
		{"directory", "dialplan", false},
		{"auth", "internal/testenv", false},
		{"internal/xmlscan", "cti", false},
		{"examples/gateway", "csta/cstatest", true},
	} {
		got := complaints(listed{ImportPath: importPath(test.from), Imports: []string{importPath(test.to)}})
		if allowed := len(got) == 0; allowed != test.allowed {
			t.Errorf("%s -> %s: allowed %v, want %v (%v)", test.from, test.to, allowed, test.allowed, got)
		}
	}
	for path, allowed := range map[string]bool{"dialplan": true, "dialplan/preset": false, "cti": false, "examples/dialplan": true} {
		got := complaints(listed{ImportPath: importPath(path), Imports: []string{"github.com/dlclark/regexp2/v2"}})
		if (len(got) == 0) != allowed {
			t.Errorf("%s -> regexp2: %v, want allowed %v", path, got, allowed)
		}
	}
}

func importPath(path string) string { return strings.TrimSuffix(module+"/"+path, "/.") }

// relative returns the path of one of our packages, "." for the root.
func relative(path string) (rel string, ours bool) {
	if path == module {
		return ".", true
	}
	return strings.CutPrefix(path, module+"/")
}

func complaints(p listed) (out []string) {
	from, ours := relative(p.ImportPath)
	if !ours {
		return nil
	}
	own, known := floor(from)
	if !known {
		return []string{from + ": a folder that the house does not know"}
	}
	for _, imp := range p.Imports {
		to, ours := relative(imp)
		switch {
		case !ours:
			if isThird(imp) && !anyParty(from) && !slices.ContainsFunc(thirdParty[from], func(m string) bool { return isBelow(imp, m) }) {
				out = append(out, from+" links "+imp+", which thirdParty does not list for it")
			}
		case isTestSupport(to) && !isTestSupport(from) && !isProgram(from):
			out = append(out, from+" imports the test support "+to)
		case to != "." && !isAllowed(own, to):
			out = append(out, from+" imports "+to+", against the arrows")
		}
	}
	return out
}

// isAllowed reports whether packages of a floor may import a package: of their
// own floor, of one that its row names, or a shared internal one.
func isAllowed(own, to string) bool {
	above, _ := floor(to)
	if above == own || slices.Contains(mayImport[own], above) {
		return true
	}
	if isProgram(own) {
		return slices.ContainsFunc(mayImport[own], func(path string) bool { return isBelow(to, path) }) || isBelow(to, "internal")
	}
	return above == "internal" || to == "internal/wire" && slices.Contains(mayImport[own], "cti/driver")
}

func isThird(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return strings.Contains(first, ".")
}

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
