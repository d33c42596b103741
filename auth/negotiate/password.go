package negotiate

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"strings"

	"github.com/jcmturner/gokrb5/v8/client"
	"github.com/jcmturner/gokrb5/v8/config"
	"github.com/jcmturner/gokrb5/v8/keytab"
	"github.com/jcmturner/gokrb5/v8/krberror"
	"github.com/jcmturner/gokrb5/v8/messages"
	"github.com/jcmturner/gokrb5/v8/types"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/auth"
)

// PasswordConfig is the configuration of a [Password]. All fields are required.
type PasswordConfig struct {
	Keytab  string   // as in [Config]
	Service string   // a service of the keytab: HTTP/pbx.acme.example
	Realm   string   // of the users
	KDCs    []string // "host:port" of its domain controllers, tried in this order
}

// Password is the method WindowsSecurity with a prompt (TWP guide 6.2: "with
// pop-up"): where no Windows session has proved the account, user name and
// password are checked at the domain controller. The controller has to prove
// itself in turn, by a ticket that the keytab opens, so that no one in between
// can answer instead.
//
// It replaces [auth.WindowsSession] in a chain and includes its function.
type Password struct {
	cfg     PasswordConfig
	krb5    *config.Config
	keys    *keys
	service types.PrincipalName
}

// NewPassword checks cfg and reads the keytab.
func NewPassword(cfg PasswordConfig, incidents ctikit.IncidentRecorder) (*Password, error) {
	var ps ctikit.Problems
	if !strings.HasPrefix(cfg.Service, "HTTP/") {
		ps.Add("service", "must be HTTP/host, got %.80q", cfg.Service)
	}
	if cfg.Realm == "" || strings.ContainsAny(cfg.Realm, " \t\n{}=#;@/") {
		ps.Add("realm", "invalid realm %.80q", cfg.Realm)
	}
	if len(cfg.KDCs) == 0 {
		ps.Add("kdcs", "missing")
	}
	for i, address := range cfg.KDCs {
		host, port, err := net.SplitHostPort(address)
		if err != nil || host == "" || port == "" || strings.ContainsAny(address, " \t\n{}=#;") {
			ps.Add(fmt.Sprintf("kdcs[%d]", i), "must be host:port, got %.80q", address)
		}
	}
	table, err := loadKeys(cfg.Keytab, func(in ctikit.Incident) {
		if incidents != nil {
			incidents.Record(in)
		}
	})
	if err != nil {
		ps.AddUnder("keytab", err)
	}
	if err := ps.Err(); err != nil {
		return nil, fmt.Errorf("negotiate: %w", err)
	}
	krb5, err := config.NewFromString(krb5Config(cfg.Realm, cfg.KDCs))
	if err != nil {
		return nil, fmt.Errorf("negotiate: %w", err)
	}
	return &Password{cfg, krb5, table, types.NewPrincipalName(2, cfg.Service)}, nil
}

// krb5Format is the library's configuration file: AES only, TCP, nothing looked up
// in the DNS.
const krb5Format = `[libdefaults]
 default_realm = %[1]s
 dns_lookup_kdc = false
 dns_lookup_realm = false
 udp_preference_limit = 1
 default_tkt_enctypes = %[2]s
 default_tgs_enctypes = %[2]s
 permitted_enctypes = %[2]s
[realms]
 %[1]s = {
  kdc = %[3]s
 }
`

const krb5Types = "aes256-cts-hmac-sha1-96 aes128-cts-hmac-sha1-96 " +
	"aes256-cts-hmac-sha384-192 aes128-cts-hmac-sha256-128"

func krb5Config(realm string, kdcs []string) string {
	return fmt.Sprintf(krb5Format, realm, krb5Types, strings.Join(kdcs, "\n  kdc = "))
}

// Authenticate accepts a proved account, and else checks the password.
func (p *Password) Authenticate(ctx context.Context, r auth.Request) auth.Answer {
	session := auth.WindowsSession{}.Authenticate(ctx, r)
	if session.Verdict == auth.Accepted || r.Password.IsZero() {
		return session
	}
	if strings.ContainsAny(r.Name, `"/\[]:;|=,+*?<>@`) { // none is in a Windows account, and some make another principal
		return auth.Answer{Verdict: auth.Rejected, Reason: auth.ReasonMalformed}
	}
	answer := make(chan auth.Answer, 1)
	go func() { answer <- p.askKDC(r.Name, r.Password) }() // ends by the library's own time limit of 5 s for each KDC
	select {
	case a := <-answer:
		return a
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.Canceled) {
			return auth.Abandoned(ctx.Err())
		}
		return auth.Answer{Verdict: auth.Unavailable, Reason: auth.ReasonUnavailable, Err: ctx.Err()}
	}
}

