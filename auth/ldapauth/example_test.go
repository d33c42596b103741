package ldapauth_test

import (
	"context"
	"fmt"

	"github.com/ctikit/ctikit/auth"
	"github.com/ctikit/ctikit/auth/ldapauth"
)

// A host whose users all sit in one place of one directory.
func ExampleNew() {
	bind, err := ldapauth.New(ldapauth.Config{Parameters: ldapauth.Fixed{
		ldapauth.ServerParameter: "ldap1.example|ldap2.example",
		ldapauth.DNParameter:     "OU=PARIS, DC=SSDEI, DC=local, CN=?",
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	answer := bind.Authenticate(context.Background(), auth.Request{Name: "alice"}) // no password: nothing is sent
	fmt.Println(answer.Verdict, answer.Reason)
	// Output: rejected empty password
}
