package main

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/examples/internal/setup"
)

// live lets people call each other on the network of our own, and now and then
// a link fail, so that there is something to see.
func live(ctx context.Context, s *setup.Settings, network *setup.Network) {
	any := func() cti.DeviceID { return s.CTI.Extensions[rand.IntN(len(s.CTI.Extensions))].Number }
	calls := time.NewTicker(200 * time.Millisecond)
	defer calls.Stop()
	outages := time.NewTicker(15 * time.Second)
	defer outages.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-calls.C:
			from, to := any(), any()
			if network.Set(from).Call(string(to)) == nil { // else it is busy
				time.AfterFunc(2*time.Second, func() { _ = network.Set(to).Answer() })
				time.AfterFunc(10*time.Second, func() { _ = network.Set(from).HangUp() })
			}
		case <-outages.C:
			l := s.File.Links[rand.IntN(len(s.File.Links))]
			network.Reach(l, false)
			time.AfterFunc(8*time.Second, func() { network.Reach(l, true) })
		}
	}
}
