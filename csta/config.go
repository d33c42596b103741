package csta

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"reflect"
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/internal/wire"
)

// Config is one CSTA link; it is a [driver.Connector]. Addr is all it needs. It
// must not be changed once it is in use.
type Config struct {
	// Addr is host:port; without a port, the profile's.
	Addr string
	// Profile is the type of PBX. The zero value is [A5000].
	Profile Profile
	// User and Password, for profiles with a login.
	User     string
	Password ctikit.Secret
	// Application is the name that an application session is opened under; "" is ctikit.
	Application string
	// TLS, where not nil, encrypts the connection.
	TLS *tls.Config
	// Dial replaces net.Dialer.DialContext.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// ClearLateCalls ends a call that was set up by a request given up in the
	// meantime; else it is reported as [cti.LateAnswer].
	ClearLateCalls bool
	// LeaveOut are kinds of events that the PBX is asked not to report (monitor
	// filter), for a busy link. Of call control only DigitsDialed and
	// NetworkCapabilitiesChanged can be left out: the picture of the calls is
	// made of the others. A feature that is left out is as it was first read.
	LeaveOut []cti.Kind
	// KeepRaw puts the message into each event.
	KeepRaw bool
	// Record, where not nil, is written every message of both directions, one
	// line each, with passwords masked; package dissect and cstatest.Replay
	// read it. One goroutine writes at a time for each session.
	Record io.Writer
	// MaxMessage bounds a message read, in bytes; 0 is 65535.
	MaxMessage int
}

// Protocol is cti.CSTA.
func (c Config) Protocol() cti.Protocol { return cti.CSTA }

// Address is host:port.
func (c Config) Address() string { return c.networkEndpoint().Address() }

func (c Config) networkEndpoint() wire.Endpoint {
	return wire.Endpoint{Addr: c.Addr, Port: c.effectiveProfile().Port, TLS: c.TLS, Dial: c.Dial}
}

// Identity returns a text that is equal for configurations that open the same
// link in the same way: every field counts, the password as a digest. A
// certificate of TLS counts by its content; functions, pools of authorities and
// writers (Dial, TLS, Record) count by identity, so keep one value for one
// purpose: a new one reopens the link.
func (c Config) Identity() string {
	sum := sha256.Sum256([]byte(c.Password.Reveal()))
	return fmt.Sprintf("csta %s %+v %q %q %x %t %t %d %v record=%s", c.networkEndpoint().Identity(), c.effectiveProfile(), c.User, c.Application, sum[:8],
		c.ClearLateCalls, c.KeepRaw, c.MaxMessage, c.LeaveOut, wire.Identify(c.Record))
}

// Validate reports every problem as [ctikit.Problems]: "addr", "maxMessage",
// "leaveOut[0]", "profile.devices".
func (c Config) Validate() error {
	var ps ctikit.Problems
	ps.AddUnder("", c.networkEndpoint().Validate())
	ps.AddUnder("", wire.ValidateLimit("maxMessage", c.MaxMessage, 1<<30))
	validateLeaveOut(&ps, c.LeaveOut)
	c.Profile.validateProfile(&ps)
	return ps.Err()
}

// Settings returns what the link is made of, for the configuration document. A
// profile is identified by its name only: changes to it are the application's to
// supply.
func (c Config) Settings() driver.LinkSettings {
	return driver.LinkSettings{Address: c.Address(), PBX: c.effectiveProfile().Name, User: c.User, Password: c.Password, Application: c.Application, TLS: c.TLS != nil}
}

func (c Config) effectiveProfile() Profile {
	p := c.Profile
	if reflect.ValueOf(p).IsZero() {
		p = A5000
	}
	if p.MaxInFlight == 0 {
		p.MaxInFlight = 64
	}
	if p.SessionDuration == 0 {
		p.SessionDuration = 10 * time.Minute
	}
	return p
}
