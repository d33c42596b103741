package cloud

import (
	"bufio"
	"io"
	"strings"

	"github.com/ctikit/ctikit"
)

// encoding/csv knows one quote character; the cloud's import lets its user choose.

// maxRecord bounds one record, in bytes.
const maxRecord = 1 << 16

// csvReader splits records: fields between separators, a field in quotes may hold
// separators, line ends and doubled quotes.
type csvReader struct {
	in               *bufio.Reader
	separator, quote rune
	line             int  // of the next record
	quoted           bool // the last record had a field in quotes
}

// readRecord returns the fields and the line that the record begins on; io.EOF after
// the last, or a [ctikit.Problems]. Empty lines are skipped.
func (c *csvReader) readRecord() (fields []string, line int, err error) {
	for {
		line = c.line
		fields, err = c.splitRecord()
		if err != nil || len(fields) > 1 || fields[0] != "" || c.quoted {
			return fields, line, err
		}
	}
}

func malformed(format string, args ...any) error {
	var ps ctikit.Problems
	ps.Add("", format, args...)
	return ps
}

// state of a field.
const (
	atStart = iota
	inPlain
	inQuotes
	afterQuote
)

func (c *csvReader) splitRecord() ([]string, error) {
	var fields []string
	var field strings.Builder
	state, size := atStart, 0
	c.quoted = false
	for {
		r, n, err := c.in.ReadRune()
		if err == io.EOF && size > 0 {
			if state == inQuotes {
				return nil, malformed("quoted field has no end")
			}
			return append(fields, lastField(&field, state)), nil
		}
		if err != nil {
			return nil, err
		}
		if size += n; size > maxRecord {
			return nil, malformed("must be at most %d bytes", maxRecord)
		}
		if r == '\n' {
			c.line++
		}
		switch {
		case state == inQuotes && r == c.quote:
			state = afterQuote
		case state == inQuotes:
			field.WriteRune(r)
		case state == afterQuote && r == c.quote:
			field.WriteRune(r)
			state = inQuotes
		case r == c.separator:
			fields = append(fields, field.String())
			field.Reset()
			state = atStart
		case r == '\n':
			return append(fields, lastField(&field, state)), nil
		case state == afterQuote && r == '\r':
		case state == afterQuote:
			c.skipLine()
			return nil, malformed("text after a quoted field")
		case state == atStart && r == c.quote:
			state, c.quoted = inQuotes, true
		default:
			field.WriteRune(r)
			state = inPlain
		}
	}
}

// lastField returns the last field of a record, without the CR of its line end.
func lastField(field *strings.Builder, state int) string {
	if state == afterQuote {
		return field.String()
	}
	return strings.TrimSuffix(field.String(), "\r")
}

// skipLine reads on to the next line, so that one bad record is one bad row.
func (c *csvReader) skipLine() {
	for {
		r, _, err := c.in.ReadRune()
		if err != nil {
			return
		}
		if r == '\n' {
			c.line++
			return
		}
	}
}

// appendField writes a field, in quotes where it needs them.
func appendField(b *strings.Builder, field string, separator, quote rune) {
	if !strings.ContainsAny(field, string([]rune{separator, quote, '\n', '\r'})) && strings.TrimSpace(field) == field {
		b.WriteString(field)
		return
	}
	q := string(quote)
	b.WriteString(q)
	b.WriteString(strings.ReplaceAll(field, q, q+q))
	b.WriteString(q)
}
