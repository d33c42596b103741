package planning

import (
	"cmp"
	"slices"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/gateway"
)

// Of returns the planning table of a gateway's configuration: a row for each pattern
// that a link names and for each site with extensions that no link names, planned as
// the gateway allocates them. sites and paths are not part of the configuration; both
// may be nil.
func Of(cfg gateway.Config, sites []Site, paths []Path) *Table {
	t := &Table{Sites: sites, Paths: paths, ReserveExplicit: cfg.ReserveExplicit, AllowSeveralCSTA: cfg.AllowSeveralCSTA}
	b := builder{table: t, rows: map[rowKey]int{}}
	for _, l := range cfg.Links {
		b.addColumn(l)
	}
	for _, e := range cfg.Extensions {
		if !e.Disabled && e.Protocol != cti.NoProtocol {
			t.Rows[b.rowForExtension(e)].Implicit++
		}
	}
	slices.SortStableFunc(t.Rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(a.Protocol, b.Protocol),
			compareParts(a.Pattern.Site, b.Pattern.Site), compareParts(a.Pattern.Cluster, b.Pattern.Cluster))
	})
	t.planAsAllocated()
	return t
}

// compareParts orders numbers before "any".
func compareParts(a, b int) int { return cmp.Compare(uint(a), uint(b)) }

// builder finds the rows of a table being made.
type builder struct {
	table *Table
	rows  map[rowKey]int
}

type rowKey struct {
	pattern  cti.Pattern
	protocol cti.Protocol
}

func (b *builder) addColumn(l gateway.Link) {
	column := Link{Name: l.Name, Site: l.Location, Capacity: l.Capacity}
	if l.Connector != nil {
		column.Protocol, column.Address = l.Connector.Protocol(), l.Connector.Address()
	}
	b.table.Links = append(b.table.Links, column)
	for _, p := range l.Serves {
		row := &b.table.Rows[b.ensureRow(rowKey{p, protocolOf(column.Protocol)})]
		if row.Planned == nil {
			row.Planned = map[string]int{}
		}
		row.Planned[l.Name] = 0
	}
}

// ensureRow returns the number of a row, and adds it if it does not exist.
func (b *builder) ensureRow(k rowKey) int {
	i, known := b.rows[k]
	if !known {
		i = len(b.table.Rows)
		b.rows[k] = i
		b.table.Rows = append(b.table.Rows, Row{Pattern: k.pattern, Protocol: k.protocol})
	}
	return i
}

// rowForExtension returns the row that counts an extension: as in the gateway that of
// the most specific pattern that a link names, else one of its site.
func (b *builder) rowForExtension(e cti.Extension) int {
	site, cluster := e.Location.Site, e.Location.Cluster
	for _, p := range [...]cti.Pattern{
		{Site: site, Cluster: cluster},
		{Site: site, Cluster: cti.Any},
		{Site: cti.Any, Cluster: cluster},
		{Site: cti.Any, Cluster: cti.Any},
	} {
		if i, known := b.rows[rowKey{p, e.Protocol}]; known && b.table.Rows[i].Planned != nil { // a link names it
			return i
		}
	}
	if e.Location.IsZero() {
		site = cti.Any
	}
	return b.ensureRow(rowKey{cti.Pattern{Site: site, Cluster: cti.Any}, e.Protocol})
}

// planAsAllocated plans the extensions where the gateway allocates them, if that is a
// link that names their place.
func (t *Table) planAsAllocated() {
	a, err := t.Allocate()
	if err != nil {
		return // Check reports it
	}
	for i := range t.Rows {
		r := &t.Rows[i]
		for name := range r.Planned {
			r.Planned[name] = a.Rows[i].ByLink[name]
			r.Implicit -= r.Planned[name]
		}
	}
}
