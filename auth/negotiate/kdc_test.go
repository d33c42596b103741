package negotiate

import (
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ctikit/ctikit/internal/testenv"
	"github.com/stretchr/testify/require"
)

// kdc is an MIT KDC of its own, started for one test, with the users alice and
// bob and the services HTTP/localhost (AES) and, in a keytab of its own,
// HTTP/old.localhost (arcfour-hmac only).
type kdc struct {
	dir  string
	env  []string
	curl string
}

const krb5Conf = `[libdefaults]
 default_realm = EXAMPLE.TEST
 dns_lookup_kdc = false
 dns_lookup_realm = false
 rdns = false
 dns_canonicalize_hostname = false
 udp_preference_limit = 1
 allow_weak_crypto = true
 permitted_enctypes = aes256-cts-hmac-sha1-96 aes256-cts-hmac-sha384-192 aes128-cts-hmac-sha1-96 arcfour-hmac-md5
[realms]
 EXAMPLE.TEST = {
  kdc = ADDRESS
 }
[domain_realm]
 localhost = EXAMPLE.TEST
 .localhost = EXAMPLE.TEST
`

const kdcConf = `[kdcdefaults]
 kdc_listen = ADDRESS
 kdc_tcp_listen = ADDRESS
[realms]
 EXAMPLE.TEST = {
  database_name = DIR/principal
  key_stash_file = DIR/stash
  max_life = 10h
  supported_enctypes = aes256-cts-hmac-sha1-96:normal aes256-cts-hmac-sha384-192:normal arcfour-hmac:normal
 }
`

func startKDC(t *testing.T) *kdc {
	t.Helper()
	util, admin, server := testenv.Tool(t, "krb5", "kdb5_util"), testenv.Tool(t, "krb5", "kadmin.local"), testenv.Tool(t, "krb5", "krb5kdc")
	testenv.Tool(t, "krb5", "kinit")
	k := &kdc{dir: t.TempDir(), curl: testenv.Tool(t, "curl", "curl")}
	address := testenv.Port(t)
	fill := strings.NewReplacer("ADDRESS", address, "DIR", k.dir)
	for name, text := range map[string]string{"krb5.conf": krb5Conf, "kdc.conf": kdcConf} {
		require.NoError(t, os.WriteFile(filepath.Join(k.dir, name), []byte(fill.Replace(text)), 0o600))
	}
	k.env = append(os.Environ(), "KRB5_CONFIG="+k.path("krb5.conf"), "KRB5_KDC_PROFILE="+k.path("kdc.conf"), "KRB5CCNAME=FILE:"+k.path("cc"), "KRB5RCACHENAME=none:")
	k.run(t, "", util, "create", "-s", "-r", realm, "-P", "master password")
	for _, query := range []string{
		"addprinc -pw alice alice", "addprinc -pw bob +requires_preauth bob", "addprinc -randkey HTTP/localhost",
		"addprinc -randkey -e arcfour-hmac:normal HTTP/old.localhost",
		"ktadd -k " + k.path("http.keytab") + " -norandkey HTTP/localhost", "ktadd -k " + k.path("http.keytab") + " -norandkey HTTP/old.localhost",
	} {
		k.run(t, "", admin, "-r", realm, "-q", query)
	}
	daemon := exec.Command(server, "-n", "-r", realm)
	daemon.Env = k.env
	require.NoError(t, daemon.Start())
	t.Cleanup(func() {
		daemon.Process.Kill()
		daemon.Wait()
	})
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			conn.Close()
		}
		return err == nil
	}, 20*time.Second, 20*time.Millisecond, "the KDC does not answer")
	return k
}

func (k *kdc) path(name string) string { return filepath.Join(k.dir, name) }

func (k *kdc) run(t *testing.T, stdin, program string, args ...string) string {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Env, cmd.Stdin = k.env, strings.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s %v: %s", program, args, out)
	return string(out)
}

