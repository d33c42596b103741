package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"iter"
	"maps"
	"sync"
	"time"

	"github.com/ctikit/ctikit/auth"
	"github.com/ctikit/ctikit/auth/license"
	"github.com/ctikit/ctikit/auth/rights"
	"github.com/ctikit/ctikit/cti"
)

// application is what users need a right to, and a licence.
const application = "click to call"

var errNotPermitted = errors.New("no right or no licence for " + application)

// guard knows who may do what. It stands for the host's own directory: users by
// name with their extensions.
type guard struct {
	chain    *auth.Chain
	rights   *rights.Set
	licenses *license.Licenses

	users map[string]cti.DeviceID

	mu       sync.Mutex
	sessions map[string]session
}

type session struct {
	user string
	ends time.Time
}

const (
	sessionTime = 8 * time.Hour
	maxSessions = 1000
)

// newGuard makes the one user, with the right to call, and a licence for one.
func newGuard(ctx context.Context, o options) (*guard, error) {
	g := &guard{users: map[string]cti.DeviceID{o.user: o.agent}, sessions: map[string]session{}}
	local, err := auth.NewLocal(auth.LocalConfig{Store: &auth.MemoryStore{}})
	if err != nil {
		return nil, err
	}
	if err := local.SetPassword(ctx, o.user, auth.NewSecret(o.password), false); err != nil {
		return nil, err
	}
	g.chain, err = auth.New(auth.Config{Users: g, Default: string(auth.TWS), Methods: map[auth.Method]auth.Authenticator{auth.TWS: local}})
	if err != nil {
		return nil, err
	}
	if g.licenses, err = oneSeat(); err != nil {
		return nil, err
	}
	if g.rights, err = rights.New(rights.Config{Subjects: directory(g.users), Licenses: g.licenses}); err != nil {
		return nil, err
	}
	return g, g.rights.Grant(rights.Grant{To: rights.User(o.user), On: rights.Object{Type: rights.Application, ID: application}})
}

// oneSeat is a licence such as a vendor issues: signed with the vendor's key, for
// the fingerprint of one machine.
func oneSeat() (*license.Licenses, error) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	const fingerprint = "this machine"
	certificate, err := license.Sign(private, license.Terms{Voucher: "example", Fingerprint: fingerprint, Issued: time.Now(), Seats: map[string]int{application: 1}})
	if err != nil {
		return nil, err
	}
	l, err := license.New(license.Config{Keys: []ed25519.PublicKey{public}, Fingerprint: func() (string, error) { return fingerprint, nil }})
	if err != nil {
		return nil, err
	}
	return l, l.Install(certificate)
}

// permit is asked before each call-back.
func (g *guard) permit(_ context.Context, agent cti.DeviceID) error {
	if err := g.licenses.Licensed("", application); err != nil {
		return fmt.Errorf("%w: %w", errNotPermitted, err)
	}
	for user, extension := range g.users {
		if extension == agent && g.rights.Can(user, rights.Application, application) {
			return nil
		}
	}
	return errNotPermitted
}

// signIn checks a password and begins a session.
func (g *guard) signIn(ctx context.Context, name, password, remote string) (token string, err error) {
	in, err := g.chain.SignIn(ctx, auth.Attempt{Login: name, Password: auth.NewSecret(password), Remote: remote})
	if err != nil {
		return "", err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	maps.DeleteFunc(g.sessions, func(_ string, s session) bool { return time.Now().After(s.ends) })
	if len(g.sessions) >= maxSessions {
		return "", errors.New("too many people are signed in")
	}
	token = rand.Text()
	g.sessions[token] = session{in.User, time.Now().Add(sessionTime)}
	return token, nil
}

// signedIn returns the user of a session, "" if it is none (any more).
func (g *guard) signedIn(token string) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	if s, ok := g.sessions[token]; ok && time.Now().Before(s.ends) {
		return s.user
	}
	return ""
}

// Find and Enabled make the guard an auth.Users.
func (g *guard) Find(name, domain string) (string, bool) {
	_, known := g.users[name]
	return name, known && domain == ""
}

// Enabled reports whether the user may sign in at all.
func (g *guard) Enabled(string) bool { return true }

// directory is the users for package rights, all of one company.
type directory map[string]cti.DeviceID

// Users lists them, all enabled.
func (d directory) Users() iter.Seq2[string, bool] {
	return func(yield func(string, bool) bool) {
		for user := range d {
			if !yield(user, true) {
				return
			}
		}
	}
}

// Groups of a user: there are none.
func (d directory) Groups(string) []string { return nil }

// Company of a user.
func (d directory) Company(string) string { return "ACME" }
