package auth_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/auth"
)

// people is the host's directory, here of one user.
type people struct{}

func (people) Find(name, domain string) (string, bool) { return name, name == "alice" && domain == "" }
func (people) Enabled(string) bool                     { return true }

// The sign-in of a user by local password, from the first run on.
func Example_signIn() {
	ctx := context.Background()
	local, err := auth.NewLocal(auth.LocalConfig{Store: &auth.MemoryStore{}})
	if err != nil {
		fmt.Println(err)
		return
	}
	chain, err := auth.New(auth.Config{
		Users:   people{},
		Methods: map[auth.Method]auth.Authenticator{auth.TWS: local},
		Default: "TWS",
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	// First run: no account is there; the operator reads the code on the console.
	code, err := local.SetupCode(ctx)
	if err == nil {
		err = local.Initialise(ctx, code, "alice", ctikit.NewSecret("correct horse"))
	}
	fmt.Println("initialised:", err == nil)

	in, err := chain.SignIn(ctx, auth.Attempt{Login: "alice", Password: ctikit.NewSecret("correct horse"), Remote: "192.0.2.1:5060"})
	fmt.Println(in.User, in.Method, err)

	_, err = chain.SignIn(ctx, auth.Attempt{Login: "alice", Password: ctikit.NewSecret("guess"), Remote: "192.0.2.1:5060"})
	fmt.Println(err) // for the user: always the same
	var refusal *auth.Refusal
	if errors.As(err, &refusal) {
		fmt.Println(refusal.Detail()) // for the log
	}
	// Output:
	// initialised: true
	// alice TWS <nil>
	// sign-in refused: check user name and password, or ask your administrator
	// sign-in of "alice" from "192.0.2.1:5060" refused: wrong password (TWS: rejected, wrong password)
}

// The "Save" box: a token lets the user in again, and is replaced each time.
func ExampleChain_Remember() {
	ctx := context.Background()
	tokens, err := auth.NewTokens(auth.TokensConfig{Store: &auth.MemoryStore{}})
	if err != nil {
		fmt.Println(err)
		return
	}
	chain, err := auth.New(auth.Config{
		Users:   people{},
		Methods: map[auth.Method]auth.Authenticator{auth.WindowsSecurity: auth.WindowsSession{}},
		Default: "WindowsSecurity",
		Tokens:  tokens,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	in := auth.SignIn{User: "alice", Method: auth.WindowsSecurity} // as Chain.SignIn gave it
	token, err := chain.Remember(ctx, in, "laptop")                // for a cookie
	if err != nil {
		fmt.Println(err)
		return
	}
	again, next, err := chain.Resume(ctx, token, "192.0.2.1:5060")
	fmt.Println(again.User, again.Remembered, next.IsZero(), err)

	fmt.Println(tokens.RevokeUser(ctx, "alice")) // signed out everywhere
	_, _, err = chain.Resume(ctx, next, "192.0.2.1:5060")
	fmt.Println(errors.Is(err, auth.ErrRefused))
	// Output:
	// alice true false <nil>
	// <nil>
	// true
}
