package vtixml

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/ctikit/ctikit/cti"
)

// DefaultPort is the port of VTI-XML on an A5000: "never change this value"
// (TWP guide 3.3.3).
const DefaultPort = 3199

const (
	defaultMaxMessage  = 1 << 20
	defaultMaxInFlight = 64
)

// Config tells how to open a link. Only Addr is needed.
type Config struct {
	// Addr is the PBX: a host name or an IP address, with a port where it is
	// not [DefaultPort].
	Addr string
	// TLS, if not nil, secures the connection. An empty ServerName is that of
	// Addr. Must not be changed afterwards.
	TLS *tls.Config
	// Dial makes the connection; a [net.Dialer]'s by default.
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
	// ClearLateCalls ends a call whose answer came after its request had been
	// given up; else it is reported by an event of kind [cti.LateAnswer].
	ClearLateCalls bool
	// KeepRaw keeps the bytes of each event in its Raw.
	KeepRaw bool
}

// Protocol is [cti.VTIXML].
func (Config) Protocol() cti.Protocol { return cti.VTIXML }

// Address is Addr with the port.
func (c Config) Address() string {
	if _, _, err := net.SplitHostPort(c.Addr); err == nil {
		return c.Addr
	}
	host := c.Addr
	if len(host) > 1 && host[0] == '[' && host[len(host)-1] == ']' {
		host = host[1 : len(host)-1]
	}
	return net.JoinHostPort(host, strconv.Itoa(DefaultPort))
}

// Identity tells links apart. Of the TLS configuration, the server's name and
// whether it is checked, the certificates presented and the authorities trusted
// count; a Dial function cannot be told from another.
func (c Config) Identity() string {
	d := c.complete()
	return fmt.Sprintf("vtixml %s tls=%s codec=%T%+v framer=%T%+v %d %d %q %t %t", d.Address(), identity(d.TLS),
		d.Codec, d.Codec, d.Framer, d.Framer, d.MaxMessage, d.MaxInFlight, d.Application, d.ClearLateCalls, d.KeepRaw)
}

func identity(t *tls.Config) string {
	if t == nil {
		return "no"
	}
	h := sha256.New()
	fmt.Fprintf(h, "%q %t %d %p", t.ServerName, t.InsecureSkipVerify, t.MinVersion, t.RootCAs)
	for _, c := range t.Certificates {
		for _, der := range c.Certificate {
			h.Write(der)
		}
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:8])
}

// complete fills in the defaults.
func (c Config) complete() Config {
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
	if c.Dial == nil {
		c.Dial = (&net.Dialer{KeepAlive: 15 * time.Second}).DialContext
	}
	return c
}

// validate tells every mistake at once.
func (c Config) validate() error {
	var all []error
	if c.Addr == "" {
		all = append(all, errors.New("addr: the address of the PBX is missing"))
	}
	if _, port, err := net.SplitHostPort(c.Address()); c.Addr != "" && err == nil {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			all = append(all, fmt.Errorf("addr: port %q is none from 1 to 65535", port))
		}
	}
	if c.MaxMessage < 0 || c.MaxMessage > 1<<30 {
		all = append(all, fmt.Errorf("maxMessage: %d bytes are not between 1 and 1 GiB", c.MaxMessage))
	}
	if c.MaxInFlight < 0 || c.MaxInFlight > 1<<14 {
		all = append(all, fmt.Errorf("maxInFlight: %d requests are not between 1 and 16384", c.MaxInFlight))
	}
	return errors.Join(all...)
}

func (c Config) dial(ctx context.Context) (net.Conn, error) {
	conn, err := c.Dial(ctx, "tcp", c.Address())
	if err != nil || c.TLS == nil {
		return conn, err
	}
	t := c.TLS.Clone()
	if t.ServerName == "" && !t.InsecureSkipVerify {
		t.ServerName, _, _ = net.SplitHostPort(c.Address())
	}
	secure := tls.Client(conn, t)
	if err := secure.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, fmt.Errorf("TLS: %w", err)
	}
	return secure, nil
}
