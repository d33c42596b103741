package ldapauth

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ctikit/ctikit/internal/testenv"
	"github.com/stretchr/testify/require"
)

// slapd is an OpenLDAP server of its own, started for one test.
type slapd struct {
	addr    string // StartTLS
	tlsAddr string // LDAPS
	roots   *x509.CertPool
}

const slapdConfig = `include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload ppolicy
pidfile DIR/slapd.pid
TLSCACertificateFile DIR/ca.pem
TLSCertificateFile DIR/cert.pem
TLSCertificateKeyFile DIR/key.pem
database mdb
suffix "dc=example,dc=test"
rootdn "cn=admin,dc=example,dc=test"
rootpw secret
directory DIR/db
maxsize 16777216
dbnosync
access to attrs=userPassword by self write by anonymous auth by * none
access to * by users read by anonymous none
overlay ppolicy
ppolicy_default "cn=policy,dc=example,dc=test"
ppolicy_use_lockout
`

const slapdEntries = `dn: dc=example,dc=test
objectClass: dcObject
objectClass: organization
o: Example
dc: example

dn: cn=policy,dc=example,dc=test
objectClass: organizationalRole
objectClass: pwdPolicy
cn: policy
pwdAttribute: userPassword
pwdLockout: TRUE
pwdMaxFailure: 4
pwdLockoutDuration: 600
pwdMustChange: TRUE

dn: cn=service,dc=example,dc=test
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: service
userPassword: service

dn: ou=people,dc=example,dc=test
objectClass: organizationalUnit
ou: people

dn: uid=reset,ou=people,dc=example,dc=test
objectClass: inetOrgPerson
uid: reset
cn: x
sn: x
userPassword: given by admin
pwdReset: TRUE

`

// people of the test directory: RDN value of uid → password.
var people = map[string]string{
	"alice":                "correct horse",
	"bob":                  "battery staple",
	`o'neil, "pat" <x>;+`:  "strange name",
	`ends with \`:          "backslash",
	"#hash":                "number sign",
	"étienne":              "accent",
	"a*":                   "star in the name",
	"locked":               "locked out",
	"alice,ou=people":      "comma",
	"parens)(uid=alice":    "parentheses",
	"equals=sign":          "equals",
	"alice@acme.example":   "at sign",
	"twin":                 "first twin",
	"Twin (other company)": "second twin",
}

func startSlapd(t *testing.T) *slapd {
	t.Helper()
	program, add := testenv.Tool(t, "slapd", "slapd"), testenv.Tool(t, "slapd", "slapadd")
	if _, err := os.Stat("/etc/ldap/schema/inetorgperson.schema"); err != nil {
		testenv.Missing(t, "slapd", err.Error())
	}
	dir := t.TempDir()
	s := &slapd{addr: testenv.Port(t), tlsAddr: testenv.Port(t), roots: testenv.Certificate(t, dir)}
	require.NoError(t, os.Mkdir(filepath.Join(dir, "db"), 0o700))
	config := filepath.Join(dir, "slapd.conf")
	require.NoError(t, os.WriteFile(config, []byte(strings.ReplaceAll(slapdConfig, "DIR", dir)), 0o600))
	ldif := filepath.Join(dir, "init.ldif")
	require.NoError(t, os.WriteFile(ldif, []byte(entries()), 0o600))
	out, err := exec.Command(add, "-q", "-f", config, "-n", "1", "-l", ldif).CombinedOutput()
	require.NoError(t, err, "%s", out)

	server := exec.Command(program, "-f", config, "-d", "0", "-h", "ldap://"+s.addr+" ldaps://"+s.tlsAddr)
	require.NoError(t, server.Start())
	t.Cleanup(func() {
		server.Process.Kill()
		server.Wait()
	})
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", s.addr)
		if err == nil {
			conn.Close()
		}
		return err == nil
	}, 20*time.Second, 20*time.Millisecond, "slapd does not answer")
	return s
}

// entries is the LDIF of the whole directory, values in base64 so that any fits.
func entries() string {
	var b strings.Builder
	b.WriteString(slapdEntries)
	for uid, password := range people {
		fmt.Fprintf(&b, "dn:: %s\nobjectClass: inetOrgPerson\nuid:: %s\ncn: x\nsn: x\nuserPassword:: %s\n\n",
			b64("uid="+hexEscaped(uid)+",ou=people,dc=example,dc=test"), b64(uid), b64(password))
	}
	return b.String()
}

// hexEscaped writes every byte as \XX (RFC 4514 2.4): an escaping that shares
// nothing with the one under test.
func hexEscaped(value string) string {
	var b strings.Builder
	for i := range len(value) {
		fmt.Fprintf(&b, `\%02x`, value[i])
	}
	return b.String()
}

func (s *slapd) tls() *tls.Config { return &tls.Config{RootCAs: s.roots} }
