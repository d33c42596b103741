// Package csvsource reads directory entries from files of comma-separated
// values (RFC 4180), as spreadsheets and old systems really write them: with
// a byte order mark or without, in UTF-8, UTF-16 or a Windows code page, with
// commas, semicolons or tabs.
//
// The first line names the columns. A file that ends in the middle of a line is
// incomplete: a truncated upload must not remove objects.
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
	"github.com/ctikit/ctikit/directory/internal/tabular"
)

// Source is a [directory.Source] over a CSV file. Set Open (or use [File]) and
// Key; if the other fields are zero their values are detected.
type Source struct {
	// Open returns the file from its start, again for every reading.
	Open func() (io.ReadCloser, error)
	// Name is the source's name in errors: a path, an address. It must not hold a
	// password.
	Name string
	// Key names the column whose value identifies an entry permanently: a personnel
	// number, not a name.
	Key string
	// Columns must be in the file: Mapping.Attributes(). A missing column is an error,
	// since it would clear the field of every object.
	Columns []string
	// Comma separates values; 0 takes what separates the first line: a tab, a
	// semicolon or a comma, whichever is most frequent outside quotes.
	Comma rune
	// Charset of the file; see [Auto].
	Charset Charset
	// Unterminated accepts a last line without line end. Without it such a file
	// is incomplete, since its last value may be truncated.
	Unterminated bool
	// MaxRecord is the longest record in bytes; 0 is 1 MiB.
	MaxRecord int
}

// File returns a source that reads the file at path; key is its key column.
func File(path, key string) *Source {
	return &Source{Open: func() (io.ReadCloser, error) { return os.Open(path) }, Name: path, Key: key}
}

// Read yields one entry per line; it has no bookmarks. An empty value is an absent
// attribute. A file that was truncated is a [directory.Incomplete].
func (s *Source) Read(ctx context.Context, _ directory.Bookmark) iter.Seq2[directory.Item, error] {
	return tabular.ReadAll(s.Name, func(visit func(*directory.Entry) error) error { return s.readRows(ctx, visit) })
}

func (s *Source) readRows(ctx context.Context, visit func(*directory.Entry) error) error {
	file, err := s.Open()
	if err != nil {
		return err
	}
	defer file.Close()
	text, rows := s.openRows(file)
	header, err := rows.Read()
	if err == io.EOF {
		return &directory.Incomplete{Source: s.Name, Reason: "the file is empty; the first line must name the columns"}
	} else if err != nil {
		return s.explainParseError(err)
	}
	key, err := tabular.KeyColumn(header, s.Key, s.Columns)
	if err != nil {
		return err
	}
	names := make([][]byte, len(header)) // the header's own slice is used again
	for i, name := range header {
		names[i] = []byte(strings.TrimSpace(name))
	}
	entry := &directory.Entry{}
	for ctx.Err() == nil {
		text.count = 0
		row, err := rows.Read()
		if err == io.EOF {
			break
		} else if err != nil {
			return s.explainParseError(err)
		}
		entry.Line, _ = rows.FieldPos(0)
		entry.Key = strings.TrimSpace(row[key])
		if entry.Key == "" {
			return fmt.Errorf("line %d: no value in the key column %q", entry.Line, s.Key)
		}
		entry.Attrs = entry.Attrs[:0]
		for i, v := range row {
			if v = strings.TrimSpace(v); v != "" {
				entry.Attrs = append(entry.Attrs, directory.Attr{Name: names[i], Values: [][]byte{[]byte(v)}})
			}
		}
		if err := visit(entry); err != nil {
			return err
		}
	}
	if ctx.Err() == nil && text.last != '\n' && !s.Unterminated {
		const reason = "the last line has no line end and may be truncated; end it or set Unterminated"
		return &directory.Incomplete{Source: s.Name, Reason: reason}
	}
	return ctx.Err()
}

// openRows returns the reader of the file's records, over one of its text.
func (s *Source) openRows(file io.Reader) (*limitedReader, *csv.Reader) {
	limit := s.MaxRecord
	if limit <= 0 {
		limit = 1 << 20
	}
	text := &limitedReader{r: bufio.NewReaderSize(decodeCharset(file, s.Charset), sampleSize), limit: limit}
	rows := csv.NewReader(text)
	rows.ReuseRecord = true
	rows.TrimLeadingSpace = true
	rows.Comma = s.Comma
	if s.Comma == 0 {
		head, _ := text.r.Peek(sampleSize)
		rows.Comma = guessSeparator(string(head))
	}
	return text, rows
}

// explainParseError turns a parser's error into one that says what to do.
func (s *Source) explainParseError(err error) error {
	if parse, ok := errors.AsType[*csv.ParseError](err); ok {
		reason := fmt.Sprintf("line %d cannot be parsed; it and the lines after it were not read", parse.Line)
		return &directory.Incomplete{Source: s.Name, Reason: reason, Err: parse.Err}
	}
	return err
}

// guessSeparator returns the most frequent candidate outside quotes in the first line.
func guessSeparator(head string) rune {
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

// limitedReader stops a record that never ends, and remembers the last byte.
type limitedReader struct {
	r     *bufio.Reader
	limit int
	count int // bytes since the record began; the csv reader's own buffer adds 4 KiB
	last  byte
}

func (l *limitedReader) Read(p []byte) (int, error) {
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
