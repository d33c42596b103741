package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/ctikit/ctikit/provisioning/ipoffice"
)

func generate(_ context.Context, a *arguments, out io.Writer) error {
	cfg, err := a.system()
	if err != nil {
		return err
	}
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
func serve(ctx context.Context, a *arguments, out io.Writer) error {
	cfg, err := a.system()
	if err != nil {
		return err
	}
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
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, WriteTimeout: time.Minute, IdleTimeout: time.Minute}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	select {
	case err = <-done:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err = server.Shutdown(last)
	if served := <-done; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}
