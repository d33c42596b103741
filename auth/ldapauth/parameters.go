package ldapauth

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/auth/params"
)

// The application parameters (TWP guide 6.3; AuthLdapSecurity is ours).
const (
	ServerParameter   = "AuthLdapServer"   // one or several hosts, "host" or "host:port", separated by "|", "," or blanks
	PortParameter     = "AuthLdapPort"     // for hosts without a port; 389, with LDAPS 636
	DNParameter       = "AuthLdapDn"       // the name to bind with; "?" represents the user name
	SecurityParameter = "AuthLdapSecurity" // StartTLS, LDAPS or None
)

// Values of AuthLdapSecurity.
const (
	StartTLS  = "StartTLS" // the default
	LDAPS     = "LDAPS"
	Plaintext = "None" // the password travels in plain text
)

// Definitions returns the application parameters of this package, for
// [params.New]. Importing a configuration cannot turn encryption off.
func Definitions() []params.Definition {
	return []params.Definition{
		{Name: ServerParameter, Check: func(v string) error { _, err := parseServers(v, "389"); return err }},
		{Name: PortParameter, Kind: params.Int, Check: checkPort},
		{Name: DNParameter, Default: "?", Check: checkTemplate},
		{Name: SecurityParameter, Default: StartTLS, Check: checkSecurity,
			Weaker: func(old, new string) bool { return new == Plaintext && old != Plaintext }},
	}
}

// Fixed holds parameter values that are the same for all users. A missing parameter
// has its default.
type Fixed map[string]string

// Value returns the value, or the default.
func (f Fixed) Value(_, name string) (string, error) {
	if value, ok := f[name]; ok {
		return value, nil
	}
	for _, d := range Definitions() {
		if d.Name == name {
			return d.Default, nil
		}
	}
	return "", fmt.Errorf("%w %.80q", params.ErrUnknown, name)
}

// settings are the decoded parameters of one user.
type settings struct {
	servers  []string // host:port
	template string
	security string
}

func (a *Authenticator) readSettings(user string) (s settings, err error) {
	var values [4]string
	for i, name := range [...]string{ServerParameter, PortParameter, DNParameter, SecurityParameter} {
		if values[i], err = a.cfg.Parameters.Value(user, name); err != nil {
			return s, err
		}
	}
	s.template, s.security = values[2], values[3]
	var ps ctikit.Problems
	ps.AddUnder("", checkTemplate(s.template))
	ps.AddUnder("", checkSecurity(s.security))
	if err := ps.Err(); err != nil {
		return s, err
	}
	port := values[1]
	switch {
	case port != "":
		err = checkPort(port)
	case s.security == LDAPS:
		port = "636"
	default:
		port = "389"
	}
	if err != nil {
		return s, err
	}
	s.servers, err = parseServers(values[0], port)
	return s, err
}

// maxServers bounds the duration of an attempt when all servers are down.
const maxServers = 16

func parseServers(value, port string) ([]string, error) {
	hosts := strings.FieldsFunc(value, func(r rune) bool { return r == '|' || r == ',' || r == ' ' })
	if len(hosts) == 0 || len(hosts) > maxServers {
		return nil, fmt.Errorf("%s: must be 1 to %d servers, got %d", ServerParameter, maxServers, len(hosts))
	}
	for i, host := range hosts {
		name, own, err := net.SplitHostPort(host)
		if err != nil { // no port, or an IPv6 address without brackets
			name, own = strings.Trim(host, "[]"), port
		}
		if err := checkPort(own); name == "" || err != nil || strings.ContainsAny(name, "/?#@[]") {
			return nil, fmt.Errorf("%s: %.60q is not a host or host:port", ServerParameter, host)
		}
		hosts[i] = net.JoinHostPort(name, own)
	}
	return hosts, nil
}

func checkPort(port string) error {
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return fmt.Errorf("%s: %.20q is not a port", PortParameter, port)
	}
	return nil
}

func checkSecurity(value string) error {
	if value != StartTLS && value != LDAPS && value != Plaintext {
		return fmt.Errorf("%s: %.20q is not StartTLS, LDAPS or None", SecurityParameter, value)
	}
	return nil
}
