package directory

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
)

// twoCompanies has acme (domain paris, group sales, directory main) and other
// (domain berlin, group dev, directory far).
func twoCompanies(t *testing.T, store Store) *Registry {
	t.Helper()
	r := NewRegistry(store, ctikit.NewKeyring(ctikit.SealKeyOf([32]byte{1})))
	for _, c := range []struct{ company, domain, group, dir string }{{"acme", "paris", "sales", "main"}, {"other", "berlin", "dev", "far"}} {
		require.NoError(t, r.Companies.Save(ctx, Company{ID: c.company, Name: strings.ToUpper(c.company)}))
		require.NoError(t, r.Domains.Save(ctx, Domain{ID: c.domain, Company: c.company, Name: c.domain}))
		require.NoError(t, r.Groups.Save(ctx, Group{ID: c.group, Company: c.company, Name: c.group}))
		require.NoError(t, r.Directories.Save(ctx, Directory{ID: c.dir, Company: c.company, Name: c.dir, Domains: []string{c.domain}}))
	}
	return r
}

func ann() User {
	return User{ID: "ann", Company: "acme", Domain: "paris", Login: "Ann", FirstName: "Ann", Groups: []string{"sales"}, Directory: "main",
		VoiceMail: newSecret("0000"), Extensions: []Extension{{Number: "4001", Protocol: VTIXML, Password: newSecret("1234")}}}
}

func TestCompaniesShareNothing(t *testing.T) {
	r := twoCompanies(t, NewMemory())
	require.NoError(t, r.Users.Save(ctx, ann()))
	require.NoError(t, r.Contacts.Save(ctx, Contact{ID: "c", Company: "acme", Directory: "main", DisplayName: "C"}))
	user := func(f func(*User)) error {
		u := ann()
		u.ID, u.Login, u.Extensions = "x", "x", nil
		f(&u)
		return r.Users.Save(ctx, u)
	}
	imp := Import{ID: "i", Company: "acme", Domain: "paris", Directory: "far", Type: LDAP, Target: ToContacts, Mode: InsertUpdate, Mapping: Mapping{{Field: FieldWork, From: []string{"p"}}}}
	for name, err := range map[string]error{
		"user, domain":         user(func(u *User) { u.Domain = "berlin" }),
		"user, group":          user(func(u *User) { u.Groups = []string{"sales", "dev"} }),
		"user, directory":      user(func(u *User) { u.Directory = "far" }),
		"contact, directory":   r.Contacts.Save(ctx, Contact{ID: "x", Company: "acme", Directory: "far", DisplayName: "X"}),
		"directory, domain":    r.Directories.Save(ctx, Directory{ID: "x", Company: "acme", Name: "x", Domains: []string{"berlin"}}),
		"import, directory":    r.Imports.Save(ctx, imp),
		"members":              r.ChangeMembers(ctx, "dev", []string{"ann"}, nil),
		"list, contact":        r.Lists.Save(ctx, ContactList{ID: "l", Company: "other", User: "ann", Name: "l", Contacts: []string{"c"}}),
		"list, card of a user": r.Lists.Save(ctx, ContactList{ID: "l", Company: "other", User: "ann", Name: "l", Contacts: []string{"user:ann"}}),
		"aggregate":            func() error { _, err := Aggregate(Contact{Company: "acme"}, Contact{Company: "other"}); return err }(),
	} {
		require.ErrorIs(t, err, ctikit.ErrCrossCompany, name)
	}
	require.Len(t, usersOf(t, r), 1)
}

func usersOf(t *testing.T, r *Registry) map[string]User { return users(t, &Sync{Registry: r}) }

func TestSaveNamesEveryMistake(t *testing.T) {
	r := twoCompanies(t, NewMemory())
	err := r.Users.Save(ctx, User{ID: "u", Company: "acme", Domain: "nowhere", Groups: []string{"x"},
		Extensions: []Extension{{Number: "1"}, {Number: "1", Protocol: "sip"}}, Numbers: []Number{{"car", ""}}})
	require.ErrorIs(t, err, ctikit.ErrInvalid)
	for _, want := range []string{"login: missing", `domain: no domain "nowhere"`, `groups[0]: no group "x"`, `extensions[1].number: duplicate "1"`,
		`extensions[1].protocol: must be one of ["" "vti-xml" "csta"], got "sip"`, `numbers[0].kind: must be one of ["work" "mobile" "home" "fax" "internal" "other"], got "car"`, "numbers[0].value: missing"} {
		require.ErrorContains(t, err, want)
	}
	err = r.Imports.Save(ctx, Import{ID: "i", Company: "acme", Domain: "paris", Directory: "main", Type: A5000, Target: ToContacts, Mode: "all", Media: "RTP", Port: 1 << 20,
		Mapping: Mapping{{Field: "shoe", From: []string{"x{y"}}, {Field: FieldLogin, From: []string{"a"}, Template: "{b}"}, {Field: FieldWork, From: []string{"t"}, Mask: 1}}})
	for _, want := range []string{"mode:", "media:", "port:", "base: missing", "key: missing", "mapping[0].field:", "mapping[0].from[0]:", "mapping[1]: exactly one of", "mapping[2].mask:", `contacts have no field "login"`} {
		require.ErrorContains(t, err, want)
	}
}

