package settings

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ctikit/ctikit"
)

// Builder writes a settings file line by line. It refuses what a telephone
// would read as something else: the language has no escapes, so nothing is
// repaired by guess. Problems are kept and reported together by [Builder.Bytes].
// The zero value is ready; it writes LF line ends.
type Builder struct {
	// CRLF writes Windows line ends.
	CRLF bool
	// Macros allows $ in values and file names; telephones replace $NAME.
	Macros bool

	out      []byte
	line     int
	problems ctikit.Problems
	jumps    []jump
	labels   map[string]int // tag: its line
	elided   map[string]bool
}

type jump struct {
	tag  string
	line int
}

// Comment writes "## text"; the empty text writes an empty line.
func (b *Builder) Comment(text string) {
	if text != "" {
		b.checkText("comment", text)
		b.out = append(append(b.out, "## "...), text...)
	}
	b.endLine()
}

// Set writes SET name value, in quotes where the value is empty or has a blank.
func (b *Builder) Set(name, value string) { b.writeAssignment("SET ", name, value, false) }

// SetQuoted writes SET name "value".
func (b *Builder) SetQuoted(name, value string) { b.writeAssignment("SET ", name, value, true) }

// Add writes ADD name "value" (J100 R4.0.4 and later).
func (b *Builder) Add(name, value string) { b.writeAssignment("ADD ", name, value, true) }

// SetInt writes SET name n.
func (b *Builder) SetInt(name string, n int) { b.writeAssignment("SET ", name, strconv.Itoa(n), false) }

// SetBool writes SET name 1 or 0.
func (b *Builder) SetBool(name string, on bool) {
	if on {
		b.SetInt(name, 1)
	} else {
		b.SetInt(name, 0)
	}
}

// SetList writes SET name "a","b", the form of Workplace for lists of quoted values.
func (b *Builder) SetList(name string, values ...string) {
	b.checkName(name)
	b.out = append(append(append(b.out, "SET "...), name...), ' ')
	for i, v := range values {
		b.checkValue(name, v)
		if strings.Contains(v, ",") {
			b.addProblem("%s: list element %q contains a comma", name, v)
		}
		if i > 0 {
			b.out = append(b.out, ',')
		}
		b.out = append(append(append(b.out, '"'), v...), '"')
	}
	if len(values) == 0 {
		b.out = append(b.out, `""`...)
	}
	b.endLine()
}

// If writes IF $variable SEQ value GOTO tag.
func (b *Builder) If(variable, value, tag string) {
	b.checkName(variable)
	b.checkValue("IF $"+variable, value)
	if value == "" || strings.ContainsAny(value, blanks) {
		b.addProblem("IF $%s: value %q needs quotes, which not every telephone reads here", variable, value)
	}
	b.out = append(append(append(append(b.out, "IF $"...), variable...), " SEQ "...), value...)
	b.out = append(append(b.out, " GOTO "...), tag...)
	b.writeJump(tag)
}

// Goto writes GOTO tag.
func (b *Builder) Goto(tag string) {
	b.out = append(append(b.out, "GOTO "...), tag...)
	b.writeJump(tag)
}

func (b *Builder) writeJump(tag string) {
	b.checkTag(tag)
	b.jumps = append(b.jumps, jump{tag, b.line + 1})
	b.endLine()
}

// Label writes "# tag".
func (b *Builder) Label(tag string) {
	b.checkTag(tag)
	if b.labels == nil {
		b.labels = map[string]int{}
	}
	if first, again := b.labels[foldKey(tag)]; again {
		b.addProblem("duplicate label %s: already defined on line %d", tag, first)
	}
	b.labels[foldKey(tag)] = b.line + 1
	b.out = append(append(b.out, "# "...), tag...)
	b.endLine()
}

// Get writes GET file; the file lies in the same folder.
func (b *Builder) Get(file string) {
	b.checkValue("GET", file)
	if !isSafeName(file) || strings.ContainsAny(file, blanks) {
		b.addProblem("GET %q: %w", file, ErrTraversal)
	}
	b.out = append(append(b.out, "GET "...), file...)
	b.endLine()
}

// Elide declares tags that are jumped to but not defined, on purpose: a
// telephone that jumps there ignores the rest of the file.
func (b *Builder) Elide(tags ...string) {
	if b.elided == nil {
		b.elided = map[string]bool{}
	}
	for _, tag := range tags {
		b.elided[foldKey(tag)] = true
	}
}

// Bytes returns the file, or a [ctikit.Problems] with the lines that were refused.
func (b *Builder) Bytes() ([]byte, error) {
	ps := slices.Clip(b.problems)
	for _, j := range b.jumps {
		at, ok := b.labels[foldKey(j.tag)]
		switch {
		case !ok && !b.elided[foldKey(j.tag)]:
			ps.Add(linePath(j.line), "no label %s", j.tag)
		case ok && at <= j.line:
			ps.Add(linePath(j.line), "label %s is on line %d, before the jump to it", j.tag, at)
		}
	}
	if err := ps.Err(); err != nil {
		return nil, err
	}
	return b.out, nil
}

func (b *Builder) endLine() {
	if b.CRLF {
		b.out = append(b.out, '\r')
	}
	b.out = append(b.out, '\n')
	b.line++
}

func (b *Builder) addProblem(format string, args ...any) {
	b.problems.Add(linePath(b.line+1), format, args...)
}

func linePath(n int) string { return "line " + strconv.Itoa(n) }

func (b *Builder) writeAssignment(verb, name, value string, quote bool) {
	b.checkName(name)
	b.checkValue(name, value)
	b.out = append(append(append(b.out, verb...), name...), ' ')
	if quote || value == "" || strings.ContainsAny(value, blanks) {
		b.out = append(append(append(b.out, '"'), value...), '"')
	} else {
		b.out = append(b.out, value...)
	}
	b.endLine()
}

// checkName checks a name: upper case letters, digits and _ (100REL_SUPPORT and
// 3PCC_SERVER_MODE start with digits).
func (b *Builder) checkName(name string) {
	for i := 0; i < len(name); i++ {
		if c := name[i]; !isNameByte(c) || 'a' <= c && c <= 'z' {
			b.addProblem("name must be of A-Z, 0-9 and _, got %q", name)
			return
		}
	}
	if name == "" {
		b.addProblem("missing name")
	}
}

func (b *Builder) checkValue(where, value string) {
	b.checkText(where, value)
	switch {
	case strings.Contains(value, `"`):
		b.addProblem("%s: value must not contain a quote", where)
	case strings.Contains(value, "$") && !b.Macros:
		b.addProblem("%s: value must not contain $, which telephones replace", where)
	case value == ctikit.Redacted:
		b.addProblem("%s: %w", where, ctikit.ErrRedacted)
	}
}

// checkText refuses line ends, NUL, other control characters and invalid UTF-8.
func (b *Builder) checkText(where, s string) {
	ascii := true
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7F {
			b.addProblem("%s: contains the control character 0x%02X", where, c)
			return
		} else if c >= utf8.RuneSelf {
			ascii = false
		}
	}
	if !ascii && !utf8.ValidString(s) {
		b.addProblem("%s: invalid UTF-8", where)
	}
}

func (b *Builder) checkTag(tag string) {
	b.checkText("tag", tag)
	if tag == "" || strings.ContainsAny(tag, blanks) {
		b.addProblem("tag must be one word, got %q", tag)
	}
}
