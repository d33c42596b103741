package ldapsource

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/ctikit/ctikit"
)

// Kind is the family of the server; it sets the defaults of empty fields.
type Kind string

// The kinds of server.
const (
	// Generic servers: filter (objectClass=person), key entryUUID.
	Generic Kind = "ldap"
	// ActiveDirectory: filter (&(objectCategory=person)(objectClass=user)), key objectGUID.
	ActiveDirectory Kind = "ad"
	// A5000: the PBX's internal directory: filter (objectClass=contactRecord), a
	// key attribute of the application's choice; it has no operational attributes.
	A5000 Kind = "a5000"
)

// Method is how changes are found.
type Method string

// The methods.
const (
	Auto     Method = ""         // the best that the server offers
	Full     Method = "full"     // everything is read each time
	Syncrepl Method = "syncrepl" // RFC 4533, refreshOnly; the key must be entryUUID
	DirSync  Method = "dirsync"  // Active Directory; works for ordinary accounts too
	// USN is for Active Directory: uSNChanged and tombstones; if the account may not
	// see those, a list of all objectGUIDs.
	USN Method = "usn"
)

// Source is a [directory.Source] over LDAP. Servers and Base must be set (Base
// also where it is the root of everything). Fields are not changed once it is
// in use.
type Source struct {
	// Servers are addresses of replicas, tried in order: "ldaps://host",
	// "ldap://host:389". Over ldap:// StartTLS is used and its failure is a
	// failure, unless Plaintext says otherwise.
	Servers   []string
	Plaintext bool
	// TLS is used for ldaps and StartTLS; nil verifies the name and the chain
	// with the system's roots, TLS 1.2 or newer. ServerName is set from the address.
	TLS *tls.Config
	// Dial opens the connections; nil is a net.Dialer.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)

	// Login is a DN, a user principal name or DOMAIN\user; "" reads anonymously.
	Login    string
	Password ctikit.Secret

	Kind       Kind
	Base       string
	Filter     string
	Attributes []string // what to ask for: Mapping.Attributes(); never "*"
	Key        string   // key attribute, where the kind's own does not do

	Method   Method
	PageSize int // 0 finds out; less than 0 does not page
	// IgnoreReferrals skips a part of the tree for which the server refers to another
	// one. Without it such a reading is incomplete. Set by ActiveDirectory, which always refers to its own
	// CN=Configuration and DNS zones.
	IgnoreReferrals bool

	ConnectTimeout time.Duration // per server; 0 is 10 s
	Timeout        time.Duration // for each piece of an answer; 0 is 60 s
	MaxMessage     int           // longest entry in bytes; 0 is 16 MiB
}

// settings are a Source with its defaults.
type settings struct {
	Source
	urls []*url.URL
}

func (s *Source) newSettings() (*settings, error) {
	out := &settings{Source: *s}
	var ps ctikit.Problems
	if len(s.Servers) == 0 {
		ps.Add("servers", "missing")
	}
	for i, raw := range s.Servers {
		u, err := url.Parse(raw)
		if err != nil || u.Scheme != "ldap" && u.Scheme != "ldaps" || u.Host == "" || u.User != nil {
			ps.Add(fmt.Sprintf("servers[%d]", i), "must be ldap://host:port or ldaps://host:port, without credentials")
			continue
		}
		out.urls = append(out.urls, u)
	}
	if _, err := ldap.ParseDN(s.Base); err != nil {
		ps.Add("base", "invalid distinguished name %q: %v", s.Base, err)
	}
	if s.Login != "" && strings.Trim(s.Password.Reveal(), "\x00 ") == "" {
		ps.Add("password", "missing; a bind with a name and no password is anonymous (RFC 4513 5.1.2)")
	}
	out.setDefaults(&ps)
	if _, err := ldap.CompileFilter(out.Filter); err != nil {
		ps.Add("filter", "invalid filter %q: %v", out.Filter, err)
	}
	for i, a := range s.Attributes {
		if a == "" || strings.ContainsAny(a, "*+ ") {
			ps.Add(fmt.Sprintf("attributes[%d]", i), "invalid attribute name %q", a)
		}
	}
	switch s.Method {
	case Auto, Full:
	case Syncrepl:
		if !strings.EqualFold(out.Key, "entryUUID") {
			ps.Add("method", "%q requires the key entryUUID, got %q", s.Method, out.Key)
		}
	case DirSync, USN:
		if !strings.EqualFold(out.Key, "objectGUID") {
			ps.Add("method", "%q requires the key objectGUID, got %q", s.Method, out.Key)
		}
	default:
		ps.Add("method", "must be one of %q, got %q", []Method{Auto, Full, Syncrepl, DirSync, USN}, s.Method)
	}
	if err := ps.Err(); err != nil {
		return nil, fmt.Errorf("ldap source: %w", err)
	}
	return out, nil
}

