package cloud

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ctikit/ctikit"
)

// User is one row of a user list (notes ch. 15). Only Email is needed: it is the
// user's unique identity.
type User struct {
	Email, FirstName, LastName, MiddleName string
	WorkPhone, HomePhone, CellPhone        string
	Language                               string // fr-FR
	Address, City, Region, Postal, Country string
}

// column is a field of the header.
type column struct {
	name  string
	field func(*User) *string
}

var columns = []column{
	{"email", func(u *User) *string { return &u.Email }},
	{"firstname", func(u *User) *string { return &u.FirstName }},
	{"lastname", func(u *User) *string { return &u.LastName }},
	{"middlename", func(u *User) *string { return &u.MiddleName }},
	{"workphone", func(u *User) *string { return &u.WorkPhone }},
	{"homephone", func(u *User) *string { return &u.HomePhone }},
	{"cellphone", func(u *User) *string { return &u.CellPhone }},
	{"language", func(u *User) *string { return &u.Language }},
	{"address", func(u *User) *string { return &u.Address }},
	{"city", func(u *User) *string { return &u.City }},
	{"region", func(u *User) *string { return &u.Region }},
	{"postal", func(u *User) *string { return &u.Postal }},
	{"country", func(u *User) *string { return &u.Country }},
}

// Format is the form of a user list. The zero value is commas, double quotes.
type Format struct {
	Separator, Quote rune
	// Domain is the verified domain of the company; each e-mail address must be
	// of it. "" does not check.
	Domain string
}

// applyDefaults fills in the defaults and checks the result.
func (f Format) applyDefaults() (Format, error) {
	if f.Separator == 0 {
		f.Separator = ','
	}
	if f.Quote == 0 {
		f.Quote = '"'
	}
	isText := func(r rune) bool {
		return r == '\n' || r == '\r' || r == '@' || !utf8.ValidRune(r) || r == utf8.RuneError || 'a' <= r && r <= 'z'
	}
	var ps ctikit.Problems
	if f.Separator == f.Quote || isText(f.Separator) || isText(f.Quote) {
		ps.Add("", "separator %q and quote %q are ambiguous", f.Separator, f.Quote)
	}
	return f, ps.Err()
}

// maxUsers bounds a list.
const maxUsers = 1_000_000

// ReadUsers reads a list with a header, in which email is one of the columns, or
// a list of e-mail addresses alone. It returns the good rows, and the problems of
// the bad ones with the path "line 3, email" or "line 3"; lines count from 1. err is
// for what ends the reading: the input, or the header.
func ReadUsers(r io.Reader, format Format) (users []User, bad ctikit.Problems, err error) {
	format, err = format.applyDefaults()
	if err != nil {
		return nil, nil, err
	}
	in := bufio.NewReader(r)
	if start, _ := in.Peek(3); string(start) == "\uFEFF" {
		_, _ = in.Discard(3) // a byte order mark, as spreadsheets write it
	}
	c := &csvReader{in: in, separator: format.Separator, quote: format.Quote, line: 1}
	var header []column
	seen := map[string]int{}
	for first := true; ; first = false {
		row, line, err := c.readRecord()
		at := fmt.Sprintf("line %d", line)
		malformed, isMalformed := errors.AsType[ctikit.Problems](err)
		switch {
		case err == io.EOF:
			return users, bad, nil
		case isMalformed:
			addRowProblems(&bad, at, malformed)
			continue
		case err != nil:
			return users, bad, fmt.Errorf("cloud: users: %s: %w", at, err)
		case len(users) == maxUsers:
			var ps ctikit.Problems
			ps.Add(at, "must be at most %d users", maxUsers)
			return users, bad, ps
		}
		if first {
			var ps ctikit.Problems
			if header = parseHeader(row, at, &ps); len(ps) > 0 {
				return nil, nil, ps
			}
			if header != nil {
				continue
			}
			header = columns[:1]
		}
		u, ps := format.parseRow(header, row)
		if len(ps) == 0 {
			if before, again := seen[strings.ToLower(u.Email)]; again {
				ps.Add("email", "duplicate %q: already on line %d", u.Email, before)
			}
		}
		if len(ps) > 0 {
			addRowProblems(&bad, at, ps)
			continue
		}
		seen[strings.ToLower(u.Email)] = line
		users = append(users, u)
	}
}

// addRowProblems adds the problems of a row, whose paths are columns.
func addRowProblems(bad *ctikit.Problems, at string, ps ctikit.Problems) {
	for _, p := range ps {
		if p.Path != "" {
			p.Path = ", " + p.Path
		}
		p.Path = at + p.Path
		*bad = append(*bad, p)
	}
}

