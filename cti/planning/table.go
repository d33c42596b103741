package planning

import (
	_ "embed"
	"fmt"
	"io"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/strictjson"
)

// Table is a planning table.
type Table struct {
	Links []Link `json:"links"`
	Rows  []Row  `json:"rows"`
	Sites []Site `json:"sites,omitempty"` // may be omitted
	Paths []Path `json:"paths,omitempty"` // between sites; may be omitted

	// ReserveExplicit is [gateway.Config.ReserveExplicit].
	ReserveExplicit bool `json:"reserveExplicit,omitempty"`
	// AllowSeveralCSTA is [gateway.Config.AllowSeveralCSTA].
	AllowSeveralCSTA bool `json:"allowSeveralCSTA,omitempty"`
}

// Link is a column: a link, numbered from 0 by its position.
type Link struct {
	Name     string       `json:"name"`
	Protocol cti.Protocol `json:"protocol,omitzero"` // omitted: VTI-XML
	Centre   int          `json:"centre,omitempty"`  // 0: that of the site
	Site     cti.Location `json:"site,omitzero"`     // the connection site's Site.Cluster
	Capacity int          `json:"capacity"`          // permanent supervisions at once
	Address  string       `json:"address,omitempty"`
}

// Row is a line: the extensions of the places that its pattern selects, except those
// that a more specific row selects.
type Row struct {
	Pattern  cti.Pattern  `json:"pattern"`
	Protocol cti.Protocol `json:"protocol,omitzero"` // omitted: VTI-XML
	Centre   int          `json:"centre,omitempty"`  // 0: that of the site
	// Planned is the number of extensions by the name of the link that supervises
	// them. A link named here has the pattern on its list, even if the number is 0.
	Planned map[string]int `json:"planned,omitempty"`
	// Implicit is the number of extensions without a planned link: they are spread
	// over the links.
	Implicit int `json:"implicit,omitempty"`
}

// Site holds facts about a site.
type Site struct {
	Number int `json:"number"` // the first number of Site.Cluster
	Centre int `json:"centre,omitempty"`
	Node   int `json:"node,omitempty"`
	// MaxSupervisions is the site's maximum, from the PBX's documents; 0 unknown.
	MaxSupervisions int `json:"maxSupervisions,omitempty"`
	// VTIXMLCard is whether the site has an IP card that supports VTI-XML; nil is
	// unknown.
	VTIXMLCard *bool `json:"vtixmlCard,omitempty"`
}

// Path is the connection between two sites, in both directions.
type Path struct {
	Between [2]int `json:"between"`
	// Cost compares paths: lower is better, in any unit. Within a site it is 0.
	Cost int `json:"cost,omitempty"`
	// Unreachable: a link on one of the sites cannot supervise extensions of
	// the other.
	Unreachable bool `json:"unreachable,omitempty"`
}

// maxFile bounds the input of Read, the others the size of a table.
const (
	maxFile       = 16 << 20
	maxExtensions = 2_000_000
	maxLinks      = 2_000
	maxRows       = 10_000
	maxSites      = 10_000
	maxPaths      = 100_000
)

// Read reads a table from JSON. Unknown members are an error; the error has every
// problem with its path. The content of the table is not checked; see [Table.Check].
func Read(r io.Reader) (*Table, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	var t Table
	switch {
	case err != nil:
	case len(data) > maxFile:
		err = fmt.Errorf("larger than %d bytes", maxFile)
	default:
		err = strictjson.Decode(data, &t)
		if err == nil {
			err = t.checkComplete()
		}
	}
	if err != nil {
		return nil, fmt.Errorf("planning table: %w", err)
	}
	return &t, nil
}

// checkComplete rejects a text without links or rows: it is not a planning table.
func (t *Table) checkComplete() error {
	var ps ctikit.Problems
	if t.Links == nil {
		ps.Add("links", "missing")
	}
	if t.Rows == nil {
		ps.Add("rows", "missing")
	}
	return ps.Err()
}

//go:embed table.schema.json
var schema []byte

// Schema returns the JSON schema of the file format.
func Schema() []byte { return append([]byte(nil), schema...) }

// protocolOf returns the protocol with its default.
func protocolOf(p cti.Protocol) cti.Protocol {
	if p == cti.NoProtocol {
		return cti.VTIXML
	}
	return p
}

// countExtensions is the number of extensions of a row.
func (r *Row) countExtensions() int {
	n := r.Implicit
	for _, planned := range r.Planned {
		n += planned
	}
	return n
}

// listsLink reports whether the row is on the list of a link.
func (r *Row) listsLink(link string) bool {
	_, listed := r.Planned[link]
	return listed
}
