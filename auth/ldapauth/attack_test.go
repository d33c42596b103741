package ldapauth

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/auth"
)

// fake is a directory server that records the binds it sees and
// answers as a test wants. It speaks in clear.
type fake struct {
	addr   string
	answer func(op *ber.Packet) []byte // protocolOp → whole messages without their identifier; nil hangs up

	mu    sync.Mutex
	binds []string // names
	conns int
}

func startFake(t *testing.T, answer func(op *ber.Packet) []byte) *fake {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	f := &fake{addr: l.Addr().String(), answer: answer}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			f.mu.Lock()
			f.conns++
			f.mu.Unlock()
			wg.Go(func() { f.serve(conn) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		wg.Wait()
	})
	return f
}

// seen returns the names that were bound and the number of connections.
func (f *fake) seen() (binds []string, conns int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.binds), f.conns
}

func (f *fake) serve(conn net.Conn) {
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	for {
		p, err := ber.ReadPacket(conn)
		if err != nil {
			return
		}
		op := p.Children[1]
		f.mu.Lock()
		if op.Tag == ldap.ApplicationBindRequest {
			f.binds = append(f.binds, op.Children[1].Value.(string))
		}
		f.mu.Unlock()
		if op.Tag == ldap.ApplicationUnbindRequest {
			return
		}
		body := f.answer(op)
		if body == nil {
			return
		}
		if _, err := conn.Write(bytes.ReplaceAll(body, []byte("\x02\x01\x7f"), p.Children[0].Bytes())); err != nil {
			return
		}
	}
}

// reply is one message with the placeholder 127 for its identifier.
func reply(tag ber.Tag, code int, diagnostic string) []byte {
	message := ber.NewSequence("")
	message.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, 127, ""))
	op := ber.Encode(ber.ClassApplication, ber.TypeConstructed, tag, nil, "")
	op.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagEnumerated, code, ""))
	op.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, "", ""))
	op.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, diagnostic, ""))
	message.AppendChild(op)
	return message.Bytes()
}

func foundEntry(dn, attribute, value string) []byte {
	message := ber.NewSequence("")
	message.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, 127, ""))
	op := ber.Encode(ber.ClassApplication, ber.TypeConstructed, ldap.ApplicationSearchResultEntry, nil, "")
	op.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, dn, ""))
	attr := ber.NewSequence("")
	attr.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, attribute, ""))
	values := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSet, nil, "")
	values.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, value, ""))
	attr.AppendChild(values)
	list := ber.NewSequence("")
	list.AppendChild(attr)
	op.AppendChild(list)
	message.AppendChild(op)
	return message.Bytes()
}

func clear(server string) Fixed {
	return Fixed{ServerParameter: server, SecurityParameter: Plaintext, DNParameter: "uid=?,dc=x"}
}

func bindSays(code int, diagnostic string) func(*ber.Packet) []byte {
	return func(*ber.Packet) []byte { return reply(ldap.ApplicationBindResponse, code, diagnostic) }
}

func TestAttackEmptyPassword(t *testing.T) {
	f := startFake(t, bindSays(0, "")) // as Windows: any bind without a password succeeds, anonymously
	a := newAuthenticator(t, Config{Parameters: clear(f.addr)})
	require.Equal(t, auth.ReasonEmptyPassword, ask(t, a, "alice", "").Reason)

	_, conns := f.seen()
	require.Zero(t, conns, "refused before any connection")
	require.Equal(t, auth.Accepted, ask(t, a, "alice", "x").Verdict, "the fake would have said yes")
}

func TestAttackDNInjection(t *testing.T) {
	s := startSlapd(t)
	a := newAuthenticator(t, Config{TLS: s.tls(), Parameters: Fixed{ServerParameter: s.addr, DNParameter: peopleDN}})
	for _, name := range []string{"alice,ou=people,dc=example,dc=test", "alice+cn=x", `alice\2cou=people`, "alice\\", "x,uid=alice", "alice;", `"alice"`, "#616c696365", "=", "alice,"} {
		require.NotEqual(t, auth.Accepted, ask(t, a, name, "correct horse").Verdict, name)
	}
	require.Equal(t, auth.Accepted, ask(t, a, "alice", "correct horse").Verdict)

	f := startFake(t, bindSays(0, ""))
	for template, name := range map[string]string{"?@acme.local": "alice@evil.example", `ACME\?`: `..\root`, "?": "a*b"} {
		other := newAuthenticator(t, Config{Parameters: Fixed{ServerParameter: f.addr, SecurityParameter: Plaintext, DNParameter: template}})
		require.Equal(t, auth.ReasonMalformed, ask(t, other, name, "x").Reason, template)
	}
	binds, _ := f.seen()
	require.Empty(t, binds)
}

