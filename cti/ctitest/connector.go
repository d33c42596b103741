package ctitest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// ConnectorOptions set how a [Connector] opens its link.
type ConnectorOptions struct {
	User     string
	Password ctikit.Secret
	// Latency is how long everything takes in each direction. Requests keep
	// their order, so do events and answers.
	Latency time.Duration
	// ClearLateCalls ends a call whose answer came after the request was abandoned;
	// otherwise it is reported by an event of kind [cti.LateAnswer].
	ClearLateCalls bool
}

// Connector opens a link of a [Network] without a wire: a [driver.Connector] whose
// sessions have every ability.
type Connector struct {
	link    *Link
	options ConnectorOptions
}

// Connector returns a driver of the link.
func (l *Link) Connector(o ConnectorOptions) *Connector { return &Connector{link: l, options: o} }

// Validate reports a negative Latency, under "latency".
func (c *Connector) Validate() error {
	var ps ctikit.Problems
	if l := c.options.Latency; l < 0 {
		ps.Add("latency", "must not be negative, got %v", l)
	}
	return ps.Err()
}

// Protocol returns the link's protocol.
func (c *Connector) Protocol() cti.Protocol { return c.link.options.Protocol }

// Address returns the name of the link: nothing is dialled.
func (c *Connector) Address() string { return c.link.name }

// Identity is equal for Connectors of one link with equal options.
func (c *Connector) Identity() string {
	o := c.options
	all := fmt.Appendf(nil, "%p %q %q %d %t", c.link, o.User, o.Password.Reveal(), o.Latency, o.ClearLateCalls)
	sum := sha256.Sum256(all)
	return fmt.Sprintf("ctitest %s %x", c.link.name, sum[:8])
}

// Open begins a session.
func (c *Connector) Open(ctx context.Context, sink driver.EventSink) (driver.Session, error) {
	if err := c.Validate(); err != nil {
		return nil, &cti.Error{Op: cti.OpOpen, NotSent: true, Err: err}
	}
	a, err := c.openAssociation(ctx)
	if err != nil {
		return nil, openError(err)
	}
	return newSession(a, sink, c.options), nil
}

// openAssociation takes a round trip.
func (c *Connector) openAssociation(ctx context.Context) (*Association, error) {
	if err := sleepUnder(ctx, c.options.Latency); err != nil {
		return nil, err
	}
	a, err := c.link.Open(ctx, c.options.User, c.options.Password.Reveal())
	if err != nil {
		return nil, err
	}
	if err := sleepUnder(ctx, c.options.Latency); err != nil {
		a.Close()
		return nil, err
	}
	return a, nil
}

// openError is the error of [Connector.Open].
func openError(err error) error {
	if mangle, ok := errors.AsType[Mangle](err); ok {
		err = mangleError(mangle)
	}
	e := cti.Error{Err: err}
	if known, ok := errors.AsType[*cti.Error](err); ok {
		e = *known
	}
	e.Op = cti.OpOpen
	return &e
}

// mangleError is what a driver makes of a broken wire.
func mangleError(m Mangle) error { return pbxError(cti.ErrProtocol, "the peer sent "+m.String()) }

// sleepUnder waits for a time, if any, and fails with ctx.
func sleepUnder(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
