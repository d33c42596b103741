package main

import (
	"context"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/examples/internal/setup"
)

// demonstrate has people call an extension: one whom the directory knows and who
// is answered, one it does not know, one without a number, and a colleague.
func demonstrate(ctx context.Context, r *setup.Running, to cti.DeviceID) error {
	for i, from := range []cti.DeviceID{"0612345678", "0499887766", ""} {
		party, err := r.PBX.Dial(from, to)
		if err != nil {
			return err
		}
		pause(ctx)
		if i == 0 {
			if err := r.PBX.Set(to).Answer(); err != nil {
				return err
			}
			pause(ctx)
		}
		if err := party.HangUp(); err != nil {
			return err
		}
		pause(ctx)
	}
	colleague := r.PBX.Set("1000")
	if err := colleague.Call(string(to)); err != nil {
		return err
	}
	pause(ctx)
	if err := colleague.HangUp(); err != nil {
		return err
	}
	pause(ctx)
	return nil
}

// pause lets a person, and the events, keep up.
func pause(ctx context.Context) {
	select {
	case <-time.After(300 * time.Millisecond):
	case <-ctx.Done():
	}
}
