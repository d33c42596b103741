// Package section holds the parts of which the configuration document of a
// whole installation is made (TWP guide 2.3: export and import of companies,
// domains, links, users, ...). Each package supplies its own parts; package
// directory assembles the document.
package section

import (
	"context"
	"encoding/json"

	"github.com/ctikit/ctikit/internal/strictjson"
)

// Section is one part of the configuration document, for example "links".
// Export and Import are called one at a time.
type Section struct {
	// Name is the key in the document and the word in the step report.
	Name string
	// Export returns the part as JSON and the number of items in it. Secrets
	// in it are left out, redacted or sealed, never in clear.
	Export func(ctx context.Context) (data json.RawMessage, items int, err error)
	// Import checks data whole, naming every mistake with its path, and then
	// replaces what there is, unless dryRun. It never weakens authentication,
	// and "[redacted]" never becomes a password. On an error nothing changed.
	Import func(ctx context.Context, data json.RawMessage, dryRun bool) (items int, err error)
}

// Decode reads a part: no field that nobody knows, and nothing behind it. The
// error has all mistakes with their paths.
func Decode(data json.RawMessage, into any) error {
	return strictjson.Decode(data, into)
}
