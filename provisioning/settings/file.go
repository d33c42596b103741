package settings

import (
	"fmt"
	"sort"
	"strings"
)

// Kind says what a [Node] is.
type Kind uint8

// The statements of the language. Invalid is a line that begins like a
// statement and is none: a telephone ignores it.
const (
	Invalid Kind = iota
	Set
	Add
	If
	Goto
	Get
	Label
)

var kindNames = [...]string{"invalid", "SET", "ADD", "IF", "GOTO", "GET", "label"}

// String returns the verb, "label" or "invalid".
func (k Kind) String() string {
	if int(k) >= len(kindNames) {
		return kindNames[Invalid]
	}
	return kindNames[k]
}

// Token is a part of a line. Offset counts bytes from the start of the file.
type Token struct {
	Text   string
	Offset int
}

// Node is one statement or label. Comments and empty lines have none; read
// them with [File.Line].
type Node struct {
	Kind Kind
	// Line is the number of the line, from 1.
	Line int
	// Name is the parameter of SET and ADD, the file of GET, the tag of GOTO,
	// IF and labels, as written.
	Name Token
	// Value is the value of SET and ADD as written, quotes included.
	Value Token
	// Left and Right are the operands of IF, as written.
	Left, Right Token
	// Trailing is what follows the closing quote of a value, usually a comment.
	Trailing Token
	// Why says the problems of an Invalid line.
	Why string
}

// Position is a place in a file. Line and Column count from 1, Column in bytes;
// Offset counts bytes from 0.
type Position struct {
	File   string
	Line   int
	Column int
	Offset int
}

// String returns "file:line:column", without the file where it has no name.
func (p Position) String() string {
	if p.File == "" {
		return fmt.Sprintf("%d:%d", p.Line, p.Column)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// File is a parsed settings file. It is immutable and may be read from several
// goroutines.
type File struct {
	// Name is the name that positions carry.
	Name string
	// Nodes are the statements and labels in the order of their lines.
	Nodes []Node

	src    string
	starts []int32          // offset of each line, and of the end
	labels map[string][]int // folded tag: indices of its labels in Nodes
}

// Line is one line of a file, of whatever kind.
type Line struct {
	Number int
	Offset int
	Text   string // without the line end
	End    string // "\n", "\r\n", or "" on a last line without one
}

// Lines returns the number of lines.
func (f *File) Lines() int { return len(f.starts) - 1 }

// Line returns line n, from 1. It panics if there is no such line, as a slice does.
func (f *File) Line(n int) Line {
	start, stop := int(f.starts[n-1]), int(f.starts[n])
	text := f.src[start:stop]
	body := strings.TrimSuffix(text, "\n")
	if len(body) < len(text) {
		body = strings.TrimSuffix(body, "\r")
	}
	return Line{Number: n, Offset: start, Text: body, End: text[len(body):]}
}

// String returns the file as it was read, byte for byte.
func (f *File) String() string { return f.src }

// Bytes returns a copy of the file as it was read, byte for byte.
func (f *File) Bytes() []byte { return []byte(f.src) }

// Position returns the place of a byte offset.
func (f *File) Position(offset int) Position {
	n := sort.Search(len(f.starts)-1, func(i int) bool { return int(f.starts[i]) > offset })
	if n == 0 {
		return Position{File: f.Name, Line: 1, Column: offset + 1, Offset: offset}
	}
	return Position{File: f.Name, Line: n, Column: offset - int(f.starts[n-1]) + 1, Offset: offset}
}

// nodePosition returns the place of a node: the start of its line.
func (f *File) nodePosition(n *Node) Position {
	return Position{File: f.Name, Line: n.Line, Column: 1, Offset: int(f.starts[n.Line-1])}
}

// Labels returns the tags defined in the file, in order of first appearance.
func (f *File) Labels() []string {
	var tags []string
	seen := map[string]bool{}
	for i := range f.Nodes {
		if n := &f.Nodes[i]; n.Kind == Label && !seen[foldKey(n.Name.Text)] {
			seen[foldKey(n.Name.Text)] = true
			tags = append(tags, n.Name.Text)
		}
	}
	return tags
}

// nextLabel returns the index of the first label tag after node from, which is
// where a GOTO at from leads; -1 if there is none (1603SW guide: the label is
// looked for after the GOTO).
func (f *File) nextLabel(tag string, from int) int {
	places := f.labels[foldKey(tag)]
	i := sort.SearchInts(places, from+1)
	if i == len(places) {
		return -1
	}
	return places[i]
}

// jumpTarget returns where the GOTO or IF at node i leads in dialect d, -1 if nowhere.
func (f *File) jumpTarget(d Dialect, i int) int {
	tag := f.Nodes[i].Name.Text
	next := f.nextLabel(tag, i)
	if next < 0 && d.AllowBackward && len(f.labels[foldKey(tag)]) > 0 {
		next = f.labels[foldKey(tag)][0]
	}
	return next
}

// foldKey makes verbs, names and tags comparable: they are ASCII and
// case-insensitive (Vantage guide, May 2018, p. 53).
func foldKey(s string) string {
	for i := 0; i < len(s); i++ {
		if c := s[i]; 'a' <= c && c <= 'z' {
			return strings.ToUpper(s)
		}
	}
	return s
}
