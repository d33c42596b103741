package gateway_test

import (
	"context"
	"hash/fnv"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// spread gives each request of each link and device an instant of its own.
// Which of two goroutines runs first at one instant is the only thing that a
// synctest bubble leaves to chance: with it, a seed gives the same run again.
type spread struct {
	driver.Connector
	name string
}

func (c spread) wait(op cti.Operation, device cti.DeviceID) {
	h := fnv.New64a()
	h.Write([]byte(c.name + op.String() + string(device)))
	time.Sleep(time.Duration(h.Sum64() % uint64(time.Millisecond)))
}

func (c spread) Open(ctx context.Context, sink driver.EventSink) (driver.Session, error) {
	c.wait(cti.OpOpen, "")
	s, err := c.Connector.Open(ctx, sink)
	if err != nil {
		return nil, err
	}
	return spreadSession{s, c}, nil
}

type spreadSession struct {
	driver.Session
	c spread
}

func (s spreadSession) Supervise(ctx context.Context, ext cti.Extension) (cti.Snapshot, error) {
	defer s.c.wait(cti.OpSupervise, ext.Number)
	s.c.wait(cti.OpSupervise, ext.Number)
	return s.Session.Supervise(ctx, ext)
}

func (s spreadSession) Release(ctx context.Context, device cti.DeviceID) error {
	defer s.c.wait(cti.OpRelease, device)
	s.c.wait(cti.OpRelease, device)
	return s.Session.Release(ctx, device)
}

func (s spreadSession) Do(ctx context.Context, r driver.Request) (driver.Reply, error) {
	defer s.c.wait(r.Op, r.Device)
	s.c.wait(r.Op, r.Device)
	return s.Session.Do(ctx, r)
}
