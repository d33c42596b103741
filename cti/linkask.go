package cti

import (
	"context"

	"github.com/ctikit/ctikit"
)

// What is asked of a link rather than of an extension.

// ListDevices asks the PBX behind a link which devices it lets us supervise.
// The errors are [*Error].
func (g *Gateway) ListDevices(ctx context.Context, link string) ([]DeviceID, error) {
	a, err := g.do(ctx, link, Request{Op: OpListDevices})
	return a.Devices, err
}

// Escape passes private data of the vendor to the PBX behind a link and returns
// its answer, both raw. What a PBX sends of its own accord comes as an event of
// kind [Private] without a device, see [LinkEvents]. The errors are [*Error].
func (g *Gateway) Escape(ctx context.Context, link string, data []byte) ([]byte, error) {
	a, err := g.do(ctx, link, Request{Op: OpEscape, Private: data})
	return a.Private, err
}

// do performs a request on a link.
func (g *Gateway) do(ctx context.Context, link string, r Request) (Reply, error) {
	fail := func(why error, detail string) (Reply, error) {
		return Reply{}, &Error{Op: r.Op, Link: link, NotSent: true, Err: why, Detail: detail}
	}
	if !g.running() {
		return fail(ErrClosed, "the gateway is not running")
	}
	live, known := g.control.sessionOf(link)
	switch {
	case !known:
		return fail(ErrLinkDown, "no such link in the configuration")
	case live == nil:
		return fail(ErrLinkDown, "")
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
