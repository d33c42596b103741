// Package tabular is what sources of rows and columns share.
package tabular

import (
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/ctikit/ctikit/directory"
)

// errStopped is what the argument of read returns once the caller has left the loop.
var errStopped = errors.New("loop was left")

// ReadAll yields the entries that read passes to its argument, and then the end of
// a full reading. It wraps errors other than [directory.Incomplete] with name.
func ReadAll(name string, read func(visit func(*directory.Entry) error) error) iter.Seq2[directory.Item, error] {
	return func(yield func(directory.Item, error) bool) {
		err := read(func(e *directory.Entry) error {
			if !yield(directory.Item{Entry: e}, nil) {
				return errStopped
			}
			return nil
		})
		if err == nil {
			yield(directory.Item{End: &directory.End{Full: true}}, nil)
			return
		}
		if errors.Is(err, errStopped) {
			return
		}
		if _, incomplete := errors.AsType[*directory.Incomplete](err); !incomplete {
			err = fmt.Errorf("read %s: %w", name, err)
		}
		yield(directory.Item{}, err)
	}
}

// KeyColumn returns the position of the key column. It fails if a name occurs
// twice, or if the key or a required column is missing. Case does not count, nor do
// columns without a name.
func KeyColumn(names []string, key string, required []string) (int, error) {
	at := map[string]int{}
	for i, name := range names {
		low := strings.ToLower(strings.TrimSpace(name))
		if _, twice := at[low]; twice {
			return 0, fmt.Errorf("duplicate column %q", name)
		}
		if low != "" {
			at[low] = i
		}
	}
	var missing []string
	for _, name := range append([]string{key}, required...) {
		if _, ok := at[strings.ToLower(name)]; !ok {
			missing = append(missing, name)
		}
	}
	if missing != nil {
		return 0, fmt.Errorf("missing columns %q, got %q", missing, names)
	}
	return at[strings.ToLower(key)], nil
}
