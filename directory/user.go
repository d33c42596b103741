package directory

import (
	"slices"
	"strings"

	"github.com/ctikit/ctikit"
)

// Protocol is how an extension is supervised (TWP guide 3.3.4).
type Protocol string

// The protocols of an extension.
const (
	NoProtocol Protocol = ""        // not supervised
	VTIXML     Protocol = "vti-xml" // needs the extension password
	CSTA       Protocol = "csta"
)

// Extension is a telephone set of a user.
type Extension struct {
	Number   string        `json:"number"`
	Protocol Protocol      `json:"protocol,omitempty"`
	Password ctikit.Secret `json:"password,omitzero"` // the set's own, for VTI-XML; sealed at rest
	IP       string        `json:"ip,omitempty"`      // of the set, for the recorder
	Video    bool          `json:"video,omitempty"`
	Site     string        `json:"site,omitempty"`    // Site.Cluster, "2.1"
	SetType  string        `json:"setType,omitempty"` // "i2052", "6757i", ...
}

// User is a person who can sign in. A user and the extensions are saved as one
// change. Package auth keeps the password for signing in.
type User struct {
	ID        string        `json:"id"`
	Company   string        `json:"company"`
	Domain    string        `json:"domain"`
	Login     string        `json:"login"` // the Windows login where Windows authentication is used
	FirstName string        `json:"firstName,omitempty"`
	LastName  string        `json:"lastName,omitempty"`
	Mobile    string        `json:"mobile,omitempty"`
	Email     string        `json:"email,omitempty"`
	IP        string        `json:"ip,omitempty"`
	Culture   string        `json:"culture,omitempty"` // language tag: "fr-FR"
	Disabled  bool          `json:"disabled,omitempty"`
	VoiceMail ctikit.Secret `json:"voiceMail,omitzero"` // the PBX voice-mail password; sealed at rest
	Groups    []string      `json:"groups,omitempty"`   // group IDs; the first one listed wins where two disagree

	Extensions []Extension `json:"extensions,omitempty"`

	// Directory is the one that shows the user's contact card; the import's own
	// for an imported user, "" for none.
	Directory string `json:"directory,omitempty"`
	// Numbers are further ones for the contact card, in addition to extensions and mobile.
	Numbers []Number `json:"numbers,omitempty"`
	// Attributes are private ones ("attr1", "title", ...).
	Attributes map[string]string `json:"attributes,omitempty"`

	Origin *Origin `json:"origin,omitempty"` // nil: created by hand
}

// Origin is where an imported user or contact comes from.
type Origin struct {
	Import string `json:"import"`         // ID of the import that owns the object
	Key    string `json:"key"`            // immutable key at the source
	Path   string `json:"path,omitempty"` // its current place there: a DN, a line
	// Fields are those that the import owns and may overwrite. A field that is
	// changed by hand is removed from the list and no longer imported.
	Fields []Field `json:"fields,omitempty"`
	// Gone is set while the object is disabled because the source no longer has
	// it; if the source has it again, the import enables it.
	Gone bool `json:"gone,omitempty"`
}

// DisplayName is "First Last", or the login where both are empty.
func (u *User) DisplayName() string {
	name := strings.TrimSpace(u.FirstName + " " + u.LastName)
	if name == "" {
		return u.Login
	}
	return name
}

// Card returns the user's contact card: extensions first, then the mobile and
// further numbers. organisation is the company's name (TWP guide 6.1).
func (u *User) Card(organisation string) Contact {
	c := Contact{
		ID: userCard + u.ID, Company: u.Company, Directory: u.Directory,
		FirstName: u.FirstName, LastName: u.LastName, DisplayName: u.DisplayName(),
		Organisation: organisation, Email: u.Email, Attributes: u.Attributes, Origin: u.Origin,
	}
	for _, e := range u.Extensions {
		c.Numbers = append(c.Numbers, Number{Kind: Internal, Value: e.Number})
	}
	if u.Mobile != "" {
		c.Numbers = append(c.Numbers, Number{Kind: Mobile, Value: u.Mobile})
	}
	c.Numbers = append(c.Numbers, u.Numbers...)
	return c
}

// cloneUser returns a copy that shares no slice or map with u.
func (u *User) cloneUser() *User {
	c := *u
	c.Groups = slices.Clone(u.Groups)
	c.Extensions = slices.Clone(u.Extensions)
	c.Numbers = slices.Clone(u.Numbers)
	c.Attributes = cloneMap(u.Attributes)
	c.Origin = u.Origin.cloneOrigin()
	return &c
}

func (o *Origin) cloneOrigin() *Origin {
	if o == nil {
		return nil
	}
	c := *o
	c.Fields = slices.Clone(o.Fields)
	return &c
}

// Names that a store keeps unique: a login in its company, an extension in its
// domain.

func loginName(company, login string) string {
	return "login " + escapeSlash(company) + "/" + strings.ToLower(login)
}

func extensionName(domain, number string) string {
	return "extension " + escapeSlash(domain) + "/" + number
}

// escapeSlash escapes an ID so that the slash after it is the first one (RFC 6901 3).
func escapeSlash(id string) string {
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
	o.Import, o.Key = u.Origin.importKey()
	return o
}

func contactHeader(c *Contact) Object {
	o := Object{ID: c.ID, Company: c.Company}
	o.Import, o.Key = c.Origin.importKey()
	return o
}

func (o *Origin) importKey() (imp, key string) {
	if o == nil {
		return "", ""
	}
	return o.Import, o.Key
}

func sealUser(u *User, visit func(ctikit.Binding, *ctikit.Secret)) {
	visit(ctikit.Binding{Company: u.Company, Domain: u.Domain, Kind: ctikit.BindVoiceMail, User: u.ID}, &u.VoiceMail)
	for i := range u.Extensions {
		e := &u.Extensions[i]
		b := ctikit.Binding{Company: u.Company, Domain: u.Domain, Kind: ctikit.BindExtension, ID: e.Number, User: u.ID}
		visit(b, &e.Password)
	}
}
