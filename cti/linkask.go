package cti

import (
	"context"
	"errors"
)

// What is asked of a link rather than of an extension.

// ListDevices asks the PBX behind a link which devices it lets us supervise.
// The errors are [*Error].
func (g *Gateway) ListDevices(ctx context.Context, link string) ([]DeviceID, error) {
	return askLink(g, link, OpListDevices, func(d DeviceLister) ([]DeviceID, error) { return d.ListDevices(ctx) })
}

// Escape passes private data of the vendor to the PBX behind a link and returns
// its answer, both raw. What a PBX sends of its own accord comes as an event of
// kind [Private] without a device, see [LinkEvents]. The errors are [*Error].
func (g *Gateway) Escape(ctx context.Context, link string, data []byte) ([]byte, error) {
	return askLink(g, link, OpEscape, func(e Escaper) ([]byte, error) { return e.Escape(ctx, data) })
}

// askLink does op with the session of a link, which must have the ability A.
func askLink[A, R any](g *Gateway, link string, op Operation, do func(A) (R, error)) (result R, err error) {
	fail := func(why error, detail string) error {
		return &Error{Op: op, Link: link, NotSent: true, Err: why, Detail: detail}
	}
	if !g.running() {
		return result, fail(ErrClosed, "the gateway is not running")
	}
	live, known := g.control.sessionOf(link)
	switch {
	case !known:
		return result, fail(ErrLinkDown, "no such link in the configuration")
	case live == nil:
		return result, fail(ErrLinkDown, "")
	case !live.can(op):
		return result, fail(ErrUnsupported, "")
	}
	ability, ok := live.session.(A)
	if !ok {
		return result, fail(ErrUnsupported, "the driver has no such ability")
	}
	g.stats.requests.Add(1)
	if result, err = do(ability); err == nil {
		return result, nil
	}
	g.stats.requestErrors.Add(1)
	var e *Error
	if !errors.As(err, &e) {
		return result, &Error{Op: op, Link: link, Err: err}
	}
	named := *e
	named.Op, named.Link = op, link
	return result, &named
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
