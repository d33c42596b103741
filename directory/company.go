package directory

import (
	"context"
	"fmt"
	"slices"
)

// Company is a tenant. Companies share nothing (TWP guide 6.1).
type Company struct {
	ID   string `json:"id"`
	Name string `json:"name"` // the organisation in its users' contact cards
}

// Domain holds the users of one technical environment: one PBX network, one
// mail and calendar server (TWP guide 6.2).
type Domain struct {
	ID       string `json:"id"`
	Company  string `json:"company"`
	Name     string `json:"name"`
	DialPlan string `json:"dialPlan,omitempty"` // the application's name of a dial plan
}

// Group is a set of users of one company. [User.Groups] holds the membership.
type Group struct {
	ID      string `json:"id"`
	Company string `json:"company"`
	Name    string `json:"name"`
}

// Directory is an address book: it holds contacts, and rights are granted on it. One
// company owns it; it may serve several of its domains.
type Directory struct {
	ID      string `json:"id"`
	Company string `json:"company"`
	Name    string `json:"name"`
	// Domains are those that it is shared with; empty is all of the company.
	// Rights are granted by authorisations all the same (TWP guide 7.4.2).
	Domains []string `json:"domains,omitempty"`
	// Import is the import that owns it, "" for one that is kept by hand.
	Import string `json:"import,omitempty"`
}

// Serves reports whether the directory is for users of this domain of its company.
// A right on the directory is needed as well: [Registry.RightsIn] asks for both.
func (d *Directory) Serves(domain string) bool {
	return len(d.Domains) == 0 || slices.Contains(d.Domains, domain)
}

// RightsIn restricts a reader's rights to the directories that serve the reader's
// domain, whatever the authorisations are (TWP guide 6.2). It reads the registry's
// directories once; call it again when they change. The error is that of the store.
func (r *Registry) RightsIn(ctx context.Context, domain string, rights Rights) (Rights, error) {
	elsewhere := map[string]bool{}
	for d, err := range r.Directories.All(ctx) {
		if err != nil {
			return nil, fmt.Errorf("rights in domain %q: %w", domain, err)
		}
		if !d.Serves(domain) {
			elsewhere[d.ID] = true
		}
	}
	return RightsFunc(func(directory string) bool {
		return !elsewhere[directory] && rights != nil && rights.MaySee(directory)
	}), nil
}
