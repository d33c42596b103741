// Package slapd starts throw-away OpenLDAP servers for tests. Their name in
// CTIKIT_REQUIRE is "slapd".
package slapd

import (
	"bufio"
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
)

// What every server has.
const (
	Suffix   = "dc=example,dc=test"
	People   = "ou=people,dc=example,dc=test"
	Admin    = "cn=admin,dc=example,dc=test" // sees and may do everything
	Limited  = "cn=limited,dc=example,dc=test"
	Blind    = "cn=blind,dc=example,dc=test" // sees the base and nobody below it
	Password = "secret"                      // of all of them
)

// Server is a running slapd.
type Server struct {
	URL, SecureURL string         // ldap:// with StartTLS, ldaps://
	Address        string         // of URL
	Roots          *x509.CertPool // that its certificate, for localhost and 127.0.0.1, is good for
	Authority      string         // file with them

	t       testing.TB
	dir     string
	program string
	process *exec.Cmd
}

// Start starts a server with some users, numbered from 0 (uid=u000000), each
// with 11 attributes, and stops it with the test.
func Start(t testing.TB, users int) *Server {
	t.Helper()
	s := &Server{t: t, dir: t.TempDir(), program: testenv.Tool(t, "slapd", "slapd")}
	testenv.Tool(t, "slapd", "ldapmodify")
	s.Roots = testenv.Certificate(t, s.dir)
	s.Authority = s.path("ca.pem")
	plain, secure := testenv.Port(t), testenv.Port(t)
	s.Address = plain
	s.URL, s.SecureURL = "ldap://"+plain, "ldaps://"+secure
	if err := os.Mkdir(filepath.Join(s.dir, "db"), 0o700); err != nil {
		t.Fatal(err)
	}
	s.createFile("slapd.conf", strings.ReplaceAll(config, "DIR", s.dir))
	s.writeUsers(users)
	s.runProgram(s.program, "-T", "add", "-q", "-f", s.path("slapd.conf"), "-n", "1", "-l", s.path("init.ldif"))
	s.Run()
	t.Cleanup(s.Stop)
	return s
}

// Run starts the server again after [Server.Stop], on the same address.
func (s *Server) Run() {
	s.t.Helper()
	s.process = exec.Command(s.program, "-f", s.path("slapd.conf"), "-h", s.URL+" "+s.SecureURL, "-d", "0")
	if err := s.process.Start(); err != nil {
		s.t.Fatal(err)
	}
	for range 400 {
		if c, err := net.Dial("tcp", s.Address); err == nil {
			c.Close()
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	s.t.Fatal("slapd does not answer")
}

// Stop ends the server.
func (s *Server) Stop() {
	if s.process != nil {
		s.process.Process.Signal(os.Interrupt)
		s.process.Wait()
		s.process = nil
	}
}

// Modify carries out LDIF changes as the administrator.
func (s *Server) Modify(ldif string) {
	s.t.Helper()
	s.createFile("change.ldif", ldif)
	s.runProgram("ldapmodify", "-x", "-H", s.URL, "-D", Admin, "-w", Password, "-f", s.path("change.ldif"))
}

func (s *Server) path(name string) string { return filepath.Join(s.dir, name) }

func (s *Server) createFile(name, text string) {
	s.t.Helper()
	if err := os.WriteFile(s.path(name), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

func (s *Server) runProgram(name string, args ...string) {
	s.t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		s.t.Fatalf("%s: %v: %s", name, err, out)
	}
}

func (s *Server) writeUsers(n int) {
	s.t.Helper()
	f, err := os.Create(s.path("init.ldif"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	w.WriteString(tree)
	for i := range n {
		w.WriteString(Person(i))
	}
	if err := w.Flush(); err != nil {
		s.t.Fatal(err)
	}
}

// Person is the LDIF of user i.
func Person(i int) string {
	return fmt.Sprintf(`dn: uid=u%06d,%s
objectClass: inetOrgPerson
uid: u%06d
cn: Firstname%d Lastname%d
sn: Lastname%d
givenName: Firstname%d
mail: u%06d@example.test
telephoneNumber: +331%08d
mobile: +336%08d
employeeNumber: %d
ou: dept%d
l: Paris
title: Engineer

`, i, People, i, i, i, i, i, i, i, i, i, i%200)
}

const tree = `dn: dc=example,dc=test
objectClass: dcObject
objectClass: organization
o: Example
dc: example

dn: ou=people,dc=example,dc=test
objectClass: organizationalUnit
ou: people

dn: ou=former,dc=example,dc=test
objectClass: organizationalUnit
ou: former

dn: ou=groups,dc=example,dc=test
objectClass: organizationalUnit
ou: groups

dn: cn=limited,dc=example,dc=test
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: limited
userPassword: secret

dn: cn=blind,dc=example,dc=test
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: blind
userPassword: secret

`

const config = `include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
attributetype ( 1.3.6.1.4.1.32473.1 NAME 'attr1' SUP name )
objectclass ( 1.3.6.1.4.1.32473.2 NAME 'contactRecord' SUP person STRUCTURAL MAY ( givenName $ mail $ mobile $ attr1 ) )
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload syncprov
TLSCACertificateFile  DIR/ca.pem
TLSCertificateFile    DIR/cert.pem
TLSCertificateKeyFile DIR/key.pem
sizelimit unlimited
sockbuf_max_incoming_auth 33554431
database mdb
suffix  "dc=example,dc=test"
rootdn  "cn=admin,dc=example,dc=test"
rootpw  secret
directory DIR/db
maxsize 2147483648
dbnosync
index objectClass,entryUUID,entryCSN eq
index uid,cn,telephoneNumber,mail eq
access to attrs=userPassword by anonymous auth by * none
access to dn.base="ou=people,dc=example,dc=test" by users read by anonymous none
access to dn.subtree="ou=people,dc=example,dc=test" by dn.exact="cn=blind,dc=example,dc=test" none by users read by anonymous none
access to * by users read by anonymous none
limits dn.exact="cn=limited,dc=example,dc=test" size.soft=500 size.hard=500 size.pr=200 size.prtotal=unlimited
overlay syncprov
syncprov-checkpoint 1000 10
syncprov-sessionlog 200000
`
