package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/ctikit/ctikit/directory"
	"github.com/ctikit/ctikit/examples/internal/report"
	"github.com/ctikit/ctikit/examples/internal/setup"
)

// exportDocument writes the whole configuration to a file that only its owner reads.
func exportDocument(ctx context.Context, r *report.Report, s *setup.Settings, o options) (
	steps directory.Steps, err error,
) {
	in, err := setup.Install(ctx, s, o.key)
	if err != nil {
		return steps, err
	}
	file, err := os.OpenFile(o.export, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return steps, err // nothing is overwritten
	}
	document := in.Document()
	steps, err = document.Export(ctx, file)
	fmt.Fprint(r.Out, steps)
	return steps, errors.Join(err, file.Close())
}

// importDocument imports the whole configuration into a gateway that runs, and shows what
// becomes of it; or, without -yes, tells what it would do.
func importDocument(ctx context.Context, r *report.Report, s *setup.Settings, pbx *setup.Network, o options) (
	result report.Status, err error,
) {
	file, err := os.Open(o.read)
	if err != nil {
		return result, err
	}
	defer file.Close()
	if o.config == "" {
		defer pbx.Stop()
		if err := pbx.Start(s.File, s.CTI); err != nil {
			return result, err
		}
	}
	in, err := setup.Install(ctx, s, o.key)
	if err != nil {
		return result, err
	}
	document := in.Document()
	err = setup.While(ctx, in.Gateway, func() error {
		steps, err := document.Import(ctx, file, directory.ImportOptions{Confirm: o.yes, DryRun: !o.yes})
		fmt.Fprint(r.Out, steps)
		if err != nil {
			return err
		}
		if !o.yes {
			r.Line("Nothing was changed. With -yes this replaces what there is.")
			return nil
		}
		result, err = r.Status(ctx, in.Gateway, s.File.Sites)
		return err
	})
	return result, err
}
