package catalogue

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ctikit/ctikit/provisioning/settings"
)

// Parse reads the parameters out of a vendor's template, a settings file in
// which each parameter has a comment of prose and one or more SET lines, most of
// them commented out. It finds what the prose says in one of the usual ways:
// ranges, lengths, tables of values, defaults, platforms. Everything it finds is
// [Extracted], since the prose is not uniform; a value that it rejects is a
// warning, not an error.
func Parse(template *settings.File) *Catalogue {
	t := &reader{byName: map[string]*Parameter{}}
	for n := 1; n <= template.Lines(); n++ {
		t.readTemplateLine(strings.ToValidUTF8(template.Line(n).Text, " ")) // in Windows-1252, usually blanks and quotes
	}
	for _, p := range t.order {
		p.AddOnly = !t.set[p.Name]
	}
	return newCatalogue(t.order)
}

type reader struct {
	byName map[string]*Parameter
	order  []*Parameter
	set    map[string]bool
	doc    []string // prose since the last SET
}

// example is a SET or ADD line, commented out or not.
var example = regexp.MustCompile(`^#*\s*(SET|ADD)\s+([A-Z0-9_]+)\b(.*)$`)

func (t *reader) readTemplateLine(text string) {
	var m []string
	if strings.Contains(text, "SET") || strings.Contains(text, "ADD") {
		m = example.FindStringSubmatch(text)
	}
	if m == nil {
		if prose := strings.TrimRight(strings.TrimLeft(text, "#"), " \t#"); prose != "" {
			t.doc = append(t.doc, prose)
		}
		return
	}
	if t.set == nil {
		t.set = map[string]bool{}
	}
	verb, name, value := m[1], m[2], strings.TrimSpace(m[3])
	p, again := t.byName[name]
	if !again {
		p = &Parameter{Name: name, Kind: Text, Confidence: Extracted, Secret: isSecret(name)}
		t.byName[name] = p
		t.order = append(t.order, p)
		p.readProse(t.doc)
	} else if len(t.doc) > 0 {
		p.mergeProse(t.doc)
	}
	if value != "" {
		p.Examples = append(p.Examples, value)
	}
	t.set[name] = t.set[name] || verb == "SET"
	t.doc = nil
}

// readProse takes the prose apart.
func (p *Parameter) readProse(doc []string) {
	// The lines before the one that introduces the parameter are notes on the
	// one before, or the heading of a section.
	for i, line := range doc {
		if first, _, _ := strings.Cut(strings.TrimSpace(line), " "); first == p.Name {
			doc = doc[i:]
			break
		}
	}
	p.Description = strings.TrimSpace(strings.Join(doc, "\n"))
	prose := doc
	for i, line := range doc {
		if strings.Contains(strings.ToLower(line), "supported by") {
			prose = doc[:i]
			p.Platforms = platformLines(doc[i:])
			p.Models = platformModels(p.Platforms)
			break
		}
	}
	text := strings.Join(prose, " ")
	lower := strings.ToLower(text)
	p.readValueTable(prose)
	if p.Kind == Text {
		p.readBounds(text, lower)
	}
	p.readDefault(text, lower)
}

// mergeProse reads the prose at a later SET of the same parameter: usually the same for
// another family of telephones.
func (p *Parameter) mergeProse(doc []string) {
	var more Parameter
	more.Name = p.Name
	more.readProse(doc)
	p.Platforms = append(p.Platforms, more.Platforms...)
	if p.Models != nil {
		p.Models = platformModels(p.Platforms)
	}
	if more.Models == nil {
		p.Models = nil // for whom it says nothing is unknown
	}
}

var (
	supported  = regexp.MustCompile(`(?i)supported by\s*:?`)
	tableHead  = regexp.MustCompile(`(?i)^\s*values?\s+(operation|description|meaning)`)
	tableEntry = regexp.MustCompile(`^\s+(-?\d+|[A-Za-z][A-Za-z0-9_]*)(?:\s{2,}|\s+-\s|\s*\t)\s*(.*)$`)
	isDefault  = regexp.MustCompile(`(?i)\(\s*(the )?default|default value|is the default`)
)

