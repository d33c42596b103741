package directory

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ctikit/ctikit"
)

// MaxText is the number of bytes that one text field may have; longer values
// of a source are refused entry by entry.
const MaxText = 4096

// Mistakes collects all that is wrong with a value, each with the path of the
// field. It is an error once it holds one.
type Mistakes struct {
	list []string
}

// Add notes one mistake.
func (m *Mistakes) Add(path, format string, args ...any) {
	m.list = append(m.list, path+": "+fmt.Sprintf(format, args...))
}

// Err returns nil where there is no mistake.
func (m *Mistakes) Err() error {
	if len(m.list) == 0 {
		return nil
	}
	return fmt.Errorf("%w: %s", ctikit.ErrInvalid, strings.Join(m.list, "; "))
}

func (m *Mistakes) require(path, value string) {
	if strings.TrimSpace(value) == "" {
		m.Add(path, "missing")
	}
}

// text refuses what no name may hold: control characters, bytes that are no
// UTF-8, more than MaxText bytes.
func (m *Mistakes) text(path, value string) {
	switch {
	case len(value) > MaxText:
		m.Add(path, "%d bytes, more than %d", len(value), MaxText)
	case !utf8.ValidString(value):
		m.Add(path, "not UTF-8")
	case strings.ContainsFunc(value, unicode.IsControl):
		m.Add(path, "holds control characters")
	}
}

func sameCompany(kind1, id1, company1, kind2, id2, company2 string) error {
	return ctikit.SameCompany(fmt.Sprintf("%s %q", kind1, id1), company1, fmt.Sprintf("%s %q", kind2, id2), company2)
}
