package directory

import (
	"slices"

	"github.com/ctikit/ctikit"
)

// subject is what an import writes: a user or a contact.
type subject interface {
	fieldValues(Field) []string
	setFieldValues(Field, []string)
	addProblems(*ctikit.Problems)
	originOf() **Origin
	setDisabled(gone bool) // disable because the source no longer has it, or the reverse
	isDisabled() bool
	objectHeader() Object
}

func (u *User) originOf() **Origin    { return &u.Origin }
func (u *User) setDisabled(gone bool) { u.Disabled = gone }
func (u *User) isDisabled() bool      { return u.Disabled }
func (u *User) objectHeader() Object  { return userHeader(u) }

func (c *Contact) originOf() **Origin    { return &c.Origin }
func (c *Contact) setDisabled(gone bool) { c.Hidden = gone }
func (c *Contact) isDisabled() bool      { return c.Hidden }
func (c *Contact) objectHeader() Object  { return contactHeader(c) }

// keepHandEdits removes the fields that differ between old and now from those of the
// import. The origin itself cannot be changed by hand.
func keepHandEdits(old, now subject) {
	was := *old.originOf()
	if was == nil {
		return
	}
	o := was.cloneOrigin()
	o.Fields = slices.DeleteFunc(o.Fields, func(f Field) bool {
		return !slices.Equal(old.fieldValues(f), now.fieldValues(f))
	})
	if old.isDisabled() != now.isDisabled() {
		o.Gone = false
	}
	*now.originOf() = o
}

// mayImport reports whether the import may set the field: it did before, or the
// field is empty.
func mayImport(s subject, f Field) bool {
	o := *s.originOf()
	return o != nil && slices.Contains(o.Fields, f) || len(s.fieldValues(f)) == 0
}

// subjectCodec creates and codes the subjects of an import's target.
type subjectCodec struct {
	kind   string
	fresh  func(imp *Import, key string) subject
	encode func(subject) (Object, error)
	decode func(Object) (subject, error)
}

func (r *Registry) subjectCodec(target Target) subjectCodec {
	if target == ToContacts {
		return subjectCodec{
			kind: kindContact,
			fresh: func(i *Import, key string) subject {
				return &Contact{ID: escapeSlash(i.ID) + "/" + key, Company: i.Company, Directory: i.Directory}
			},
			encode: func(s subject) (Object, error) { return r.Contacts.encodeObject(s.(*Contact)) },
			decode: func(o Object) (subject, error) { c, err := r.Contacts.decodeObject(o); return &c, err },
		}
	}
	return subjectCodec{
		kind: kindUser,
		fresh: func(i *Import, key string) subject {
			return &User{ID: escapeSlash(i.ID) + "/" + key, Company: i.Company, Domain: i.Domain, Directory: i.Directory}
		},
		encode: func(s subject) (Object, error) { return r.Users.encodeObject(s.(*User)) },
		decode: func(o Object) (subject, error) { u, err := r.Users.decodeObject(o); return &u, err },
	}
}