func searching(s *slapd) Config {
	return Config{TLS: s.tls(), Parameters: Fixed{ServerParameter: s.addr}, Search: &Search{
		BaseDN: "dc=example,dc=test", Attribute: "uid", BindDN: "cn=service,dc=example,dc=test",
		Password: func(context.Context) (ctikit.Secret, error) { return ctikit.NewSecret("service"), nil }}}
}

func TestAttackFilterInjection(t *testing.T) {
	a := newAuthenticator(t, searching(startSlapd(t)))
	for _, name := range []string{"alice)(uid=*", "*)(uid=alice", "alice)", "x)(|(uid=alice)", `alice\29`, "alice)(objectClass=*))(&(uid=alice"} {
		require.Equal(t, auth.ReasonUnknownUser, ask(t, a, name, "correct horse").Reason, name)
	}
	require.Equal(t, auth.Accepted, ask(t, a, "parens)(uid=alice", "parentheses").Verdict, "a name like that is a name")
}

func TestAttackWildcard(t *testing.T) {
	a := newAuthenticator(t, searching(startSlapd(t)))
	for _, name := range []string{"*", "al*", "alic*", " alice", "alice  "} {
		require.Equal(t, auth.ReasonUnknownUser, ask(t, a, name, "correct horse").Reason, name)
	}
	require.Equal(t, auth.Accepted, ask(t, a, "a*", "star in the name").Verdict)

	f := startFake(t, func(op *ber.Packet) []byte { // a server that finds somebody else
		if op.Tag == ldap.ApplicationSearchRequest {
			return append(foundEntry("uid=root,dc=x", "uid", "root"), reply(ldap.ApplicationSearchResultDone, 0, "")...)
		}
		return reply(ldap.ApplicationBindResponse, 0, "")
	})
	other := newAuthenticator(t, Config{Parameters: clear(f.addr), Search: searching(&slapd{}).Search})
	require.Equal(t, auth.ReasonUnknownUser, ask(t, other, "alice", "x").Reason)
	binds, _ := f.seen()
	require.Len(t, binds, 1, "the service account only")
	require.Equal(t, auth.Accepted, ask(t, other, "root", "x").Verdict)
}

func TestAttackTwoEntries(t *testing.T) {
	for name, answer := range map[string][]byte{
		"two entries": append(append(foundEntry("uid=alice,dc=x", "uid", "alice"), foundEntry("uid=alice,dc=y", "uid", "alice")...), reply(ldap.ApplicationSearchResultDone, 0, "")...),
		"size limit":  append(foundEntry("uid=alice,dc=x", "uid", "alice"), reply(ldap.ApplicationSearchResultDone, 4, "")...),
	} {
		t.Run(name, func(t *testing.T) {
			f := startFake(t, func(op *ber.Packet) []byte {
				if op.Tag == ldap.ApplicationSearchRequest {
					return answer
				}
				return reply(ldap.ApplicationBindResponse, 0, "")
			})
			a := newAuthenticator(t, Config{Parameters: clear(f.addr), Search: searching(&slapd{}).Search})
			got := ask(t, a, "alice", "x")
			require.Equal(t, auth.Rejected, got.Verdict)
			require.ErrorContains(t, got.Err, "more than one")
		})
	}
}

func TestAttackServiceConnection(t *testing.T) {
	f := startFake(t, func(op *ber.Packet) []byte {
		if op.Tag == ldap.ApplicationSearchRequest {
			return append(foundEntry("uid=alice,dc=x", "uid", "alice"), reply(ldap.ApplicationSearchResultDone, 0, "")...)
		}
		return reply(ldap.ApplicationBindResponse, 0, "")
	})
	a := newAuthenticator(t, Config{Parameters: clear(f.addr), Search: searching(&slapd{}).Search})
	require.Equal(t, auth.Accepted, ask(t, a, "alice", "x").Verdict)
	binds, conns := f.seen()
	require.Equal(t, 2, conns, "the user's bind has a connection of its own")
	require.Equal(t, []string{"cn=service,dc=example,dc=test", "uid=alice,dc=x"}, binds)

	empty := newAuthenticator(t, Config{Parameters: clear(f.addr), Search: &Search{BaseDN: "dc=x", Attribute: "uid", BindDN: "cn=service",
		Password: func(context.Context) (ctikit.Secret, error) { return ctikit.Secret{}, nil }}})
	require.Equal(t, auth.Unavailable, ask(t, empty, "alice", "x").Verdict, "an empty service password would be an anonymous bind")
	_, conns = f.seen()
	require.Equal(t, 2, conns)
}