func (s *settings) setDefaults(ps *ctikit.Problems) {
	filter, key := "(objectClass=person)", "entryUUID"
	switch s.Kind {
	case Generic, "":
	case ActiveDirectory:
		filter, key = "(&(objectCategory=person)(objectClass=user))", "objectGUID"
		s.IgnoreReferrals = true
	case A5000:
		filter, key = "(objectClass=contactRecord)", ""
		s.PageSize = -1
		if s.Key == "" {
			ps.Add("key", "missing; name an attribute of the contact records that never changes")
		}
	default:
		ps.Add("kind", "must be one of %q, got %q", []Kind{Generic, ActiveDirectory, A5000}, s.Kind)
	}
	if s.Filter == "" {
		s.Filter = filter
	}
	if s.Key == "" {
		s.Key = key
	}
	if s.ConnectTimeout <= 0 {
		s.ConnectTimeout = 10 * time.Second
	}
	if s.Timeout <= 0 {
		s.Timeout = time.Minute
	}
	if s.MaxMessage <= 0 {
		s.MaxMessage = 16 << 20
	}
}

// Check validates the fields without any connection. The error holds a
// [ctikit.Problems] with all problems.
func (s *Source) Check() error {
	_, err := s.newSettings()
	return err
}

// connectServer opens a connection to the first server that answers, and signs in.
// A server that is down or busy is skipped; one that refuses the
// credentials is not: the next would refuse them too, and lock the account.
func (s *settings) connectServer(ctx context.Context) (*conn, error) {
	var failures []error
	for _, u := range s.urls {
		c, err := s.openServer(ctx, u)
		if err == nil {
			return c, nil
		}
		err = fmt.Errorf("%s: %w", u.Host, err)
		if ctx.Err() != nil || isServerError(err) && !hasResultCode(err, codeBusy, codeUnavailable) {
			return nil, err
		}
		failures = append(failures, err)
	}
	return nil, errors.Join(failures...)
}

func (s *settings) openServer(caller context.Context, u *url.URL) (*conn, error) {
	ctx, cancel := context.WithTimeout(caller, s.ConnectTimeout)
	defer cancel()
	c, err := s.dialAndBind(ctx, u)
	if err != nil && ctx.Err() != nil && caller.Err() == nil {
		err = fmt.Errorf("no answer within ConnectTimeout %v", s.ConnectTimeout)
	}
	return c, err
}

func (s *settings) dialAndBind(ctx context.Context, u *url.URL) (*conn, error) {
	address := u.Host
	if u.Port() == "" {
		address = net.JoinHostPort(u.Hostname(), map[string]string{"ldap": "389", "ldaps": "636"}[u.Scheme])
	}
	dial := s.Dial
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	raw, err := dial(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	c := newConn(raw, s.Timeout, s.MaxMessage)
	stop := c.interruptWith(ctx)
	err = s.secureConn(ctx, c, u)
	if err == nil && s.Login != "" {
		err = c.bindSimple(ctx, s.Login, s.Password.Reveal())
	}
	if !stop() && err == nil {
		err = ctx.Err() // the deadline that it set cannot be taken back
	}
	if err != nil {
		c.closeConn()
		return nil, err
	}
	return c, nil
}

func (s *settings) secureConn(ctx context.Context, c *conn, u *url.URL) error {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if s.TLS != nil {
		config = s.TLS.Clone()
	}
	if config.ServerName == "" {
		config.ServerName = u.Hostname()
	}
	switch {
	case u.Scheme == "ldaps":
		secured := tls.Client(c.net, config)
		if err := secured.HandshakeContext(ctx); err != nil {
			return c.markBroken(ctx, err)
		}
		c.net = secured
	case !s.Plaintext:
		return c.startTLS(ctx, config)
	}
	return nil
}
