package vtixml

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/internal/wire"
)

// DefaultPort is the port of VTI-XML on an A5000: "never change this value"
// (TWP guide 3.3.3).
const DefaultPort = 3199

const (
	defaultMaxMessage  = 1 << 20
	defaultMaxInFlight = 64
)

// Config describes one VTI-XML link; it is a [driver.Connector]. Only Addr is
// required. It must not be changed once it is in use.
type Config struct {
	// Addr is the host name or IP address of the PBX, with a port if it is not
	// [DefaultPort].
	Addr string
	// TLS encrypts the connection if it is not nil. An empty ServerName means
	// the host in Addr.
	TLS *tls.Config
	// Dial opens the connection; by default a net.Dialer with a keep-alive of 15 s.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)

	// Codec turns messages into bytes; [Dialect] by default.
	Codec Codec
	// Framer finds them in the stream; [LengthPrefixed] by default.
	Framer Framer
	// MaxMessage bounds the bytes of one message read; 1 MiB by default. A
	// longer one ends the session with [cti.ErrProtocol].
	MaxMessage int
	// MaxInFlight bounds the requests that wait for an answer; 64 by default.
	MaxInFlight int

	// Application is the name that the link presents itself with.
	Application string
	// ClearLateCalls ends a call whose request had been abandoned when the answer
	// came; otherwise it is reported as [cti.LateAnswer].
	ClearLateCalls bool
	// KeepRaw copies the message into the Raw of each event.
	KeepRaw bool
}

// Protocol returns [cti.VTIXML].
func (Config) Protocol() cti.Protocol { return cti.VTIXML }

// Address returns host:port.
func (c Config) Address() string { return c.networkEndpoint().Address() }

func (c Config) networkEndpoint() wire.Endpoint {
	return wire.Endpoint{Addr: c.Addr, Port: DefaultPort, TLS: c.TLS, Dial: c.Dial}
}

// Identity returns a text that is equal for configurations that open the same
// link in the same way: every field counts. A certificate of TLS counts by its
// content, a Codec and a Framer by their type and value; functions, pools of
// authorities and pointers (Dial, TLS, a Codec that is a pointer) count by
// identity, so keep one value for one purpose: a new one reopens the link.
func (c Config) Identity() string {
	d := c.completeConfig()
	return fmt.Sprintf("vtixml %s codec=%s framer=%s %d %d %q %t %t", c.networkEndpoint().Identity(),
		wire.Identify(d.Codec), wire.Identify(d.Framer), d.MaxMessage, d.MaxInFlight,
		d.Application, d.ClearLateCalls, d.KeepRaw)
}

// Validate reports every problem as [ctikit.Problems]: "addr", "maxMessage",
// "maxInFlight".
func (c Config) Validate() error {
	var ps ctikit.Problems
	ps.AddUnder("", c.networkEndpoint().Validate())
	ps.AddUnder("", wire.ValidateLimit("maxMessage", c.MaxMessage, 1<<30))
	ps.AddUnder("", wire.ValidateLimit("maxInFlight", c.MaxInFlight, 1<<14))
	return ps.Err()
}

// Settings returns the settings of the link, for the configuration document.
func (c Config) Settings() driver.LinkSettings {
	return driver.LinkSettings{Address: c.Address(), Application: c.Application, TLS: c.TLS != nil}
}

// completeConfig fills in the defaults.
func (c Config) completeConfig() Config {
	if c.Codec == nil {
		c.Codec = Dialect{}
	}
	if c.Framer == nil {
		c.Framer = LengthPrefixed{}
	}
	if c.MaxMessage == 0 {
		c.MaxMessage = defaultMaxMessage
	}
	if c.MaxInFlight == 0 {
		c.MaxInFlight = defaultMaxInFlight
	}
	return c
}
