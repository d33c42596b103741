package ctitest

import (
	"slices"
	"strconv"
	"time"

	"github.com/ctikit/ctikit/cti"
)

// exchange is the switching function: devices, calls and monitors. It has no
// lock of its own; [Network] holds one around every use of it.
type exchange struct {
	options   Options
	devices   map[cti.DeviceID]*device
	numbers   []cti.DeviceID // of the sets, in order of their creation
	outside   map[cti.DeviceID]*device
	calls     map[cti.CallID]*call
	callbacks []callback
	freed     []*device
	lastCall  uint64
	lastTrunk uint64
	after     func(time.Duration, func()) *time.Timer // runs its function under the lock
}

// call is one call. It ends with its last connection.
type call struct {
	id          cti.CallID
	global      string
	conns       []*connection // in order of their coming
	calling     cti.Party
	called      cti.Party
	redirection cti.Party
	external    bool // comes from outside
	digits      string
	backTo      cti.DeviceID // a call-back: whom to call once the caller has answered
	prompted    string       // the number to call once the caller is off hook
}

// connection is the relation of one device to one call.
type connection struct {
	call   *call
	device *device
	shown  cti.DeviceID // the device's number in connection identifiers
	state  cti.LocalState
	cause  cti.Cause // why it came: shown when it is answered
	// blocked: the call never reached the device, which knows nothing of it.
	blocked bool
	ringing *time.Timer // until the call is forwarded on no answer
}

func (k *connection) id() cti.ConnectionID { return cti.ConnectionID{Call: k.call.id, Device: k.shown} }

func (k *connection) asParty() cti.Party {
	p := k.device.asParty()
	if p.Status == cti.Known {
		p.Number = k.shown
	}
	return p
}

// beginCall begins a call. The global identifier of a call that grew out of
// others is that of the first of them.
func (x *exchange) beginCall(global string) *call {
	x.lastCall++
	n := strconv.FormatUint(x.lastCall, 10)
	if global == "" {
		global = "G" + n
	}
	c := &call{id: cti.CallID(n), global: global}
	x.calls[c.id] = c
	return c
}

// addConnection gives a device a connection to a call.
func (x *exchange) addConnection(
	c *call, d *device, shown cti.DeviceID, state cti.LocalState, cause cti.Cause,
) *connection {
	k := &connection{call: c, device: d, shown: shown, state: state, cause: cause}
	c.conns = append(c.conns, k)
	d.conns = append(d.conns, k)
	return k
}

// addBlockedParty leaves a party in the call that could not be reached.
func (x *exchange) addBlockedParty(c *call, d *device, shown cti.DeviceID, cause cti.Cause) {
	if d == nil {
		d = &device{number: shown, outside: true}
	}
	k := &connection{call: c, device: d, shown: shown, state: cti.Failed, blocked: true}
	c.conns = append(c.conns, k)
	x.reportCallEvent(c, cti.Event{Kind: cti.CallFailed, Subject: k.asParty(), Cause: cause})
	if c.outsideOnly() {
		x.endCall(c) // the public network hears the busy tone and clears
	}
}

func (c *call) outsideOnly() bool {
	return !slices.ContainsFunc(c.conns, func(k *connection) bool { return !k.blocked && !k.device.outside })
}

// detachConnection takes a connection out of its call without telling anyone.
func (x *exchange) detachConnection(k *connection) {
	if k.ringing != nil {
		k.ringing.Stop()
	}
	if k.state == cti.Connected || k.state == cti.Hold {
		k.device.uses++
	}
	k.state = cti.Null
	same := func(o *connection) bool { return o == k }
	k.call.conns = slices.DeleteFunc(k.call.conns, same)
	k.device.conns = slices.DeleteFunc(k.device.conns, same)
	if !k.device.outside && !k.device.freed {
		k.device.freed = true
		x.freed = append(x.freed, k.device)
	}
}

// dropConnection ends one connection and reports it.
func (x *exchange) dropConnection(k *connection, cause cti.Cause) {
	c := k.call
	x.detachConnection(k)
	x.reportCallEvent(c, cti.Event{Kind: cti.ConnectionCleared, Subject: k.asParty(), Cause: cause}, k.device)
}

// endDesertedCall ends a call in which no two parties can talk.
func (x *exchange) endDesertedCall(c *call) {
	if live := c.otherConnections(nil); len(live) < 2 || !anyTakesPart(live) {
		x.endCall(c)
	}
}

// anyTakesPart reports whether somebody takes part, rather than being waited for.
func anyTakesPart(parties []*connection) bool {
	return slices.ContainsFunc(parties, func(k *connection) bool {
		return k.state == cti.Connected || k.state == cti.Hold
	})
}

// endCall drops whatever is left of a call.
func (x *exchange) endCall(c *call) {
	c.conns = slices.DeleteFunc(c.conns, func(k *connection) bool { return k.blocked })
	for len(c.conns) > 0 {
		k, cause := c.conns[0], cti.CauseNormalClearing
		if k.state == cti.Alerting || k.state == cti.Queued {
			cause = cti.CauseCallCancelled
		}
		x.dropConnection(k, cause)
	}
	delete(x.calls, c.id)
}

// connectionOf returns the connection of a device in the call.
func (c *call) connectionOf(d *device) *connection {
	for _, k := range c.conns {
		if k.device == d && !k.blocked {
			return k
		}
	}
	return nil
}

// otherConnections returns the live connections of the other devices.
func (c *call) otherConnections(d *device) (out []*connection) {
	for _, k := range c.conns {
		if k.device != d && !k.blocked {
			out = append(out, k)
		}
	}
	return out
}

// findConnection finds what an identifier names.
func (x *exchange) findConnection(id cti.ConnectionID) (*connection, error) {
	c := x.calls[id.Call]
	if c == nil {
		return nil, pbxError(cti.ErrInvalidCall, "no call "+string(id.Call))
	}
	for _, k := range c.conns {
		if k.shown == id.Device && !k.blocked {
			return k, nil
		}
	}
	return nil, pbxError(cti.ErrInvalidCall, string(id.Device)+" is not in call "+string(id.Call))
}

// findConnectionIn finds a connection that must be in one of the states.
func (x *exchange) findConnectionIn(id cti.ConnectionID, states ...cti.LocalState) (*connection, error) {
	k, err := x.findConnection(id)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(states, k.state) {
		return nil, pbxError(cti.ErrInvalidState, id.String()+" is "+k.state.String())
	}
	return k, nil
}

// findHeldAndActive finds the held and the active connection of one device.
func (x *exchange) findHeldAndActive(held, active cti.ConnectionID) (h, a *connection, err error) {
	if h, err = x.findConnectionIn(held, cti.Hold); err != nil {
		return nil, nil, err
	}
	if a, err = x.findConnectionIn(active, cti.Connected); err != nil {
		return nil, nil, err
	}
	if h.device != a.device {
		return nil, nil, pbxError(cti.ErrInvalidState, held.String()+" and "+active.String()+" belong to different devices")
	}
	return h, a, nil
}

// pbxError is an error as the exchange knows it; who asked adds what was asked.
func pbxError(sentinel error, detail string) error { return &cti.Error{Err: sentinel, Detail: detail} }
