package ctitest_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
)

// eventMutants break the rules of events.
func eventMutants() []mutant {
	const order = "events are those of the PBX in its order"
	return []mutant{
		{name: "events before the snapshot are dropped", caught: "events between monitor and snapshot are not lost",
			driver: altered{sink: edits(func(ev *cti.Event) bool { return ev.Kind != cti.Delivered })}},
		{name: "the end of a monitor is not reported", caught: "a monitor that the PBX stops is reported",
			driver: altered{sink: edits(func(ev *cti.Event) bool { return ev.Kind != cti.MonitorStopped })}},
		{name: "the end of a monitor is not reported during Supervise", driver: deafWhileSupervising(),
			caught: "a monitor that the PBX stops during Supervise is no success in silence"},
		{name: "every seventh event is lost", caught: order, driver: altered{sink: func(to driver.EventSink) driver.EventSink {
			n := 0
			return sinkFunc(func(ev *cti.Event) {
				if n++; n%7 != 0 {
					to.Event(ev)
				}
			})
		}}},
		{name: "a full buffer drops events", caught: "a burst of events arrives whole and in order", driver: altered{sink: func(to driver.EventSink) driver.EventSink {
			n := 0
			return sinkFunc(func(ev *cti.Event) {
				if n++; n < 256 {
					to.Event(ev)
				}
			})
		}}},
		{name: "events come twice", caught: order, driver: altered{sink: func(to driver.EventSink) driver.EventSink {
			return sinkFunc(func(ev *cti.Event) { to.Event(ev); to.Event(ev) })
		}}},
		{name: "a goroutine for each event", caught: order, driver: altered{sink: func(to driver.EventSink) driver.EventSink {
			var mu sync.Mutex
			n := 0
			return sinkFunc(func(ev *cti.Event) {
				n++
				copied, late := *ev, time.Duration(n%3)*time.Millisecond
				time.AfterFunc(late, func() { mu.Lock(); defer mu.Unlock(); to.Event(&copied) })
			})
		}}},
		{name: "the redirection is lost", caught: order,
			driver: altered{sink: edits(func(ev *cti.Event) bool { ev.Redirection = cti.Party{}; return true })}},
		{name: "the cause is lost", caught: order,
			driver: altered{sink: edits(func(ev *cti.Event) bool { ev.Cause = cti.CauseNone; return true })}},
		{name: "the old calls are lost", caught: order,
			driver: altered{sink: edits(func(ev *cti.Event) bool { ev.OldCall, ev.OtherCall = "", ""; return true })}},
		{name: "the global identifier is lost", caught: order, link: wide,
			driver: altered{sink: edits(func(ev *cti.Event) bool { ev.Global = ""; return true })}},
		{name: "withheld is unknown", caught: "a caller who withholds his number is Restricted",
			driver: altered{sink: edits(func(ev *cti.Event) bool {
				if ev.Calling.Status == cti.Restricted {
					ev.Calling.Status = cti.NotKnown
				}
				return true
			})}},
		{name: "the state is that of the subject", caught: "an incoming call is reported to its end",
			driver: altered{sink: edits(func(ev *cti.Event) bool {
				if ev.Kind == cti.ConnectionCleared {
					ev.State = cti.Connected
				}
				return true
			})}},
		{name: "existing calls are silent, whatever is promised", link: wide, caught: "existing calls report events where Capabilities say so",
			driver: altered{sink: edits(func(ev *cti.Event) bool { return ev.Kind != cti.Established })}},
		{name: "a transfer has the wrong parties", caught: "TransferCall",
			driver: altered{sink: edits(func(ev *cti.Event) bool { ev.Subject, ev.Target = ev.Target, ev.Subject; return true })}},
		{name: "names are left as the wire has them", caught: "names that the PBX sends are kept",
			driver: altered{sink: edits(func(ev *cti.Event) bool {
				ev.Calling.Name = strings.ReplaceAll(ev.Calling.Name, "<", "&lt;")
				return true
			})}},
		{name: "a neighbour is supervised too", caught: "devices that are not supervised report nothing",
			driver: altered{parts: parts{supervise: func(s *ctitest.Session, ctx context.Context, ext cti.Extension) (cti.Snapshot, error) {
				_, _ = s.Supervise(ctx, cti.Extension{Number: "4002", Password: ctikit.NewSecret("pass4002")})
				return s.Supervise(ctx, ext)
			}}}},
		{name: "switches lose their position", caught: "features changed at the set are reported",
			driver: altered{sink: edits(func(ev *cti.Event) bool { ev.On = false; return true })}},
	}
}

// deafWhileSupervising passes the end of a monitor over while Supervise is under way.
func deafWhileSupervising() altered {
	var under atomic.Bool
	return altered{
		sink: edits(func(ev *cti.Event) bool { return ev.Kind != cti.MonitorStopped || !under.Load() }),
		parts: parts{supervise: func(s *ctitest.Session, ctx context.Context, ext cti.Extension) (cti.Snapshot, error) {
			under.Store(true)
			defer under.Store(false)
			return s.Supervise(ctx, ext)
		}},
	}
}