// askKDC asks for a ticket for our own service, without the detour of a
// ticket-granting one: the answer to it takes the password to read, and the
// ticket the keytab.
func (p *Password) askKDC(name string, password ctikit.Secret) auth.Answer {
	var rep messages.ASRep
	err := recoverPanic(func() error {
		user := client.NewWithPassword(name, p.cfg.Realm, password.Reveal(), p.krb5,
			client.DisablePAFXFAST(true), client.Logger(log.New(io.Discard, "", 0)))
		request, err := messages.NewASReq(p.cfg.Realm, p.krb5, types.NewPrincipalName(1, name), p.service)
		if err == nil {
			rep, err = user.ASExchange(p.cfg.Realm, request, 0)
		}
		return err
	})
	if err != nil {
		return answerOf(err)
	}
	table := p.keys.currentTable()
	if err := p.verifyTicket(&rep, table, name); err != nil {
		return auth.Answer{Verdict: auth.Unavailable, Reason: auth.ReasonUnavailable, Err: err}
	}
	return auth.Answer{Verdict: auth.Accepted}
}

// verifyTicket reports whether the ticket comes from a KDC that has our key, and is this
// user's.
func (p *Password) verifyTicket(rep *messages.ASRep, table *keytab.Keytab, name string) error {
	if err := recoverPanic(func() error { return rep.Ticket.DecryptEncPart(table, &p.service) }); err != nil {
		return fmt.Errorf("the KDC cannot prove itself (does the keytab have the keys of %s?): %w", p.cfg.Service, err)
	}
	ticket := &rep.Ticket.DecryptedEncPart
	if subtle.ConstantTimeCompare(ticket.Key.KeyValue, rep.DecryptedEncPart.Key.KeyValue) != 1 ||
		ticket.CRealm != p.cfg.Realm ||
		len(ticket.CName.NameString) != 1 || !strings.EqualFold(ticket.CName.NameString[0], name) {
		return errors.New("the KDC cannot prove itself: its ticket is not of this exchange")
	}
	return nil
}

// answerOf goes by the code of RFC 4120 7.5.9, which the library keeps as text
// only.
func answerOf(err error) auth.Answer {
	text := err.Error()
	if len(text) > 300 {
		text = text[:300] + "…"
	}
	cause := errors.New(text)
	_, after, _ := strings.Cut(text, "KRB Error: (")
	code, _, _ := strings.Cut(after, ")")
	var library krberror.Krberror
	if errors.As(err, &library) && library.RootCause == krberror.DecryptingError {
		code = "24" // a KDC that wants no pre-authentication leaves it to the client to see
	}
	switch code {
	case "6": // KDC_ERR_C_PRINCIPAL_UNKNOWN
		return auth.Answer{Verdict: auth.Rejected, Reason: auth.ReasonUnknownUser, Err: cause}
	case "24", "31": // KDC_ERR_PREAUTH_FAILED, KRB_AP_ERR_BAD_INTEGRITY
		return auth.Answer{Verdict: auth.Rejected, Reason: auth.ReasonWrongPassword, Err: cause}
	case "12", "18": // KDC_ERR_POLICY, KDC_ERR_CLIENT_REVOKED: locked, disabled or not at this hour
		return auth.Answer{Verdict: auth.Locked, Reason: auth.ReasonLocked, Err: cause}
	case "1": // KDC_ERR_NAME_EXP
		return auth.Answer{Verdict: auth.Locked, Reason: auth.ReasonAccountExpired, Err: cause}
	case "23": // KDC_ERR_KEY_EXPIRED
		return auth.Answer{Verdict: auth.Locked, Reason: auth.ReasonPasswordExpired, Err: cause}
	}
	return auth.Answer{Verdict: auth.Unavailable, Reason: auth.ReasonUnavailable, Err: cause}
}
