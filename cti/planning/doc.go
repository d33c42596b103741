// Package planning holds the planning table of a PBX network: which link supervises
// the extensions of which places. It checks the table against the engineering rules
// of the links (TWP guide 4.2), computes where the gateway's allocation puts every
// extension, also after the loss of links, and prints the table as the guide does.
//
//	table, err := planning.Read(file)
//	...
//	for _, p := range table.Check() {
//		fmt.Println(p.Severity, p) // warning rows[3]: no link on site 4 …
//	}
//	now, err := table.Allocate()
//	lost, err := table.Allocate("paris")
//
// [Of] makes the table of a gateway's configuration.
//
// Columns are links; the places that a link names are the rows with a number for it.
// Rows are places by Site.Cluster pattern. In addition to the guide's table, a [Site]
// may hold its maximum of supervisions, whether it has an IP card that supports
// VTI-XML, and its node; and a [Path] the cost of a connection between two sites.
// Centre and node are independent of each other, and either may be unset. The first
// number of Site.Cluster is the site.
//
// The file format is JSON, described by table.schema.json ([Schema]).
package planning
