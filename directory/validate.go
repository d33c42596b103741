package directory

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ctikit/ctikit"
)

// MaxText is the maximum size of one text field in bytes. An entry of a source
// with a longer value fails alone.
const MaxText = 4096

// requireTexts takes pairs of a path and a text that must not be blank.
func requireTexts(ps *ctikit.Problems, pathsAndTexts ...string) {
	for pair := range slices.Chunk(pathsAndTexts, 2) {
		if strings.TrimSpace(pair[1]) == "" {
			ps.Add(pair[0], "missing")
		}
	}
}

func requireOneOf[T ~string](ps *ctikit.Problems, path string, value T, allowed ...T) {
	if !slices.Contains(allowed, value) {
		ps.Add(path, "must be one of %q, got %q", allowed, value)
	}
}

// validateText refuses what no name may contain: control characters, invalid
// UTF-8, more than MaxText bytes.
func validateText(value string) error {
	switch {
	case len(value) > MaxText:
		return fmt.Errorf("must be at most %d bytes, got %d", MaxText, len(value))
	case !utf8.ValidString(value):
		return errors.New("invalid UTF-8")
	case strings.ContainsFunc(value, unicode.IsControl):
		return fmt.Errorf("contains control characters, got %.40q", value)
	}
	return nil
}

// joinLines puts the problems of an error on one line, for a report.
func joinLines(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }

// validation collects the problems of one object, which may refer to others.
type validation struct {
	ctikit.Problems
	ctx      context.Context
	registry *Registry
	object   Object
	failure  error // of a look-up: then the problems are incomplete
}

// validate checks v against the rules of its type. An error other than
// [ctikit.Problems] is that of the store.
func (c *Collection[T]) validate(ctx context.Context, value *T) error {
	v := validation{ctx: ctx, registry: c.registry, object: c.header(value)}
	v.object.Kind = c.kind
	c.rules(&v, value)
	if v.failure != nil {
		return v.failure
	}
	return v.Err()
}

// requireSameCompany looks up an object that the validated one refers to, and
// reports one of another company.
func (v *validation) requireSameCompany(path, kind, id string) (found bool) {
	o, found, err := v.registry.lookUpHeader(v.ctx, kind, id)
	if err != nil {
		v.failure = err
	} else if found {
		v.AddUnder(path, sameCompany(v.object.Kind, v.object.ID, v.object.Company, kind, id, o.Company))
	}
	return found
}

// requireReference is requireSameCompany of an object that must exist.
func (v *validation) requireReference(path, kind, id string) {
	if !v.requireSameCompany(path, kind, id) && v.failure == nil {
		v.Add(path, "no %s %q", kind, id)
	}
}

func sameCompany(kind1, id1, company1, kind2, id2, company2 string) error {
	return ctikit.SameCompany(fmt.Sprintf("%s %q", kind1, id1), company1, fmt.Sprintf("%s %q", kind2, id2), company2)
}

// The rules of the types: required fields, references that exist and belong to
// the same company.

func companyRules(v *validation, c *Company) {
	requireTexts(&v.Problems, "id", c.ID, "name", c.Name)
}

func domainRules(v *validation, d *Domain) { v.memberRules(d.ID, d.Name, d.Company) }
func groupRules(v *validation, g *Group)   { v.memberRules(g.ID, g.Name, g.Company) }

func directoryRules(v *validation, d *Directory) {
	v.memberRules(d.ID, d.Name, d.Company)
	for i, id := range d.Domains {
		v.requireReference(fmt.Sprintf("domains[%d]", i), kindDomain, id)
	}
}

// memberRules are common to what a company consists of.
func (v *validation) memberRules(id, name, company string) {
	requireTexts(&v.Problems, "id", id, "name", name)
	v.requireReference("company", kindCompany, company)
}

func userRules(v *validation, u *User) {
	u.addProblems(&v.Problems)
	v.requireReference("domain", kindDomain, u.Domain)
	for i, id := range u.Groups {
		path := fmt.Sprintf("groups[%d]", i)
		if slices.Contains(u.Groups[:i], id) {
			v.Add(path, "duplicate %q", id)
		}
		v.requireReference(path, kindGroup, id)
	}
	if u.Directory != "" {
		v.requireReference("directory", kindDirectory, u.Directory)
	}
}

func (u *User) addProblems(ps *ctikit.Problems) {
	requireTexts(ps, "id", u.ID, "company", u.Company, "domain", u.Domain, "login", u.Login)
	ps.AddUnder("login", validateText(u.Login))
	seen := map[string]bool{}
	for i, e := range u.Extensions {
		path := fmt.Sprintf("extensions[%d]", i)
		requireTexts(ps, path+".number", e.Number)
		ps.AddUnder(path+".number", validateText(e.Number))
		if seen[e.Number] {
			ps.Add(path+".number", "duplicate %q", e.Number)
		}
		seen[e.Number] = true
		requireOneOf(ps, path+".protocol", e.Protocol, NoProtocol, VTIXML, CSTA)
	}
	addNumberProblems(ps, u.Numbers)
}

func contactRules(v *validation, c *Contact) {
	c.addProblems(&v.Problems)
	v.requireReference("directory", kindDirectory, c.Directory)
	for i, id := range c.Parts {
		v.requireSameCompany(fmt.Sprintf("parts[%d]", i), kindContact, id) // a part may be deleted at any time
	}
}

func (c *Contact) addProblems(ps *ctikit.Problems) {
	requireTexts(ps, "id", c.ID, "company", c.Company, "directory", c.Directory)
	if c.Name() == "" {
		ps.Add("displayName", "missing; set a name, an organisation or an e-mail address")
	}
	ps.AddUnder("displayName", validateText(c.DisplayName))
	addNumberProblems(ps, c.Numbers)
}

func addNumberProblems(ps *ctikit.Problems, numbers []Number) {
	for i, n := range numbers {
		requireOneOf(ps, fmt.Sprintf("numbers[%d].kind", i), n.Kind, numberKinds...)
		requireTexts(ps, fmt.Sprintf("numbers[%d].value", i), n.Value)
	}
}

func listRules(v *validation, l *ContactList) {
	requireTexts(&v.Problems, "id", l.ID, "company", l.Company, "user", l.User, "name", l.Name)
	for i := range l.Personal {
		c := &l.Personal[i]
		var inner ctikit.Problems
		c.addProblems(&inner)
		requireOneOf(&inner, "company", c.Company, l.Company)
		requireOneOf(&inner, "directory", c.Directory, PersonalDirectory(l.User))
		v.AddUnder(fmt.Sprintf("personal[%d]", i), inner.Err())
	}
	v.requireReference("user", kindUser, l.User)
	for i, ref := range l.Contacts {
		if slices.Contains(l.kept, ref) {
			continue
		}
		kind, id := parseCardReference(ref)
		v.requireReference(fmt.Sprintf("contacts[%d]", i), kind, id)
	}
}

func importRules(v *validation, i *Import) {
	i.addImportProblems(&v.Problems)
	owner := ""
	if d, err := v.registry.Directories.Get(v.ctx, i.Directory); err == nil {
		owner = d.Import
	}
	for other, err := range v.registry.Imports.Of(v.ctx, i.Company) {
		if err != nil {
			v.failure = err
			return
		}
		if other.ID != i.ID && other.Directory == i.Directory {
			owner = other.ID
		}
	}
	if owner != "" && owner != i.ID {
		v.Add("directory", "%q belongs to import %q", i.Directory, owner)
	}
	v.requireReference("domain", kindDomain, i.Domain)
	v.requireReference("directory", kindDirectory, i.Directory)
}
