package ctitest

import (
	"context"
	"slices"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// LinkOptions describe one CTI port of the network. The zero value is a VTI-XML
// port without limit or login, whose snapshots are not atomic and whose
// existing calls report no events.
type LinkOptions struct {
	Protocol cti.Protocol // VTIXML by default
	Location cti.Location // the site and cluster of the port
	// Reach are the places whose sets the port supervises at first; nil is all.
	Reach []cti.Pattern
	// MaxSupervisions is how many supervisions the PBX takes on this port at
	// first, over all its associations; 0 means unlimited.
	MaxSupervisions int
	AnnounceLimit   bool // [driver.Capabilities] hold the limit
	HideLimit       bool // a refusal does not name the limit

	// User and Password are the port's own credentials; none are required
	// if both are empty.
	User, Password string
	// RefuseSets are set types that the port cannot supervise; nil is the
	// i2052 on VTI-XML and nothing on CSTA. Two other differences follow from
	// Protocol itself: extension passwords are asked for over VTI-XML only, and
	// forwards do not go over it (TWP guide 3.3).
	RefuseSets []cti.SetType
	// Operations are those that the port can do; 0 is all of its protocol.
	Operations cti.Operations

	SnapshotAtomic       bool // see [driver.Capabilities]
	ReportsExistingCalls bool
	GlobalCallIDs        bool
	// Escape answers private data; nil takes the operation away.
	Escape func(data []byte) ([]byte, error)
}

// Link is one CTI port of a network.
type Link struct {
	net          *Network
	name         string
	options      LinkOptions
	down         bool
	associations []*Association // open ones, in order of opening
	used         int
}

// Link adds a port to the network. The name is what [Fault] selects by and what
// [Network.Monitors] returns.
func (n *Network) Link(name string, o LinkOptions) *Link {
	if o.Protocol == cti.NoProtocol {
		o.Protocol = cti.VTIXML
	}
	if o.RefuseSets == nil && o.Protocol == cti.VTIXML {
		o.RefuseSets = []cti.SetType{cti.I2052}
	}
	if o.Operations.IsEmpty() {
		o.Operations = cti.FullCTI()
	}
	if o.Protocol == cti.VTIXML {
		o.Operations = o.Operations.Without(cti.OpGetForwarding, cti.OpSetForwarding,
			cti.OpMonitorFeatures, cti.OpReleaseFeatures)
	}
	if o.Escape == nil {
		o.Operations = o.Operations.Without(cti.OpEscape)
	}
	l := &Link{net: n, name: name, options: o}
	n.withLock(func() { n.links = append(n.links, l) })
	return l
}

// Name returns the name given to [Network.Link].
func (l *Link) Name() string { return l.name }

// Options returns the port as it is now.
func (l *Link) Options() (o LinkOptions) {
	l.net.withLock(func() { o = l.options })
	return o
}

// Used counts the supervisions on the port.
func (l *Link) Used() (n int) {
	l.net.withLock(func() { n = l.used })
	return n
}

// Associations counts the open associations.
func (l *Link) Associations() (n int) {
	l.net.withLock(func() { n = len(l.associations) })
	return n
}

// SetMaxSupervisions changes the limit. Supervisions above a lowered limit stay;
// new ones are refused. Where the limit is announced, so is the change.
func (l *Link) SetMaxSupervisions(n int) {
	l.net.withLock(func() {
		l.options.MaxSupervisions = n
		for _, a := range l.associations {
			if l.options.AnnounceLimit {
				a.queueMessage(Message{Kind: EventMessage, Event: &cti.Event{Kind: cti.CapabilitiesChanged}})
			}
		}
	})
}

// SetOperations changes what the port can do, and announces that.
func (l *Link) SetOperations(ops cti.Operations) {
	l.net.withLock(func() {
		l.options.Operations = ops
		for _, a := range l.associations {
			a.queueMessage(Message{Kind: EventMessage, Event: &cti.Event{Kind: cti.CapabilitiesChanged}})
		}
	})
}

// SetReach changes the places that the port reaches; nil is all. Monitors of
// sets that are out of reach now are stopped by the PBX.
func (l *Link) SetReach(reach []cti.Pattern) {
	l.net.withLock(func() {
		l.options.Reach = slices.Clone(reach)
		for _, a := range l.associations {
			for _, id := range a.sortedMonitors() {
				if m := a.monitors[id]; !l.canReach(m.device) {
					m.stopByPBX()
				}
			}
		}
	})
}

// StopMonitors ends the monitors of an extension, as the PBX may do itself, and
// notifies each association.
func (l *Link) StopMonitors(number cti.DeviceID) {
	l.net.withLock(func() {
		d := l.net.pbx.devices[number]
		if d == nil {
			return
		}
		for _, m := range slices.Clone(d.monitors) {
			if m.to.link == l {
				m.stopByPBX()
			}
		}
	})
}

// Drop breaks every connection to the port, at once and without notice. What was on
// its way is lost. New associations are accepted.
func (l *Link) Drop() {
	l.net.withLock(l.dropAssociations)
}

// Strand breaks every connection to the port so that the driver's side notices
// and the PBX does not: it keeps the supervisions, and counts them, for a time.
func (l *Link) Strand(keep time.Duration) {
	l.net.withLock(func() {
		for len(l.associations) > 0 {
			a := l.associations[0]
			a.detachAssociation()
			l.net.pbx.after(keep, a.stopAllMonitors)
		}
	})
}

// Down drops the port and refuses connections until [Link.Up].
func (l *Link) Down() {
	l.net.withLock(func() { l.down = true; l.dropAssociations() })
}

// Up ends what [Link.Down] began.
func (l *Link) Up() { l.net.withLock(func() { l.down = false }) }

// Mute makes every association that is open now silent for ever: the peer keeps
// the connection, and neither works nor answers.
func (l *Link) Mute() {
	l.net.withLock(func() {
		for _, a := range l.associations {
			a.muted = true
		}
	})
}

// Send puts something broken on every open connection, unasked.
func (l *Link) Send(m Mangle) {
	l.net.withLock(func() {
		for _, a := range l.associations {
			a.queueMessage(Message{Kind: MangledMessage, Mangle: m})
		}
	})
}

// Open begins an association: what a test server does once a driver has
// connected and, where the protocol has a login, logged in. Errors:
//   - [cti.ErrLinkDown]: refuse the connection, or close it without an answer;
//   - [cti.ErrBadCredentials], or another error of a fault: answer the
//     protocol's refusal;
//   - a [Mangle]: answer something broken;
//   - that of ctx, where a fault lets Open wait until ctx ends.
func (l *Link) Open(ctx context.Context, user, password string) (*Association, error) {
	action := l.net.findStrike(l.name, cti.OpOpen, "")
	if err := action.applyToOpening(ctx); err != nil {
		return nil, err
	}
	a := &Association{link: l, monitors: map[MonitorID]*monitor{}, wake: make(chan struct{}, 1), done: make(chan struct{})}
	var err error
	l.net.withLock(func() {
		switch {
		case l.down:
			err = pbxError(cti.ErrLinkDown, "connection refused")
		case (l.options.User != "" || l.options.Password != "") && (user != l.options.User || password != l.options.Password):
			err = pbxError(cti.ErrBadCredentials, "")
		default:
			l.associations = append(l.associations, a)
		}
	})
	if err != nil {
		return nil, err
	}
	return a, nil
}

func (l *Link) dropAssociations() {
	for len(l.associations) > 0 {
		l.associations[0].endAssociation()
	}
}

func (l *Link) canReach(d *device) bool {
	return l.options.Reach == nil ||
		slices.ContainsFunc(l.options.Reach, func(p cti.Pattern) bool { return p.Matches(d.ext.Location) })
}

// currentCapabilities returns what a driver can learn about the port.
func (l *Link) currentCapabilities() driver.Capabilities {
	c := driver.Capabilities{
		Operations:           l.options.Operations,
		SnapshotAtomic:       l.options.SnapshotAtomic,
		ReportsExistingCalls: l.options.ReportsExistingCalls,
		GlobalCallIDs:        l.options.GlobalCallIDs,
	}
	if l.options.AnnounceLimit {
		c.MaxSupervisions = l.options.MaxSupervisions
	}
	return c
}
