package directory

import (
	"slices"

	"github.com/ctikit/ctikit"
)

// subject is what an import writes: a user or a contact.
type subject interface {
	field(Field) []string
	setField(Field, []string)
	addProblems(*ctikit.Problems)
	origin() **Origin
	retire(gone bool) // disable because the source no longer has it, or the reverse
	retired() bool
	header() Object
}

func (u *User) origin() **Origin { return &u.Origin }
func (u *User) retire(gone bool) { u.Disabled = gone }
func (u *User) retired() bool    { return u.Disabled }
func (u *User) header() Object   { return userHeader(u) }

func (c *Contact) origin() **Origin { return &c.Origin }
func (c *Contact) retire(gone bool) { c.Hidden = gone }
func (c *Contact) retired() bool    { return c.Hidden }
func (c *Contact) header() Object   { return contactHeader(c) }

// keepHandEdits takes the fields that differ between old and now out of the
// import's hands. The origin itself is not the hand's to change.
func keepHandEdits(old, now subject) {
	was := *old.origin()
	if was == nil {
		return
	}
	o := was.clone()
	o.Fields = slices.DeleteFunc(o.Fields, func(f Field) bool { return !slices.Equal(old.field(f), now.field(f)) })
	if old.retired() != now.retired() {
		o.Gone = false
	}
	*now.origin() = o
}

// owns tells whether the import may set the field: it set it before, or nobody has.
func owns(s subject, f Field) bool {
	o := *s.origin()
	return o != nil && slices.Contains(o.Fields, f) || len(s.field(f)) == 0
}

// vessel creates and codes the subjects of an import's target.
type vessel struct {
	kind   string
	fresh  func(imp *Import, key string) subject
	encode func(subject) (Object, error)
	decode func(Object) (subject, error)
}

func (r *Registry) vessel(target Target) vessel {
	if target == ToContacts {
		return vessel{
			kind: kindContact,
			fresh: func(i *Import, key string) subject {
				return &Contact{ID: slashless(i.ID) + "/" + key, Company: i.Company, Directory: i.Directory}
			},
			encode: func(s subject) (Object, error) { return r.Contacts.encode(s.(*Contact)) },
			decode: func(o Object) (subject, error) { c, err := r.Contacts.decode(o); return &c, err },
		}
	}
	return vessel{
		kind: kindUser,
		fresh: func(i *Import, key string) subject {
			return &User{ID: slashless(i.ID) + "/" + key, Company: i.Company, Domain: i.Domain, Directory: i.Directory}
		},
		encode: func(s subject) (Object, error) { return r.Users.encode(s.(*User)) },
		decode: func(o Object) (subject, error) { u, err := r.Users.decode(o); return &u, err },
	}
}
