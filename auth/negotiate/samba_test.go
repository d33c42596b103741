package negotiate

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/auth"
	"github.com/ctikit/ctikit/auth/ldapauth"
	"github.com/ctikit/ctikit/internal/testenv"
)

// domainController is a Samba domain of its own, AD.EXAMPLE.TEST or ADEX, on a
// loopback address of its own, since its ports are fixed.
type domainController struct {
	kdc   // its clients
	ip    string
	conf  string
	roots *x509.CertPool
}

const adRealm = "AD.EXAMPLE.TEST"

// winbindd has one socket on a machine, for all its clients: two domains that run
// at once would answer for each other. Who listens on this port has it.
const winbinddPort = 9388

func startController(t *testing.T) *domainController {
	t.Helper()
	for _, program := range []string{"samba", "samba-tool", "ldbmodify", "kinit"} {
		testenv.Tool(t, "samba", program)
	}
	if os.Getuid() != 0 {
		testenv.Missing(t, "samba", "a domain controller needs root")
	}
	testenv.Alone(t, winbinddPort)
	dir, err := os.MkdirTemp("", "ad") // short: the paths of sockets have a limit
	require.NoError(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	d := &domainController{ip: testenv.Address(t), kdc: kdc{dir: dir, curl: testenv.Tool(t, "curl", "curl")}, conf: filepath.Join(dir, "dc/etc/smb.conf")}
	d.roots = testenv.Certificate(t, dir, "dc1.ad.example.test")
	d.env = append(os.Environ(), "KRB5_CONFIG="+d.path("krb5.conf"), "KRB5CCNAME=FILE:"+d.path("cc"))
	krb5 := strings.NewReplacer("EXAMPLE.TEST", adRealm, "ADDRESS", d.ip+":88").Replace(krb5Conf)
	require.NoError(t, os.WriteFile(d.path("krb5.conf"), []byte(krb5), 0o600))

	d.run(t, "", "samba-tool", "domain", "provision", "--realm="+adRealm, "--domain=ADEX", "--adminpass=Passw0rd!", "--server-role=dc",
		"--dns-backend=NONE", "--host-name=dc1", "--host-ip="+d.ip, "--targetdir="+d.path("dc"))
	d.configure(t)
	d.tool(t, "domain", "passwordsettings", "set", "--complexity=off", "--min-pwd-age=0", "--min-pwd-length=4", "--account-lockout-threshold=3")
	for _, user := range []string{"alice", "bob", "leaver", "newcomer", "locked"} {
		d.tool(t, "user", "create", user, "Us3r-"+user, "--given-name="+user, "--surname=Test")
	}
	d.tool(t, "user", "disable", "leaver")
	d.tool(t, "user", "setpassword", "newcomer", "--newpassword=Us3r-newcomer", "--must-change-at-next-login")
	d.tool(t, "group", "add", "sales")
	d.tool(t, "group", "addmembers", "sales", "alice")
	d.service(t)
	d.daemon(t)
	return d
}

// configure narrows the server to its address, and gives it a certificate that
// Go accepts: the serial number of the one it would make itself is negative.
func (d *domainController) configure(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile(d.conf)
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(d.path("run"), 0o755))
	require.NoError(t, os.MkdirAll(d.path("ncalrpc"), 0o755))
	options := strings.NewReplacer("DIR", d.dir, "IP", d.ip).Replace(`[global]
	interfaces = IP/8
	bind interfaces only = yes
	server services = ldap, kdc, rpc, winbindd
	pid directory = DIR/run
	ncalrpc dir = DIR/ncalrpc
	log file = DIR/log
	disable netbios = yes
	tls cafile = DIR/ca.pem
	tls certfile = DIR/cert.pem
	tls keyfile = DIR/key.pem
`)
	require.NoError(t, os.WriteFile(d.conf, []byte(strings.Replace(string(text), "[global]\n", options, 1)), 0o600))
}

func (d *domainController) tool(t *testing.T, args ...string) {
	t.Helper()
	d.run(t, "", "samba-tool", append(args, "-s", d.conf)...)
}

// service makes the account of HTTP/localhost with AES keys: the types must be
// set first and the password after, or there are only keys of RC4.
func (d *domainController) service(t *testing.T) {
	t.Helper()
	d.tool(t, "user", "create", "svc-http", "Svc-Passw0rd")
	d.tool(t, "spn", "add", "HTTP/localhost", "svc-http")
	d.run(t, "dn: CN=svc-http,CN=Users,DC=ad,DC=example,DC=test\nchangetype: modify\nreplace: msDS-SupportedEncryptionTypes\nmsDS-SupportedEncryptionTypes: 24\n",
		"ldbmodify", "-H", d.path("dc/private/sam.ldb"))
	d.tool(t, "user", "setpassword", "svc-http", "--newpassword=Svc-Passw0rd")
	d.tool(t, "domain", "exportkeytab", d.path("http.keytab"), "--principal=HTTP/localhost")
}

