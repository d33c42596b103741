package main

import (
	"context"
	"time"

	"github.com/ctikit/ctikit/cti/gateway"
	"github.com/ctikit/ctikit/examples/internal/report"
	"github.com/ctikit/ctikit/examples/internal/setup"
)

// showEvents opens real links, shows what they are worth, and then every event until
// ctx ends.
func showEvents(ctx context.Context, r *report.Report, s *setup.Settings, o options) (result report.Status, err error) {
	gw, err := gateway.New(s.CTI)
	if err != nil {
		return result, err
	}
	err = setup.While(ctx, gw, func() error {
		if result, err = r.Status(ctx, gw, s.File.Sites); err != nil || o.json {
			return err
		}
		r.Heading("Events")
		for ev, err := range gw.Subscribe(gateway.Names(s.Names), gateway.WithoutInitial()).Events(ctx) {
			if err != nil {
				break // interrupted
			}
			r.Text("%s %v %s", ev.Time.Format(time.TimeOnly), &ev, ev.Other.Name)
		}
		return nil
	})
	return result, err
}
