package forwardrules_test

import (
	"encoding/json"
	"fmt"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/forwardrules"
)

// Rules are plain values; their JSON is what a host stores.
func ExampleRule() {
	rule := forwardrules.Rule{
		Name: "evening", Origin: cti.ExternalCalls, To: "+33 6 12 34 56 78",
		Calendar: forwardrules.Calendar{
			Zone:   "Europe/Paris",
			Weekly: []forwardrules.Period{{Days: forwardrules.WorkDays, From: forwardrules.At(18, 0), To: forwardrules.At(8, 0)}},
			Except: []forwardrules.Date{{Year: 2026, Month: 12, Day: 24}},
		},
	}
	text, err := json.Marshal(rule)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(text))
	// Output:
	// {"name":"evening","priority":0,"type":"immediate","origin":"external","calendar":{"zone":"Europe/Paris","weekly":[{"days":[1,2,3,4,5],"from":"18:00","to":"08:00"}],"except":["2026-12-24"]},"to":"+33 6 12 34 56 78"}
}
