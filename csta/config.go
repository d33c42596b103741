package csta

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"reflect"
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
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
func (c Config) Address() string { return c.endpoint().Address() }

func (c Config) endpoint() wire.Endpoint {
	return wire.Endpoint{Addr: c.Addr, Port: c.profile().Port, TLS: c.TLS, Dial: c.Dial}
}

// Identity tells links apart. The password is in it as a digest.
func (c Config) Identity() string {
	sum := sha256.Sum256([]byte(c.Password.Reveal()))
	return fmt.Sprintf("csta %s %+v %q %q %x %t %t %d %v", c.endpoint().Identity(), c.profile(), c.User, c.Application, sum[:8],
		c.ClearLateCalls, c.KeepRaw, c.MaxMessage, c.LeaveOut)
}

// Validate names every mistake.
func (c Config) Validate() error {
	return errors.Join(c.endpoint().Validate(), wire.Limit("maxMessage", c.MaxMessage, 1<<30), checkLeaveOut(c.LeaveOut), c.profile().check())
}

func (c Config) profile() Profile {
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
