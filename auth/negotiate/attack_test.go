package negotiate

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ctikit/ctikit/auth"
	"github.com/jcmturner/gokrb5/v8/crypto"
	"github.com/jcmturner/gokrb5/v8/iana/adtype"
	"github.com/jcmturner/gokrb5/v8/iana/etypeID"
	"github.com/jcmturner/gokrb5/v8/iana/keyusage"
	"github.com/jcmturner/gokrb5/v8/messages"
	"github.com/jcmturner/gokrb5/v8/types"
	"github.com/stretchr/testify/require"
)

func TestAcceptAndProveOurselves(t *testing.T) {
	a, table := newAcceptor(t, Config{})
	for name, wrap := range map[string]func([]byte) []byte{
		"SPNEGO":  func(apReq []byte) []byte { return spnego(oidKerberos, gss(apReq)) },
		"Windows": func(apReq []byte) []byte { return spnego(oidKerberosOld, gss(apReq)) },
		"bare":    gss,
		"later step": func(apReq []byte) []byte {
			return tlv(tagContext+1, tlv(tagSequence, tlv(tagContext+2, tlv(tagOctetString, gss(apReq)))))
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newForge()
			id, reply, err := a.Accept(t.Context(), wrap(f.apReq(t, table)))
			require.NoError(t, err)
			require.Equal(t, "alice", id.Name)
			require.Equal(t, realm, id.Realm)
			require.Equal(t, "Kerberos", id.Mechanism)
			require.WithinDuration(t, f.start, id.Authenticated, time.Second)
			requireAPRep(t, f, reply)
		})
	}
	f := newForge()
	f.mutual = false
	_, reply, err := a.Accept(t.Context(), gss(f.apReq(t, table)))
	require.NoError(t, err)
	require.Empty(t, reply)
}

// requireAPRep reads the reply with the decoders of another library.
func requireAPRep(t *testing.T, f *forge, reply []byte) {
	t.Helper()
	if reply[0] == tagContext+1 { // NegTokenResp
		fields, err := splitNegToken(tagContext+1, reply)
		require.NoError(t, err)
		require.Equal(t, []byte{tagEnumerated, 1, 0}, fields[0], "completed")
		reply, _, err = readTagged(tagOctetString, fields[2])
		require.NoError(t, err)
	}
	content, _, err := readTagged(tagApplication, reply)
	require.NoError(t, err)
	_, message, err := readTagged(tagOID, content)
	require.NoError(t, err)
	var rep messages.APRep
	require.NoError(t, rep.Unmarshal(message[2:]))
	plain, err := crypto.DecryptEncPart(rep.EncPart, f.sessionKey, keyusage.AP_REP_ENCPART)
	require.NoError(t, err)
	var part messages.EncAPRepPart
	require.NoError(t, part.Unmarshal(plain))
	require.Equal(t, f.made.UTC().Truncate(time.Second), part.CTime)
	require.Equal(t, int(f.made.Sub(f.made.Truncate(time.Second)).Microseconds()), part.Cusec)
}

func TestAttackReplay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, table := newAcceptor(t, Config{})
		f := newForge()
		token := f.token(t, table)
		_, _, err := a.Accept(t.Context(), token)
		require.NoError(t, err)
		for range 20 {
			_, _, err = a.Accept(t.Context(), token)
			require.Error(t, err, "in any form, at any time")
			time.Sleep(time.Minute)
		}

		// The same instant in two realms, or of two clients, is no replay.
		b, table := newAcceptor(t, Config{Realms: []string{realm, "OTHER.TEST"}})
		f.made = time.Now()
		for _, client := range [][2]string{{"alice", realm}, {"alice", "OTHER.TEST"}, {"bob", realm}} {
			f.client, f.clientRealm = client[0], client[1]
			f.end = time.Now().Add(time.Hour)
			_, _, err := b.Accept(t.Context(), f.token(t, table))
			require.NoError(t, err, "%s", client)
		}

		// A token that the process before this one may have taken.
		f.made = time.Now().Add(-time.Minute)
		c, table := newAcceptor(t, Config{})
		_, _, err = c.Accept(t.Context(), f.token(t, table))
		require.ErrorIs(t, err, ErrReplay)
		require.ErrorContains(t, err, "before this acceptor began")
		shared, table := newAcceptor(t, Config{Replays: newReplayCache(10)})
		token = f.token(t, table)
		_, _, err = shared.Accept(t.Context(), token)
		require.NoError(t, err, "a shared cache knows")
	})
}

