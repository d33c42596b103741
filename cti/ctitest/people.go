package ctitest

import (
	"strconv"

	"github.com/ctikit/ctikit/cti"
)

// Set is a telephone set and the person at it. Every method acts as a hand on
// the set would; the error says why that does nothing.
type Set struct {
	net    *Network
	number cti.DeviceID
}

// Set returns the set of an extension.
func (n *Network) Set(number cti.DeviceID) *Set { return &Set{net: n, number: number} }

func (s *Set) actOnSet(act func(x *exchange, d *device) error) (err error) {
	s.net.withLock(func() {
		var d *device
		if d, err = s.net.pbx.findSet(s.number); err == nil {
			err = act(&s.net.pbx, d)
		}
	})
	return err
}

// actOnCall acts on the set's call in one of the states.
func (s *Set) actOnCall(act func(x *exchange, k *connection) error, states ...cti.LocalState) error {
	return s.actOnSet(func(x *exchange, d *device) error {
		k := d.connectionIn(states...)
		if k == nil {
			return pbxError(cti.ErrInvalidState, string(d.number)+" has no such call")
		}
		return act(x, k)
	})
}

// Call dials a number.
func (s *Set) Call(number string) error {
	return s.actOnSet(func(x *exchange, d *device) error {
		k, err := x.startCall(d, number)
		if err == nil && d.prompting && number != "" {
			return x.answerConnection(k) // who dials by hand is off hook
		}
		return err
	})
}

// Answer takes the call that alerts, or goes off hook for a call that the set
// was prompted for.
func (s *Set) Answer() error {
	return s.actOnCall((*exchange).answerConnection, cti.Alerting, cti.Initiated)
}

// HangUp ends the call in which the set is active, or refuses the one that alerts.
func (s *Set) HangUp() error {
	return s.actOnSet(func(x *exchange, d *device) error {
		for _, states := range [][]cti.LocalState{{cti.Connected, cti.Initiated}, {cti.Alerting}, {cti.Hold}} {
			if k := d.connectionIn(states...); k != nil {
				x.clearConnection(k)
				return nil
			}
		}
		return pbxError(cti.ErrInvalidState, string(d.number)+" has no call")
	})
}

// Hold puts the active call on hold.
func (s *Set) Hold() error {
	return s.actOnCall(func(x *exchange, k *connection) error {
		x.holdConnection(k, cti.CauseNormal)
		return nil
	}, cti.Connected)
}

// Retrieve takes the held call back.
func (s *Set) Retrieve() error { return s.actOnCall((*exchange).retrieveConnection, cti.Hold) }

// Consult holds the active call and calls number.
func (s *Set) Consult(number string) error {
	return s.actOnCall(func(x *exchange, k *connection) error {
		_, err := x.startConsultation(k, number)
		return err
	}, cti.Connected)
}

// Transfer joins the held and the active call and leaves them.
func (s *Set) Transfer() error { return s.actOnPair((*exchange).transferCalls) }

// Conference joins the held and the active call and stays.
func (s *Set) Conference() error { return s.actOnPair((*exchange).conferenceCalls) }

func (s *Set) actOnPair(act func(x *exchange, held, active *connection) (*connection, error)) error {
	return s.actOnSet(func(x *exchange, d *device) error {
		held, active := d.connectionIn(cti.Hold), d.connectionIn(cti.Connected)
		if held == nil || active == nil {
			return pbxError(cti.ErrInvalidState, string(d.number)+" has no held and active call")
		}
		_, err := act(x, held, active)
		return err
	})
}

// Digits presses keys: further digits of the number being dialled, else tones.
func (s *Set) Digits(digits string) error {
	return s.actOnCall(func(x *exchange, k *connection) error {
		if k.state == cti.Initiated {
			return x.dialDigits(k, digits)
		}
		return x.generateDigits(k, digits)
	}, cti.Initiated, cti.Connected)
}

// PickUp takes the call that alerts longest in the set's group.
func (s *Set) PickUp() error { return s.actOnSet((*exchange).groupPickUp) }

