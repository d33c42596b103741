package ldapauth

import (
	"context"
	"crypto/tls"
	"errors"
	"net"

	"github.com/go-ldap/ldap/v3"
)

// maxAnswers bounds what a server may send on one connection, all together: a
// bind and a search for one entry need a few kilobytes.
const maxAnswers = 256 * 1024

var errTooMuch = errors.New("the server sends more than a bind can need")

// connection is one connection for one bind; its end is that of its context.
type connection struct {
	ldap *ldap.Conn
	stop func() bool
}

// dialServer connects and encrypts.
func (a *Authenticator) dialServer(ctx context.Context, server, security string) (*connection, error) {
	raw, err := a.cfg.Dial(ctx, "tcp", server)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { raw.Close() })
	bounded := &boundedConn{Conn: raw, left: maxAnswers}
	var conn *ldap.Conn
	if security == LDAPS {
		encrypted := tls.Client(bounded, a.tlsConfig(server))
		if err = encrypted.HandshakeContext(ctx); err == nil {
			conn = ldap.NewConn(encrypted, true)
			conn.Start()
		}
	} else {
		conn = ldap.NewConn(bounded, false)
		conn.Start()
		if security == StartTLS {
			err = conn.StartTLS(a.tlsConfig(server))
		}
	}
	if err != nil {
		stop()
		raw.Close()
		if conn != nil {
			conn.Close()
		}
		return nil, err
	}
	return &connection{conn, stop}, nil
}

func (c *connection) closeConn() {
	c.stop()
	c.ldap.Close()
}

func (a *Authenticator) tlsConfig(server string) *tls.Config {
	cfg := &tls.Config{}
	if a.cfg.TLS != nil {
		cfg = a.cfg.TLS.Clone()
	}
	if cfg.ServerName == "" {
		cfg.ServerName, _, _ = net.SplitHostPort(server)
	}
	cfg.MinVersion = max(cfg.MinVersion, tls.VersionTLS12)
	return cfg
}

// boundedConn ends a connection that brings more than it may. It is read by one
// goroutine at a time.
type boundedConn struct {
	net.Conn
	left int
}

func (c *boundedConn) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, errTooMuch
	}
	n, err := c.Conn.Read(p[:min(len(p), c.left)])
	c.left -= n
	return n, err
}
