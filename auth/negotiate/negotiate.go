package negotiate

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ctikit/ctikit"
)

// Identity is a proved account.
type Identity struct {
	Name      string // account or principal, without realm: alice
	Realm     string // Kerberos realm, or for NTLM the Windows domain
	Mechanism string // "Kerberos" or "NTLM"
	// FullName and Groups (SIDs) are from the domain controller's PAC; empty
	// where the ticket has none that can be read and verified.
	FullName string
	Groups   []string
	// Authenticated is when the user gave the password, or the like, to the KDC.
	Authenticated time.Time
}

// Config is the configuration of an [Acceptor]. Keytab and Realms are required.
type Config struct {
	// Keytab is the file with the keys of the service HTTP/<host>. It is read
	// again when it changes.
	Keytab string
	// Realms are the realms whose users are accepted, usually in capitals.
	Realms []string
	// Services limits the accepted service names of the keytab, for example
	// HTTP/pbx.acme.example. nil accepts every HTTP/….
	Services []string
	// AllowRC4 also accepts tickets and keys of the broken type 23 (arcfour-hmac).
	AllowRC4 bool
	// MaxSkew is how far clocks may differ; 0 is 5 min.
	MaxSkew time.Duration
	// Replays remembers tokens; nil keeps them in this process, at most
	// ReplaySize (0 is 100,000) within twice MaxSkew. In that case tokens made
	// before [New] are refused, since a process that ran before may have taken
	// them (RFC 4120 3.2.3).
	Replays    Replays
	ReplaySize int
	// NTLM is called if a client offers NTLM; nil refuses NTLM with an explanation.
	NTLM NTLM
	// Incidents records refusals; may be nil.
	Incidents ctikit.IncidentRecorder
}

// Acceptor checks tokens. It is safe for concurrent use, has no goroutine, and
// need not be closed.
type Acceptor struct {
	cfg     Config
	keys    *keys
	replays Replays
	since   time.Time // authenticators made before are refused
}

// New validates cfg and reads the keytab. The error has every problem, as
// [ctikit.Problems].
func New(cfg Config) (*Acceptor, error) {
	var ps ctikit.Problems
	if len(cfg.Realms) == 0 {
		ps.Add("realms", "missing")
	}
	if i := slices.Index(cfg.Realms, ""); i >= 0 {
		ps.Add(fmt.Sprintf("realms[%d]", i), "empty")
	}
	if cfg.MaxSkew < 0 {
		ps.Add("maxSkew", "must not be negative, got %v", cfg.MaxSkew)
	}
	if cfg.ReplaySize < 0 {
		ps.Add("replaySize", "must not be negative, got %d", cfg.ReplaySize)
	}
	a := &Acceptor{cfg: cfg}
	table, err := loadKeys(cfg.Keytab, a.recordIncident)
	if err != nil {
		ps.AddUnder("keytab", err)
	}
	if err := ps.Err(); err != nil {
		return nil, fmt.Errorf("negotiate: %w", err)
	}
	if a.cfg.MaxSkew == 0 {
		a.cfg.MaxSkew = 5 * time.Minute
	}
	if a.cfg.ReplaySize == 0 {
		a.cfg.ReplaySize = 100_000
	}
	a.keys, a.replays = table, cfg.Replays
	if a.replays == nil {
		a.replays, a.since = newReplayCache(a.cfg.ReplaySize), time.Now().Truncate(time.Microsecond)
	}
	return a, nil
}

func (a *Acceptor) recordIncident(in ctikit.Incident) {
	if a.cfg.Incidents != nil {
		a.cfg.Incidents.Record(in)
	}
}

// Accept checks one Kerberos token, bare or in SPNEGO, for applications that carry it
// by other means than HTTP. reply goes back to the client, if it is not empty.
// The error wraps one of the reasons of this package.
func (a *Acceptor) Accept(_ context.Context, token []byte) (id Identity, reply []byte, err error) {
	o, err := readToken(token)
	if err != nil {
		return id, nil, tokenRefusal(ErrMalformed, "%v", err)
	}
	if o.ntlm {
		return id, nil, tokenRefusal(ErrNTLM, "%s", "no ticket for this service")
	}
	return a.acceptKerberos(o)
}

func (a *Acceptor) acceptKerberos(o offer) (id Identity, reply []byte, err error) {
	id, reply, err = a.verifyAPReq(o.inner)
	if err != nil {
		return Identity{}, nil, err
	}
	return id, o.wrapReply(0, reply), nil
}
