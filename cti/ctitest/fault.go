package ctitest

import (
	"context"
	"slices"
	"time"

	"github.com/ctikit/ctikit/cti"
)

// Action is what a [Fault] does to a request.
type Action uint8

// The actions. For an opening ([cti.OpOpen]), LoseRequest and LoseAnswer never
// answer, and both Drops refuse the connection.
const (
	Refuse       Action = iota // answer Err; the work is not done
	DelayRequest               // work and answer after Delay
	DelayAnswer                // work now, answer after Delay
	LoseRequest                // no work, no answer
	LoseAnswer                 // work, no answer
	DropBefore                 // break the connection; no work
	DropAfter                  // work, then break the connection without an answer
	GoSilent                   // no work, no answer, and never again a sign on this connection
	Break                      // work, then send Mangle instead of the answer
)

// Fault is something that goes wrong with requests. The zero selectors select
// everything.
type Fault struct {
	// Which requests.
	Link   string
	Op     cti.Operation
	Device cti.DeviceID // the extension, or the device of the connection
	Skip   int          // let this many go unharmed first
	Count  int          // then strike this many; 0 is one, negative is all

	// What happens to them.
	Action Action
	Delay  time.Duration
	Err    error // of Refuse; [cti.ErrRefused] by default
	Mangle Mangle
}

// Injected is a fault at work, and a handle to wait on.
type Injected struct {
	fault  Fault
	net    *Network
	seen   int
	hits   int
	struck chan struct{}
}

// Inject puts a fault to work. Of several that select a request, the first
// injected that has strikes left strikes.
func (n *Network) Inject(f Fault) *Injected {
	if f.Count == 0 {
		f.Count = 1
	}
	i := &Injected{fault: f, net: n, struck: make(chan struct{})}
	n.withLock(func() { n.faults = append(n.faults, i) })
	return i
}

// Hits counts how often the fault struck.
func (i *Injected) Hits() (n int) {
	i.net.withLock(func() { n = i.hits })
	return n
}

// Struck is closed when the fault has struck as often as it was to, one with a
// negative Count when it has struck once.
func (i *Injected) Struck() <-chan struct{} { return i.struck }

// Wait waits until [Injected.Struck], or ctx.
func (i *Injected) Wait(ctx context.Context) error {
	select {
	case <-i.struck:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Remove lets the fault strike no more.
func (i *Injected) Remove() { i.net.withLock(func() { i.fault.Count = i.hits }) }

func (i *Injected) selectsRequest(link string, op cti.Operation, device cti.DeviceID) bool {
	f := &i.fault
	if (f.Link != "" && f.Link != link) || (f.Op != cti.OpNone && f.Op != op) || (f.Device != "" && f.Device != device) {
		return false
	}
	if i.seen++; i.seen <= f.Skip {
		return false
	}
	i.hits++
	if i.hits == max(f.Count, 1) {
		close(i.struck)
	}
	return true
}

// isSpent reports that no strike is left.
func (i *Injected) isSpent() bool { return i.fault.Count >= 0 && i.hits >= i.fault.Count }

// findStrike finds the fault that strikes a request, nil if none does.
func (n *Network) findStrike(link string, op cti.Operation, device cti.DeviceID) (f *Fault) {
	n.withLock(func() { f = n.findStrikeLocked(link, op, device) })
	return f
}

func (n *Network) findStrikeLocked(link string, op cti.Operation, device cti.DeviceID) *Fault {
	n.faults = slices.DeleteFunc(n.faults, (*Injected).isSpent)
	for _, i := range n.faults {
		if i.selectsRequest(link, op, device) {
			f := i.fault
			return &f
		}
	}
	return nil
}

// applyToOpening does to an opening what the fault says; nil is no fault.
func (f *Fault) applyToOpening(ctx context.Context) error {
	if f == nil {
		return nil
	}
	switch f.Action {
	case Refuse:
		return f.refusalError()
	case DropBefore, DropAfter:
		return pbxError(cti.ErrLinkDown, "connection refused")
	case Break:
		return f.Mangle
	case DelayRequest, DelayAnswer:
		select {
		case <-time.After(f.Delay):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	<-ctx.Done()
	return ctx.Err()
}

func (f *Fault) refusalError() error {
	if f.Err == nil {
		return pbxError(cti.ErrRefused, "by an injected fault")
	}
	return f.Err
}
