package setup

import (
	"context"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
)

// CallIn has people call an extension: one whom the directory knows and who is
// answered, one it does not know, one without a number, and a colleague.
func (n *Network) CallIn(ctx context.Context, to cti.DeviceID) error {
	for i, from := range []cti.DeviceID{"0612345678", "0499887766", ""} {
		party, err := n.Dial(from, to)
		if err != nil {
			return err
		}
		pauseBriefly(ctx)
		if i == 0 {
			if err := n.Set(to).Answer(); err != nil {
				return err
			}
			pauseBriefly(ctx)
		}
		if err := party.HangUp(); err != nil {
			return err
		}
		pauseBriefly(ctx)
	}
	colleague := n.Set("1000")
	if err := colleague.Call(string(to)); err != nil {
		return err
	}
	pauseBriefly(ctx)
	if err := colleague.HangUp(); err != nil {
		return err
	}
	pauseBriefly(ctx)
	return nil
}

// pauseBriefly lets a person, and the events, keep up.
func pauseBriefly(ctx context.Context) {
	select {
	case <-time.After(300 * time.Millisecond):
	case <-ctx.Done():
	}
}

// Answering lets a set, and 06 12 34 56 78 outside, take calls until the function
// returned is called.
func (n *Network) Answering(set cti.DeviceID) (stop func()) {
	n.Outside("0612345678").Behaves(ctitest.Answers)
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-quit:
				return
			case <-time.After(100 * time.Millisecond):
				_ = n.Set(set).Answer() // nothing rings most of the time
			}
		}
	}()
	return func() { close(quit); <-done }
}