func TestDirectoryOfAnImport(t *testing.T) {
	r := twoCompanies(t, NewMemory())
	require.NoError(t, r.Directories.Save(ctx, Directory{ID: "ad", Company: "acme", Name: "AD", Domains: []string{"paris"}, Import: "first"}))
	imp := Import{ID: "first", Company: "acme", Domain: "paris", Directory: "ad", Type: LDAP, Target: ToContacts, Mode: InsertUpdate, Mapping: Mapping{{Field: FieldWork, From: []string{"p"}}}}
	require.NoError(t, r.Imports.Save(ctx, imp))
	imp.ID = "second"
	require.ErrorContains(t, r.Imports.Save(ctx, imp), `directory: "ad" belongs to import "first"`)
	require.ErrorIs(t, r.Directories.Delete(ctx, "ad"), ErrInUse)
	d, err := r.Directories.Get(ctx, "ad")
	require.NoError(t, err)
	require.True(t, d.Serves("paris"))
	require.False(t, d.Serves("lyon"))
	require.True(t, (&Directory{}).Serves("lyon"))
}

func TestUniqueNames(t *testing.T) {
	r := twoCompanies(t, NewMemory())
	require.NoError(t, r.Users.Save(ctx, ann()))
	var taken *Taken
	require.ErrorAs(t, r.Users.Save(ctx, User{ID: "2", Company: "acme", Domain: "paris", Login: "ANN"}), &taken)
	require.ErrorAs(t, r.Users.Save(ctx, User{ID: "2", Company: "acme", Domain: "paris", Login: "b", Extensions: []Extension{{Number: "4001"}}}), &taken)
	require.Equal(t, "ann", taken.By)
	require.NoError(t, r.Users.Save(ctx, User{ID: "2", Company: "other", Domain: "berlin", Login: "ann", Extensions: []Extension{{Number: "4001"}}}), "another company")
}

