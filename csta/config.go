package csta

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"reflect"
	"strconv"
	"time"

	"github.com/ctikit/ctikit/cti"
)

// Config is one CSTA link; it is a [cti.Connector]. Addr is all it needs. It
// must not be changed once it is in use.
type Config struct {
	// Addr is host:port; without a port, the profile's.
	Addr string
	// Profile is the type of PBX. The zero value is [A5000].
	Profile Profile
	// User and Password, for profiles with a login.
	User     string
	Password cti.Secret
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
func (c Config) Address() string {
	if _, _, err := net.SplitHostPort(c.Addr); err == nil {
		return c.Addr
	}
	return net.JoinHostPort(c.Addr, strconv.Itoa(c.profile().Port))
}

// Identity tells links apart. The password is in it as a digest.
func (c Config) Identity() string {
	p := c.profile()
	sum := sha256.Sum256([]byte(c.Password.Reveal()))
	return fmt.Sprintf("csta %s %+v %q %q %x %t %t %t %d %v", c.Address(), p, c.User, c.Application, sum[:8], c.TLS != nil, c.ClearLateCalls, c.KeepRaw, c.MaxMessage, c.LeaveOut)
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

func (c Config) dial(ctx context.Context) (net.Conn, error) {
	dial := c.Dial
	if dial == nil {
		dial = (&net.Dialer{}).DialContext
	}
	conn, err := dial(ctx, "tcp", c.Address())
	if err != nil || c.TLS == nil {
		return conn, err
	}
	cfg := c.TLS.Clone()
	if cfg.ServerName == "" && !cfg.InsecureSkipVerify {
		cfg.ServerName, _, _ = net.SplitHostPort(c.Address())
	}
	secure := tls.Client(conn, cfg)
	if err := secure.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, fmt.Errorf("TLS with %s: %w", c.Address(), err)
	}
	return secure, nil
}
