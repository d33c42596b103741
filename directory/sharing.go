package directory

import (
	"context"
	"fmt"
)

// RightsIn narrows a reader's rights to the directories that serve the reader's
// domain: one that is shared with other domains only does not exist for whoever is
// not in them, whatever authorisations say (TWP guide 6.2). It is a picture of the
// registry's directories at this moment; ask again when they change.
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
