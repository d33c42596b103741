package planning_test

import (
	"fmt"
	"os"
	"strings"

	"github.com/ctikit/ctikit/cti/planning"
)

// A table as in TWP guide 4.2, its findings, and what the loss of a link does.
func Example() {
	table, err := planning.Read(strings.NewReader(`{
		"links": [
			{"name": "paris", "centre": 1, "site": "1.1", "capacity": 500},
			{"name": "lyon", "centre": 2, "site": "2.1", "capacity": 250}
		],
		"rows": [
			{"pattern": "1.*", "planned": {"paris": 400}},
			{"pattern": "2.*", "planned": {"lyon": 250}}
		],
		"sites": [{"number": 1, "maxSupervisions": 500}, {"number": 2, "maxSupervisions": 300}]
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	table.Print(os.Stdout)
	for _, finding := range table.Check() {
		fmt.Println(finding.Severity, finding)
	}
	after, err := table.Allocate("lyon")
	if err != nil {
		fmt.Println(err)
		return
	}
	after.Print(os.Stdout)
	// Output:
	//                   Link 0   Link 1
	// Name              paris    lyon
	// Protocol          VTI-XML  VTI-XML
	// Centre            1        2
	// Site              1.1      2.1
	// Capacity          500      250
	// Address
	// Site      Centre
	// 1.*               400
	// 2.*                        250
	// warning links[1].capacity: link "lyon" has no spare capacity for failover: all 250 supervisions are planned
	// Link   Capacity  Used  Explicit  Overflow  Implicit  Free
	// paris  500       500   400       100       0         0
	// lyon   250       0     0         0         0         lost
	// Unsupervised: 150
}
