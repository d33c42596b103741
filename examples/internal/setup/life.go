package setup

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/ctikit/ctikit/cti"
)

// Live lets people call each other, and now and then a link fail, until ctx
// ends: so there is something to see.
func (n *Network) Live(ctx context.Context, extensions []cti.Extension, links []Link) {
	anyone := func() cti.DeviceID { return extensions[rand.IntN(len(extensions))].Number }
	calls := time.NewTicker(200 * time.Millisecond)
	defer calls.Stop()
	outages := time.NewTicker(15 * time.Second)
	defer outages.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-calls.C:
			from, to := anyone(), anyone()
			if n.Set(from).Call(string(to)) == nil { // else it is busy
				time.AfterFunc(2*time.Second, func() { _ = n.Set(to).Answer() })
				time.AfterFunc(10*time.Second, func() { _ = n.Set(from).HangUp() })
			}
		case <-outages.C:
			l := links[rand.IntN(len(links))]
			n.Reach(l, false)
			time.AfterFunc(8*time.Second, func() { n.Reach(l, true) })
		}
	}
}
