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
	// session outlives it. The sink may be called shortly before Open returns
	// and until the session has ended. If the PBX refuses the link's own
	// credentials, the error wraps [cti.ErrBadCredentials].
	Open(ctx context.Context, sink EventSink) (Session, error)
	// Validate reports every problem of the connector's settings, as
	// [ctikit.Problems] with the JSON path of each setting. It does no I/O.
	// gateway.New, Plan and Apply call it.
	Validate() error
	// Protocol says which extensions the link can supervise.
	Protocol() cti.Protocol
	// Address is the address of the PBX, "host:port", for status and logs.
	Address() string
	// Identity is equal for two Connectors exactly if they open the same link
	// in the same way; Open does not change it. It covers all settings that
	// decide how the link is opened: address, login, TLS configuration, recording.
	// It holds no secret in plain text (a digest will do). A link is reopened
	// if a configuration change gives its connector another identity.
	Identity() string
}

// EventSink receives what a session reads, in the order it was read. The
// session calls it from one goroutine at a time. Event must not block. It must
// not keep ev or anything ev points to, except strings, the Snapshot, Parties
// and Details, which the session no longer changes. It may change fields of
// ev: a session reports what its PBX said, and leaves parties that the PBX did
// not name to the gateway (see [cti.Filled]).
type EventSink interface {
	Event(ev *cti.Event)
}

// Session is one live link. Its methods may be called concurrently; Supervise
// and Release at most once at a time for one device. Every method that takes a
// ctx returns when ctx ends, when the answer arrives, or when the session ends,
// whichever is first. Errors are [*cti.Error].
//
// An answer that arrives after its request was abandoned is never handed to
// another request. If it created something, the session undoes it (stops the
// monitor; clears the connection if so configured) or reports an event of kind
// [cti.LateAnswer].
//
// A driver implements Do for the operations that its Capabilities name. To wrap
// a session, embed it and override methods; see [Intercept].
type Session interface {
	// Supervise starts the monitor of a device and then reads its snapshot
	// (call by call if the device's snapshot lacks the parties). Events of the
	// device may reach the sink before Supervise returns: the gateway holds
	// them until it has the snapshot. After an error nothing is monitored. If
	// the PBX ends the monitor before Supervise returns, either Supervise fails
	// or the sink receives [cti.MonitorStopped]. Stale, Since and AnsweredAt of
	// calls are set by the gateway. Errors: [cti.ErrCapacity] (with Limit if the PBX
	// reports it), [cti.ErrInvalidDevice], [cti.ErrUnsupportedSet],
	// [cti.ErrBadPassword], [cti.ErrUnreachable], [cti.ErrLinkDown], and
	// [cti.ErrInvalidState] for a device that the session already supervises.
	Supervise(ctx context.Context, ext cti.Extension) (cti.Snapshot, error)
	// Release stops the monitor of a device. Releasing a device that is not
	// supervised is not an error. Once it has returned, no event of the device
	// follows.
	Release(ctx context.Context, device cti.DeviceID) error
	// Do performs every operation except OpSupervise, OpRelease and OpOpen. A
	// connection in r is one that an event, a snapshot or a reply of the same
	// session named. Operations that set a feature are idempotent, the others
	// are not; [cti.SafeToRetry] says whether a failed one may be repeated.
	// An operation that Capabilities do not name is refused with
	// [ctikit.ErrUnsupported].
	Do(ctx context.Context, r Request) (Reply, error)
	// Counters returns the session's counters; zero if it does not count.
	Counters() Counters
	// Capabilities returns what this session can do. The value changes only
	// together with an event of kind [cti.CapabilitiesChanged].
	Capabilities() Capabilities
	// Done is closed when the session has ended, for whatever reason. The sink
	// is not called after that.
	Done() <-chan struct{}
	// Err returns the reason why the session ended: nil after Close, otherwise an error
	// that wraps [cti.ErrLinkDown] or [cti.ErrProtocol]. It is nil before Done.
	Err() error
	// Close ends the session in an orderly way, without waiting for the peer,
	// and returns when its goroutines have ended. It may be called repeatedly.
	Close() error
}

// Capabilities describe the abilities of a session. They are authoritative: that
// a session has a method does not mean that the operation is supported.
type Capabilities struct {
	// Operations that work on this link.
	Operations cti.Operations
	// SnapshotAtomic: a snapshot's answer contains every event sent before it
	// and no event sent after it.
	SnapshotAtomic bool
	// ReportsExistingCalls: calls that existed when a monitor started report
	// events like others. Otherwise they are marked stale and read again until
	// they have ended.
	ReportsExistingCalls bool
	// GlobalCallIDs: events carry a global call linkage identifier.
	GlobalCallIDs bool
	// MaxSupervisions is the capacity that the PBX announces; 0 if it does not.
	MaxSupervisions int
}

// Counters are a session's figures since it was opened.
type Counters struct {
	BytesIn, BytesOut       uint64
	MessagesIn, MessagesOut uint64
	Skipped                 uint64 // unknown elements, events and extensions that were ignored
	LateAnswers             uint64 // answers to requests that had been abandoned
	Undone                  uint64 // late answers whose effect was undone
}
