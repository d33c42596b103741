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

func (f Format) check() (Format, error) {
	if f.Separator == 0 {
		f.Separator = ','
	}
	if f.Quote == 0 {
		f.Quote = '"'
	}
	bad := func(r rune) bool {
		return r == '\n' || r == '\r' || r == '@' || !utf8.ValidRune(r) || r == utf8.RuneError || 'a' <= r && r <= 'z'
	}
	if f.Separator == f.Quote || bad(f.Separator) || bad(f.Quote) {
		return f, fmt.Errorf("cloud: users: separator %q and quote %q cannot be told apart from text: %w", f.Separator, f.Quote, ctikit.ErrInvalid)
	}
	return f, nil
}

// RowError is what is wrong with one row. Line counts from 1; when writing, it is
// the index of the user.
type RowError struct {
	Line int
	Err  error
}

// Error names the line.
func (e *RowError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap returns the mistake.
func (e *RowError) Unwrap() error { return e.Err }

// maxUsers bounds a list.
const maxUsers = 1_000_000

// ReadUsers reads a list with a header, in which email is one of the columns, or
// a list of e-mail addresses alone. The good rows are returned with the bad ones
// reported; err is for what ends the reading: the input, or the header.
func ReadUsers(r io.Reader, format Format) (users []User, bad []RowError, err error) {
	format, err = format.check()
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
		row, line, err := c.record()
		switch {
		case err == io.EOF:
			return users, bad, nil
		case errors.Is(err, ctikit.ErrInvalid):
			bad = append(bad, RowError{line, err})
			continue
		case err != nil:
			return users, bad, fmt.Errorf("cloud: users: line %d: %w", line, err)
		case len(users) == maxUsers:
			return users, bad, fmt.Errorf("cloud: users: more than %d: %w", maxUsers, ctikit.ErrInvalid)
		}
		if first {
			if header, err = readHeader(row); err != nil {
				return nil, nil, fmt.Errorf("cloud: users: line %d: %w", line, err)
			}
			if header != nil {
				continue
			}
			header = columns[:1]
		}
		u, err := format.row(header, row)
		if err == nil {
			if before, again := seen[strings.ToLower(u.Email)]; again {
				err = fmt.Errorf("%s is on line %d already: %w", u.Email, before, ctikit.ErrInvalid)
			}
		}
		if err != nil {
			bad = append(bad, RowError{line, err})
			continue
		}
		seen[strings.ToLower(u.Email)] = line
		users = append(users, u)
	}
}

// readHeader returns the columns, nil where the row is none but an e-mail address.
func readHeader(row []string) ([]column, error) {
	if len(row) == 1 && strings.Contains(row[0], "@") {
		return nil, nil
	}
	var header []column
	var errs []error
	for _, name := range row {
		name = strings.ToLower(strings.TrimSpace(name))
		i := slices.IndexFunc(columns, func(c column) bool { return c.name == name })
		switch {
		case i < 0:
			errs = append(errs, fmt.Errorf("no column %.40q: %w", name, ctikit.ErrInvalid))
		case slices.ContainsFunc(header, func(c column) bool { return c.name == name }):
			errs = append(errs, fmt.Errorf("column %s twice: %w", name, ctikit.ErrInvalid))
		default:
			header = append(header, columns[i])
		}
	}
	if !slices.ContainsFunc(header, func(c column) bool { return c.name == "email" }) {
		errs = append(errs, fmt.Errorf("no column email, and no list of e-mail addresses: %w", ctikit.ErrInvalid))
	}
	return header, errors.Join(errs...)
}

func (f Format) row(header []column, row []string) (User, error) {
	if len(row) != len(header) {
		return User{}, fmt.Errorf("%d fields, not %d: %w", len(row), len(header), ctikit.ErrInvalid)
	}
	var u User
	for i, c := range header {
		*c.field(&u) = strings.TrimSpace(row[i])
	}
	return u, f.Check(u)
}

var (
	email    = regexp.MustCompile(`^[^\s@"<>(),;:\\=]+@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?\.[A-Za-z]{2,}$`)
	language = regexp.MustCompile(`^[a-z]{2}-[A-Z]{2}$`)
	phone    = regexp.MustCompile(`^\+?[0-9][0-9 ()./-]*$`)
)

// Check reports every mistake in a user. A text that a spreadsheet would take as
// a formula is one; telephone numbers may begin with +.
func (f Format) Check(u User) error {
	var errs []error
	fail := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf(format+": %w", append(args, ctikit.ErrInvalid)...))
	}
	_, domain, _ := strings.Cut(u.Email, "@")
	switch {
	case u.Email == "":
		fail("email is missing")
	case !email.MatchString(u.Email):
		fail("email %.80q is not an address", u.Email)
	case f.Domain != "" && !strings.EqualFold(domain, f.Domain):
		fail("email %.80q is not of the domain %s", u.Email, f.Domain)
	}
	for _, c := range columns[1:] {
		value := *c.field(&u)
		switch isPhone := strings.HasSuffix(c.name, "phone"); {
		case value == "":
		case !utf8.ValidString(value):
			fail("%s: invalid UTF-8", c.name)
		case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7F }):
			fail("%s: a control character", c.name)
		case isPhone && !phone.MatchString(value):
			fail("%s %.40q is not a telephone number", c.name, value)
		case c.name == "language" && !language.MatchString(value):
			fail("language %.20q is not like fr-FR", value)
		case !isPhone && strings.ContainsRune("=+-@", rune(value[0])):
			fail("%s %.40q would be a formula in a spreadsheet", c.name, value)
		}
	}
	return errors.Join(errs...)
}

// WriteUsers writes a list with a header of all columns that are in use. Users
// without a unique identity (e-mail address) are left out and counted, as the
// system does when it synchronises. Nothing is written where a user has a
// mistake; all are reported, as [*RowError].
func WriteUsers(w io.Writer, users []User, format Format) (leftOut int, err error) {
	format, err = format.check()
	if err != nil {
		return 0, err
	}
	used := slices.DeleteFunc(slices.Clone(columns), func(c column) bool {
		return c.name != "email" && !slices.ContainsFunc(users, func(u User) bool { return u.Email != "" && *c.field(&u) != "" })
	})
	var b strings.Builder
	line := func(value func(column) string) {
		for i, c := range used {
			if i > 0 {
				b.WriteRune(format.Separator)
			}
			appendField(&b, value(c), format.Separator, format.Quote)
		}
		b.WriteByte('\n')
	}
	line(func(c column) string { return c.name })
	var errs []error
	seen := map[string]bool{}
	for i, u := range users {
		if u.Email == "" {
			leftOut++
			continue
		}
		err := format.Check(u)
		if key := strings.ToLower(u.Email); seen[key] {
			err = errors.Join(err, fmt.Errorf("%s twice: %w", u.Email, ctikit.ErrInvalid))
		} else {
			seen[key] = true
		}
		if err != nil {
			errs = append(errs, &RowError{i, err})
			continue
		}
		line(func(c column) string { return *c.field(&u) })
	}
	if len(errs) > 0 {
		return leftOut, fmt.Errorf("cloud: users: %w", errors.Join(errs...))
	}
	_, err = io.WriteString(w, b.String())
	return leftOut, err
}
