package directory

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/ctikit/ctikit"
)

// SourceType is what an import reads.
type SourceType string

// The types of source. The first three are the seed product's (TWP guide 7.2).
const (
	LDAP            SourceType = "ldap"
	ActiveDirectory SourceType = "ad"
	A5000           SourceType = "a5000" // the PBX's internal directory, over LDAP
	SQL             SourceType = "sql"
	CSV             SourceType = "csv"
)

// Mode says what an import may do (TWP guide 7.2).
type Mode string

// The modes.
const (
	InsertUpdateDelete  Mode = "insert-update-delete"
	InsertUpdateDisable Mode = "insert-update-disable" // contacts are hidden
	InsertUpdate        Mode = "insert-update"
	UpdateOnly          Mode = "update"
)

func (m Mode) inserts() bool { return m != UpdateOnly }
func (m Mode) removes() bool { return m == InsertUpdateDelete || m == InsertUpdateDisable }

// Target is what entries become.
type Target string

// The targets.
const (
	ToUsers    Target = "users"
	ToContacts Target = "contacts"
)

// Security says how an LDAP connection is protected.
type Security string

// The ways. NoTLS sends the password in plain text: for a PBX without TLS.
const (
	StartTLS Security = "starttls"
	LDAPS    Security = "ldaps"
	NoTLS    Security = "none"
)

// Import is the definition of an import. It owns a directory: the cards of what
// it brings in are there, visible to those with a right on that directory.
type Import struct {
	ID          string     `json:"id"`
	Company     string     `json:"company"`
	Domain      string     `json:"domain"`
	Directory   string     `json:"directory"`
	Description string     `json:"description,omitempty"`
	Type        SourceType `json:"type"`
	Target      Target     `json:"target"`
	Mode        Mode       `json:"mode"`

	Host     string        `json:"host,omitempty"`
	Port     int           `json:"port,omitempty"` // 389
	Login    string        `json:"login,omitempty"`
	Password ctikit.Secret `json:"password,omitzero"`
	Media    string        `json:"media,omitempty"` // "None": the seed product's field, which must not be changed
	// Security of an LDAP connection; StartTLS where empty.
	Security Security `json:"security,omitempty"`
	// Key names the attribute or column that identifies an entry for ever; LDAP
	// and Active Directory have a default.
	Key    string `json:"key,omitempty"`
	Base   string `json:"base,omitempty"`   // connection string: base DN; SQL: the query; CSV: the file
	Filter string `json:"filter,omitempty"` // LDAP filter

	Mapping Mapping `json:"mapping"`
	Limits  Limits  `json:"limits,omitzero"`
	// Canaries are keys of entries that are known to be there. A reading that
	// lacks one was not complete: it removes nothing.
	Canaries []string `json:"canaries,omitempty"`

	// Every is the time between two runs; FullEvery, default 24 h, between two
	// readings of everything where the others are incremental. In JSON they are
	// nanoseconds.
	Every     time.Duration `json:"every,omitempty"`
	FullEvery time.Duration `json:"fullEvery,omitempty"`
}

// Limits stop removals (deleting and disabling alike). A reading without any
// entry removes nothing. Removals beyond a limit are held: the plan
// shows them, and they are executed only after [Plan.Approve].
type Limits struct {
	// Removals is the most that one run may remove; 0 is 500, less than 0 none.
	Removals int `json:"removals,omitempty"`
	// Percent of what is known; 0 is 10, less than 0 none. One removal is always
	// within it, so that a small directory can change.
	Percent float64 `json:"percent,omitempty"`
	// PerDay is the most of all runs in 24 hours; 0 is twice Removals.
	PerDay int `json:"perDay,omitempty"`
}

func (l Limits) withDefaults() Limits {
	if l.Removals == 0 {
		l.Removals = 500
	}
	if l.Percent == 0 {
		l.Percent = 10
	}
	if l.PerDay == 0 {
		l.PerDay = 2 * l.Removals
	}
	return l
}

// Next returns when the import should run again after a run that began at last.
func (i *Import) Next(last time.Time) time.Time {
	every := i.Every
	if every <= 0 {
		every = 24 * time.Hour
	}
	return last.Add(every)
}

func (i *Import) fullInterval() time.Duration {
	if i.FullEvery <= 0 {
		return 24 * time.Hour
	}
	return i.FullEvery
}

// definitionHash identifies what the import asks for and does. When it changes, what
// was read before has to be read again.
func (i *Import) definitionHash() Hash {
	c := *i
	c.Description, c.Password, c.Limits, c.Canaries, c.Every, c.FullEvery = "", ctikit.Secret{}, Limits{}, nil, 0, 0
	text, _ := json.Marshal(c) // nothing in it can fail
	full := sha256.Sum256(text)
	return Hash(full[:16])
}

func (i *Import) cloneImport() *Import {
	c := *i
	c.Mapping = slices.Clone(i.Mapping)
	c.Canaries = slices.Clone(i.Canaries)
	return &c
}

func (i *Import) addImportProblems(ps *ctikit.Problems) {
	requireTexts(ps, "id", i.ID, "company", i.Company, "domain", i.Domain, "directory", i.Directory)
	requireOneOf(ps, "type", i.Type, LDAP, ActiveDirectory, A5000, SQL, CSV)
	requireOneOf(ps, "target", i.Target, ToUsers, ToContacts)
	requireOneOf(ps, "mode", i.Mode, InsertUpdateDelete, InsertUpdateDisable, InsertUpdate, UpdateOnly)
	requireOneOf(ps, "media", i.Media, "", "None")
	requireOneOf(ps, "security", i.Security, "", StartTLS, LDAPS, NoTLS)
	if i.Key == "" && (i.Type == A5000 || i.Type == CSV || i.Type == SQL) {
		ps.Add("key", "missing; name the attribute or column that identifies an entry permanently")
	}
	if i.Port < 0 || i.Port > 65535 {
		ps.Add("port", "must be between 0 and 65535, got %d", i.Port)
	}
	if i.Type == A5000 {
		requireTexts(ps, "base", i.Base)
	}
	if i.Every < 0 {
		ps.Add("every", "must not be negative, got %v", i.Every)
	}
	if i.FullEvery < 0 {
		ps.Add("fullEvery", "must not be negative, got %v", i.FullEvery)
	}
	i.Mapping.addRuleProblems(ps, "mapping")
	maps := func(f Field) bool { return slices.ContainsFunc(i.Mapping, func(r Rule) bool { return r.Field == f }) }
	if i.Target == ToUsers && !maps(FieldLogin) {
		ps.Add("mapping", "users need the field %q", FieldLogin)
	}
	for n, r := range i.Mapping {
		if slices.Contains(fieldsOnlyOf[otherTarget(i.Target)], r.Field) {
			ps.Add(fmt.Sprintf("mapping[%d].field", n), "%s have no field %q", i.Target, r.Field)
		}
	}
}

func otherTarget(t Target) Target {
	if t == ToUsers {
		return ToContacts
	}
	return ToUsers
}

var fieldsOnlyOf = map[Target][]Field{
	ToUsers:    {FieldLogin, FieldIP, FieldCulture, FieldDisabled, FieldSite},
	ToContacts: {FieldDisplayName, FieldOrganisation},
}

func sealImport(i *Import, visit func(ctikit.Binding, *ctikit.Secret)) {
	visit(ctikit.Binding{Company: i.Company, Domain: i.Domain, Kind: ctikit.BindImport, ID: i.ID, Protocol: string(i.Type),
		Host: i.Host, Port: strconv.Itoa(i.Port), Security: string(i.Security), User: i.Login, Name: "password"}, &i.Password)
}
