// Clicktocall is a page on which a visitor's number is entered and called back:
// who is signed in is called first, then the number, then both are joined. It
// asks for a password, a right and a licence. Without a configuration file it
// starts the PBX network of the examples, in which the agent answers and, outside,
// 06 12 34 56 78.
//
//	go run ./examples/clicktocall
//	go run ./examples/clicktocall -config gateway.json -agent 2000 -via 1900,1901
//
// The connection is not encrypted: it listens on the loopback interface, for a
// proxy in front that speaks TLS.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/callback"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/examples/internal/setup"
)

type options struct {
	config, listen, user string
	agent                cti.DeviceID
	via                  []cti.DeviceID
	password             string // generated, shown once
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run returns the exit status: 1 for what went wrong, 2 for a mistake of the
// caller's.
func run(ctx context.Context, args []string, out, errs io.Writer) int {
	o := options{password: rand.Text()}
	flags := flag.NewFlagSet("clicktocall", flag.ContinueOnError)
	flags.SetOutput(errs)
	flags.StringVar(&o.config, "config", "", "configuration `file` of real links; by default the PBX network of the examples")
	flags.StringVar(&o.listen, "listen", "127.0.0.1:8080", "`address` to listen on")
	flags.StringVar(&o.user, "user", "alice", "`name` of the one user")
	agent := flags.String("agent", "2000", "the user's `extension`")
	via := flags.String("via", "1900,1901", "`extensions` that make the calls, separated by commas; none: the user's own set does")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(errs, "clicktocall: unexpected argument %q\n", flags.Arg(0))
		return 2
	}
	o.agent = cti.DeviceID(*agent)
	for number := range strings.FieldsFuncSeq(*via, func(r rune) bool { return r == ',' || r == ' ' }) {
		o.via = append(o.via, cti.DeviceID(number))
	}
	if err := serve(ctx, o, out); err != nil {
		fmt.Fprintf(errs, "clicktocall: %v\n", err)
		return 1
	}
	return 0
}

// serve runs gateway and page until ctx ends; then it lets requests finish for a
// while, and ends call-backs that still ring.
func serve(ctx context.Context, o options, out io.Writer) (err error) {
	r, err := setup.Open(ctx, o.config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	g, err := newGuard(ctx, o)
	if err != nil {
		return err
	}
	calls, err := callback.New(r.Gateway, callback.Options{Via: o.via, Permit: g.permit})
	if err != nil {
		return err
	}
	if r.PBX != nil {
		defer peopleAnswer(r.PBX, o.agent)()
	}
	listener, err := net.Listen("tcp", o.listen)
	if err != nil {
		return err
	}
	requests, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	server := &http.Server{
		Handler: newPage(g, calls), BaseContext: func(net.Listener) context.Context { return requests },
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 2 * time.Minute, MaxHeaderBytes: 1 << 16,
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	fmt.Fprintf(out, "http://%s: sign in as %s with the password %s\n", listener.Addr(), o.user, o.password)
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	grace, done := context.WithTimeout(requests, 2*time.Second)
	defer done()
	if server.Shutdown(grace) != nil {
		cancel() // whoever still waits for an answer: the call ends
		last, done := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
		defer done()
		return server.Shutdown(last)
	}
	return nil
}

// peopleAnswer lets the people of the examples' network take calls until the
// function returned is called.
func peopleAnswer(pbx *setup.Network, agent cti.DeviceID) (stop func()) {
	pbx.Outside("0612345678").Behaves(ctitest.Answers)
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-quit:
				return
			case <-time.After(100 * time.Millisecond):
				_ = pbx.Set(agent).Answer() // nothing rings most of the time
			}
		}
	}()
	return func() { close(quit); <-done }
}
