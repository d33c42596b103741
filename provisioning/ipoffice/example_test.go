package ipoffice_test

import (
	"fmt"
	"log"

	"github.com/ctikit/ctikit/provisioning"
	"github.com/ctikit/ctikit/provisioning/ipoffice"
	"github.com/ctikit/ctikit/provisioning/settings"
)

// Both files of a system, and what a Windows client has after reading them.
func Example() {
	c := ipoffice.Defaults()
	c.Release = provisioning.NewVersion(11, 1, 3)
	c.Address, c.Registrar = "192.0.2.7", "pbx.example.com"
	c.Country, c.Language = "France", "fr_FR"
	c.SourceNumbers = []string{`SET_CDNL="15","17","18","112"`}
	c.Specials = &ipoffice.Specials{Groups: map[int][]ipoffice.Setting{2: {{Name: "DSCPAUD", Value: "40"}}}}

	site := ipoffice.FS{Config: c}
	fetch := settings.FetchFS(site)
	file, err := fetch(ipoffice.SettingsFile)
	if err != nil {
		log.Fatal(err)
	}
	windows := settings.Evaluation{
		Vars:    map[string]string{"MODEL4": provisioning.Windows.Model(), "GROUP": "2"},
		Fetch:   fetch,
		Dialect: settings.Dialect{Include: true},
	}
	got, err := windows.Run(file)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(got.Settings), "parameters")
	for _, name := range []string{"CELLULAR_DIRECT_NUMBER_LIST", "DSCPAUD", "SIP_CONTROLLER_LIST"} {
		s, _ := got.Lookup(name)
		fmt.Println(s.Name, s.Value, "from", s.Position.File)
	}
	// Output:
	// 68 parameters
	// CELLULAR_DIRECT_NUMBER_LIST "15","17","18","112" from 46xxsettings.txt
	// DSCPAUD 40 from 46xxspecials.txt
	// SIP_CONTROLLER_LIST pbx.example.com:5061;transport=tls from 46xxsettings.txt
}

func ExampleConfig_Validate() {
	c := ipoffice.Defaults()
	c.Release = provisioning.NewVersion(11, 1, 2, 4)
	c.Address, c.Country = "192.0.2.7", "France"
	c.Client.CallHandover = true
	fmt.Println(c.Validate())
	// Output: client.callHandover: call handover: not supported by IP Office 11.1.2.4, needs 11.1.3 or later
}
