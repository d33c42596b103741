// Package csvsource reads directory entries from files of comma-separated
// values (RFC 4180), as spreadsheets and old systems really write them: with
// a byte order mark or without, in UTF-8, UTF-16 or a Windows code page, with
// commas, semicolons or tabs.
//
// The first line names the columns. A file that ends in the middle of a line is
// incomplete: an upload that was cut must not remove anybody.
package csvsource

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"

	"github.com/ctikit/ctikit/directory"
)

// Source is a [directory.Source] over a CSV file. Set Open (or use [File]) and
// Key; the zero values of the rest find out for themselves.
type Source struct {
	// Open returns the file from its start, for every reading anew.
	Open func() (io.ReadCloser, error)
	// Name stands in errors: a path, an address. Never with a password.
	Name string
	// Key names the column whose value identifies an entry for ever: a personnel
	// number, not a name.
	Key string
	// Columns must be in the file: Mapping.Attributes(). A file that lacks one would
	// clear the field of everybody, so it is an error.
	Columns []string
	// Comma separates values; 0 takes what separates the first line: a tab, a
	// semicolon or a comma, whichever is most frequent outside quotes.
	Comma rune
	// Charset of the file; see [Auto].
	Charset Charset
	// Unterminated accepts a last line without line end. Without it such a file
	// is incomplete, since nobody can tell that its last value is whole.
	Unterminated bool
	// MaxRecord is the longest record in bytes; 0 is 1 MiB.
	MaxRecord int
}

// File returns a source that reads the file at path; key is its key column.
func File(path, key string) *Source {
	return &Source{Open: func() (io.ReadCloser, error) { return os.Open(path) }, Name: path, Key: key}
}

// Read yields one entry per line; it has no bookmarks. An
// empty value is an absent attribute.
func (s *Source) Read(ctx context.Context, _ directory.Bookmark) iter.Seq2[directory.Item, error] {
	return func(yield func(directory.Item, error) bool) {
		err := s.read(ctx, func(e *directory.Entry) bool { return yield(directory.Item{Entry: e}, nil) })
		switch {
		case errors.Is(err, errStopped):
		case err != nil:
			yield(directory.Item{}, err)
		default:
			yield(directory.Item{End: &directory.End{Full: true}}, nil)
		}
	}
}

var errStopped = errors.New("loop was left")

func (s *Source) read(ctx context.Context, yield func(*directory.Entry) bool) error {
	file, err := s.Open()
	if err != nil {
		return fmt.Errorf("read %s: %w", s.Name, err)
	}
	defer file.Close()
	limit := s.MaxRecord
	if limit <= 0 {
		limit = 1 << 20
	}
	text := &limited{r: bufio.NewReaderSize(decode(file, s.Charset), sniff), limit: limit}
	rows := csv.NewReader(text)
	rows.ReuseRecord = true
	rows.TrimLeadingSpace = true
	rows.Comma = s.Comma
	if s.Comma == 0 {
		head, _ := text.r.Peek(sniff)
		rows.Comma = separator(string(head))
	}
	header, err := rows.Read()
	if err == io.EOF {
		return &directory.Incomplete{Source: s.Name, Reason: "it is empty, without even a line of column names"}
	} else if err != nil {
		return s.explain(err)
	}
	entry, key, err := s.columns(header)
	if err != nil {
		return err
	}
	names := entry.Attrs
	attrs := make([]directory.Attr, 0, len(names))
	for {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("read %s: %w", s.Name, err)
		}
		text.count = 0
		row, err := rows.Read()
		if err == io.EOF {
			break
		} else if err != nil {
			return s.explain(err)
		}
		line, _ := rows.FieldPos(0)
		entry.Line = line
		entry.Key = strings.TrimSpace(row[key])
		if entry.Key == "" {
			return fmt.Errorf("read %s: line %d: no value in the key column %q", s.Name, line, s.Key)
		}
		entry.Attrs = attrs
		for i, v := range row {
			if v = strings.TrimSpace(v); v != "" {
				entry.Attrs = append(entry.Attrs, directory.Attr{Name: names[i].Name, Values: [][]byte{[]byte(v)}})
			}
		}
		if !yield(entry) {
			return errStopped
		}
	}
	if text.last != '\n' && !s.Unterminated {
		return &directory.Incomplete{Source: s.Name, Reason: "its last line has no line end, so it may be cut; end it, or set Unterminated"}
	}
	return nil
}

// columns checks the header and finds the key.
func (s *Source) columns(header []string) (*directory.Entry, int, error) {
	var (
		out  directory.Entry
		key  = -1
		seen = map[string]bool{}
	)
	for i, name := range header {
		name = strings.TrimSpace(name)
		low := strings.ToLower(name)
		if seen[low] && name != "" {
			return nil, 0, fmt.Errorf("read %s: two columns are called %q", s.Name, name)
		}
		seen[low] = true
		if low == strings.ToLower(s.Key) {
			key = i
		}
		out.Attrs = append(out.Attrs, directory.Attr{Name: []byte(name)})
	}
	if key < 0 || s.Key == "" {
		return nil, 0, fmt.Errorf("read %s: key column %q is not among its columns %q", s.Name, s.Key, header)
	}
	var missing []string
	for _, name := range s.Columns {
		if !seen[strings.ToLower(name)] {
			missing = append(missing, name)
		}
	}
	if missing != nil {
		return nil, 0, fmt.Errorf("read %s: it lacks the columns %q; it has %q", s.Name, missing, header)
	}
	return &out, key, nil
}

// explain turns a parser's error into one that says what to do.
func (s *Source) explain(err error) error {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return &directory.Incomplete{Source: s.Name, Reason: fmt.Sprintf("line %d cannot be read; nothing after it counts", parse.Line), Err: parse.Err}
	}
	return fmt.Errorf("read %s: %w", s.Name, err)
}

// separator is the most frequent candidate outside quotes in the first line.
func separator(head string) rune {
	var count [3]int
	candidates := ",;\t"
	quoted := false
	for _, c := range head {
		if c == '"' {
			quoted = !quoted
		} else if c == '\n' && !quoted {
			break
		} else if i := strings.IndexRune(candidates, c); i >= 0 && !quoted {
			count[i]++
		}
	}
	best := 0
	for i := range count {
		if count[i] > count[best] {
			best = i
		}
	}
	return rune(candidates[best])
}

// limited stops a record that never ends, and remembers the last byte.
type limited struct {
	r     *bufio.Reader
	limit int
	count int // bytes since the record began; the csv reader's own buffer adds 4 KiB
	last  byte
}

func (l *limited) Read(p []byte) (int, error) {
	if l.count > l.limit {
		return 0, fmt.Errorf("a record is longer than %d bytes; is a quote missing?", l.limit)
	}
	n, err := l.r.Read(p)
	l.count += n
	if n > 0 {
		l.last = p[n-1]
	}
	return n, err
}
