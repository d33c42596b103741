package directory

import (
	"context"
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

// Registry gives typed access to a [Store]. Every change is checked: required
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
	r.Companies = newCollection(r, kindCompany, codec[Company]{
		header: func(c *Company) Object { return Object{ID: c.ID, Company: c.ID} },
		rules:  companyRules,
		requireUnused: func(ctx context.Context, c *Company) error {
			return r.requireNoneSelected(ctx, kindCompany, c.ID, Query{Company: c.ID},
				kindDomain, kindGroup, kindDirectory, kindUser, kindImport)
		},
	})
	r.Domains = newCollection(r, kindDomain, codec[Domain]{
		header:        func(d *Domain) Object { return Object{ID: d.ID, Company: d.Company} },
		rules:         domainRules,
		requireUnused: r.requireDomainUnused,
	})
	r.Groups = newCollection(r, kindGroup, codec[Group]{
		header:        func(g *Group) Object { return Object{ID: g.ID, Company: g.Company} },
		rules:         groupRules,
		requireUnused: r.requireGroupUnused,
	})
	r.Directories = newCollection(r, kindDirectory, codec[Directory]{
		header:        func(d *Directory) Object { return Object{ID: d.ID, Company: d.Company} },
		rules:         directoryRules,
		requireUnused: r.requireDirectoryUnused,
	})
	r.Users = newCollection(r, kindUser, codec[User]{
		header: userHeader, rules: userRules, seal: sealUser, clone: (*User).cloneUser, dependents: r.userLists,
		keepEdits: func(old, now *User) { keepHandEdits(old, now) },
	})
	r.Contacts = newCollection(r, kindContact, codec[Contact]{
		header: contactHeader, rules: contactRules, keepEdits: func(old, now *Contact) { keepHandEdits(old, now) },
	})
	r.Imports = newCollection(r, kindImport, codec[Import]{
		header: func(i *Import) Object { return Object{ID: i.ID, Company: i.Company} },
		rules:  importRules, seal: sealImport, clone: (*Import).cloneImport,
		requireUnused: func(ctx context.Context, i *Import) error {
			return r.requireNoneSelected(ctx, kindImport, i.ID, Query{Import: i.ID}, kindUser, kindContact)
		},
	})
	r.Lists = newCollection(r, kindList, codec[ContactList]{
		header: func(l *ContactList) Object { return Object{ID: l.ID, Company: l.Company} },
		rules:  listRules, prepareExport: r.prepareListExport,
		keepEdits: func(old, now *ContactList) { now.kept = old.Contacts },
	})
	return r
}

// LoadIndex replaces the content of an index by all contact cards: contacts, users that
// have a directory, and personal contacts, which are in [PersonalDirectory]. Keep the
// index current with [Index.Update], or call LoadIndex again after a run. The error is
// that of the store or of [Index.Replace].
func (r *Registry) LoadIndex(ctx context.Context, ix *Index) error {
	cards, err := r.readCards(ctx)
	if err != nil {
		return fmt.Errorf("load index: %w", err)
	}
	return ix.Replace(cards)
}

func (r *Registry) readCards(ctx context.Context) (cards []Contact, err error) {
	names := map[string]string{}
	for c, err := range r.Companies.All(ctx) {
		if err != nil {
			return nil, err
		}
		names[c.ID] = c.Name
	}
	users := map[string]bool{}
	for u, err := range r.Users.All(ctx) {
		if err != nil {
			return nil, err
		}
		users[u.ID] = true
		if u.Directory != "" && !u.Disabled {
			cards = append(cards, u.Card(names[u.Company]))
		}
	}
	for c, err := range r.Contacts.All(ctx) {
		if err != nil {
			return nil, err
		}
		if !c.Hidden {
			cards = append(cards, c)
		}
	}
	for l, err := range r.Lists.All(ctx) {
		if err != nil {
			return nil, err
		}
		for _, c := range l.Personal {
			if !users[l.User] {
				continue // an import removed the user; the lists wait for an undo
			}
			c.ID = "list:" + escapeSlash(l.ID) + "/" + c.ID // unique in its list only
			cards = append(cards, c)
		}
	}
	return cards, nil
}

// firstOf returns the first value of a sequence.
func firstOf[T any](seq iter.Seq2[T, error]) (out T, found bool, err error) {
	for v, err := range seq {
		return v, err == nil, err
	}
	return out, false, nil
}

// lookUpHeader returns an object without its data.
func (r *Registry) lookUpHeader(ctx context.Context, kind, id string) (o Object, found bool, err error) {
	return firstOf(r.store.Objects(ctx, Query{Kind: kind, IDs: []string{id}, Headers: true}))
}