// TestAttackManyBinds: whatever goes wrong after the bind was sent, it is not
// sent again, to this server or another.
func TestAttackManyBinds(t *testing.T) {
	for name, answer := range map[string]func(*ber.Packet) []byte{
		"wrong password": bindSays(49, ""), "busy": bindSays(51, ""), "unavailable": bindSays(52, ""), "other": bindSays(80, ""),
		"hangs up": func(*ber.Packet) []byte { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			first, second := startFake(t, answer), startFake(t, bindSays(0, ""))
			a := newAuthenticator(t, Config{Parameters: clear(first.addr + "|" + second.addr)})
			require.NotEqual(t, auth.Accepted, ask(t, a, "alice", "x").Verdict)
			sent, _ := first.seen()
			require.Len(t, sent, 1)
			again, _ := second.seen()
			require.Empty(t, again)
		})
	}
}

// TestAttackAbandonedBind: who breaks off each attempt as soon as the password is
// on its way is slowed down all the same. The directory counts these binds, and
// would lock the user out.
func TestAttackAbandonedBind(t *testing.T) {
	bound, broken := make(chan struct{}), make(chan struct{})
	f := startFake(t, func(*ber.Packet) []byte {
		bound <- struct{}{}
		<-broken
		return reply(ldap.ApplicationBindResponse, 49, "")
	})
	a := newAuthenticator(t, Config{Parameters: clear(f.addr)})
	chain, err := auth.New(auth.Config{Users: anyone{}, Default: "LDAP", Methods: map[auth.Method]auth.Authenticator{auth.LDAP: a},
		Throttle: auth.NewThrottle(auth.ThrottleOptions{FirstWait: time.Hour, LongestWait: time.Hour})})
	require.NoError(t, err)
	for range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, err := chain.SignIn(ctx, auth.Attempt{Login: "alice", Password: ctikit.NewSecret("guess"), Remote: "192.0.2.1:1"})
			if err == nil {
				t.Error("nobody said yes")
			}
		}()
		select {
		case <-bound:
			cancel()
			<-done
			broken <- struct{}{}
		case <-done:
			cancel()
		}
	}
	binds, _ := f.seen()
	require.LessOrEqual(t, len(binds), 6)
}

// TestAttackDowngrade: where encryption cannot be had the password stays here,
// and an answer in clear that somebody slipped in behind the server's yes to
// StartTLS is not taken for the server's.
func TestAttackDowngrade(t *testing.T) {
	yes := reply(ldap.ApplicationBindResponse, 0, "")
	for name, answer := range map[string][]byte{
		"refused": reply(ldap.ApplicationExtendedResponse, 2, "no StartTLS here"),
		"no":      yes, // the answer to another question
		"behind":  append(reply(ldap.ApplicationExtendedResponse, 0, ""), bytes.Repeat(yes, 3)...),
		"nothing": {},
	} {
		t.Run(name, func(t *testing.T) {
			f := startFake(t, func(*ber.Packet) []byte { return answer })
			a := newAuthenticator(t, Config{Parameters: Fixed{ServerParameter: f.addr, DNParameter: "uid=?,dc=x"}, Timeout: time.Second})
			got := ask(t, a, "alice", "x")
			require.Equal(t, auth.Unavailable, got.Verdict)
			binds, _ := f.seen()
			require.Empty(t, binds, "the password was sent in clear")
		})
	}
}

func TestAttackReferral(t *testing.T) {
	f := startFake(t, bindSays(10, "ldap://evil.example/"))
	a := newAuthenticator(t, Config{Parameters: clear(f.addr)})
	got := ask(t, a, "alice", "x")
	require.Equal(t, auth.Unavailable, got.Verdict)
	require.ErrorContains(t, got.Err, "not followed")
}