// TestAttackConcurrentReplay: of any number who present one token at once,
// exactly one is let in. 10,000 rounds through the whole acceptor, by two at once
// since most of their time goes into AES, and as many by eight to the cache, where
// it is decided.
func TestAttackConcurrentReplay(t *testing.T) {
	const rounds = 10_000
	a, table := newAcceptor(t, Config{})
	f := newForge()
	ticket := f.ticket(t, table)
	for range rounds {
		f.made = time.Now()
		token := gss(f.request(t, ticket))
		requireOne(t, 2, func() bool {
			_, _, err := a.Accept(t.Context(), token)
			return err == nil
		})
	}
	cache := newReplayCache(2 * rounds)
	for range rounds {
		var key [sha256.Size]byte
		rand.Read(key[:])
		requireOne(t, 8, func() bool {
			fresh, err := cache.Fresh(key, time.Now().Add(time.Minute))
			return fresh && err == nil
		})
	}
}

// requireOne has several present the same at once, of whom one must succeed.
func requireOne(t *testing.T, presenters int, present func() bool) {
	t.Helper()
	var accepted atomic.Int32
	var wg sync.WaitGroup
	start := make(chan struct{})
	for range presenters {
		wg.Go(func() {
			<-start
			if present() {
				accepted.Add(1)
			}
		})
	}
	close(start)
	wg.Wait()
	require.EqualValues(t, 1, accepted.Load())
}

func TestReplayCacheIsBoundedAndForgetsTheExpired(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newReplayCache(3)
		add := func(b byte) (bool, error) { return c.Fresh([sha256.Size]byte{b}, time.Now().Add(10*time.Minute)) }
		for b := range byte(3) {
			fresh, err := add(b)
			require.True(t, fresh)
			require.NoError(t, err)
		}
		_, err := add(9)
		require.ErrorIs(t, err, errReplaysFull, "refuses rather than forgets")
		fresh, err := add(1)
		require.False(t, fresh)
		require.NoError(t, err)
		time.Sleep(10*time.Minute + time.Second)
		fresh, err = add(9)
		require.True(t, fresh)
		require.NoError(t, err)
		require.Len(t, c.seen, 1)
		require.Len(t, c.queue, 1)
	})
}

// refusedWith makes a token with one thing changed, which must be refused for
// that reason.
func refusedWith(t *testing.T, want error, change func(*forge)) {
	t.Helper()
	a, table := newAcceptor(t, Config{Replays: newReplayCache(10)})
	f := newForge()
	change(f)
	id, reply, err := a.Accept(t.Context(), f.token(t, table))
	require.ErrorIs(t, err, want)
	require.Zero(t, id)
	require.Empty(t, reply)
}

// acceptedWith is its counterpart.
func acceptedWith(t *testing.T, cfg Config, change func(*forge)) {
	t.Helper()
	cfg.Replays = newReplayCache(10)
	a, table := newAcceptor(t, cfg)
	f := newForge()
	change(f)
	_, _, err := a.Accept(t.Context(), f.token(t, table))
	require.NoError(t, err)
}

func TestAttackWrongRealm(t *testing.T) {
	for _, other := range []string{"EVIL.TEST", "example.test", "EXAMPLE.TEST.EVIL", ""} {
		refusedWith(t, ErrRealm, func(f *forge) { f.clientRealm = other })
	}
}

func TestAttackExpiredTicket(t *testing.T) {
	refusedWith(t, ErrExpired, func(f *forge) { f.end = time.Now().Add(-6 * time.Minute) })
	refusedWith(t, ErrExpired, func(f *forge) { f.start = time.Now().Add(6 * time.Minute) })
	acceptedWith(t, Config{}, func(f *forge) { f.end = time.Now().Add(-4 * time.Minute) }) // clocks differ
}

func TestAttackClockSkew(t *testing.T) {
	for _, off := range []time.Duration{-6 * time.Minute, 6 * time.Minute, -24 * time.Hour} {
		refusedWith(t, ErrClockSkew, func(f *forge) { f.made = time.Now().Add(off) })
	}
	acceptedWith(t, Config{}, func(f *forge) { f.made = time.Now().Add(-4 * time.Minute) })
}

