package directory

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
)

// Contacts and users go, by an import's hand above all, while lists and
// aggregates refer to them: nobody is kept from saving, and an export can be
// imported again.
func TestDeadReferences(t *testing.T) {
	store := NewMemory()
	r := twoCompanies(t, store)
	require.NoError(t, r.Users.Save(ctx, ann()))
	bob := User{ID: "bob", Company: "acme", Domain: "paris", Login: "bob"}
	require.NoError(t, r.Users.Save(ctx, bob))
	contact := func(id string) Contact {
		return Contact{ID: id, Company: "acme", Directory: "main", DisplayName: id}
	}
	require.NoError(t, r.Contacts.Save(ctx, contact("c")))
	require.NoError(t, r.Contacts.Save(ctx, contact("d")))
	both := contact("both")
	both.Parts = []string{"c", "d"}
	require.NoError(t, r.Contacts.Save(ctx, both))
	list := func(id, user string) ContactList {
		return ContactList{ID: id, Company: "acme", User: user, Name: id, Contacts: []string{"user:ann", "c", "d"},
			Personal: []Contact{{ID: "p", Company: "acme", Directory: PersonalDirectory(user), DisplayName: "Mum", Numbers: []Number{{Home, "0155171889"}}}}}
	}
	require.NoError(t, r.Lists.Save(ctx, list("of ann", "ann")))
	require.NoError(t, r.Lists.Save(ctx, list("of bob", "bob")))
	require.NoError(t, r.Contacts.Delete(ctx, "c"))

	require.NoError(t, r.Lists.Update(ctx, "of ann", func(l *ContactList) error { l.Name = "Friends"; return nil }))
	require.ErrorContains(t, r.Lists.Update(ctx, "of ann", func(l *ContactList) error { l.Contacts = append(l.Contacts, "x"); return nil }), `no contact "x"`)
	require.NoError(t, r.Contacts.Update(ctx, "both", func(c *Contact) error { c.LastName = "B"; return nil }))

	// As an import takes him away: his lists stay, an undo may bring him back.
	_, o, err := r.Users.getStored(ctx, "bob")
	require.NoError(t, err)
	require.NoError(t, store.Commit(ctx, Batch{Delete: []Object{o}}))
	ix := NewIndex(french)
	require.NoError(t, r.LoadIndex(ctx, ix))
	require.Equal(t, NoMatch, ix.View("acme", RightsFunc(func(d string) bool { return d == PersonalDirectory("bob") })).Lookup("0155171889", "").Class)

	doc := Document{Sections: r.Sections(false)}
	var text bytes.Buffer
	_, err = doc.Export(ctx, &text)
	require.NoError(t, err)
	_, err = (&Document{Sections: NewRegistry(NewMemory(), ctikit.NewKeyring(ctikit.SealKeyOf([32]byte{1}))).Sections(false)}).Import(ctx, bytes.NewReader(text.Bytes()), ImportOptions{Confirm: true})
	require.NoError(t, err)
	_, err = doc.Import(ctx, &text, ImportOptions{Confirm: true})
	require.NoError(t, err)
	l, err := r.Lists.Get(ctx, "of ann")
	require.NoError(t, err)
	require.Equal(t, []string{"user:ann", "d"}, l.Contacts)
	_, err = r.Lists.Get(ctx, "of bob")
	require.ErrorIs(t, err, ErrNotFound)
	c, err := r.Contacts.Get(ctx, "both")
	require.NoError(t, err)
	require.Equal(t, []string{"c", "d"}, c.Parts)

	// By hand: with everything that was the user's alone.
	require.NoError(t, r.Users.Delete(ctx, "ann"))
	_, err = r.Lists.Get(ctx, "of ann")
	require.ErrorIs(t, err, ErrNotFound)
}

// What others refer to stays.
func TestReferredToIsInUse(t *testing.T) {
	r := twoCompanies(t, NewMemory())
	require.NoError(t, r.Users.Save(ctx, User{ID: "u", Company: "acme", Domain: "paris", Login: "u", Directory: "main"}))
	require.ErrorIs(t, r.Directories.Delete(ctx, "main"), ErrInUse, "a user's card is in it")
	require.NoError(t, r.Users.Delete(ctx, "u"))
	require.ErrorIs(t, r.Domains.Delete(ctx, "paris"), ErrInUse, "a directory is shared with it")
	require.NoError(t, r.Directories.Delete(ctx, "main"))
	require.NoError(t, r.Directories.Save(ctx, Directory{ID: "d", Company: "acme", Name: "D", Import: "i"}))
	imp := Import{ID: "i", Company: "acme", Domain: "paris", Directory: "d", Type: LDAP, Target: ToContacts, Mode: InsertUpdate, Mapping: Mapping{{Field: FieldWork, From: []string{"p"}}}}
	require.NoError(t, r.Imports.Save(ctx, imp))
	require.ErrorIs(t, r.Domains.Delete(ctx, "paris"), ErrInUse, "an import brings users into it")
	require.NoError(t, r.DeleteImport(ctx, "i"))
	imp.ID = "next"
	require.NoError(t, r.Imports.Save(ctx, imp), "the directory is free again")
	imp.ID = "another"
	require.ErrorContains(t, r.Imports.Save(ctx, imp), `directory: "d" belongs to import "next"`)
	require.NoError(t, r.DeleteImport(ctx, "next"))
	require.NoError(t, r.Domains.Delete(ctx, "paris"))
}

func TestExtensionText(t *testing.T) {
	r := twoCompanies(t, NewMemory())
	u := ann()
	u.Extensions[0].Number = "40\x1f01"
	require.ErrorContains(t, r.Users.Save(ctx, u), "extensions[0].number: contains control characters")
}
