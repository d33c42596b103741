package gateway_test

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// onePlace watches, from the gateway's side of the drivers, that no device is
// supervised on two links at once: break before make.
type onePlace struct {
	mu        sync.Mutex
	at        map[cti.DeviceID]*watchedSession
	complaint string
	lag       func(cti.DeviceID) time.Duration
}

// watch wraps a Connector.
func (o *onePlace) watch(name string, c driver.Connector) driver.Connector {
	return watchedConnector{c, o, name}
}

func (o *onePlace) complaints() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.complaint
}

type watchedConnector struct {
	driver.Connector
	place *onePlace
	name  string
}

func (c watchedConnector) Open(ctx context.Context, sink driver.EventSink) (driver.Session, error) {
	w := &watchedSession{EventSink: sink, place: c.place, name: c.name}
	s, err := c.Connector.Open(ctx, w)
	if err != nil {
		return nil, err
	}
	w.Session = s
	return w, nil
}

type watchedSession struct {
	driver.Session
	driver.EventSink
	place *onePlace
	name  string
}

// Event notes that the PBX ended a monitor by itself.
func (s *watchedSession) Event(ev *cti.Event) {
	if ev.Kind == cti.MonitorStopped {
		s.gone(ev.Device)
	}
	s.EventSink.Event(ev)
}

func (s *watchedSession) ended() bool {
	select {
	case <-s.Done():
		return true
	default:
		return false
	}
}

func (s *watchedSession) Supervise(ctx context.Context, ext cti.Extension) (cti.Snapshot, error) {
	o := s.place
	o.mu.Lock()
	if other := o.at[ext.Number]; other != nil && !other.ended() {
		o.complaint = fmt.Sprintf("%s is started on %s while it is on %s", ext.Number, s.name, other.name)
	}
	o.at[ext.Number] = s
	o.mu.Unlock()
	snap, err := s.Session.Supervise(ctx, ext)
	if err != nil {
		s.gone(ext.Number)
	}
	// A busy machine: what the reader reads meanwhile is older than our answer.
	time.Sleep(s.place.lag(ext.Number))
	return snap, err
}

func (s *watchedSession) Release(ctx context.Context, id cti.DeviceID) error {
	err := s.Session.Release(ctx, id)
	s.gone(id)
	return err
}

func (s *watchedSession) gone(id cti.DeviceID) {
	s.place.mu.Lock()
	defer s.place.mu.Unlock()
	if s.place.at[id] == s {
		delete(s.place.at, id)
	}
}
