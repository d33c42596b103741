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

// Config is one CSTA link; it is a [driver.Connector]. Only Addr is required. It
// must not be changed once it is in use.
type Config struct {
	// Addr is host:port; without a port, the profile's applies.
	Addr string
	// Profile is the type of PBX. The zero value is [A5000].
	Profile Profile
	// User and Password, for profiles with a login.
	User     string
	Password ctikit.Secret
	// Application is the name under which an application session is opened; "" is "ctikit".
	Application string
	// TLS encrypts the connection if it is not nil. An empty ServerName means
	// the host in Addr.
	TLS *tls.Config
	// Dial opens the connection; by default a net.Dialer with a keep-alive of 15 s.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// ClearLateCalls ends a call whose request had been abandoned when the answer
	// came; otherwise it is reported as [cti.LateAnswer].
	ClearLateCalls bool
	// LeaveOut lists kinds of events that the PBX is asked not to report (monitor
	// filter), for a busy link. Of call control only DigitsDialed and
	// NetworkCapabilitiesChanged can be omitted: the state of the calls is derived
	// from the others. A feature whose events are omitted stays as first read.
	LeaveOut []cti.Kind
	// KeepRaw copies the message into the Raw of each event.
	KeepRaw bool
	// Record, if not nil, receives every message of both directions, one line
	// each, with passwords masked; package dissect and cstatest.Replay read it.
	// One goroutine writes at a time for each session.
	Record io.Writer
	// MaxMessage bounds a message read, in bytes; 0 is 65535.
	MaxMessage int
}

// Protocol returns [cti.CSTA].
func (c Config) Protocol() cti.Protocol { return cti.CSTA }

// Address returns host:port.
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
	return fmt.Sprintf("csta %s %+v %q %q %x %t %t %d %v record=%s", c.networkEndpoint().Identity(),
		c.effectiveProfile(), c.User, c.Application, sum[:8],
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

// Settings returns the settings of the link, for the configuration document. A
// profile is identified by its name only: changes to it are the application's to
// supply.
func (c Config) Settings() driver.LinkSettings {
	return driver.LinkSettings{Address: c.Address(), PBX: c.effectiveProfile().Name, User: c.User,
		Password: c.Password, Application: c.Application, TLS: c.TLS != nil}
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
