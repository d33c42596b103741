package driver

import (
	"context"

	"github.com/ctikit/ctikit/cti"
)

// Connector opens sessions on one link. csta.Config and vtixml.Config are
// Connectors. A Connector is used by one gateway and holds no live state; Open
// may be called again after the session it returned has ended, never before.
type Connector interface {
	// Open dials, associates and logs in. ctx bounds the opening only: the
	// session outlives it. From the moment a session is returned, and possibly
	// a little before, the sink is called. A refusal of the link's own
	// credentials wraps [cti.ErrBadCredentials].
	Open(ctx context.Context, sink EventSink) (Session, error)
	// Validate names every mistake in the connector's settings, joined, each
	// "field: what is wrong". It asks nobody. [gateway.New], Plan and Apply call it.
	Validate() error
	// Protocol tells which extensions the link can supervise.
	Protocol() cti.Protocol
	// Identity is a text that is equal for two Connectors exactly when they
	// open the same link in the same way, and that Open does not change. It
	// holds no secret in clear (a digest will do): a live configuration change
	// compares it.
	Identity() string
}

// EventSink receives what a session reads, in the order it was read. The
// session calls it from one goroutine at a time. Event must not block and must
// not keep ev or anything it points to except strings, the Snapshot, Parties
// and Details, which the session does not change any more. It may change fields
// of ev: a session says what its PBX said, and leaves the parties that were not
// told to the gateway (see [cti.Filled]).
type EventSink interface {
	Event(ev *cti.Event)
}

// Session is one live link. Its methods may be called concurrently, at most
// once at a time for Supervise and Release of one device. Every method that
// takes a ctx returns when ctx ends, when the answer is there, or when the
// session ends, whichever is first; the errors are [*cti.Error].
//
// An answer that arrives after its request was given up is never handed to
// another request. If it created something, the session undoes it (stops the
// monitor; clears the connection where so configured), else it reports an
// event of kind [cti.LateAnswer].
//
// A driver is one [Do] over the operations that Capabilities names; what it lacks
// it refuses with [ctikit.ErrUnsupported]. A session can be wrapped by embedding: see
// [Intercept].
type Session interface {
	// Supervise starts the monitor of a device and then reads its snapshot
	// (call by call where the device's snapshot lacks the parties). Events of
	// the device may reach the sink before Supervise returns: the gateway
	// holds them until it has the snapshot. After an error nothing is
	// monitored. Where the PBX ends the monitor by itself before Supervise
	// returns, Supervise fails, or the sink has been or will be told
	// [MonitorStopped]: the snapshot alone does not say that it still runs. A
	// device that the session supervises already yields [cti.ErrInvalidState]. Stale, Since and AnsweredAt of calls are the gateway's.
	// Errors: [cti.ErrCapacity] (with Limit where the PBX tells it),
	// [cti.ErrInvalidDevice], [cti.ErrUnsupportedSet], [cti.ErrBadPassword],
	// [cti.ErrUnreachable], [cti.ErrLinkDown].
	Supervise(ctx context.Context, ext cti.Extension) (cti.Snapshot, error)
	// Release stops the monitor of a device. Releasing what is not supervised
	// is no error. When it has returned, no event of the device follows.
	Release(ctx context.Context, device cti.DeviceID) error
	// Do performs any operation but OpSupervise, OpRelease and OpOpen. A
	// connection in r is one that an event, a snapshot or a reply of the same
	// session named. None is idempotent unless it sets a feature.
	Do(ctx context.Context, r Request) (Reply, error)
	// Counters tells the session's own figures, zero where it does not count.
	Counters() Counters
	// Capabilities tells what this session can do; the value may change only
	// together with an event of kind [cti.CapabilitiesChanged].
	Capabilities() Capabilities
	// Done is closed when the session has ended, for whatever reason. The sink
	// is not called after that.
	Done() <-chan struct{}
	// Err tells why the session ended: nil after Close, else an error that
	// wraps [cti.ErrLinkDown] or [cti.ErrProtocol]. Before Done it is nil.
	Err() error
	// Close ends the session in an orderly way, as far as that goes without
	// delay, and waits until its goroutines have ended. It may be called
	// several times.
	Close() error
}

// Capabilities tells what a session can do.
type Capabilities struct {
	// Operations that work on this link.
	Operations cti.Operations
	// SnapshotAtomic: every event sent before the snapshot's answer is
	// contained in it, and every event after it is not.
	SnapshotAtomic bool
	// ReportsExistingCalls: calls that existed when a monitor started report
	// events like others. Where they do not, they are marked stale and read
	// again until they have ended.
	ReportsExistingCalls bool
	// GlobalCallIDs: events carry a global call linkage identifier.
	GlobalCallIDs bool
	// MaxSupervisions is the capacity that the PBX announces, 0 where it does not.
	MaxSupervisions int
}

// Counters are a session's own figures since it was opened.
type Counters struct {
	BytesIn, BytesOut       uint64
	MessagesIn, MessagesOut uint64
	Skipped                 uint64 // unknown elements, events and extensions passed over
	LateAnswers             uint64 // answers to requests that had been given up
	Undone                  uint64 // late answers whose effect was undone
}
