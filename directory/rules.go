package directory

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ctikit/ctikit"
)

// The rules of stored objects that need other objects: references exist and
// belong to the same company.

func (r *Registry) checkCompany(_ context.Context, c *Company, m *Mistakes) error {
	m.require("id", c.ID)
	m.require("name", c.Name)
	return nil
}

func (r *Registry) checkDomain(ctx context.Context, d *Domain, m *Mistakes) error {
	m.require("id", d.ID)
	m.require("name", d.Name)
	return r.companyExists(ctx, d.Company, m)
}

func (r *Registry) checkGroup(ctx context.Context, g *Group, m *Mistakes) error {
	m.require("id", g.ID)
	m.require("name", g.Name)
	return r.companyExists(ctx, g.Company, m)
}

func (r *Registry) checkDirectory(ctx context.Context, d *Directory, m *Mistakes) error {
	m.require("id", d.ID)
	m.require("name", d.Name)
	err := r.companyExists(ctx, d.Company, m)
	what := fmt.Sprintf("directory %q", d.ID)
	for i, id := range d.Domains {
		err = errors.Join(err, r.sameCompany(ctx, m, fmt.Sprintf("domains[%d]", i), kindDomain, id, what, d.Company))
	}
	return err
}

func (r *Registry) checkUser(ctx context.Context, u *User, m *Mistakes) error {
	u.check(m)
	what := fmt.Sprintf("user %q", u.ID)
	err := r.sameCompany(ctx, m, "domain", kindDomain, u.Domain, what, u.Company)
	for i, id := range u.Groups {
		path := fmt.Sprintf("groups[%d]", i)
		if slices.Contains(u.Groups[:i], id) {
			m.Add(path, "%q stands twice", id)
		}
		err = errors.Join(err, r.sameCompany(ctx, m, path, kindGroup, id, what, u.Company))
	}
	if u.Directory != "" {
		err = errors.Join(err, r.sameCompany(ctx, m, "directory", kindDirectory, u.Directory, what, u.Company))
	}
	return err
}

func (r *Registry) checkContact(ctx context.Context, c *Contact, m *Mistakes) error {
	c.check(m)
	what := fmt.Sprintf("contact %q", c.ID)
	err := r.sameCompany(ctx, m, "directory", kindDirectory, c.Directory, what, c.Company)
	for _, id := range c.Parts {
		var gone Mistakes // a part may be deleted at any time
		err = errors.Join(err, r.sameCompany(ctx, &gone, "parts", kindContact, id, what, c.Company))
	}
	return err
}

func (r *Registry) checkImport(ctx context.Context, i *Import, m *Mistakes) error {
	i.check(m)
	what := fmt.Sprintf("import %q", i.ID)
	owner := ""
	if d, err := r.Directories.Get(ctx, i.Directory); err == nil {
		owner = d.Import
	}
	for other, err := range r.Imports.Of(ctx, i.Company) {
		if err != nil {
			return err
		}
		if other.ID != i.ID && other.Directory == i.Directory {
			owner = other.ID
		}
	}
	if owner != "" && owner != i.ID {
		m.Add("directory", "%q belongs to import %q", i.Directory, owner)
	}
	return errors.Join(
		r.sameCompany(ctx, m, "domain", kindDomain, i.Domain, what, i.Company),
		r.sameCompany(ctx, m, "directory", kindDirectory, i.Directory, what, i.Company))
}

func (r *Registry) checkList(ctx context.Context, l *ContactList, m *Mistakes) error {
	l.check(m)
	what := fmt.Sprintf("contact list %q", l.ID)
	err := r.sameCompany(ctx, m, "user", kindUser, l.User, what, l.Company)
	for i, ref := range l.Contacts {
		if slices.Contains(l.kept, ref) {
			continue
		}
		kind, id := cardOf(ref)
		err = errors.Join(err, r.sameCompany(ctx, m, fmt.Sprintf("contacts[%d]", i), kind, id, what, l.Company))
	}
	return err
}

// cardOf is whose card a reference of a list means.
func cardOf(ref string) (kind, id string) {
	if user, ok := strings.CutPrefix(ref, userCard); ok {
		return kindUser, user
	}
	return kindContact, ref
}

func (r *Registry) companyExists(ctx context.Context, id string, m *Mistakes) error {
	return r.sameCompany(ctx, m, "company", kindCompany, id, "", id)
}

