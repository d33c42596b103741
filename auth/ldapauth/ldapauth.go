package ldapauth

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/auth"
)

// Config is the configuration of an [Authenticator]. Parameters is required.
type Config struct {
	// Parameters returns each user's server, port, name and security; *params.Set
	// and [Fixed] satisfy it.
	Parameters auth.Parameters
	// Search finds the name to bind with; nil makes it from AuthLdapDn.
	Search *Search
	// TLS holds roots and client certificates; nil is the system's roots. The
	// server's name is filled in; versions below 1.2 are not spoken.
	TLS *tls.Config
	// Timeout bounds one attempt at one server; 0 is 5 s.
	Timeout time.Duration
	// Avoid is how long a server that could not be reached is tried last; 0 is 30 s.
	Avoid time.Duration
	// Dial opens connections; nil is a net.Dialer.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Authenticator is the method LDAP. It is safe for concurrent use and keeps no
// connection.
type Authenticator struct {
	cfg Config

	mu    sync.Mutex
	avoid map[string]time.Time // address → until
}

// New checks cfg.
func New(cfg Config) (*Authenticator, error) {
	var ps ctikit.Problems
	if cfg.Parameters == nil {
		ps.Add("parameters", "missing")
	}
	if cfg.Search != nil {
		ps.AddUnder("search", cfg.Search.checkFields())
	}
	if t := cfg.TLS; t != nil && t.InsecureSkipVerify && t.VerifyConnection == nil && t.VerifyPeerCertificate == nil {
		ps.Add("tls", "InsecureSkipVerify without VerifyConnection or VerifyPeerCertificate: passwords could be stolen")
	}
	if cfg.Timeout < 0 {
		ps.Add("timeout", "must not be negative, got %v", cfg.Timeout)
	}
	if cfg.Avoid < 0 {
		ps.Add("avoid", "must not be negative, got %v", cfg.Avoid)
	}
	if err := ps.Err(); err != nil {
		return nil, fmt.Errorf("ldapauth: %w", err)
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = 5 * time.Second
	}
	if cfg.Avoid == 0 {
		cfg.Avoid = 30 * time.Second
	}
	if cfg.Dial == nil {
		cfg.Dial = new(net.Dialer).DialContext
	}
	return &Authenticator{cfg: cfg, avoid: make(map[string]time.Time)}, nil
}

// Authenticate binds once. It tries the servers in their order until it reaches
// one, whose answer is final.
func (a *Authenticator) Authenticate(ctx context.Context, r auth.Request) auth.Answer {
	if r.Password.IsZero() {
		return rejection(auth.ReasonEmptyPassword, nil)
	}
	s, err := a.readSettings(r.User)
	if err != nil {
		return outage(err)
	}
	var failures []error
	for _, server := range a.orderServers(s.servers) {
		answer, final := a.askServer(ctx, server, s, r)
		if final {
			return answer
		}
		failures = append(failures, fmt.Errorf("%s: %w", server, answer.Err))
		if ctx.Err() != nil {
			break // the server is not to blame
		}
		a.avoidServer(server)
	}
	return outage(errors.Join(failures...))
}

// askServer checks the password at one server. final is false if the password has
// certainly not been sent, so another server may be tried.
func (a *Authenticator) askServer(attempt context.Context, server string, s settings, r auth.Request) (
	answer auth.Answer, final bool,
) {
	ctx, cancel := context.WithTimeout(attempt, a.cfg.Timeout)
	defer cancel()
	var name string
	if a.cfg.Search != nil {
		if name, answer, final = a.findEntry(ctx, server, s, r.Name); name == "" {
			return answer, final
		}
	} else {
		var err error
		if name, err = bindName(s.template, r.Login, r.Name); err != nil {
			return rejection(auth.ReasonMalformed, err), true
		}
	}
	conn, err := a.dialServer(ctx, server, s.security)
	if err != nil {
		return outage(err), false
	}
	defer conn.closeConn()
	answer = readBind(conn.sendBind(name, r.Password))
	if answer.Verdict == auth.Unavailable && errors.Is(attempt.Err(), context.Canceled) {
		answer = auth.Abandoned(answer.Err)
	}
	return answer, true
}

// orderServers returns the servers as configured, recently unreachable ones last.
func (a *Authenticator) orderServers(servers []string) []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := time.Now()
	var good, bad []string
	for _, server := range servers {
		if until, ok := a.avoid[server]; !ok {
			good = append(good, server)
		} else if now.After(until) {
			delete(a.avoid, server)
			good = append(good, server)
		} else {
			bad = append(bad, server)
		}
	}
	return append(good, bad...)
}

func (a *Authenticator) avoidServer(server string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.avoid[server] = time.Now().Add(a.cfg.Avoid)
}

func rejection(reason auth.Reason, err error) auth.Answer {
	return auth.Answer{Verdict: auth.Rejected, Reason: reason, Err: err}
}

func lockout(reason auth.Reason, err error) auth.Answer {
	return auth.Answer{Verdict: auth.Locked, Reason: reason, Err: err}
}

func outage(err error) auth.Answer {
	return auth.Answer{Verdict: auth.Unavailable, Reason: auth.ReasonUnavailable, Err: err}
}

// sendBind sends the one bind request.
func (c *connection) sendBind(name string, password ctikit.Secret) (*ldap.SimpleBindResult, error) {
	request := ldap.NewSimpleBindRequest(name, password.Reveal(), []ldap.Control{ldap.NewControlBeheraPasswordPolicy()})
	return c.ldap.SimpleBind(request)
}