func TestAttackRC4(t *testing.T) {
	ticket := func(f *forge) { f.etype = etypeID.RC4_HMAC }
	session := func(f *forge) { f.sessionType = etypeID.RC4_HMAC }
	refusedWith(t, ErrEncryption, ticket)
	refusedWith(t, ErrEncryption, session)
	acceptedWith(t, Config{AllowRC4: true}, ticket)
	acceptedWith(t, Config{AllowRC4: true}, session)
}

func TestAttackOtherClient(t *testing.T) {
	refusedWith(t, ErrMalformed, func(f *forge) { f.claims = "root" })
	refusedWith(t, ErrMalformed, func(f *forge) { f.claimsRealm = "OTHER.TEST" })
	refusedWith(t, ErrMalformed, func(f *forge) { f.client = "WELLKNOWN/ANONYMOUS" })
	refusedWith(t, ErrMalformed, func(f *forge) { f.client = "" })
}

func TestAttackOtherService(t *testing.T) {
	refusedWith(t, ErrService, func(f *forge) { f.service = "host/localhost" })
	a, table := newAcceptor(t, Config{Services: []string{"HTTP/pbx.example"}})
	_, _, err := a.Accept(t.Context(), newForge().token(t, table))
	require.ErrorIs(t, err, ErrService)
	a, _ = newAcceptor(t, Config{})
	_, _, err = a.Accept(t.Context(), newForge().token(t, serviceKeys(t, "another password")))
	require.ErrorIs(t, err, ErrKey)
}

func TestFullReplayCacheRefuses(t *testing.T) {
	a, table := newAcceptor(t, Config{ReplaySize: 1})
	_, _, err := a.Accept(t.Context(), newForge().token(t, table))
	require.NoError(t, err)
	_, _, err = a.Accept(t.Context(), newForge().token(t, table))
	require.ErrorIs(t, err, ErrBusy)
}

// TestUnreadablePAC: a PAC that cannot be read, or is none, takes nothing from
// the user and gives no groups.
func TestUnreadablePAC(t *testing.T) {
	a, table := newAcceptor(t, Config{})
	for name, data := range map[string]types.AuthorizationData{
		"rubbish":       {{ADType: adtype.ADIfRelevant, ADData: []byte("rubbish")}},
		"empty":         {{ADType: adtype.ADIfRelevant, ADData: []byte{0x30, 0x00}}},
		"PAC of zeros":  {{ADType: adtype.ADIfRelevant, ADData: pacData(make([]byte, 64))}},
		"PAC cut short": {{ADType: adtype.ADIfRelevant, ADData: pacData([]byte{2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 255, 0, 0, 0, 200, 0, 0, 0, 0, 0, 0, 0})}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newForge()
			f.data = data
			id, _, err := a.Accept(t.Context(), f.token(t, table))
			require.NoError(t, err)
			require.Empty(t, id.Groups)
		})
	}
}

// pacData is AD-WIN2K-PAC in a sequence of authorisation data.
func pacData(pac []byte) []byte {
	return tlv(tagSequence, tlv(tagSequence, tlv(tagContext, derInteger(int(adtype.ADWin2KPAC))), tlv(tagContext+1, tlv(tagOctetString, pac))))
}

func TestAttackNTLMFallback(t *testing.T) {
	log := &kept{}
	a, _ := newAcceptor(t, Config{Incidents: log})
	server := httptest.NewServer(a.Require(whoami))
	defer server.Close()
	message := append([]byte("NTLMSSP\x00"), 1, 0, 0, 0, 7, 130, 8, 162)
	for name, token := range map[string][]byte{"bare": message, "in SPNEGO": spnego(oidNTLM, message)} {
		t.Run(name, func(t *testing.T) {
			status, header, body := get(t, server, "Negotiate "+base64.StdEncoding.EncodeToString(token))
			require.Equal(t, http.StatusUnauthorized, status)
			require.Equal(t, "Negotiate", header.Get("WWW-Authenticate"))
			require.Contains(t, body, "NTLM instead of Kerberos")
			require.Contains(t, body, "HTTP/<host>")
		})
	}
	require.Equal(t, []string{"auth.ntlm", "auth.ntlm"}, log.codes())
}

