package csta_test

import (
	"context"
	"fmt"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/cti/gateway"
)

// The links of a gateway are exported as JSON, passwords sealed, and imported
// into another. The host makes the connectors, since it brings what is no data:
// certificates, a Dial function.
func ExampleConfig_Settings() {
	ctx := context.Background()
	key := ctikit.NewKeyring(ctikit.NewSealKey()) // the application stores the key
	options := gateway.SectionOptions{Key: key, Connect: func(p cti.Protocol, s driver.LinkSettings) (driver.Connector, error) {
		profile, ok := csta.ProfileByName(s.PBX)
		if p != cti.CSTA || !ok {
			return nil, fmt.Errorf("no driver for %v of a %q", p, s.PBX)
		}
		return csta.Config{Addr: s.Address, Profile: profile, User: s.User, Password: s.Password}, nil
	}}
	from, err := gateway.New(gateway.Config{Links: []gateway.Link{{Name: "csta", Capacity: 10, Connector: csta.Config{Addr: "pbx.example", Profile: csta.A5000}}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	to, err := gateway.New(gateway.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	links, _, err := from.Sections(options)[0].Export(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(links))
	fmt.Println(to.Sections(options)[0].Import(ctx, ctikit.Import{Data: links}))
	// Output:
	// [{"name":"csta","protocol":"CSTA","capacity":10,"address":"pbx.example:3211","pbx":"Mitel 5000"}]
	// 1 <nil>
}
