package directory

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/ctikit/ctikit"
)

// Kinds of stored objects.
const (
	kindCompany   = "company"
	kindDomain    = "domain"
	kindGroup     = "group"
	kindDirectory = "directory"
	kindUser      = "user"
	kindContact   = "contact"
	kindImport    = "import"
	kindState     = "importState"
	kindList      = "contactList"
)

// Registry is the typed face of a [Store]. Every change is checked: required
// fields, references, companies that share nothing. It may be used concurrently.
type Registry struct {
	Companies   *Collection[Company]
	Domains     *Collection[Domain]
	Groups      *Collection[Group]
	Directories *Collection[Directory]
	Users       *Collection[User]
	Contacts    *Collection[Contact]
	Imports     *Collection[Import]
	Lists       *Collection[ContactList]

	store Store
	key   *ctikit.Keyring
}

// NewRegistry returns the registry of a store. key seals the passwords of
// extensions, voice mail and imports; nil refuses to save any.
func NewRegistry(store Store, key *ctikit.Keyring) *Registry {
	r := &Registry{store: store, key: key}
	r.Companies = collect(r, kindCompany, codec[Company]{
		header: func(c *Company) Object { return Object{ID: c.ID, Company: c.ID} },
		check:  r.checkCompany,
		unused: func(ctx context.Context, c *Company) error {
			return r.unused(ctx, kindCompany, c.ID, Query{Company: c.ID}, kindDomain, kindGroup, kindDirectory, kindUser, kindImport)
		},
	})
	r.Domains = collect(r, kindDomain, codec[Domain]{
		header: func(d *Domain) Object { return Object{ID: d.ID, Company: d.Company} },
		check:  r.checkDomain,
		unused: r.domainUnused,
	})
	r.Groups = collect(r, kindGroup, codec[Group]{
		header: func(g *Group) Object { return Object{ID: g.ID, Company: g.Company} },
		check:  r.checkGroup,
		unused: r.groupUnused,
	})
	r.Directories = collect(r, kindDirectory, codec[Directory]{
		header: func(d *Directory) Object { return Object{ID: d.ID, Company: d.Company} },
		check:  r.checkDirectory,
		unused: r.directoryUnused,
	})
	r.Users = collect(r, kindUser, codec[User]{
		header: userHeader, check: r.checkUser, seal: sealUser, clone: (*User).clone, merge: func(old, now *User) { keepHandEdits(old, now) },
		with: r.listsOf,
	})
	r.Contacts = collect(r, kindContact, codec[Contact]{
		header: contactHeader, check: r.checkContact, merge: func(old, now *Contact) { keepHandEdits(old, now) },
	})
	r.Imports = collect(r, kindImport, codec[Import]{
		header: func(i *Import) Object { return Object{ID: i.ID, Company: i.Company} },
		check:  r.checkImport, seal: sealImport, clone: (*Import).clone,
		unused: func(ctx context.Context, i *Import) error {
			return r.unused(ctx, kindImport, i.ID, Query{Import: i.ID}, kindUser, kindContact)
		},
	})
	r.Lists = collect(r, kindList, codec[ContactList]{
		header: func(l *ContactList) Object { return Object{ID: l.ID, Company: l.Company} },
		check:  r.checkList, tidy: r.tidyList,
		merge: func(old, now *ContactList) { now.kept = old.Contacts },
	})
	return r
}

// unused fails where an object of one of the kinds is found by the query.
func (r *Registry) unused(ctx context.Context, kind, id string, q Query, kinds ...string) error {
	for _, q.Kind = range kinds {
		q.Headers = true
		for o, err := range r.store.Objects(ctx, q) {
			if err != nil {
				return err
			}
			return fmt.Errorf("%s %q is still used by %s %q: %w", kind, id, o.Kind, o.ID, ErrInUse)
		}
	}
	return nil
}

// ErrInUse reports that an object cannot be deleted because others refer to it.
var ErrInUse = errors.New("in use")

// LoadIndex replaces the content of an index by all contact cards: contacts, users that show in a
// directory, and personal contacts, which are in [PersonalDirectory]. Keep it current with Update, or call again after a run.
func (r *Registry) LoadIndex(ctx context.Context, ix *Index) error {
	names := map[string]string{}
	for c, err := range r.Companies.All(ctx) {
		if err != nil {
			return fmt.Errorf("load index: %w", err)
		}
		names[c.ID] = c.Name
	}
	var cards []Contact
	there := map[string]bool{}
	for u, err := range r.Users.All(ctx) {
		if err != nil {
			return fmt.Errorf("load index: %w", err)
		}
		there[u.ID] = true
		if u.Directory != "" && !u.Disabled {
			cards = append(cards, u.Card(names[u.Company]))
		}
	}
	for c, err := range r.Contacts.All(ctx) {
		if err != nil {
			return fmt.Errorf("load index: %w", err)
		}
		if !c.Hidden {
			cards = append(cards, c)
		}
	}
	for l, err := range r.Lists.All(ctx) {
		if err != nil {
			return fmt.Errorf("load index: %w", err)
		}
		for _, c := range l.Personal {
			if !there[l.User] {
				continue // an import took the user away; the lists wait for an undo
			}
			c.ID = "list:" + slashless(l.ID) + "/" + c.ID // unique in its list only
			cards = append(cards, c)
		}
	}
	return ix.Replace(cards)
}

// firstOf returns the first value of a sequence.
func firstOf[T any](seq iter.Seq2[T, error]) (out T, found bool, err error) {
	for v, err := range seq {
		return v, err == nil, err
	}
	return out, false, nil
}