func TestAttackMalformedToken(t *testing.T) {
	a, table := newAcceptor(t, Config{})
	server := httptest.NewServer(a.Require(whoami))
	defer server.Close()
	good := newForge().token(t, table)
	for name, value := range map[string]string{
		"no token": "Negotiate", "blank": "Negotiate  ", "not base64": "Negotiate !!!", "rubbish": "Negotiate AAAA", "huge": "Negotiate " + strings.Repeat("A", 100_000),
		"cut short": "Negotiate " + base64.StdEncoding.EncodeToString(good[:len(good)/2]), "with a tail": "Negotiate " + base64.StdEncoding.EncodeToString(append(good[:len(good):len(good)], 0)),
		"another mechanism": "Negotiate " + base64.StdEncoding.EncodeToString(spnego([]byte{0x2b, 6, 1, 4, 1, 130, 55, 2, 2, 30}, []byte("NEGOEXTS"))),
	} {
		status, header, body := get(t, server, value)
		require.Equal(t, http.StatusUnauthorized, status, name)
		require.Equal(t, "Negotiate", header.Get("WWW-Authenticate"))
		require.Equal(t, auth.ErrRefused.Error()+"\n", body, name)
	}
	request, err := http.NewRequestWithContext(t.Context(), "GET", server.URL, nil)
	require.NoError(t, err)
	request.Header["Authorization"] = []string{"Negotiate AAAA", "Negotiate " + base64.StdEncoding.EncodeToString(good)}
	response, err := server.Client().Do(request)
	require.NoError(t, err)
	response.Body.Close()
	require.Equal(t, http.StatusUnauthorized, response.StatusCode, "two headers")
}

// TestAttackFlippedBits: a changed token is refused or says the same, and
// nothing panics.
func TestAttackFlippedBits(t *testing.T) {
	a, table := newAcceptor(t, Config{Replays: always{}})
	f := newForge()
	good := gss(f.apReq(t, table))
	_, _, err := a.Accept(t.Context(), good)
	require.NoError(t, err)
	taken := 0
	for i := range good {
		for _, flip := range []byte{0x01, 0x80, 0xff} {
			bad := append([]byte(nil), good...)
			bad[i] ^= flip
			if id, _, err := a.Accept(t.Context(), bad); err == nil {
				require.Equal(t, "alice", id.Name)
				taken++
			}
		}
	}
	require.Less(t, taken, 60, "only fields that are neither secured nor used: options, key version, name type")
}

// always lets every token through.
type always struct{}

func (always) Fresh([sha256.Size]byte, time.Time) (bool, error) { return true, nil }

func FuzzToken(f *testing.F) {
	a, table := newAcceptor(f, Config{Replays: always{}})
	forge := newForge()
	f.Add(forge.token(f, table))
	f.Add(gss(forge.apReq(f, table)))
	f.Add(spnego(oidNTLM, []byte("NTLMSSP\x00")))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, token []byte) {
		if id, _, err := a.Accept(t.Context(), token); err == nil {
			require.Equal(t, "alice", id.Name, "nobody but the one who holds a ticket")
		}
	})
}

func TestKeytabReload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &kept{}
		a, old := newAcceptor(t, Config{Incidents: log})
		accept := func() error {
			_, _, err := a.Accept(t.Context(), newForge().token(t, old))
			return err
		}
		require.NoError(t, accept())
		rolled := serviceKeys(t, "next password")
		require.NoError(t, os.Rename(writeKeytab(t, rolled), a.cfg.Keytab))
		require.NoError(t, os.Chtimes(a.cfg.Keytab, time.Now(), time.Now().Add(time.Hour)))
		time.Sleep(2 * time.Second)
		require.ErrorIs(t, accept(), ErrKey)
		old = rolled
		require.NoError(t, accept())

		require.NoError(t, os.WriteFile(a.cfg.Keytab, []byte("half written"), 0o600))
		time.Sleep(2 * time.Second)
		require.NoError(t, accept(), "the last good one stays")
		require.NoError(t, os.Remove(a.cfg.Keytab))
		time.Sleep(2 * time.Second)
		require.NoError(t, accept())
		require.Contains(t, log.codes(), "auth.keytab")
	})
}

func TestConfigMistakesAllAtOnce(t *testing.T) {
	_, err := New(Config{Keytab: "/nowhere", MaxSkew: -1})
	for _, complaint := range []string{"realms", "maxSkew", "keytab"} {
		require.ErrorContains(t, err, complaint)
	}
	empty := writeKeytab(t, serviceKeys(t, "x"))
	require.NoError(t, os.WriteFile(empty, []byte{5, 2, 0, 0, 0, 0, 0, 0}, 0o600))
	_, err = New(Config{Keytab: empty, Realms: []string{realm}})
	require.ErrorContains(t, err, "keytab")
}
