package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"

	"github.com/ctikit/ctikit/examples/internal/setup"
	"github.com/ctikit/ctikit/provisioning/ipoffice"
)

// onSystem reads the configuration for a command.
func onSystem(do func(ctx context.Context, a *arguments, cfg ipoffice.Config, out io.Writer) error) command {
	return func(ctx context.Context, a *arguments, out io.Writer) error {
		cfg, err := setup.ParseFile(a.config, func(text []byte) (ipoffice.Config, error) { return ipoffice.ReadConfig(bytes.NewReader(text)) })
		if err != nil {
			return err
		}
		return do(ctx, a, cfg, out)
	}
}

func generate(_ context.Context, a *arguments, cfg ipoffice.Config, out io.Writer) (err error) {
	var text []byte
	if a.specials {
		text, err = cfg.SpecialsText()
	} else {
		text, err = cfg.Settings(ipoffice.Requester{Remote: a.remote})
	}
	if err != nil {
		return err
	}
	_, err = out.Write(text)
	return err
}

// serve answers clients until ctx ends; it prints its address first.
func serve(ctx context.Context, a *arguments, cfg ipoffice.Config, out io.Writer) error {
	h := &ipoffice.Handler{Config: func() ipoffice.Config { return cfg }, AvayaOnly: a.avayaOnly}
	if a.static != "" {
		folder, err := os.OpenRoot(a.static) // follows no link that leads out
		if err != nil {
			return err
		}
		defer folder.Close()
		h.Static = folder.FS()
	}
	listener, err := net.Listen("tcp", a.listen)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "http://%s/%s\n", listener.Addr(), ipoffice.SettingsFile)
	return setup.Serve(ctx, listener, h)
}
