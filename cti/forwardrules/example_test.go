package forwardrules_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/forwardrules"
	"github.com/ctikit/ctikit/cti/gateway"
)

// Rules are plain values; their JSON is what a host stores.
func ExampleRule() {
	rule := forwardrules.Rule{
		Name: "evening", Origin: cti.ExternalCalls, To: "+33 6 12 34 56 78",
		Calendar: forwardrules.Calendar{
			Zone:   "Europe/Paris",
			Weekly: []forwardrules.Period{{Days: forwardrules.WorkDays(), From: forwardrules.At(18, 0), To: forwardrules.At(8, 0)}},
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

// Which rule holds for a call, and what will the PBX be set to?
func ExampleManager_Explain() {
	gw, err := gateway.New(gateway.Config{Extensions: []cti.Extension{{Number: "4001", Protocol: cti.CSTA}, {Number: "4002", Protocol: cti.CSTA}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	m := forwardrules.New(gw, forwardrules.Options{})
	if err := m.SetRules("4001", []forwardrules.Rule{
		{Name: "lunch", To: "4002", Calendar: forwardrules.Calendar{Zone: "Europe/Paris",
			Weekly: []forwardrules.Period{{Days: forwardrules.WorkDays(), From: forwardrules.At(12, 0), To: forwardrules.At(13, 30)}}}},
		{Name: "family", Priority: 1, Type: cti.ForwardBusy, To: "0612345678", Callers: []string{"06 11*"}},
	}); err != nil {
		fmt.Println(err)
		return
	}
	monday := time.Date(2026, 3, 2, 11, 30, 0, 0, time.UTC) // half past twelve in Paris
	for _, e := range m.Explain("4001", forwardrules.Call{Number: "0611223344"}, monday) {
		fmt.Printf("%s (%v, to %s): %s\n", e.Rule, e.Type, e.To, e.Verdict)
	}
	fmt.Println(m.Desired("4001", monday), "until", m.Next("4001", monday).Format(time.RFC3339))
	// Output:
	// lunch (immediate, to 4002): holds, the PBX forwards
	// family (busy, to 0612345678): holds, the call is deflected
	// [immediate to 4002] until 2026-03-02T13:30:00+01:00
}

func ExampleParse() {
	_, err := forwardrules.Parse([]byte(`{"4001": [{"name": "night", "type": "sometimes", "to": "4001", "calendar": {"zone": "Mars"}}]}`))
	fmt.Println(err)
	// Output:
	// 4001.rules[0].type: unknown forward type "sometimes": must be one of immediate, busy, no answer, do not disturb
	// 4001.rules[0].to: 4001 cannot forward to itself
	// 4001.rules[0].calendar.zone: unknown time zone "Mars"
}
