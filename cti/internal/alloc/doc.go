// Package alloc decides which extension is supervised on which link
// (TWP guide 4.1). It is a pure state machine on plain integers: no goroutine,
// no clock, no I/O. Each input changes the [State] and appends the moves that
// follow from it to a buffer of the caller.
//
// # Rules
//
// A link has a capacity and may name places by patterns. Of the patterns that
// links of the extension's class name, the most specific one that matches the
// extension's place wins (s.c, then s.*, then *.c, then *.*), and the links that
// name it are the place's explicit links. An extension goes
//
//   - to the least loaded eligible explicit link of its place ([Explicit]);
//   - if there is none, to the least loaded other link ([Overflow]);
//   - if no link names its place, to the least loaded link ([Implicit]).
//
// Least loaded is lowest used/capacity, compared exactly, then most free slots,
// then configuration order. A link is eligible while it is up, not draining and
// has a free slot. An extension that finds none waits; when a slot frees, those
// waiting for whom the link is explicit have it first, then the others, each in
// the order in which they began to wait.
//
// Supervisions stay where they are: an input changes only the decisions that it
// concerns. Extensions in overflow go home when the caller asks
// ([State.ReturnHome]), and loads are evened out when it asks
// ([State.Rebalance]).
//
// # Slots
//
// Moves are break before make, and the caller carries them out: it reports
// [State.Started] when it begins to start a monitor, and [State.Released] when
// that monitor has ended. In between the extension holds a slot of that link,
// and one of the link that it is to move to as well. So no start ever takes a
// link above its capacity.
//
// Identifiers are positive and chosen by the caller; those of extensions should
// be small, since they index a slice: reuse the identifiers of removed ones.
package alloc

// The modes: by which rule an extension came to its link.
const (
	None uint8 = iota
	Explicit
	Overflow
	Implicit
)

// Any in a [Pattern] matches every site or cluster.
const Any = -1

// Pattern selects places; each part is a number or [Any].
type Pattern struct{ Site, Cluster int32 }

// Link is the configuration of a link.
type Link struct {
	Order    int32 // of configuration
	Capacity int32 // slots
	Class    uint8 // takes extensions of the same class
	Serves   []Pattern
}

// Ext is the configuration of an extension.
type Ext struct {
	Site, Cluster int32
	Class         uint8
}

// Move is where an extension is supervised from now on. From and To
// are links, 0 is none. With From equal to To only the mode changed, because
// links name other places than before. An input yields at most one Move of an
// extension.
type Move struct {
	Ext, From, To int32
	Mode          uint8
}

// Use is the occupation of a link. Explicit, Overflow and Implicit count the
// extensions that belong there; Used counts slots, among them those of
// extensions that are to leave and have not been released.
type Use struct{ Used, Explicit, Overflow, Implicit int32 }
