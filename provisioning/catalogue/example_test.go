package catalogue_test

import (
	"fmt"

	"github.com/ctikit/ctikit/provisioning/catalogue"
	"github.com/ctikit/ctikit/provisioning/settings"
)

// The linter with the built-in vocabulary.
func Example() {
	known := catalogue.Workplace()
	linter := settings.Linter{Vocabulary: known, IsSecret: known.IsSecret, Require: catalogue.IPOffice()}
	file, err := settings.Parse("46xxspecials.txt", []byte(`SET COUNTRI France
SET DSCPAUD 64
SET SIPREGPROXYPOLICY simultaneous
SET EWSPASSWORD 1234
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, finding := range linter.Lint(file) {
		fmt.Println(finding)
	}
	// Output:
	// 46xxspecials.txt:1:5: unknown-parameter: unknown parameter COUNTRI; did you mean COUNTRY?
	// 46xxspecials.txt:2:13: out-of-range: DSCPAUD takes 0 to 63
	// 46xxspecials.txt:3:23: contradicts-profile: SIPREGPROXYPOLICY must be alternate here
	// 46xxspecials.txt:4:5: secret-in-clear: EWSPASSWORD is a password; whoever can fetch the file can read it
}
