// Provision generates the settings files that an IP Office gives to its
// telephones and Workplace clients, and serves them:
//
//	go run ./examples/provision                          46xxsettings.txt of the system in site.json
//	go run ./examples/provision -config system.json      of a system of your own; see ipoffice.Config
//	go run ./examples/provision -specials                46xxspecials.txt
//	go run ./examples/provision -listen 127.0.0.1:8080   both over HTTP, until interrupted
//
// The exit status is 2 for wrong arguments or a wrong configuration.
package main

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net"
	"os"

	"github.com/ctikit/ctikit/examples/internal/setup"
	"github.com/ctikit/ctikit/provisioning/ipoffice"
)

//go:embed site.json
var site []byte

func main() { setup.Main("provision", provisionClients) }

func provisionClients(ctx context.Context, args []string, out, errs io.Writer) error {
	flags := setup.Flags("provision", "generates the settings files of an IP Office's clients.", errs)
	file := flags.String("config", "", "the system, a JSON `file`; without it, an example that is built in")
	specials := flags.Bool("specials", false, "print 46xxspecials.txt")
	remote := flags.Bool("remote", false, "print what a client outside the site's network receives")
	listen := flags.String("listen", "", "serve both files over HTTP at this `address`")
	static := flags.String("static", "", "serve the files of this `folder` beside them")
	avayaOnly := flags.Bool("avaya-only", false, "serve telephones and Workplace clients alone, by their User-Agent")
	if err := setup.Parse(flags, args); err != nil {
		return err
	}
	switch {
	case *listen == "" && (*static != "" || *avayaOnly):
		return setup.Mistake{Err: errors.New("-static and -avaya-only go with -listen")}
	case *listen != "" && (*specials || *remote):
		return setup.Mistake{Err: errors.New("-listen serves every client what it asks for; leave -specials and -remote out")}
	}
	cfg, err := readSystem(*file)
	if err != nil {
		return err
	}
	if *listen != "" {
		handler := &ipoffice.Handler{Config: func() ipoffice.Config { return cfg }, AvayaOnly: *avayaOnly}
		return serveFiles(ctx, handler, *listen, *static, out)
	}
	text, err := cfg.Settings(ipoffice.Requester{Remote: *remote})
	if *specials {
		text, err = cfg.SpecialsText()
	}
	if err != nil {
		return err
	}
	_, err = out.Write(text)
	return err
}

func readSystem(file string) (ipoffice.Config, error) {
	parse := func(text []byte) (ipoffice.Config, error) { return ipoffice.ReadConfig(bytes.NewReader(text)) }
	if file == "" {
		return parse(site)
	}
	return setup.ParseFile(file, parse)
}

// serveFiles answers clients until ctx ends; it prints its address first.
func serveFiles(ctx context.Context, h *ipoffice.Handler, address, static string, out io.Writer) error {
	if static != "" {
		folder, err := os.OpenRoot(static) // follows no link that leads out
		if err != nil {
			return err
		}
		defer folder.Close()
		h.Static = folder.FS()
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "http://%s/%s\n", listener.Addr(), ipoffice.SettingsFile)
	return setup.Serve(ctx, listener, h)
}