func TestDirectoriesSharedBetweenDomains(t *testing.T) {
	r := twoCompanies(t, NewMemory())
	require.NoError(t, r.Domains.Save(ctx, Domain{ID: "lyon", Company: "acme", Name: "Lyon"}))
	require.NoError(t, r.Directories.Save(ctx, Directory{ID: "all", Company: "acme", Name: "All"}))
	require.NoError(t, r.Directories.Save(ctx, Directory{ID: "both", Company: "acme", Name: "Both", Domains: []string{"lyon", "paris"}}))
	for i, dir := range []string{"main", "all", "both"} {
		require.NoError(t, r.Contacts.Save(ctx, Contact{ID: dir, Company: "acme", Directory: dir, DisplayName: dir, Numbers: []Number{{Work, fmt.Sprint("015517188", i)}}}))
	}
	ix := NewIndex(french)
	require.NoError(t, r.LoadIndex(ctx, ix))
	for _, test := range []struct {
		domain string
		rights Rights
		want   []string
	}{
		{"paris", everything, []string{"main", "all", "both"}},
		{"lyon", everything, []string{"", "all", "both"}},
		{"lyon", RightsFunc(func(d string) bool { return d != "all" }), []string{"", "", "both"}},
		{"paris", nil, []string{"", "", ""}},
	} {
		rights, err := r.RightsIn(ctx, test.domain, test.rights)
		require.NoError(t, err)
		for i, want := range test.want {
			require.Equal(t, want, ix.View("acme", rights).Lookup(fmt.Sprint("015517188", i), "").Name, "%+v", test)
		}
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	_, err := r.RightsIn(ended, "paris", everything)
	require.ErrorIs(t, err, context.Canceled)
}

// A name with a slash is that of nobody else: not of another company's user whose
// company looks like its beginning.
func TestNamesOfCompaniesStayApart(t *testing.T) {
	r := NewRegistry(NewMemory(), nil)
	for _, company := range []string{"a", "a/b", "a~1b"} {
		require.NoError(t, r.Companies.Save(ctx, Company{ID: company, Name: company}))
		require.NoError(t, r.Domains.Save(ctx, Domain{ID: company, Company: company, Name: company}))
	}
	for id, u := range map[string]User{
		"1": {Company: "a", Login: "b/c", Extensions: []Extension{{Number: "b/1"}}},
		"2": {Company: "a/b", Login: "c", Extensions: []Extension{{Number: "1"}}},
		"3": {Company: "a~1b", Login: "c", Extensions: []Extension{{Number: "1"}}},
	} {
		u.ID, u.Domain = id, u.Company
		require.NoError(t, r.Users.Save(ctx, u))
	}
	s, err := r.Subjects(ctx)
	require.NoError(t, err)
	of := func(imp, key string) string {
		return r.subjectCodec(ToUsers).fresh(&Import{ID: imp}, key).objectHeader().ID
	}
	require.NotEqual(t, of("i", "b/1"), of("i/b", "1"), "IDs of what imports bring in neither")
	require.Equal(t, []string{"1", "2", "3", ""}, []string{s.ByLogin("a", "b/c"), s.ByLogin("a/b", "c"), s.ByLogin("a~1b", "C"), s.ByLogin("a", "c")})
}

func TestSecretsAreSealedAtRest(t *testing.T) {
	store := NewMemory()
	r := twoCompanies(t, store)
	require.NoError(t, r.Users.Save(ctx, ann()))
	for o, err := range store.Objects(ctx, Query{Kind: kindUser}) {
		require.NoError(t, err)
		require.NotContains(t, string(o.Data), "1234")
		require.NotContains(t, string(o.Data), "0000")
	}
	u, err := r.Users.Get(ctx, "ann")
	require.NoError(t, err)
	require.Equal(t, "1234", u.Extensions[0].Password.Reveal())
	require.Equal(t, "0000", u.VoiceMail.Reveal())
	_, err = NewRegistry(store, ctikit.NewKeyring(ctikit.SealKeyOf([32]byte{2}))).Users.Get(ctx, "ann")
	require.Error(t, err, "another key")
	require.ErrorContains(t, NewRegistry(store, nil).Users.Save(ctx, User{ID: "b", Company: "acme", Domain: "paris", Login: "b", VoiceMail: newSecret("1")}), "no key to seal")
}

func TestChangeMembers(t *testing.T) {
	r := twoCompanies(t, NewMemory())
	require.NoError(t, r.Groups.Save(ctx, Group{ID: "all", Company: "acme", Name: "All"}))
	require.NoError(t, r.Users.Save(ctx, ann()))
	require.NoError(t, r.ChangeMembers(ctx, "all", []string{"ann"}, nil))
	require.NoError(t, r.ChangeMembers(ctx, "all", []string{"ann"}, nil))
	groups, err := r.GroupsOf(ctx, "ann")
	require.NoError(t, err)
	require.Equal(t, []string{"sales", "all"}, groups)
	require.NoError(t, r.ChangeMembers(ctx, "sales", nil, []string{"ann"}))
	groups, _ = r.GroupsOf(ctx, "ann")
	require.Equal(t, []string{"all"}, groups)
	require.ErrorIs(t, r.ChangeMembers(ctx, "all", []string{"nobody"}, nil), ErrNotFound)
	u, _ := r.Users.Get(ctx, "ann")
	require.Equal(t, "1234", u.Extensions[0].Password.Reveal())
}

func TestDeleteWhatIsUsed(t *testing.T) {
	r := twoCompanies(t, NewMemory())
	require.NoError(t, r.Users.Save(ctx, ann()))
	for _, err := range []error{r.Companies.Delete(ctx, "acme"), r.Domains.Delete(ctx, "paris"), r.Groups.Delete(ctx, "sales")} {
		require.ErrorIs(t, err, ErrInUse)
	}
	require.NoError(t, r.Users.Delete(ctx, "ann"))
	require.NoError(t, r.Groups.Delete(ctx, "sales"))
	require.ErrorIs(t, r.Groups.Delete(ctx, "sales"), ErrNotFound)
	require.NoError(t, r.Contacts.Save(ctx, Contact{ID: "c", Company: "acme", Directory: "main", DisplayName: "C"}))
	require.ErrorIs(t, r.Directories.Delete(ctx, "main"), ErrInUse)
}

func TestContactLists(t *testing.T) {
	r := twoCompanies(t, NewMemory())
	require.NoError(t, r.Users.Save(ctx, ann()))
	list := ContactList{ID: "l", Company: "acme", User: "ann", Name: "Friends", Contacts: []string{"user:ann"},
		Personal: []Contact{{ID: "p", Company: "acme", Directory: PersonalDirectory("ann"), DisplayName: "Mum", Numbers: []Number{{Home, "0155"}}}}}
	require.NoError(t, r.Lists.Save(ctx, list))
	ix := NewIndex(french)
	require.NoError(t, r.LoadIndex(ctx, ix))
	own := RightsFunc(func(d string) bool { return d == PersonalDirectory("ann") })
	require.Equal(t, "Mum", ix.View("acme", own).Lookup("0155", "").Name)
	require.Empty(t, ix.View("acme", RightsFunc(func(d string) bool { return d == "main" })).Lookup("0155", "").Name)
	list.Personal[0].Directory = "main"
	require.ErrorContains(t, r.Lists.Save(ctx, list), "personal[0]")
	list.Personal, list.Contacts = nil, []string{"nobody"}
	require.ErrorContains(t, r.Lists.Save(ctx, list), `contacts[0]: no contact "nobody"`)
}

func TestAggregate(t *testing.T) {
	got, err := Aggregate(
		Contact{ID: "1", Company: "a", FirstName: "Ann", Numbers: []Number{{Work, "+33 1 55"}}},
		Contact{ID: "2", Company: "a", FirstName: "A.", LastName: "Lee", Numbers: []Number{{Work, "+33155"}, {Mobile, "06"}}, Attributes: map[string]string{"x": "y"}})
	require.NoError(t, err)
	require.Equal(t, Contact{ID: "1", Company: "a", FirstName: "Ann", LastName: "Lee", Numbers: []Number{{Work, "+33 1 55"}, {Mobile, "06"}},
		Attributes: map[string]string{"x": "y"}, Parts: []string{"2"}}, got)
	_, err = Aggregate()
	require.Error(t, err)
}

func TestDocument(t *testing.T) {
	r := twoCompanies(t, NewMemory())
	require.NoError(t, r.Users.Save(ctx, ann()))
	require.NoError(t, r.Contacts.Save(ctx, Contact{ID: "c", Company: "acme", Directory: "main", DisplayName: "C"}))
	doc := Document{Sections: r.Sections(false)}
	var plain bytes.Buffer
	steps, err := doc.Export(ctx, &plain)
	require.NoError(t, err)
	require.Equal(t, `-------------  START --------------
Initialization... done
Exporting companies... 2 done
Exporting domains... 2 done
Exporting directories... 2 done
Exporting groups... 2 done
Exporting users... 1 done
Exporting imports... 0 done
Exporting contacts... 1 done
Exporting contact lists... 0 done
--------------  END ---------------
`, steps.String())
	require.NotContains(t, plain.String(), "1234")
	require.NotContains(t, plain.String(), "sealed:")

	// Back into the same registry: what was made meanwhile goes, secrets stay.
	require.NoError(t, r.Contacts.Save(ctx, Contact{ID: "new", Company: "acme", Directory: "main", DisplayName: "N"}))
	_, err = doc.Import(ctx, bytes.NewReader(plain.Bytes()), ImportOptions{})
	require.ErrorIs(t, err, ErrNotConfirmed)
	_, err = doc.Import(ctx, bytes.NewReader(plain.Bytes()), ImportOptions{DryRun: true})
	require.NoError(t, err)
	_, err = r.Contacts.Get(ctx, "new")
	require.NoError(t, err)
	steps, err = doc.Import(ctx, bytes.NewReader(plain.Bytes()), ImportOptions{Confirm: true})
	require.NoError(t, err)
	require.Contains(t, steps.String(), "Creating users... 1 done\n")
	require.Contains(t, steps.String(), "Creating contacts... 1 done\nImporting user data...\n0 contact lists done\n--------------  END")
	_, err = r.Contacts.Get(ctx, "new")
	require.ErrorIs(t, err, ErrNotFound)
	u, err := r.Users.Get(ctx, "ann")
	require.NoError(t, err)
	require.Equal(t, "1234", u.Extensions[0].Password.Reveal())

	// Into an empty one, with the same key and with another.
	var withSecrets bytes.Buffer
	_, err = (&Document{Sections: r.Sections(true)}).Export(ctx, &withSecrets)
	require.NoError(t, err)
	require.NotContains(t, withSecrets.String(), "1234")
	fresh := NewRegistry(NewMemory(), ctikit.NewKeyring(ctikit.SealKeyOf([32]byte{1})))
	_, err = (&Document{Sections: fresh.Sections(true)}).Import(ctx, &withSecrets, ImportOptions{Confirm: true})
	require.NoError(t, err)
	again, err := fresh.Users.Get(ctx, "ann")
	require.NoError(t, err)
	require.Equal(t, "1234", again.Extensions[0].Password.Reveal())
	_, err = (&Document{Sections: r.Sections(true)}).Export(ctx, &withSecrets)
	require.NoError(t, err)
	foreign := NewRegistry(NewMemory(), ctikit.NewKeyring(ctikit.SealKeyOf([32]byte{2})))
	_, err = (&Document{Sections: foreign.Sections(true)}).Import(ctx, &withSecrets, ImportOptions{Confirm: true})
	require.ErrorContains(t, err, "does not open")
	require.Empty(t, usersOf(t, foreign))
}

func TestDocumentRefuses(t *testing.T) {
	r := twoCompanies(t, NewMemory())
	require.NoError(t, r.Users.Save(ctx, ann()))
	doc := Document{Sections: r.Sections(false)}
	head := `{"format":"ctikit configuration","version":1,"made":"2026-01-01T00:00:00Z","sections":[`
	user := `{"name":"users","items":1,"data":[{"value":{"id":"bob","company":"acme","domain":"paris","login":"bob"`
	for text, want := range map[string]string{
		"":  "not a configuration document",
		"{": "not a configuration document",
		`{"format":"x","version":9,"sections":[{"name":"shoes"},{"name":"users","data":[]},{"name":"users","data":[]}]}`: `version: must be 1, got 9`,
		head + `{"name":"shoes","data":[]}]}`:           `sections[0].name: unknown section "shoes"`,
		head + user + `,"shoe":1}}]}]}`:                 `unknown field`,
		head + user + `,"voiceMail":"[redacted]"}}]}]}`: `"[redacted]" is a placeholder, not a secret`,
		head + user + `,"groups":["dev"]}}]}]}`:         "different companies",
		head + user + `,"groups":["none"]}}]}]}`:        `users[0].value.groups[0]: no group "none"`,
		head + user + `,"extensions":[{"number":"1"}]}},{"value":{"id":"c","company":"acme","domain":"paris","login":"BOB"}}]}]}`: "belongs to",
	} {
		_, err := doc.Import(ctx, strings.NewReader(text), ImportOptions{Confirm: true})
		require.ErrorContains(t, err, want, text)
		require.Len(t, usersOf(t, r), 1)
	}
}

// A section that fails after others were replaced: they are put back.
func TestDocumentRestores(t *testing.T) {
	r := twoCompanies(t, NewMemory())
	failing := ctikit.Section{
		Name:   "rules",
		Export: func(context.Context) (json.RawMessage, int, error) { return json.RawMessage("[]"), 0, nil },
		Import: func(_ context.Context, in ctikit.Import) (int, error) {
			if in.DryRun {
				return 0, nil
			}
			return 0, errors.New("disk is full")
		},
	}
	doc := Document{Sections: append([]ctikit.Section{failing}, r.Sections(false)...)}
	var text bytes.Buffer
	_, err := doc.Export(ctx, &text)
	require.NoError(t, err)
	require.NoError(t, r.Users.Save(ctx, ann()))
	steps, err := doc.Import(ctx, &text, ImportOptions{Confirm: true})
	require.ErrorContains(t, err, "rules: disk is full")
	require.True(t, steps.Restored)
	u, err := r.Users.Get(ctx, "ann")
	require.NoError(t, err)
	require.Equal(t, "Ann", u.Login)
	require.Equal(t, "1234", u.Extensions[0].Password.Reveal(), "also what the document leaves out")
}

func TestSubjects(t *testing.T) {
	r := twoCompanies(t, NewMemory())
	require.NoError(t, r.Users.Save(ctx, ann()))
	s, err := r.Subjects(ctx)
	require.NoError(t, err)
	require.Equal(t, []string{"sales"}, s.Groups("ann"))
	require.Equal(t, "paris", s.Domain("ann"))
	require.Equal(t, []string{"acme", ""}, []string{s.DirectoryCompany("main"), s.DirectoryCompany("x")})
	require.Equal(t, []string{"acme", "other", "", ""}, []string{s.Company("ann"), s.Company("dev"), s.Company("x"), s.Domain("x")})
	require.Equal(t, "ann", s.ByLogin("acme", " ANN"))
	require.Empty(t, s.ByLogin("other", "ann"))
	require.NoError(t, r.Users.Update(ctx, "ann", func(u *User) error { u.Disabled = true; return nil }))
	require.NoError(t, s.Refresh(ctx))
	for id, enabled := range s.Users() {
		require.Equal(t, "ann", id)
		require.False(t, enabled)
	}
}
