package gateway

import (
	"context"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// What is asked of a link rather than of an extension.

// ListDevices asks the PBX behind a link which devices it lets us supervise.
// The errors are [*cti.Error].
func (g *Gateway) ListDevices(ctx context.Context, link string) ([]cti.DeviceID, error) {
	a, err := g.do(ctx, link, driver.Request{Op: cti.OpListDevices})
	return a.Devices, err
}

// Escape passes private data of the vendor to the PBX behind a link and returns
// its answer, both raw. What a PBX sends of its own accord comes as an event of
// kind [cti.Private] without a device, see [LinkEvents]. The errors are [*cti.Error].
func (g *Gateway) Escape(ctx context.Context, link string, data []byte) ([]byte, error) {
	a, err := g.do(ctx, link, driver.Request{Op: cti.OpEscape, Private: data})
	return a.Private, err
}

// do performs a request on a link.
func (g *Gateway) do(ctx context.Context, link string, r driver.Request) (driver.Reply, error) {
	fail := func(why error, detail string) (driver.Reply, error) {
		return driver.Reply{}, &cti.Error{Op: r.Op, Link: link, NotSent: true, Err: why, Detail: detail}
	}
	if !g.running() {
		return fail(cti.ErrClosed, "the gateway is not running")
	}
	live, known := g.control.sessionOf(link)
	switch {
	case !known:
		return fail(cti.ErrLinkDown, "no such link in the configuration")
	case live == nil:
		return fail(cti.ErrLinkDown, "")
	case !live.can(r.Op):
		return fail(ctikit.ErrUnsupported, "")
	}
	return live.do(ctx, "", r)
}

// sessionOf is the session of a link, nil while it is down.
func (c *control) sessionOf(name string) (live *liveLink, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.find(name)
	if l == nil {
		return nil, false
	}
	return l.live, true
}
