// Package tenancy holds the one rule that companies share nothing: every API
// that joins two objects calls [Same] and hands its error on (TWP guide 6.1;
// the packages re-export [ErrCrossCompany] under their own names).
package tenancy

import (
	"errors"
	"fmt"
)

// ErrCrossCompany reports that two objects of different companies were to be
// joined. Nothing was changed.
var ErrCrossCompany = errors.New("objects belong to different companies")

// Same returns nil when both company keys are equal, else an error that wraps
// [ErrCrossCompany] and names what was to be joined, for example
// `group "sales" (company "acme") with user "bob" (company "other")`.
// An empty key is a company like any other: it equals only itself.
func Same(what1, company1, what2, company2 string) error {
	if company1 == company2 {
		return nil
	}
	return fmt.Errorf("%s (company %q) with %s (company %q): %w", what1, company1, what2, company2, ErrCrossCompany)
}
