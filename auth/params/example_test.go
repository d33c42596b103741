package params_test

import (
	"fmt"

	"github.com/ctikit/ctikit/auth"
	"github.com/ctikit/ctikit/auth/params"
)

type office struct{}

func (office) Groups(string) []string { return []string{"sales", "support"} }
func (office) Domain(string) string   { return "paris" }

func ExampleSet_Explain() {
	set, err := params.New(office{}, auth.Definitions("TWS")...)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(set.Set(params.Domain("paris"), "AuthMethods", "WindowsSecurity|LDAP"))
	fmt.Println(set.Set(params.Group("support"), "AuthMethods", "LDAP"))
	fmt.Println(set.Set(params.User("alice"), "AuthMethods", "Ldpa"))

	e, _ := set.Explain("alice", "AuthMethods")
	fmt.Println(e.Value, "from", e.From)
	for _, hidden := range e.Hidden {
		fmt.Println("hides", hidden.Value, "from", hidden.Scope)
	}
	// Output:
	// <nil>
	// <nil>
	// params: set AuthMethods for user alice: [0]: "Ldpa" is not one of WindowsSecurity, LDAP, TWS, None
	// LDAP from group support
	// hides WindowsSecurity|LDAP from domain paris
	// hides TWS from default
}
