// Command gen makes Go of what is plain numbers and names in the standards: one
// text table for each standard, NAME.txt, of which each package that a section
// names gets NAME_gen.go.
//
// A section of a table is a line with its shape, the package's folder, the Go
// name and, for one entry of a longer list, its key; then its rows, each with a
// number, or "-" where the standard has none, and the names from that number on.
// "20-120 x0" is x0 to x100. What follows " # " is a comment. The shapes:
//
//	enum       constants of a type of package message with their names: number, name, constant
//	numbers    the same without methods, where numbers are far apart
//	names      a []string by number
//	bits       booleans of an element: number of the bit, name@edition
//	kinds      a []cti.Kind by number
//	services   operations of package message by tag
//	codes      operation codes by operation
//	abilities  name and constant of what a switch can tell it has
//	causes     exported constants of a type of package cti: constant, then its name in words
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

//go:generate go run .

func main() {
	files, err := generateFiles(".")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for name, content := range files {
		if err := os.WriteFile(name, content, 0o644); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

// section is one list of a table.
type section struct {
	shape, folder, name, key, doc string
	rows                          []row
}

// row is one line of a section.
type row struct {
	number int // -1 without one
	words  []string
	note   string
}

// generateFiles returns the Go files for the tables in dir, by their path.
func generateFiles(dir string) (map[string][]byte, error) {
	tables, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil {
		return nil, err
	}
	files := make(map[string][]byte)
	for _, table := range tables {
		text, err := os.ReadFile(table)
		if err != nil {
			return nil, err
		}
		sections, err := parseTable(string(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", table, err)
		}
		standard := strings.TrimSuffix(filepath.Base(table), ".txt")
		for folder, own := range byFolder(sections) {
			source, err := formatFile(standard, folder, own)
			if err != nil {
				return nil, fmt.Errorf("%s for %s: %w", table, folder, err)
			}
			files[filepath.Join(dir, "..", folder, standard+"_gen.go")] = source
		}
	}
	return files, nil
}

func byFolder(sections []*section) map[string][]*section {
	out := make(map[string][]*section)
	for _, s := range sections {
		out[s.folder] = append(out[s.folder], s)
	}
	return out
}

func parseTable(text string) (sections []*section, err error) {
	at := 0
	for line := range strings.Lines(text) {
		at++
		line, note, _ := strings.Cut(strings.TrimSpace(line), "# ")
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
		case line[0] == '-' || line[0] >= '0' && line[0] <= '9':
			if len(sections) == 0 || len(words) < 2 {
				return nil, fmt.Errorf("line %d: row without a section or a name", at)
			}
			rows, err := parseRow(words)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", at, err)
			}
			rows[0].note = note
			s := sections[len(sections)-1]
			s.rows = append(s.rows, rows...)
		case len(words) == 3 || len(words) == 4:
			s := &section{shape: words[0], folder: words[1], name: words[2], doc: note}
			if len(words) == 4 {
				s.key = words[3]
			}
			sections = append(sections, s)
		default:
			return nil, fmt.Errorf("line %d: want a shape, a folder and a name", at)
		}
	}
	return sections, nil
}

var numbered = regexp.MustCompile(`^(.*?)(\d+)$`)

// parseRow returns the row of a line, or those of a range.
func parseRow(words []string) ([]row, error) {
	if words[0] == "-" {
		return []row{{number: -1, words: words[1:]}}, nil
	}
	from, to, isRange := strings.Cut(words[0], "-")
	first, err := strconv.Atoi(from)
	if err != nil || !isRange {
		return []row{{number: first, words: words[1:]}}, err
	}
	last, err := strconv.Atoi(to)
	name := numbered.FindStringSubmatch(words[1])
	if err != nil || name == nil {
		return nil, fmt.Errorf("range %s wants a name that ends with a number", words[0])
	}
	n, err := strconv.Atoi(name[2])
	var rows []row
	for i := first; i <= last; i++ {
		rows = append(rows, row{number: i, words: []string{name[1] + strconv.Itoa(n+i-first)}})
	}
	return rows, err
}

// each calls do for every name of the section with its number.
func (s *section) each(do func(number int, name string)) {
	for _, r := range s.rows {
		for i, name := range r.words {
			do(r.number+i, name)
		}
	}
}

// docComment returns the comment of the declaration.
func (s *section) docComment(otherwise string) string {
	if s.doc == "" {
		return otherwise
	}
	return fmt.Sprintf("// %s are %s.\n", s.name, s.doc)
}

var imports = map[string]string{
	"message.": "github.com/ctikit/ctikit/csta/internal/message",
	"cti.":     "github.com/ctikit/ctikit/cti",
}

// writeImports writes the import declaration for what the body uses.
func writeImports(b *bytes.Buffer, body []byte) {
	var paths []string
	for _, prefix := range []string{"message.", "cti."} {
		if regexp.MustCompile(`\b` + regexp.QuoteMeta(prefix)).Match(body) {
			paths = append(paths, strconv.Quote(imports[prefix]))
		}
	}
	if len(paths) > 0 {
		fmt.Fprintf(b, "import (\n%s\n)\n\n", strings.Join(paths, "\n"))
	}
}
