package settings

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Limits of a file. The largest file known, the vendor's complete template, has
// 972,412 bytes and 14,734 lines.
const (
	MaxSize  = 16 << 20 // bytes
	MaxLines = 1 << 18
)

// ErrTooLarge reports a file beyond [MaxSize] or [MaxLines].
var ErrTooLarge = errors.New("settings file too large")

// Read parses what r holds, reading at most [MaxSize] bytes of it.
func Read(name string, r io.Reader) (*File, error) {
	src, err := io.ReadAll(io.LimitReader(r, MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("settings: reading %s: %w", name, err)
	}
	return Parse(name, src)
}

// ReadFile reads a file of the disk. Positions carry the last element of path,
// the name by which a GET of another file knows it.
func ReadFile(path string) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return Read(filepath.Base(path), f)
}

// Parse parses a settings file in any encoding, with any mixture of line ends.
// Every text within the limits parses: what is no statement is a comment, as
// for a telephone. Use a [Linter] to find what its author did not mean. name is
// carried in positions and may be empty.
func Parse(name string, src []byte) (*File, error) {
	if len(src) > MaxSize {
		return nil, fmt.Errorf("settings: %s: %w: %d bytes, at most %d are read", name, ErrTooLarge, len(src), MaxSize)
	}
	text := string(src)
	lines := strings.Count(text, "\n") + 1
	if lines > MaxLines {
		return nil, fmt.Errorf("settings: %s: %w: %d lines, at most %d are read", name, ErrTooLarge, lines, MaxLines)
	}
	return parseText(name, text), nil
}

// parseText parses a text that is within the limits, or that was made from one.
func parseText(name, text string) *File {
	f := &File{Name: name, src: text, starts: make([]int32, 0, strings.Count(text, "\n")+2), labels: map[string][]int{}}
	for at := 0; at < len(text); {
		end := len(text)
		if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		f.starts = append(f.starts, int32(at))
		f.parseLine(at, end)
		at = end
	}
	f.starts = append(f.starts, int32(len(text)))
	return f
}

const bom = "\uFEFF"

// parseLine parses the line between two offsets.
func (f *File) parseLine(start, end int) {
	if start == 0 && strings.HasPrefix(f.src, bom) {
		start = len(bom) // accepted when read, never written
	}
	for end > start && (f.src[end-1] == '\n' || f.src[end-1] == '\r') {
		end--
	}
	if start == end || f.src[start] == '#' && !isLabel(f.src[start:end]) || strings.IndexByte(blanks, f.src[start]) >= 0 {
		return // a statement begins in the first column
	}
	s := scanner{src: f.src, at: start, end: end}
	n := Node{Line: len(f.starts)}
	verb := s.nextWord()
	switch {
	case verb.Text == "#":
		n.Kind, n.Name = Label, s.nextWord()
		f.labels[foldKey(n.Name.Text)] = append(f.labels[foldKey(n.Name.Text)], len(f.Nodes))
	case s.at == s.end: // the verb alone: no blank follows it, so it is a comment
		return
	case strings.EqualFold(verb.Text, "SET"):
		n.Kind = Set
		s.parseAssignment(&n)
	case strings.EqualFold(verb.Text, "ADD"):
		n.Kind = Add
		s.parseAssignment(&n)
	case strings.EqualFold(verb.Text, "GET"):
		n.Kind = Get
		s.parseArgument(&n, "a file name")
	case strings.EqualFold(verb.Text, "GOTO"):
		n.Kind = Goto
		s.parseArgument(&n, "a tag")
	case strings.EqualFold(verb.Text, "IF"):
		s.parseCondition(&n)
	default:
		return
	}
	f.Nodes = append(f.Nodes, n)
}

// isLabel: "#", one blank, a tag without blanks, at most blanks after it.
func isLabel(line string) bool {
	tag, ok := strings.CutPrefix(line, "# ")
	tag = strings.TrimRight(tag, blanks)
	return ok && tag != "" && !strings.ContainsAny(tag, blanks)
}

// blanks separate words. A CR that ends no line counts as one; no guide
// says what telephones make of it.
const blanks = " \t\r"

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' }

type scanner struct {
	src     string
	at, end int
}

func (s *scanner) skipBlanks() {
	for s.at < s.end && isBlank(s.src[s.at]) {
		s.at++
	}
}

// nextWord returns the next run of characters other than blanks.
func (s *scanner) nextWord() Token {
	s.skipBlanks()
	start := s.at
	for s.at < s.end && !isBlank(s.src[s.at]) {
		s.at++
	}
	return Token{s.src[start:s.at], start}
}

// restOfLine returns what is left of the line, without the blanks around it.
func (s *scanner) restOfLine() Token {
	s.skipBlanks()
	start := s.at
	s.at = s.end
	return Token{strings.TrimRight(s.src[start:s.end], blanks), start}
}

func (s *scanner) parseAssignment(n *Node) {
	n.Name = s.nextWord()
	if n.Name.Text == "" {
		n.Kind, n.Why = Invalid, "no parameter follows"
		return
	}
	n.Value = s.restOfLine()
	value, after := cutValue(n.Value.Text)
	n.Trailing = Token{n.Value.Text[after:], n.Value.Offset + after}
	n.Value.Text = value
}

func (s *scanner) parseArgument(n *Node, what string) {
	n.Name = s.nextWord()
	n.Trailing = s.restOfLine()
	if n.Name.Text == "" {
		n.Kind, n.Why = Invalid, what+" is missing"
	}
}

// parseCondition reads what follows IF; a line that is not exactly that is Invalid.
func (s *scanner) parseCondition(n *Node) {
	n.Left = s.nextOperand()
	seq := s.nextWord()
	n.Right = s.nextOperand()
	jump := s.nextWord()
	n.Name = s.nextWord()
	n.Trailing = s.restOfLine()
	switch {
	case !strings.EqualFold(seq.Text, "SEQ"):
		n.Why = fmt.Sprintf("SEQ is expected, not %q", seq.Text)
	case !strings.EqualFold(jump.Text, "GOTO"):
		n.Why = fmt.Sprintf("GOTO is expected, not %q", jump.Text)
	case n.Name.Text == "":
		n.Why = "a tag is missing"
	default:
		n.Kind = If
	}
}

// nextOperand is a word, or a text in quotes.
func (s *scanner) nextOperand() Token {
	s.skipBlanks()
	if s.at < s.end && s.src[s.at] == '"' {
		if i := strings.IndexByte(s.src[s.at+1:s.end], '"'); i >= 0 {
			start := s.at
			s.at += i + 2
			return Token{s.src[start:s.at], start}
		}
	}
	return s.nextWord()
}