func TestAttackHugeMessage(t *testing.T) {
	for name, body := range map[string][]byte{
		"endless":          bytes.Repeat([]byte{0x30, 0x03, 0x02, 0x01, 0x00}, 1<<20),
		"claims gigabytes": append([]byte{0x30, 0x84, 0x7f, 0xff, 0xff, 0xf0, 0x04, 0x84, 0x7f, 0xff, 0xff, 0x00}, make([]byte, 1<<20)...),
		"nested":           bytes.Repeat([]byte{0x30, 0x80}, 1<<19),
		"long diagnostic":  reply(ldap.ApplicationBindResponse, 49, strings.Repeat("x\n", 50_000)),
		"not LDAP":         []byte("HTTP/1.1 400 Bad Request\r\n\r\n"),
		"empty":            {},
	} {
		t.Run(name, func(t *testing.T) {
			f := startFake(t, func(*ber.Packet) []byte { return body })
			a := newAuthenticator(t, Config{Parameters: clear(f.addr), Timeout: 2 * time.Second})
			got := ask(t, a, "alice", "x")
			require.NotEqual(t, auth.Accepted, got.Verdict)
			require.Less(t, len(got.Err.Error()), 1000)
			require.NotContains(t, got.Err.Error(), "x\nx")
		})
	}
}

func TestSilentServer(t *testing.T) {
	f := startFake(t, func(*ber.Packet) []byte { time.Sleep(3 * time.Second); return nil })
	a := newAuthenticator(t, Config{Parameters: clear(f.addr), Timeout: 100 * time.Millisecond})
	got := ask(t, a, "alice", "x")
	require.Equal(t, auth.Unavailable, got.Verdict)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.Equal(t, auth.Unavailable, a.Authenticate(ctx, request("alice", "x")).Verdict)
}

// TestActiveDirectoryCodes: the messages are Microsoft's, the codes those of its
// documentation of LDAP error 49.
func TestActiveDirectoryCodes(t *testing.T) {
	for code, want := range map[string]auth.Reason{
		"525": auth.ReasonUnknownUser, "52e": auth.ReasonWrongPassword, "530": auth.ReasonNotPermitted, "531": auth.ReasonNotPermitted,
		"532": auth.ReasonPasswordExpired, "533": auth.ReasonDisabled, "701": auth.ReasonAccountExpired, "773": auth.ReasonPasswordExpired,
		"775": auth.ReasonLocked, "0": auth.ReasonWrongPassword,
	} {
		f := startFake(t, bindSays(49, fmt.Sprintf("80090308: LdapErr: DSID-0C090449, comment: AcceptSecurityContext error, data %s, v4f7c", code)))
		got := ask(t, newAuthenticator(t, Config{Parameters: clear(f.addr)}), "alice", "x")
		require.Equal(t, want, got.Reason, code)
		require.Equal(t, want != auth.ReasonUnknownUser && want != auth.ReasonWrongPassword, got.Verdict == auth.Locked, code)
	}
}

func TestResultCodes(t *testing.T) {
	for code, want := range map[int]auth.Answer{
		32: {Verdict: auth.Rejected, Reason: auth.ReasonUnknownUser}, 34: {Verdict: auth.Rejected, Reason: auth.ReasonMalformed},
		48: {Verdict: auth.Rejected, Reason: auth.ReasonNotPermitted}, 19: {Verdict: auth.Locked, Reason: auth.ReasonLocked},
		53: {Verdict: auth.Locked, Reason: auth.ReasonDisabled}, 8: {Verdict: auth.Unavailable, Reason: auth.ReasonUnavailable},
		13: {Verdict: auth.Unavailable, Reason: auth.ReasonUnavailable}, 1: {Verdict: auth.Unavailable, Reason: auth.ReasonUnavailable},
	} {
		f := startFake(t, bindSays(code, "because"))
		got := ask(t, newAuthenticator(t, Config{Parameters: clear(f.addr)}), "alice", "x")
		require.ErrorContains(t, got.Err, "because")
		got.Err = nil
		require.Equal(t, want, got, code)
	}
}

func FuzzBindName(f *testing.F) {
	for name := range people {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if name == "" || strings.ContainsAny(name, "\x00\ufffd") || strings.ToValidUTF8(name, "") != name {
			return // the chain lets none of these through
		}
		made, err := bindName("uid=?,dc=x", name, name)
		require.NoError(t, err)
		dn, err := ldap.ParseDN(made)
		require.NoError(t, err, made)
		require.Len(t, dn.RDNs, 2)
		require.Len(t, dn.RDNs[0].Attributes, 1)
		require.Equal(t, name, dn.RDNs[0].Attributes[0].Value, "whatever the name, it stays one value")
	})
}
