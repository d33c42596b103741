package setup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/auth"
	"github.com/ctikit/ctikit/auth/licence"
	"github.com/ctikit/ctikit/auth/params"
	"github.com/ctikit/ctikit/auth/rights"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/cti/forwardrules"
	"github.com/ctikit/ctikit/cti/gateway"
	"github.com/ctikit/ctikit/directory"
)

// Installation is everything that a host keeps, in memory here.
type Installation struct {
	*Settings
	Gateway    *gateway.Gateway
	Registry   *directory.Registry
	Accounts   *auth.Local
	Parameters *params.Set
	Rights     *rights.Set
	Licences   *licence.Licences
	Rules      *forwardrules.Manager

	key      *ctikit.Keyring // nil: no secret leaves
	subjects *directory.Subjects
}

// Install makes an installation of settings: one company, one domain, the users
// in a group that may see the contacts. key seals secrets in the document.
func Install(ctx context.Context, s *Settings, key *ctikit.Keyring) (in *Installation, err error) {
	in = &Installation{Settings: s, key: key, Registry: directory.NewRegistry(directory.NewMemory(), key)}
	if err := in.registerPeople(ctx); err != nil {
		return nil, err
	}
	if in.subjects, err = in.Registry.Subjects(ctx); err != nil {
		return nil, err
	}
	if in.Accounts, err = auth.NewLocal(auth.LocalConfig{Store: &auth.MemoryStore{}}); err != nil {
		return nil, err
	}
	if in.Parameters, err = params.New(in.subjects, auth.Definitions("TWS")...); err != nil {
		return nil, err
	}
	if in.Licences, err = oneSeat(); err != nil {
		return nil, err
	}
	ofCompany := func(object, id string) (company string, bound bool) {
		return in.subjects.DirectoryCompany(id), object == rights.Directory
	}
	cfg := rights.Config{Subjects: in.subjects, ObjectCompany: ofCompany, Licences: in.Licences}
	if in.Rights, err = rights.New(cfg); err != nil {
		return nil, err
	}
	if in.Gateway, err = gateway.New(s.CTI); err != nil {
		return nil, err
	}
	in.Rules = forwardrules.New(in.Gateway, forwardrules.Options{})
	contacts := rights.Object{Type: rights.Directory, ID: contactsID}
	return in, in.Rights.Grant(rights.Grant{To: rights.Group(everybody), On: contacts})
}

const everybody = "everybody"

// Chain signs users in by their passwords.
func (in *Installation) Chain() (*auth.Chain, error) {
	methods := map[auth.Method]auth.Authenticator{auth.TWS: in.Accounts}
	return auth.New(auth.Config{Users: in, Parameters: in.Parameters, Company: in.subjects.Company, Methods: methods})
}

// Find and Enabled make the installation an auth.Users.
func (in *Installation) Find(name, domain string) (string, bool) {
	id := in.subjects.ByLogin(in.Company(), name)
	return id, id != "" && domain == ""
}

// Enabled reports whether the user may sign in at all.
func (in *Installation) Enabled(user string) bool {
	for id, enabled := range in.subjects.Users() {
		if id == user {
			return enabled
		}
	}
	return false
}

// ExtensionOf is the number of a user's first extension.
func (in *Installation) ExtensionOf(ctx context.Context, user string) (cti.DeviceID, error) {
	u, err := in.Registry.Users.Get(ctx, user)
	if err != nil {
		return "", err
	}
	if len(u.Extensions) == 0 {
		return "", fmt.Errorf("%s has no extension", user)
	}
	return cti.DeviceID(u.Extensions[0].Number), nil
}

// Company is that of all users.
func (in *Installation) Company() string { return orElse(in.File.Company, "company") }

// registerPeople registers what the settings tell.
func (in *Installation) registerPeople(ctx context.Context) error {
	r, f := in.Registry, in.File
	company, domain := in.Company(), orElse(f.Name, "domain")
	errs := []error{
		Organisation(ctx, r, domain, directory.Directory{ID: contactsID, Company: company, Name: "Contacts"}),
		r.Groups.Save(ctx, directory.Group{ID: everybody, Company: company, Name: "Everybody"}),
	}
	for _, u := range f.Users {
		errs = append(errs, r.Users.Save(ctx, directory.User{ID: u.Login, Company: company, Domain: domain, Login: u.Login,
			FirstName: u.FirstName, LastName: u.LastName, Groups: []string{everybody},
			Extensions: []directory.Extension{{Number: u.Extension}}}))
	}
	for _, c := range in.Contacts {
		c.Company = company
		errs = append(errs, r.Contacts.Save(ctx, c))
	}
	return errors.Join(errs...)
}

// Organisation registers a company of one domain and one directory.
func Organisation(ctx context.Context, r *directory.Registry, domain string, d directory.Directory) error {
	return errors.Join(
		r.Companies.Save(ctx, directory.Company{ID: d.Company, Name: d.Company}),
		r.Domains.Save(ctx, directory.Domain{ID: domain, Company: d.Company, Name: domain}),
		r.Directories.Save(ctx, d))
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// Document is the whole configuration, to be exported and imported.
func (in *Installation) Document() directory.Document {
	links := in.Gateway.Sections(gateway.SectionOptions{Key: in.key,
		Connect: func(p cti.Protocol, s driver.LinkSettings) (driver.Connector, error) {
			return Connector(in.dial, p, s)
		}})
	people := in.Registry.Sections(in.key != nil)
	for i, s := range people {
		if s.Name == "users" {
			people[i] = in.refreshAfter(s)
		}
	}
	return directory.Document{Sections: slices.Concat(people, links, []ctikit.Section{
		in.Plan.Section("dialplans", nil), in.Accounts.Section(in.key),
		in.Parameters.Section(), in.Rights.Section(), in.Rules.Section(nil),
	})}
}

// refreshAfter lets parameters and rights, which come after the users, see them.
func (in *Installation) refreshAfter(users ctikit.Section) ctikit.Section {
	replace := users.Import
	users.Import = func(ctx context.Context, part ctikit.Import) (int, error) {
		n, err := replace(ctx, part)
		if err == nil && !part.DryRun {
			err = in.subjects.Refresh(ctx)
		}
		return n, err
	}
	return users
}

// ReadKey reads the key of a file that holds 64 hexadecimal digits; "" is no key.
func ReadKey(path string) (*ctikit.Keyring, error) {
	if path == "" {
		return nil, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, Mistake{err}
	}
	key, err := ctikit.ParseSealKey(string(text))
	if err != nil {
		return nil, Mistake{fmt.Errorf("%s: %w", path, err)}
	}
	return ctikit.NewKeyring(key), nil
}