func (d *domainController) daemon(t *testing.T) {
	t.Helper()
	server := exec.Command("samba", "-i", "--debug-stdout", "-d1", "-s", d.conf)
	testenv.StartGroup(t, server) // it has children
	for _, port := range []string{"88", "636"} {
		require.Eventually(t, func() bool {
			conn, err := net.Dial("tcp", net.JoinHostPort(d.ip, port))
			if err == nil {
				conn.Close()
			}
			return err == nil
		}, 60*time.Second, 50*time.Millisecond, "the domain controller does not answer")
	}
}

// TestActiveDirectory: what an Active Directory has that others have not: a PAC
// with groups, three forms of names, and its own words for refusals.
func TestActiveDirectory(t *testing.T) {
	d := startController(t)
	t.Run("Kerberos", func(t *testing.T) {
		d.run(t, "Us3r-alice\n", "kinit", "alice")
		a, err := New(Config{Keytab: d.path("http.keytab"), Realms: []string{adRealm}})
		require.NoError(t, err)
		seen, _, err := a.Accept(t.Context(), d.capture(t))
		require.NoError(t, err)
		require.Equal(t, "alice", seen.Name)
		require.Equal(t, adRealm, seen.Realm)
		require.Equal(t, "alice Test", seen.FullName)
		require.GreaterOrEqual(t, len(seen.Groups), 2, "domain users, sales")
		for _, sid := range seen.Groups {
			require.Regexp(t, `^S-1-[0-9-]+$`, sid)
		}
	})
	t.Run("NTLM", func(t *testing.T) {
		testenv.Tool(t, "samba", "ntlm_auth")
		if _, err := os.Stat("/etc/gss/mech.d/mech.ntlmssp.conf"); err != nil {
			testenv.Missing(t, "samba", "no gss-ntlmssp, which speaks NTLM for curl")
		}
		require.Eventually(t, func() bool {
			return exec.Command("ntlm_auth", "--configfile="+d.conf, "--domain=ADEX", "--username=alice", "--password=Us3r-alice").Run() == nil
		}, 60*time.Second, 200*time.Millisecond, "winbindd does not answer")
		log := &kept{}
		cfg := Config{Keytab: d.path("http.keytab"), Realms: []string{adRealm}, Incidents: log}
		a, err := New(cfg)
		require.NoError(t, err)
		status, body := d.ntlm(t, a, "Us3r-alice")
		require.Equal(t, "401", status)
		require.Contains(t, body, "NTLM instead of Kerberos", "told why")
		require.Equal(t, []string{"auth.ntlm"}, log.codes())

		cfg.NTLM = ntlmAuth{d.conf}
		a, err = New(cfg)
		require.NoError(t, err)
		status, body = d.ntlm(t, a, "Us3r-alice")
		require.Equal(t, "200", status, "%v", log.all)
		require.Equal(t, "alice ADEX NTLM", body)
		status, _ = d.ntlm(t, a, "guess")
		require.Equal(t, "401", status)
	})
	t.Run("password at the KDC", func(t *testing.T) {
		p, err := NewPassword(PasswordConfig{Keytab: d.path("http.keytab"), Service: "HTTP/localhost", Realm: adRealm, KDCs: []string{d.ip + ":88"}}, nil)
		require.NoError(t, err)
		require.Equal(t, auth.Answer{Verdict: auth.Accepted}, p.Authenticate(t.Context(), typed("alice", "Us3r-alice")))
		require.Equal(t, auth.ReasonWrongPassword, p.Authenticate(t.Context(), typed("bob", "guess")).Reason)
		require.Equal(t, auth.ReasonUnknownUser, p.Authenticate(t.Context(), typed("nobody", "guess")).Reason)
		require.Equal(t, auth.Locked, p.Authenticate(t.Context(), typed("leaver", "Us3r-leaver")).Verdict)
		require.Equal(t, auth.ReasonPasswordExpired, p.Authenticate(t.Context(), typed("newcomer", "Us3r-newcomer")).Reason)
	})
	for name, cfg := range map[string]ldapauth.Config{
		"login as typed": {Parameters: ldapauth.Fixed{ldapauth.ServerParameter: d.ip}},
		"UPN":            {Parameters: ldapauth.Fixed{ldapauth.ServerParameter: d.ip, ldapauth.DNParameter: "?@ad.example.test"}},
		"domain":         {Parameters: ldapauth.Fixed{ldapauth.ServerParameter: d.ip, ldapauth.DNParameter: `ADEX\?`}},
		"DN":             {Parameters: ldapauth.Fixed{ldapauth.ServerParameter: d.ip, ldapauth.DNParameter: "CN=? Test,CN=Users,DC=ad,DC=example,DC=test"}},
		"search": {Parameters: ldapauth.Fixed{ldapauth.ServerParameter: d.ip}, Search: &ldapauth.Search{
			BaseDN: "DC=ad,DC=example,DC=test", Attribute: "sAMAccountName", Filter: "(objectClass=user)", BindDN: `ADEX\bob`,
			Password: func(context.Context) (ctikit.Secret, error) { return ctikit.NewSecret("Us3r-bob"), nil }}},
	} {
		t.Run(name, func(t *testing.T) {
			cfg.TLS = &tls.Config{RootCAs: d.roots, ServerName: "localhost"}
			bind, err := ldapauth.New(cfg)
			require.NoError(t, err)
			ask := func(user, password string) auth.Answer {
				login := user
				if name == "login as typed" {
					login = `ADEX\` + user
				}
				return bind.Authenticate(t.Context(), auth.Request{Attempt: auth.Attempt{Login: login, Password: ctikit.NewSecret(password)}, User: user, Name: user})
			}
			require.Equal(t, auth.Answer{Verdict: auth.Accepted}, ask("alice", "Us3r-alice"))
			require.Equal(t, auth.ReasonWrongPassword, ask("bob", "guess").Reason)
			require.Equal(t, auth.Accepted, ask("bob", "Us3r-bob").Verdict)
			require.Equal(t, auth.Rejected, ask("nobody", "guess").Verdict)
			require.Equal(t, auth.ReasonDisabled, ask("leaver", "Us3r-leaver").Reason)
			require.Equal(t, auth.ReasonPasswordExpired, ask("newcomer", "Us3r-newcomer").Reason)
			for range 4 {
				ask("locked", "guess")
			}
			require.Equal(t, auth.ReasonLocked, ask("locked", "Us3r-locked").Reason)
		})
	}
}

// ntlmAuth is the adapter: Samba's ntlm_auth checks the messages at the domain
// controller, by one process for each conversation.
type ntlmAuth struct{ conf string }

func (n ntlmAuth) Start() NTLMConversation {
	c := &ntlmTalk{cmd: exec.Command("ntlm_auth", "--configfile="+n.conf, "--helper-protocol=squid-2.5-ntlmssp"), verb: "YR"}
	if c.to, c.err = c.cmd.StdinPipe(); c.err != nil {
		return c
	}
	from, err := c.cmd.StdoutPipe()
	if c.err = err; err == nil {
		c.from, c.err = bufio.NewReader(from), c.cmd.Start()
	}
	return c
}

type ntlmTalk struct {
	cmd  *exec.Cmd
	to   io.WriteCloser
	from *bufio.Reader
	verb string
	err  error
}

func (c *ntlmTalk) Step(_ context.Context, message []byte) (answer []byte, id Identity, done bool, err error) {
	if c.err != nil {
		return nil, id, false, c.err
	}
	fmt.Fprintf(c.to, "%s %s\n", c.verb, base64.StdEncoding.EncodeToString(message))
	c.verb = "KK"
	line, err := c.from.ReadString('\n')
	if err != nil {
		return nil, id, false, err
	}
	verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	switch verb {
	case "TT":
		answer, err = base64.StdEncoding.DecodeString(rest)
		return answer, id, false, err
	case "AF":
		id.Realm, id.Name, _ = strings.Cut(rest, `\`)
		return nil, id, true, nil
	}
	return nil, id, false, fmt.Errorf("ntlm_auth: %.200s", line)
}

func (c *ntlmTalk) Close() {
	if c.err == nil {
		c.to.Close()
		c.cmd.Wait()
	}
}

// ntlm has curl sign in without a ticket, which MIT's SPNEGO then does by NTLM.
func (d *domainController) ntlm(t *testing.T, a *Acceptor, password string) (status, body string) {
	t.Helper()
	server := httptest.NewUnstartedServer(a.Require(whoami))
	a.Attach(server.Config)
	server.Start()
	defer server.Close()
	require.NoError(t, os.WriteFile(d.path("ntlm"), []byte("ADEX:alice:"+password+"\n"), 0o600))
	client := &kdc{dir: d.dir, curl: d.curl, env: append(slices.Clone(d.env), "KRB5CCNAME=FILE:"+d.path("none"), "NTLM_USER_FILE="+d.path("ntlm"))}
	return client.get(t, &site{Server: server}, "localhost")
}

// capture has curl make a token for a server that takes none.
func (d *domainController) capture(t *testing.T) []byte {
	t.Helper()
	k := &d.kdc
	s := k.serve(t, Config{Realms: []string{"OTHER.TEST"}})
	status, _ := k.get(t, s, "localhost")
	require.Equal(t, "401", status)
	token, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(s.captured(), "Negotiate "))
	require.NoError(t, err)
	return token
}
