// Package wire holds what the drivers of network protocols have in common: where
// a PBX is and how the connection to it is opened and secured, what makes two
// links the same, and the part of a session that does not depend on its protocol.
package wire

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/ctikit/ctikit"
)

// Dial opens a connection, as net.Dialer.DialContext does.
type Dial = func(ctx context.Context, network, address string) (net.Conn, error)

// Endpoint is a PBX on the network.
type Endpoint struct {
	Addr string      // a host name or IP address, optionally with a port
	Port int         // the port if Addr has none
	TLS  *tls.Config // nil: not encrypted
	Dial Dial        // nil: a net.Dialer with a keep-alive of 15 s
}

// hostPort splits Addr; port is "" if explicit is false.
func (e Endpoint) hostPort() (host, port string, explicit bool) {
	if host, port, err := net.SplitHostPort(e.Addr); err == nil {
		return host, port, true
	}
	if inner, ok := strings.CutPrefix(e.Addr, "["); ok {
		if inner, ok = strings.CutSuffix(inner, "]"); ok {
			return inner, "", false
		}
	}
	return e.Addr, "", false
}

// Address returns host:port.
func (e Endpoint) Address() string {
	host, port, explicit := e.hostPort()
	if !explicit {
		port = strconv.Itoa(e.Port)
	}
	return net.JoinHostPort(host, port)
}

// Validate reports every problem of the address, under the path "addr". A port
// that Addr leaves to Port is not checked if there is a Dial function, which may
// not need one; the host is checked all the same.
func (e Endpoint) Validate() error {
	var ps ctikit.Problems
	host, port, explicit := e.hostPort()
	if !explicit {
		port = strconv.Itoa(e.Port)
	}
	n, err := strconv.ParseUint(port, 10, 16)
	switch {
	case e.Addr == "":
		ps.Add("addr", "missing")
	case host == "":
		ps.Add("addr", "missing host, got %q", e.Addr)
	case !isHost(host):
		ps.Add("addr", "invalid host %q", host)
	case (err != nil || n == 0) && (explicit || e.Dial == nil):
		ps.Add("addr", "invalid port %q", port)
	}
	return ps.Err()
}

// isHost reports whether a text can be an IP address or the name of a host, or a
// name that only a Dial function knows.
func isHost(host string) bool {
	refused := func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("[]/@", r)
	}
	if strings.ContainsFunc(host, refused) {
		return false
	}
	if strings.Contains(host, ":") {
		_, err := netip.ParseAddr(host)
		return err == nil
	}
	for label := range strings.SplitSeq(strings.TrimSuffix(host, "."), ".") { // "pbx." is a name from the root
		if label == "" || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
	}
	return true
}

// ValidateLimit reports a number that is not between 1 and most; 0 stands for a
// default.
func ValidateLimit(path string, value, most int) error {
	var ps ctikit.Problems
	if value < 0 || value > most {
		ps.Add(path, "must be between 1 and %d, got %d", most, value)
	}
	return ps.Err()
}

// Connect dials, and completes the TLS handshake if the connection is encrypted.
func (e Endpoint) Connect(ctx context.Context) (net.Conn, error) {
	dial := e.Dial
	if dial == nil {
		dial = (&net.Dialer{KeepAlive: 15 * time.Second}).DialContext
	}
	conn, err := dial(ctx, "tcp", e.Address())
	if err != nil || e.TLS == nil {
		return conn, err
	}
	t := e.TLS.Clone()
	if t.ServerName == "" && !t.InsecureSkipVerify {
		t.ServerName, _, _ = e.hostPort()
	}
	secure := tls.Client(conn, t)
	if err := secure.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, fmt.Errorf("TLS with %s: %w", e.Address(), err)
	}
	return secure, nil
}