// kinit signs a user in for the clients to come.
func (k *kdc) kinit(t *testing.T, user string, more ...string) {
	t.Helper()
	k.run(t, user+"\n", "kinit", append(more, user)...)
}

// site is a server behind an acceptor which keeps the last Authorization header
// that it saw.
type site struct {
	*httptest.Server
	log *kept

	mu   sync.Mutex
	last string
}

func (k *kdc) serve(t *testing.T, cfg Config) *site {
	t.Helper()
	s := &site{log: &kept{}}
	cfg.Keytab, cfg.Incidents = k.path("http.keytab"), s.log
	if cfg.Realms == nil {
		cfg.Realms = []string{realm}
	}
	a, err := New(cfg)
	require.NoError(t, err)
	protected := a.Require(whoami)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if value := r.Header.Get("Authorization"); value != "" {
			s.mu.Lock()
			s.last = value
			s.mu.Unlock()
		}
		protected.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *site) captured() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last
}

// get fetches the site with curl under the given host name; it returns what curl
// says of the status and the body.
func (k *kdc) get(t *testing.T, s *site, host string) (status, body string) {
	t.Helper()
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	out := k.run(t, "", k.curl, "-s", "--noproxy", "*", "--negotiate", "-u", ":", "--resolve", host+":"+port+":127.0.0.1",
		"-w", "\n%{http_code}", fmt.Sprintf("http://%s:%s/", host, port))
	cut := strings.LastIndexByte(out, '\n')
	return out[cut+1:], strings.TrimSpace(out[:cut])
}

func (s *site) present(t *testing.T, header string) (int, string) {
	t.Helper()
	status, _, body := get(t, s.Server, header)
	return status, body
}

func (s *site) refused(t *testing.T, why error) {
	t.Helper()
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	require.NotEmpty(t, s.log.all)
	require.ErrorIs(t, s.log.all[len(s.log.all)-1].Err, why)
}