// parseHeader returns the columns, nil if the row is an e-mail address instead.
func parseHeader(row []string, at string, ps *ctikit.Problems) (header []column) {
	if len(row) == 1 && strings.Contains(row[0], "@") {
		return nil
	}
	for _, name := range row {
		name = strings.ToLower(strings.TrimSpace(name))
		i := slices.IndexFunc(columns, func(c column) bool { return c.name == name })
		switch {
		case i < 0:
			ps.Add(at, "unknown column %.40q", name)
		case slices.ContainsFunc(header, func(c column) bool { return c.name == name }):
			ps.Add(at, "duplicate column %s", name)
		default:
			header = append(header, columns[i])
		}
	}
	if !slices.ContainsFunc(header, func(c column) bool { return c.name == "email" }) {
		ps.Add(at, "no column email; only a list of e-mail addresses has no header")
	}
	return header
}

func (f Format) parseRow(header []column, row []string) (u User, ps ctikit.Problems) {
	if len(row) != len(header) {
		ps.Add("", "must be %d fields, got %d", len(header), len(row))
		return u, ps
	}
	for i, c := range header {
		*c.field(&u) = strings.TrimSpace(row[i])
	}
	return u, f.userProblems(u)
}

var (
	email    = regexp.MustCompile(`^[^\s@"<>(),;:\\=]+@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?\.[A-Za-z]{2,}$`)
	language = regexp.MustCompile(`^[a-z]{2}-[A-Z]{2}$`)
	phone    = regexp.MustCompile(`^\+?[0-9][0-9 ()./-]*$`)
)

// Check returns every problem of a user as a [ctikit.Problems] with the column as
// the path, nil if there is none. A text that a spreadsheet would take as a formula
// is a problem; telephone numbers may begin with +.
func (f Format) Check(u User) error { return f.userProblems(u).Err() }

func (f Format) userProblems(u User) (ps ctikit.Problems) {
	_, domain, _ := strings.Cut(u.Email, "@")
	switch {
	case u.Email == "":
		ps.Add("email", "missing")
	case !email.MatchString(u.Email):
		ps.Add("email", "must be an e-mail address, got %.80q", u.Email)
	case f.Domain != "" && !strings.EqualFold(domain, f.Domain):
		ps.Add("email", "must be of the domain %s, got %.80q", f.Domain, u.Email)
	}
	for _, c := range columns[1:] {
		value := *c.field(&u)
		switch isPhone := strings.HasSuffix(c.name, "phone"); {
		case value == "":
		case !utf8.ValidString(value):
			ps.Add(c.name, "invalid UTF-8")
		case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7F }):
			ps.Add(c.name, "contains a control character")
		case isPhone && !phone.MatchString(value):
			ps.Add(c.name, "must be a telephone number, got %.40q", value)
		case c.name == "language" && !language.MatchString(value):
			ps.Add(c.name, "must be a code like fr-FR, got %.20q", value)
		case !isPhone && strings.ContainsRune("=+-@", rune(value[0])):
			ps.Add(c.name, "must not start like a formula of a spreadsheet, got %.40q", value)
		}
	}
	return ps
}

// WriteUsers writes a list with a header of all columns that are in use. Users
// without a unique identity (e-mail address) are omitted and counted, as the
// system does when it synchronises. Nothing is written if a user has a problem;
// the error is a [ctikit.Problems] with paths like "users[3].email".
func WriteUsers(w io.Writer, users []User, format Format) (leftOut int, err error) {
	format, err = format.applyDefaults()
	if err != nil {
		return 0, err
	}
	used := slices.DeleteFunc(slices.Clone(columns), func(c column) bool {
		return c.name != "email" && !slices.ContainsFunc(users, func(u User) bool {
			return u.Email != "" && *c.field(&u) != ""
		})
	})
	var b strings.Builder
	writeRow := func(value func(column) string) {
		for i, c := range used {
			if i > 0 {
				b.WriteRune(format.Separator)
			}
			appendField(&b, value(c), format.Separator, format.Quote)
		}
		b.WriteByte('\n')
	}
	writeRow(func(c column) string { return c.name })
	var ps ctikit.Problems
	seen := map[string]bool{}
	for i, u := range users {
		if u.Email == "" {
			leftOut++
			continue
		}
		path := fmt.Sprintf("users[%d]", i)
		ps.AddUnder(path, format.Check(u))
		if key := strings.ToLower(u.Email); seen[key] {
			ps.Add(path+".email", "duplicate %q", u.Email)
		} else {
			seen[key] = true
		}
		writeRow(func(c column) string { return *c.field(&u) })
	}
	if err := ps.Err(); err != nil {
		return leftOut, err
	}
	_, err = io.WriteString(w, b.String())
	return leftOut, err
}