// readValueTable reads "Value  Operation" tables: the values of a choice, and the default
// that is marked in it.
func (p *Parameter) readValueTable(prose []string) {
	head := slices.IndexFunc(prose, tableHead.MatchString)
	if head < 0 {
		return
	}
	var allowed []string
	for _, line := range prose[head+1:] {
		m := tableEntry.FindStringSubmatch(line)
		if m == nil {
			continue // the text of an entry goes on
		}
		if _, err := strconv.Atoi(m[1]); err != nil && len(allowed) > 0 && isInteger(allowed[0]) {
			continue // a word among numbers is such a text, too
		}
		allowed = append(allowed, m[1])
		if strings.Contains(strings.ToLower(m[2]), "default") && isDefault.MatchString(m[2]) {
			p.Default, p.DefaultKnown = m[1], true
		}
	}
	if len(allowed) >= 2 {
		p.Kind, p.Allowed = Choice, allowed
	}
}

func isInteger(s string) bool {
	_, err := strconv.Atoi(s)
	return err == nil
}

// cutFrom returns a text from the first occurrence of a word on, in any case.
// An expression is tried only where the word that it begins with is there: most
// of a template's prose says nothing of the kind.
func cutFrom(text, lower, word string) (rest string, found bool) {
	i := strings.Index(lower, word)
	if i < 0 || len(lower) != len(text) { // some letters change their length
		return text, i >= 0
	}
	return text[i:], true
}

var (
	characters = regexp.MustCompile(`(?i)(?:up to|0 to|zero to|maximum of|maximum length (?:is|of)) (\d+) ` +
		`(?:ASCII |UTF-8 |alphanumeric )?(?:characters|chars)`)
	ranges = []struct {
		word string
		*regexp.Regexp
	}{
		{"valid value", regexp.MustCompile(`(?i)valid values? (?:are|is|range from|from)?:?\s*"?(-?\d+)"? (?:through|to|-) "?(-?\d+)"?`)},
		{"range", regexp.MustCompile(`(?i)range(?: is| of| from|:)?:?\s*\(?\s*"?(-?\d+)"?\s*(?:through|to|-|–)\s*"?(-?\d+)"?`)},
		{"value", regexp.MustCompile(`(?i)value (?:is|can be|may be)? ?(?:from|between) (-?\d+) (?:through|to|and) (-?\d+)`)},
	}
	defaults = regexp.MustCompile(`(?i)(?:the )?default(?: value)? is:? ?(null \(""\)|null|"[^"]*"|-?[A-Za-z0-9_./:,-]+)`)
)

// readBounds reads the range of an integer or the length of a text.
func (p *Parameter) readBounds(whole, lower string) {
	for _, r := range ranges {
		text, found := cutFrom(whole, lower, r.word)
		if !found {
			continue
		}
		m := r.FindStringSubmatchIndex(text)
		if m == nil {
			continue
		}
		after := text[m[1]:min(m[1]+24, len(text))]
		if strings.Contains(after, "character") || strings.Contains(after, "digit") {
			continue // a length, not a range
		}
		low, errLow := strconv.Atoi(text[m[2]:m[3]])
		high, errHigh := strconv.Atoi(text[m[4]:m[5]])
		if errLow == nil && errHigh == nil && low < high {
			p.Kind, p.Min, p.Max = Integer, low, high
			return
		}
	}
	if !strings.Contains(lower, "char") {
		return
	}
	for _, m := range characters.FindAllStringSubmatch(whole, -1) {
		if n, err := strconv.Atoi(m[1]); err == nil {
			p.MaxLength = max(p.MaxLength, n) // platforms differ; the longest is no mistake
		}
	}
}

func (p *Parameter) readDefault(text, lower string) {
	text, found := cutFrom(text, lower, "default")
	if p.DefaultKnown || !found {
		return
	}
	m := defaults.FindStringSubmatch(text)
	if m == nil {
		return
	}
	value := strings.TrimRight(m[1], ".,:")
	if strings.HasPrefix(strings.ToLower(value), "null") {
		value = ""
	}
	p.Default, p.DefaultKnown = strings.Trim(value, `"`), true
}