// TestCurlAgainstMITKerberos: curl and MIT Kerberos share no code with us. The
// PAC of this KDC has no logon information.
func TestCurlAgainstMITKerberos(t *testing.T) {
	k := startKDC(t)

	t.Run("without a ticket", func(t *testing.T) {
		status, body := k.get(t, k.serve(t, Config{}), "localhost")
		require.Equal(t, "401", status)
		require.Equal(t, "Sign-in required.", body)
	})
	k.kinit(t, "alice")
	t.Run("accepted", func(t *testing.T) {
		s := k.serve(t, Config{})
		for range 3 {
			status, body := k.get(t, s, "localhost")
			require.Equal(t, "200", status)
			require.Equal(t, "alice EXAMPLE.TEST Kerberos", body)
		}
		require.Empty(t, s.log.codes())
	})
	t.Run("replay", func(t *testing.T) {
		s := k.serve(t, Config{})
		k.get(t, s, "localhost")
		status, _ := s.present(t, s.captured())
		require.Equal(t, http.StatusUnauthorized, status)
		s.refused(t, ErrReplay)
		require.Equal(t, []string{"auth.replay"}, s.log.codes())
	})
	t.Run("wrong realm", func(t *testing.T) {
		s := k.serve(t, Config{Realms: []string{"OTHER.TEST"}})
		status, _ := k.get(t, s, "localhost")
		require.Equal(t, "401", status)
		s.refused(t, ErrRealm)
	})
	t.Run("clock skew", func(t *testing.T) {
		s := k.serve(t, Config{Replays: always{}, MaxSkew: time.Second})
		k.get(t, s, "localhost") // to have the token; taken or too late already
		time.Sleep(2100 * time.Millisecond)
		status, _ := s.present(t, s.captured())
		require.Equal(t, http.StatusUnauthorized, status)
		s.refused(t, ErrClockSkew)
	})
	t.Run("RC4 only", func(t *testing.T) {
		s := k.serve(t, Config{})
		status, _ := k.get(t, s, "old.localhost")
		require.Equal(t, "401", status)
		s.refused(t, ErrEncryption)
		s = k.serve(t, Config{AllowRC4: true})
		status, body := k.get(t, s, "old.localhost")
		require.Equal(t, "200", status)
		require.Equal(t, "alice EXAMPLE.TEST Kerberos", body)
	})
	t.Run("expired", func(t *testing.T) {
		lenient := k.serve(t, Config{}) // five minutes are more than a loaded machine takes
		var status, body string
		for try := 0; status != "200" && try < 5; try++ { // the three seconds may be over before curl has begun
			k.kinit(t, "bob", "-l", "3s")
			status, body = k.get(t, lenient, "localhost")
		}
		require.Equal(t, "bob EXAMPLE.TEST Kerberos", body)
		time.Sleep(4500 * time.Millisecond)
		strict := k.serve(t, Config{Replays: always{}, MaxSkew: time.Second})
		answer, _ := strict.present(t, lenient.captured())
		require.Equal(t, http.StatusUnauthorized, answer)
		strict.refused(t, ErrExpired)
	})
	t.Run("concurrent presentation", func(t *testing.T) {
		k.kinit(t, "alice")
		source := k.serve(t, Config{Realms: []string{"OTHER.TEST"}}) // refuses, so that the token stays unused
		for range 5 {
			target := k.serve(t, Config{Replays: newReplayCache(100)})
			k.get(t, source, "localhost")
			token, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(source.captured(), "Negotiate "))
			require.NoError(t, err)
			header := "Negotiate " + base64.StdEncoding.EncodeToString(token)
			requireOne(t, 4, func() bool {
				request, err := http.NewRequestWithContext(context.Background(), "GET", target.URL, nil)
				if err != nil {
					return false
				}
				request.Header.Set("Authorization", header)
				response, err := target.Client().Do(request)
				if err != nil {
					return false
				}
				response.Body.Close()
				return response.StatusCode == http.StatusOK
			})
		}
	})
}

// mutualClient makes a context with MIT's library, mutual authentication asked
// for, and says whether the server's answer completes it.
const mutualClient = `
import base64, gssapi, sys, urllib.request
name = gssapi.Name("HTTP@localhost", gssapi.NameType.hostbased_service)
spnego = gssapi.OID.from_int_seq("1.3.6.1.5.5.2")
context = gssapi.SecurityContext(name=name, mech=spnego, usage="initiate", flags=gssapi.RequirementFlag.mutual_authentication)
request = urllib.request.Request(sys.argv[1], headers={"Authorization": "Negotiate " + base64.b64encode(context.step()).decode()})
answer = bytearray(base64.b64decode(urllib.request.urlopen(request).headers["WWW-Authenticate"].split()[1]))
if sys.argv[2] == "tampered":
    answer[-5] ^= 1
try:
    context.step(bytes(answer))
    print("complete" if context.complete and context.actual_flags & gssapi.RequirementFlag.mutual_authentication else "incomplete")
except gssapi.exceptions.GSSError as e:
    print("refused")
`

// TestMutualAuthentication: curl does not look at the answer to its last token;
// MIT's own library does.
func TestMutualAuthentication(t *testing.T) {
	const python = "/usr/bin/python3" // Debian's own, which python3-gssapi is for
	if exec.Command(python, "-c", "import gssapi").Run() != nil {
		testenv.Missing(t, "gssapi", "no "+python+" with the module gssapi")
	}
	k := startKDC(t)
	k.kinit(t, "alice")
	s := k.serve(t, Config{})
	for how, want := range map[string]string{"genuine": "complete", "tampered": "refused"} {
		got := k.run(t, "", python, "-c", mutualClient, "http://"+s.Listener.Addr().String(), how)
		require.Equal(t, want, strings.TrimSpace(got), how)
	}
}
