package gateway

import (
	"context"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// Requests to a link rather than to an extension.

// ListDevices asks the PBX of a link which devices the gateway may supervise.
// The errors are [*cti.Error].
func (g *Gateway) ListDevices(ctx context.Context, link string) ([]cti.DeviceID, error) {
	a, err := g.requestOn(ctx, link, driver.Request{Op: cti.OpListDevices})
	return a.Devices, err
}

// Escape sends private data of the vendor to the PBX of a link and returns its
// answer, both raw. Private data that a PBX sends unprompted is an event of kind
// [cti.Private] without a device, see [LinkEvents]. The errors are [*cti.Error].
func (g *Gateway) Escape(ctx context.Context, link string, data []byte) ([]byte, error) {
	a, err := g.requestOn(ctx, link, driver.Request{Op: cti.OpEscape, Private: data})
	return a.Private, err
}

// LinkCan reports whether a link can perform an operation now: nil, or the error
// that it would fail with before anything is sent.
func (g *Gateway) LinkCan(link string, op cti.Operation) error {
	_, err := g.findLink(link, op)
	return err
}

// LinkOperations returns the operations that a link can perform now; none while
// it is down.
func (g *Gateway) LinkOperations(link string) cti.Operations {
	live, _ := g.control.sessionOf(link)
	if live == nil || !g.isRunning() {
		return cti.Operations{}
	}
	return live.session.Capabilities().Operations
}

// Can reports whether at least one link can perform an operation now: nil, or an
// error that wraps [ctikit.ErrUnsupported], or [cti.ErrLinkDown] while no link
// is up. For one extension ask [Line.Can].
func (g *Gateway) Can(op cti.Operation) error {
	switch {
	case !g.isRunning():
		return &cti.Error{Op: op, NotSent: true, Err: cti.ErrClosed, Detail: "the gateway is not running"}
	case g.Operations().Has(op):
		return nil
	case g.Operations().IsEmpty():
		return &cti.Error{Op: op, NotSent: true, Err: cti.ErrLinkDown, Detail: "no link is up"}
	}
	return &cti.Error{Op: op, NotSent: true, Err: ctikit.ErrUnsupported, Detail: "no link that is up can do this"}
}

// Operations returns the operations that at least one link can perform now.
func (g *Gateway) Operations() (possible cti.Operations) {
	if !g.isRunning() {
		return possible
	}
	g.control.mu.Lock()
	defer g.control.mu.Unlock()
	for _, l := range g.control.links {
		if l.live != nil {
			possible = possible.With(l.live.session.Capabilities().Operations.List()...)
		}
	}
	return possible
}

func (g *Gateway) requestOn(ctx context.Context, link string, r driver.Request) (driver.Reply, error) {
	live, err := g.findLink(link, r.Op)
	if err != nil {
		return driver.Reply{}, err
	}
	return live.requestFor(ctx, "", r)
}

// findLink finds the session of a link that can perform op.
func (g *Gateway) findLink(link string, op cti.Operation) (*liveLink, error) {
	refuse := func(why error, detail string) (*liveLink, error) {
		return nil, &cti.Error{Op: op, Link: link, NotSent: true, Err: why, Detail: detail}
	}
	if !g.isRunning() {
		return refuse(cti.ErrClosed, "the gateway is not running")
	}
	live, known := g.control.sessionOf(link)
	switch {
	case !known:
		return refuse(cti.ErrLinkDown, "not in the configuration")
	case live == nil:
		return refuse(cti.ErrLinkDown, "")
	case !live.can(op):
		return refuse(ctikit.ErrUnsupported, "")
	}
	return live, nil
}

// sessionOf returns the session of a link, nil while it is down.
func (c *control) sessionOf(name string) (live *liveLink, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.findLinkByName(name)
	if l == nil {
		return nil, false
	}
	return l.live, true
}
