package main

import (
	_ "embed"
	"fmt"
	"path"
	"strings"
)

const modulePath = "github.com/ctikit/ctikit"

// namesText is the table of names; it says how to read it.
//
//go:embed names.txt
var namesText string

// symbol is an exported name of a package. Package is below the module, "." for
// its root.
type symbol struct{ pkg, name string }

func (s symbol) String() string { return packageName(s.pkg) + "." + s.name }

// member is a method or a field.
type member struct {
	owner symbol // its type
	name  string
}

// table is the content of names.txt.
type table struct {
	symbols   map[symbol]symbol // old → new
	pointers  map[symbol]symbol // pointers to old → new, with its *
	members   map[member]string // by names of types from before and after
	abilities map[member]ability
	hints     map[symbol]string // what a person has to look at
	gone      map[member]string // likewise
}

// ability is what a method of an optional interface of sessions is now.
type ability struct {
	operation string
	fields    []string // of driver.Request, as its arguments
}

func parseTable(text string) (*table, error) {
	t := &table{
		symbols: map[symbol]symbol{}, pointers: map[symbol]symbol{}, members: map[member]string{},
		abilities: map[member]ability{}, hints: map[symbol]string{},
		gone: map[member]string{},
	}
	var rows [][4]string
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		f := strings.Fields(line)
		switch {
		case len(f) == 0:
		case len(f) > 3 && f[2] == "!":
			for name := range strings.SplitSeq(f[1], ",") {
				if owner, old, ok := strings.Cut(name, "."); ok {
					t.gone[member{symbol{f[0], owner}, old}] = strings.Join(f[3:], " ")
				} else {
					t.hints[symbol{f[0], name}] = strings.Join(f[3:], " ")
				}
			}
		case len(f) > 3 && f[2] == "~" && strings.Contains(f[1], "."):
			owner, method, _ := strings.Cut(f[1], ".")
			t.abilities[member{symbol{f[0], owner}, method}] = ability{f[3], f[4:]}
		case len(f) == 3 && strings.Contains(f[1], "."):
			rows = append(rows, [4]string{f[0], f[1], f[0], f[2]})
		case len(f) == 4 && strings.Contains(f[1], "."):
			rows = append(rows, [4]string(f))
		case len(f) == 4 && strings.HasPrefix(f[1], "*") && f[1] != "*":
			t.pointers[symbol{f[0], f[1][1:]}] = symbol{f[2], f[3]}
		case len(f) == 4 && (f[1] == "*") == (f[3] == "*"):
			t.symbols[symbol{f[0], f[1]}] = symbol{f[2], f[3]}
		default:
			return nil, fmt.Errorf("names.txt: cannot read %q", strings.TrimSpace(line))
		}
	}
	for _, r := range rows {
		t.addMember(r[0], r[1], r[2], r[3])
	}
	return t, nil
}

// addMember notes a member under the names that its type had and has.
func (t *table) addMember(pkg, old, newpkg, name string) {
	owner, was, _ := strings.Cut(old, ".")
	renamed := name[strings.LastIndexByte(name, '.')+1:]
	before := symbol{pkg, owner}
	for _, s := range []symbol{before, {newpkg, owner}, t.rename(before)} {
		t.members[member{s, was}] = renamed
	}
}

// rename is the name of a symbol after this change, itself if it keeps it.
func (t *table) rename(s symbol) symbol {
	if to, ok := t.symbols[s]; ok {
		return to
	}
	if to, ok := t.symbols[symbol{s.pkg, "*"}]; ok {
		return symbol{to.pkg, s.name}
	}
	return s
}

// importPath is the path of a package of this module.
func importPath(pkg string) string {
	if pkg == "." {
		return modulePath
	}
	return modulePath + "/" + pkg
}

// ownPackage is a package below the module by its import path.
func ownPackage(imported string) (pkg string, ok bool) {
	if imported == modulePath {
		return ".", true
	}
	return strings.CutPrefix(imported, modulePath+"/")
}

// packageName is what a package calls itself.
func packageName(pkg string) string { return path.Base(importPath(pkg)) }
