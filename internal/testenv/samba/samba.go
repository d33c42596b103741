// Package samba starts a throw-away Active Directory domain controller for
// tests: Samba, in a network namespace of its own, since its ports are fixed.
// Needs root. Its name in CTIKIT_REQUIRE is "samba".
package samba

import (
	"context"
	"crypto/x509"
	_ "embed"
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

// What every domain has.
const (
	Base          = "DC=ad,DC=example,DC=test"
	People        = "OU=people," + Base
	Administrator = "administrator@ad.example.test"
	Password      = "Passw0rd!"
	Reader        = "reader@ad.example.test" // an ordinary account
	ReaderSecret  = "Read-Passw0rd"
)

// Server is a running domain controller.
type Server struct {
	Roots     *x509.CertPool
	Authority string // file with them

	t         testing.TB
	dir       string
	namespace string
}

//go:embed start.sh
var script string

// Start starts a domain with some users (sAMAccountName u000000...) in
// [People]; the last one is disabled.
func Start(t testing.TB, users int) *Server {
	t.Helper()
	for _, program := range []string{"samba", "samba-tool", "ldbadd", "ldapmodify", "ip"} {
		testenv.Tool(t, "samba", program)
	}
	if os.Getuid() != 0 {
		testenv.Missing(t, "samba", "a domain controller needs root")
	}
	dir, err := os.MkdirTemp("", "samba") // short: paths of sockets have a limit
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{t: t, dir: dir, namespace: filepath.Base(dir)}
	t.Cleanup(func() { os.RemoveAll(dir) })
	s.Roots = testenv.Certificate(t, dir, "dc1.ad.example.test")
	s.Authority = filepath.Join(dir, "ca.pem")
	s.writeFile("users.ldif", people(users))
	s.runCommand("bash", "-c", script, "start.sh", dir+"/dc", dir+"/users.ldif", dir)
	s.runCommand("ip", "netns", "add", s.namespace)
	t.Cleanup(func() { exec.Command("ip", "netns", "del", s.namespace).Run() })
	s.runCommand("ip", "-n", s.namespace, "link", "set", "lo", "up")
	server := s.Command("samba", "-i", "--debug-stdout", "-d1", "-s", dir+"/dc/etc/smb.conf")
	testenv.StartGroup(t, server)
	for range 600 {
		if c, err := s.Dial(context.Background(), "tcp", "127.0.0.1:636"); err == nil {
			c.Close()
			return s
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("the domain controller does not answer")
	return nil
}

// Dial connects inside the server's network namespace: 127.0.0.1:389 and :636.
func (s *Server) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	type result struct {
		conn net.Conn
		err  error
	}
	done := make(chan result)
	go func() {
		if err := joinNamespace(s.namespace); err != nil {
			done <- result{nil, err}
			return
		}
		// A literal address: no goroutine of the dialer's own would be on another thread.
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		done <- result{conn, err}
	}()
	r := <-done
	return r.conn, r.err
}

// Command is a program inside the server's network namespace, where the server is
// 127.0.0.1 and localhost.
func (s *Server) Command(program string, args ...string) *exec.Cmd {
	return exec.Command("ip", append([]string{"netns", "exec", s.namespace, program}, args...)...)
}

// Modify carries out LDIF changes as the administrator.
func (s *Server) Modify(ldif string) {
	s.t.Helper()
	s.writeFile("change.ldif", ldif)
	s.runCommand("ip", "netns", "exec", s.namespace, "ldapmodify", "-x", "-H", "ldap://127.0.0.1",
		"-D", Administrator, "-w", Password, "-f", s.dir+"/change.ldif")
}

func (s *Server) writeFile(name, text string) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

func (s *Server) runCommand(name string, args ...string) {
	s.t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		s.t.Fatalf("%s: %v: %s", name, err, out)
	}
}

// Person is the LDIF of user i.
func Person(i, control int) string {
	return fmt.Sprintf(`dn: CN=Firstname%d Lastname%d,%s
objectClass: user
sAMAccountName: u%06d
userAccountControl: %d
sn: Lastname%d
givenName: Firstname%d
mail: u%06d@example.test
telephoneNumber: +331%08d
mobile: +336%08d

`, i, i, People, i, control, i, i, i, i, i)
}

func people(n int) string {
	var b strings.Builder
	for _, ou := range []string{"people", "former"} {
		fmt.Fprintf(&b, "dn: OU=%s,%s\nobjectClass: organizationalUnit\nou: %s\n\n", ou, Base, ou)
	}
	for i := range n {
		control := 512 + 32 // a normal account that needs no password
		if i == n-1 {
			control |= 2
		}
		b.WriteString(Person(i, control))
	}
	return b.String()
}