// Forward sets or cancels a forward.
func (s *Set) Forward(f cti.Forward) error {
	return s.actOnSet(func(x *exchange, d *device) error { return x.setForward(d, f) })
}

// DoNotDisturb switches do-not-disturb.
func (s *Set) DoNotDisturb(on bool) error {
	return s.actOnSet(func(x *exchange, d *device) error { x.setDoNotDisturb(d, on); return nil })
}

// MessageWaiting switches the lamp, as a voice mail system would.
func (s *Set) MessageWaiting(on bool) error {
	return s.actOnSet(func(x *exchange, d *device) error { x.setMessageWaiting(d, on); return nil })
}

// Agent changes the state of the agent at the set.
func (s *Set) Agent(state cti.AgentState) error {
	return s.actOnSet(func(x *exchange, d *device) error { return x.setAgent(d, state) })
}

// Shows sets the name that goes with the set's number.
func (s *Set) Shows(name string) error {
	return s.actOnSet(func(_ *exchange, d *device) error { d.name = name; return nil })
}

// Lines sets how many calls the set takes at once before it is busy; at first two.
func (s *Set) Lines(n int) error {
	return s.actOnSet(func(_ *exchange, d *device) error { d.lines = n; return nil })
}

// Group puts the set into a pickup group; "" takes it out.
func (s *Set) Group(name string) error {
	return s.actOnSet(func(_ *exchange, d *device) error { d.group = name; return nil })
}

// Prompting sets whether the set cannot go off hook on its own: a call made for
// it stays initiated until the person does ([Set.Answer]), as on an analogue set.
func (s *Set) Prompting(on bool) error {
	return s.actOnSet(func(_ *exchange, d *device) error { d.prompting = on; return nil })
}

// Manner is what a party outside does when it is called.
type Manner uint8

// The manners.
const (
	Rings       Manner = iota // until [Party.Answer]
	Answers                   // answers at once
	Busy                      // is busy
	Unallocated               // the number does not exist
)

// Party is somebody outside the network.
type Party struct {
	net    *Network
	device *device
}

// Outside returns the party with a number of the public network, without the
// external prefix.
func (n *Network) Outside(number cti.DeviceID) *Party {
	p := &Party{net: n}
	n.withLock(func() { p.device = n.pbx.outsideParty(number) })
	return p
}

// Dial is a call from outside to an extension. A caller without a number
// withholds it. It fails if no extension has the number.
func (n *Network) Dial(from, to cti.DeviceID) (*Party, error) {
	p := &Party{net: n}
	var err error
	n.withLock(func() {
		if from == "" {
			n.pbx.lastTrunk++
			p.device = n.pbx.outsideParty(cti.DeviceID("T" + strconv.FormatUint(n.pbx.lastTrunk, 10)))
			p.device.withheld = true
		} else {
			p.device = n.pbx.outsideParty(from)
		}
		_, err = n.pbx.dialIn(p.device, to)
	})
	return p, err
}

// Behaves sets what the party does when it is called; at first it [Rings].
func (p *Party) Behaves(m Manner) { p.net.withLock(func() { p.device.manner = m }) }

// Answer takes the call that alerts at the party.
func (p *Party) Answer() error {
	return p.actOnConnection((*exchange).answerConnection, cti.Alerting)
}

// HangUp ends the party's oldest call.
func (p *Party) HangUp() error {
	return p.actOnConnection(func(x *exchange, k *connection) error { x.clearConnection(k); return nil },
		cti.Connected, cti.Alerting, cti.Hold)
}

func (p *Party) actOnConnection(act func(x *exchange, k *connection) error, states ...cti.LocalState) (err error) {
	p.net.withLock(func() {
		k := p.device.connectionIn(states...)
		if k == nil {
			err = pbxError(cti.ErrInvalidState, "the party has no such call")
			return
		}
		err = act(&p.net.pbx, k)
	})
	return err
}
