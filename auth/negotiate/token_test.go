package negotiate

import (
	"cmp"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jcmturner/gofork/encoding/asn1"
	"github.com/jcmturner/gokrb5/v8/asn1tools"
	"github.com/jcmturner/gokrb5/v8/crypto"
	"github.com/jcmturner/gokrb5/v8/iana/asnAppTag"
	"github.com/jcmturner/gokrb5/v8/iana/etypeID"
	"github.com/jcmturner/gokrb5/v8/iana/flags"
	"github.com/jcmturner/gokrb5/v8/iana/keyusage"
	"github.com/jcmturner/gokrb5/v8/keytab"
	"github.com/jcmturner/gokrb5/v8/messages"
	"github.com/jcmturner/gokrb5/v8/types"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/ctikit/ctikit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const realm = "EXAMPLE.TEST"

// forge makes tokens as a client with a ticket of a KDC would, each field open
// to change.
type forge struct {
	client, clientRealm string // in the ticket
	claims, claimsRealm string // in the authenticator; "" is as in the ticket
	service             string
	etype, sessionType  int32
	start, end          time.Time
	made                time.Time
	mutual              bool
	data                types.AuthorizationData
	sessionKey          types.EncryptionKey // of the ticket made last
}

func newForge() *forge {
	return &forge{client: "alice", clientRealm: realm, service: "HTTP/localhost", etype: etypeID.AES256_CTS_HMAC_SHA1_96,
		start: time.Now().Add(-time.Minute), end: time.Now().Add(time.Hour), made: time.Now(), mutual: true}
}

// serviceKeys has keys of all types for HTTP/localhost and host/localhost.
func serviceKeys(t testing.TB, password string) *keytab.Keytab {
	t.Helper()
	table := keytab.New()
	for _, service := range []string{"HTTP/localhost", "host/localhost"} {
		for _, etype := range []int32{etypeID.AES256_CTS_HMAC_SHA1_96, etypeID.AES128_CTS_HMAC_SHA256_128, etypeID.RC4_HMAC} {
			require.NoError(t, table.AddEntry(service, realm, password, time.Unix(1_700_000_000, 0), 1, etype))
		}
	}
	return table
}

func writeKeytab(t testing.TB, table *keytab.Keytab) string {
	t.Helper()
	data, err := table.Marshal()
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "http.keytab")
	require.NoError(t, os.WriteFile(path, data, 0o600))
	return path
}

// apReq is the message itself.
func (f *forge) apReq(t testing.TB, table *keytab.Keytab) []byte {
	t.Helper()
	return f.request(t, f.ticket(t, table))
}

// ticket is what a KDC gives for the service, with a session key.
func (f *forge) ticket(t testing.TB, table *keytab.Keytab) messages.Ticket {
	t.Helper()
	etype, err := crypto.GetEtype(cmp.Or(f.sessionType, f.etype)) // the KDC chooses the session key's apart
	require.NoError(t, err)
	key, err := types.GenerateEncryptionKey(etype)
	require.NoError(t, err)
	plain, err := asn1.Marshal(messages.EncTicketPart{Flags: types.NewKrbFlags(), Key: key, CRealm: f.clientRealm,
		CName: types.NewPrincipalName(1, f.client), AuthTime: f.start.UTC(), StartTime: f.start.UTC(), EndTime: f.end.UTC(), RenewTill: f.end.UTC(), AuthorizationData: f.data})
	require.NoError(t, err)
	service := types.NewPrincipalName(2, f.service)
	serviceKey, _, err := table.GetEncryptionKey(service, realm, 1, f.etype)
	require.NoError(t, err)
	sealed, err := crypto.GetEncryptedData(asn1tools.AddASNAppTag(plain, asnAppTag.EncTicketPart), serviceKey, keyusage.KDC_REP_TICKET, 1)
	require.NoError(t, err)
	f.sessionKey = key
	return messages.Ticket{TktVNO: 5, Realm: realm, SName: service, EncPart: sealed}
}

// request presents a ticket with an authenticator of its own.
func (f *forge) request(t testing.TB, ticket messages.Ticket) []byte {
	t.Helper()
	authenticator, err := types.NewAuthenticator(cmp.Or(f.claimsRealm, f.clientRealm), types.NewPrincipalName(1, cmp.Or(f.claims, f.client)))
	require.NoError(t, err)
	authenticator.CTime = f.made.UTC().Truncate(time.Second)
	authenticator.Cusec = int(f.made.Sub(f.made.Truncate(time.Second)).Microseconds())
	req, err := messages.NewAPReq(ticket, f.sessionKey, authenticator)
	require.NoError(t, err)
	if f.mutual {
		types.SetFlag(&req.APOptions, flags.APOptionMutualRequired)
	}
	message, err := req.Marshal()
	require.NoError(t, err)
	return message
}

func (f *forge) token(t testing.TB, table *keytab.Keytab) []byte {
	return spnego(oidKerberos, gss(f.apReq(t, table)))
}

func gss(apReq []byte) []byte {
	return tlv(tagApplication, tlv(tagOID, oidKerberos), idAPReq, apReq)
}

// spnego wraps a mechanism's token as the first of a negotiation.
func spnego(mechanism, token []byte) []byte {
	list := tlv(tagContext, tlv(tagSequence, tlv(tagOID, mechanism), tlv(tagOID, oidNTLM)))
	return tlv(tagApplication, tlv(tagOID, oidSPNEGO), tlv(tagContext, tlv(tagSequence, list, tlv(tagContext+2, tlv(tagOctetString, token)))))
}

func newAcceptor(t testing.TB, cfg Config) (*Acceptor, *keytab.Keytab) {
	t.Helper()
	table := serviceKeys(t, "service password")
	if cfg.Keytab == "" {
		cfg.Keytab = writeKeytab(t, table)
	}
	if cfg.Realms == nil {
		cfg.Realms = []string{realm}
	}
	a, err := New(cfg)
	require.NoError(t, err)
	return a, table
}

// kept collects incidents.
type kept struct {
	mu  sync.Mutex
	all []ctikit.Incident
}

func (k *kept) Record(in ctikit.Incident) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.all = append(k.all, in)
}

func (k *kept) codes() (codes []string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, in := range k.all {
		codes = append(codes, in.Code)
	}
	return codes
}

// whoami answers with the identity.
var whoami = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	if id, ok := IdentityOf(r.Context()); ok {
		w.Write([]byte(id.Name + " " + id.Realm + " " + id.Mechanism))
		return
	}
	w.Write([]byte("nobody"))
})
