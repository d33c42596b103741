// Package planning holds the planning table of a PBX network: which link
// supervises the extensions of which places. It checks the table against the
// engineering rules of the links (TWP guide 4.2), shows where the gateway's
// allocation would put every extension, also after the loss of a link, and
// prints the table as the guide does.
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
// Columns are links; the places that a link names are the rows that plan
// something on it. Rows are places by Site.Cluster pattern. Beyond the guide's
// table a [Site] may tell what the checks cannot know otherwise: its maximum of
// supervisions, whether it has an IP card that supports VTI-XML, its node; and a
// [Path] what a connection between two sites costs. Centre and node are
// independent of one another, and either may be unset. The first number of
// Site.Cluster is the site.
//
// The file format is JSON, described by table.schema.json ([Schema]).
package planning