// sameCompany adds a mistake where the object does not exist, and fails where it
// belongs to another company.
func (r *Registry) sameCompany(ctx context.Context, m *Mistakes, path, kind, id, what, company string) error {
	o, found, err := firstOf(r.store.Objects(ctx, Query{Kind: kind, IDs: []string{id}, Headers: true}))
	switch {
	case err != nil:
		return err
	case !found:
		m.Add(path, "no %s %q", kind, id)
		return nil
	}
	return ctikit.SameCompany(what, company, fmt.Sprintf("%s %q", kind, id), o.Company)
}

func (r *Registry) domainUnused(ctx context.Context, d *Domain) error {
	for u, err := range r.Users.Of(ctx, d.Company) {
		if err != nil {
			return err
		}
		if u.Domain == d.ID {
			return fmt.Errorf("domain %q still has user %q: %w", d.ID, u.ID, ErrInUse)
		}
	}
	for i, err := range r.Imports.Of(ctx, d.Company) {
		if err != nil {
			return err
		}
		if i.Domain == d.ID {
			return fmt.Errorf("import %q brings users into domain %q: %w", i.ID, d.ID, ErrInUse)
		}
	}
	for shared, err := range r.Directories.Of(ctx, d.Company) {
		if err != nil {
			return err
		}
		if slices.Contains(shared.Domains, d.ID) {
			return fmt.Errorf("directory %q is shared with domain %q: %w", shared.ID, d.ID, ErrInUse)
		}
	}
	return nil
}

func (r *Registry) groupUnused(ctx context.Context, g *Group) error {
	for u, err := range r.Users.Of(ctx, g.Company) {
		if err != nil {
			return err
		}
		if slices.Contains(u.Groups, g.ID) {
			return fmt.Errorf("group %q still has user %q: %w", g.ID, u.ID, ErrInUse)
		}
	}
	return nil
}

func (r *Registry) directoryUnused(ctx context.Context, d *Directory) error {
	for u, err := range r.Users.Of(ctx, d.Company) {
		if err != nil {
			return err
		}
		if u.Directory == d.ID {
			return fmt.Errorf("directory %q still shows user %q: %w", d.ID, u.ID, ErrInUse)
		}
	}
	for c, err := range r.Contacts.Of(ctx, d.Company) {
		if err != nil {
			return err
		}
		if c.Directory == d.ID {
			return fmt.Errorf("directory %q still has contact %q: %w", d.ID, c.ID, ErrInUse)
		}
	}
	for i, err := range r.Imports.Of(ctx, d.Company) {
		if err != nil {
			return err
		}
		if i.Directory == d.ID {
			return fmt.Errorf("directory %q belongs to import %q: %w", d.ID, i.ID, ErrInUse)
		}
	}
	return nil
}

// Names that a store keeps unique: a login in its company, an extension in its
// domain.

func loginName(company, login string) string {
	return "login " + slashless(company) + "/" + strings.ToLower(login)
}

func extensionName(domain, number string) string {
	return "extension " + slashless(domain) + "/" + number
}

// slashless escapes an ID so that the slash behind it is the first one (RFC 6901 3).
func slashless(id string) string {
	if !strings.ContainsAny(id, "~/") {
		return id
	}
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(id)
}

func userHeader(u *User) Object {
	o := Object{ID: u.ID, Company: u.Company, Names: []string{loginName(u.Company, u.Login)}}
	for _, e := range u.Extensions {
		o.Names = append(o.Names, extensionName(u.Domain, e.Number))
	}
	o.Import, o.Key = u.Origin.owner()
	return o
}

func contactHeader(c *Contact) Object {
	o := Object{ID: c.ID, Company: c.Company}
	o.Import, o.Key = c.Origin.owner()
	return o
}

func (o *Origin) owner() (imp, key string) {
	if o == nil {
		return "", ""
	}
	return o.Import, o.Key
}

func sealUser(u *User, visit func(ctikit.Binding, *ctikit.Secret)) {
	visit(ctikit.Binding{Company: u.Company, Domain: u.Domain, Kind: ctikit.BindVoiceMail, User: u.ID}, &u.VoiceMail)
	for i := range u.Extensions {
		b := ctikit.Binding{Company: u.Company, Domain: u.Domain, Kind: ctikit.BindExtension, ID: u.Extensions[i].Number, User: u.ID}
		visit(b, &u.Extensions[i].Password)
	}
}
