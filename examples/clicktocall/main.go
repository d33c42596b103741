// Clicktocall is a page on which a number is entered and called back: who is
// signed in is called first, then the number, then both are joined. It asks for
// a password, a right and a licence. Without a configuration file it starts a PBX
// network in memory, in which the agent and, outside, 06 12 34 56 78 answer.
//
//	go run ./examples/clicktocall [-config gateway.json -user alice -via 1900,1901]
//
// It listens on the loopback interface, for a proxy in front that speaks TLS.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/auth/rights"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/callback"
	"github.com/ctikit/ctikit/examples/internal/setup"
)

func main() { setup.Main("clicktocall", servePage) }

// servePage serves the page until ctx ends; call-backs that still ring then end, too.
func servePage(ctx context.Context, args []string, out, errs io.Writer) (err error) {
	flags := setup.Flags("clicktocall", "serves a page that calls your phone, then the number that you typed.", errs)
	config := flags.String("config", "", "configuration `file` of real links; by default the PBX network of the examples")
	address := flags.String("listen", "127.0.0.1:8080", "`address` to listen on")
	user := flags.String("user", "alice", "`name` of a user in the configuration, who may call")
	pool := flags.String("via", "1900,1901", "`extensions` that make the calls, with commas; none is the user's set")
	if err := setup.Parse(flags, args); err != nil {
		return err
	}
	r, err := setup.Open(ctx, *config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	via, err := r.Extensions(*pool)
	if err != nil {
		return err
	}
	password := rand.Text()
	agent, err := permitCalls(ctx, r.Installation, *user, password)
	if err != nil {
		return err
	}
	if r.PBX != nil {
		defer r.PBX.Answering(agent)()
	}
	p := &page{Installation: r.Installation}
	if p.chain, err = r.Chain(); err != nil {
		return err
	}
	if p.calls, err = callback.New(r.Gateway, callback.Options{Via: via, Permit: p.checkLicence}); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", *address)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "http://%s: sign in as %s with the password %s\n", listener.Addr(), *user, password)
	return setup.Serve(ctx, listener, p.handler())
}

// permitCalls gives a user of the configuration a password and the right to call.
func permitCalls(ctx context.Context, in *setup.Installation, user, password string) (agent cti.DeviceID, err error) {
	if agent, err = in.ExtensionOf(ctx, user); err != nil {
		return "", setup.Mistake{Err: err}
	}
	if err := in.Accounts.SetPassword(ctx, user, ctikit.NewSecret(password), false); err != nil {
		return "", err
	}
	application := rights.Object{Type: rights.Application, ID: setup.ClickToCall}
	return agent, in.Rights.Grant(rights.Grant{To: rights.User(user), On: application})
}
