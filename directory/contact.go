package directory

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// NumberKind says what a telephone number is for.
type NumberKind string

// The kinds of number.
const (
	Work     NumberKind = "work"
	Mobile   NumberKind = "mobile"
	Home     NumberKind = "home"
	Fax      NumberKind = "fax"
	Internal NumberKind = "internal" // an extension of the company's PBX network
	Other    NumberKind = "other"
)

var numberKinds = []NumberKind{Work, Mobile, Home, Fax, Internal, Other}

// Number is a telephone number as people write it: "+33 1 55 17 18 89".
type Number struct {
	Kind  NumberKind `json:"kind"`
	Value string     `json:"value"`
}

// Contact is a card in a directory. The number of telephone numbers is not limited.
type Contact struct {
	ID           string            `json:"id"`
	Company      string            `json:"company"`
	Directory    string            `json:"directory"`
	DisplayName  string            `json:"displayName,omitempty"` // "First Last" where empty
	Organisation string            `json:"organisation,omitempty"`
	FirstName    string            `json:"firstName,omitempty"`
	LastName     string            `json:"lastName,omitempty"`
	Email        string            `json:"email,omitempty"`
	Numbers      []Number          `json:"numbers,omitempty"`
	Attributes   map[string]string `json:"attributes,omitempty"` // private ones: "attr1", "title"

	// Hidden contacts are kept but not found by look-up and search: an import in the
	// mode InsertUpdateDisable hides contacts that the source no longer has.
	Hidden bool `json:"hidden,omitempty"`
	// Parts are the IDs of the contacts that this one aggregates; see [Aggregate].
	Parts  []string `json:"parts,omitempty"`
	Origin *Origin  `json:"origin,omitempty"` // nil: created by hand
}

// Name returns the display name, else "First Last", else the organisation,
// else the e-mail address.
func (c *Contact) Name() string {
	if c.DisplayName != "" {
		return c.DisplayName
	}
	if c.FirstName != "" || c.LastName != "" {
		return strings.TrimSpace(c.FirstName + " " + c.LastName)
	}
	if c.Organisation != "" {
		return c.Organisation
	}
	return c.Email
}

func (c *Contact) cloneContact() *Contact {
	d := *c
	d.Numbers = slices.Clone(c.Numbers)
	d.Attributes = cloneMap(c.Attributes)
	d.Parts = slices.Clone(c.Parts)
	d.Origin = c.Origin.cloneOrigin()
	return &d
}

// Aggregate merges cards of one person from several directories: each value is that
// of the first card that has it, numbers are united. The result has the ID, company
// and directory of the first card and lists the others in Parts. It fails without
// cards, and with [ctikit.ErrCrossCompany] if they belong to several companies.
func Aggregate(cards ...Contact) (Contact, error) {
	if len(cards) == 0 {
		return Contact{}, fmt.Errorf("aggregate contacts: no contacts")
	}
	out := *cards[0].cloneContact()
	for i := range cards[1:] {
		c := &cards[i+1]
		if err := sameCompany("contact", out.ID, out.Company, "contact", c.ID, c.Company); err != nil {
			return Contact{}, fmt.Errorf("aggregate contacts: %w", err)
		}
		setIfEmpty(&out.FirstName, c.FirstName)
		setIfEmpty(&out.LastName, c.LastName)
		setIfEmpty(&out.DisplayName, c.DisplayName)
		setIfEmpty(&out.Organisation, c.Organisation)
		setIfEmpty(&out.Email, c.Email)
		for _, n := range c.Numbers {
			if !slices.ContainsFunc(out.Numbers, func(o Number) bool { return dialable(o.Value) == dialable(n.Value) }) {
				out.Numbers = append(out.Numbers, n)
			}
		}
		for k, v := range c.Attributes {
			if _, ok := out.Attributes[k]; !ok {
				if out.Attributes == nil {
					out.Attributes = map[string]string{}
				}
				out.Attributes[k] = v
			}
		}
		out.Parts = append(out.Parts, c.ID)
	}
	return out, nil
}

func setIfEmpty(have *string, more string) {
	if *have == "" {
		*have = more
	}
}

func cloneMap(m map[string]string) map[string]string {
	if len(m) == 0 {
		return nil
	}
	return maps.Clone(m)
}
