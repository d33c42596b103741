package dialplan

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/ctikit/ctikit"
)

// columns are the columns of rules in CSV, in the order in which they are written.
var columns = []string{"Name", "Priority", "Enabled", "Pattern", "Value", "MinLength", "MaxLength", "Description"}

// RulesCSV writes rules as CSV with a heading, as [ParseRulesCSV] reads them;
// comma is the separator: a comma (also where it is 0), semicolon or tab.
// Spreadsheet programs may read a pattern such as +33 as a number when they open the
// file: import the columns as text.
func RulesCSV(rules []Rule, comma rune) ([]byte, error) {
	if comma == 0 {
		comma = ','
	}
	if !strings.ContainsRune(separators, comma) {
		var ps ctikit.Problems
		ps.Add("", "separator must be comma, semicolon or tab, got %q", comma)
		return nil, ps
	}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.Comma = comma
	rows := [][]string{columns}
	for _, r := range rules {
		rows = append(rows, []string{
			r.Name, strconv.Itoa(r.Priority), strconv.FormatBool(!r.Disabled), r.Pattern, r.Value,
			lengthText(r.MinLength), lengthText(r.MaxLength), r.Description,
		})
	}
	err := w.WriteAll(rows)
	return out.Bytes(), err
}

func lengthText(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// ParseRulesCSV reads rules from CSV. The heading names the columns, in any
// order; Pattern and Value are required. The separator is the comma, semicolon
// or tab that the heading has. The error is of type [ctikit.Problems] and names every
// bad row with its line; nothing is read from a file with problems.
func ParseRulesCSV(data []byte) ([]Rule, error) {
	var ps ctikit.Problems
	rules := parseRulesCSV(data, &ps)
	if err := ps.Err(); err != nil {
		return nil, err
	}
	return rules, nil
}

func parseRulesCSV(data []byte, ps *ctikit.Problems) (rules []Rule) {
	if len(data) > maxDocument {
		ps.Add("", "must be at most %d bytes, got %d", maxDocument, len(data))
		return nil
	}
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	heading, _, _ := bytes.Cut(data, []byte("\n"))
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma = detectSeparator(heading)
	r.FieldsPerRecord = -1 // checked below, row by row
	names, err := r.Read()
	if err != nil {
		ps.Add("line 1", "no heading: %v", err)
		return nil
	}
	for i, name := range names {
		names[i] = strings.TrimSpace(name)
		if !slices.Contains(columns, names[i]) {
			ps.Add("line 1", "unknown column %q; must be one of %s", name, strings.Join(columns, ", "))
		}
		if slices.Contains(names[:i], names[i]) {
			ps.Add("line 1", "duplicate column %q", names[i])
		}
	}
	for _, needed := range []string{"Pattern", "Value"} {
		if !slices.Contains(names, needed) {
			ps.Add("line 1", "no column %s", needed)
		}
	}
	if len(*ps) > 0 {
		return nil
	}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rules
		}
		if err != nil {
			ps.Add("", "%v", err) // holds the line
			return nil
		}
		line, _ := r.FieldPos(0)
		switch {
		case len(rules) == maxRules:
			ps.Add(fmt.Sprintf("line %d", line), "must be at most %d rules", maxRules)
			return nil
		case len(row) != len(names):
			ps.Add(fmt.Sprintf("line %d", line), "must be %d columns as in the heading, got %d", len(names), len(row))
		default:
			rules = append(rules, parseRuleRow(line, names, row, ps))
		}
	}
}

// separators are those of CSV files, the surest first: a comma may also be
// inside a quoted heading.
const separators = ";\t,"

func detectSeparator(heading []byte) rune {
	for _, comma := range separators {
		if bytes.ContainsRune(heading, comma) {
			return comma
		}
	}
	return ','
}

func parseRuleRow(line int, names, row []string, ps *ctikit.Problems) (r Rule) {
	for i, text := range row {
		path := fmt.Sprintf("line %d, %s", line, names[i])
		number := func(to *int) {
			if text = strings.TrimSpace(text); text == "" {
				return
			}
			n, err := strconv.Atoi(text)
			if err != nil {
				ps.Add(path, "must be a whole number, got %q", text)
			}
			*to = n
		}
		switch names[i] {
		case "Name":
			r.Name = text
		case "Description":
			r.Description = text
		case "Priority":
			number(&r.Priority)
		case "Enabled":
			enabled, err := strconv.ParseBool(strings.TrimSpace(text))
			if err != nil && text != "" {
				ps.Add(path, "must be true or false, got %q", text)
			}
			r.Disabled = !enabled && text != ""
		case "Pattern":
			r.Pattern = text
		case "Value":
			r.Value = text
		case "MinLength":
			number(&r.MinLength)
		case "MaxLength":
			number(&r.MaxLength)
		}
	}
	return r
}
