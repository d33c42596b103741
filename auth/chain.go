package auth

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/ctikit/ctikit"
)

// Attempt is one try to sign in.
type Attempt struct {
	Login    string // as typed: alice, ACME\alice or alice@acme.example; may be empty where Windows is set
	Password ctikit.Secret
	// Windows is the identity that the transport has proved (package
	// auth/negotiate), nil if it proved none. Never set it from unproved data of a
	// client.
	Windows *WindowsIdentity
	Remote  string // where the attempt comes from, "host:port" or an address; for throttling and the log
}

// WindowsIdentity is a proved Windows account.
type WindowsIdentity struct {
	Name  string // account name: alice
	Realm string // Kerberos realm or Windows domain: ACME.EXAMPLE
}

// SignIn is a successful sign-in: the user, the method and the remote address.
type SignIn struct {
	User       string // key of the user in the directory
	Method     Method
	Remote     string
	At         time.Time
	Remembered bool // by a token of [Chain.Remember], not by the method itself
}

// Users is the part of the directory that the chain needs.
type Users interface {
	// Find returns the key of the user with that name. domain is what was typed
	// before a backslash or after an at sign, or the realm of a Windows account;
	// a user who is not of that domain is not found. Names are compared as the
	// directory compares them (letter case, Unicode form).
	Find(name, domain string) (user string, found bool)
	// Enabled reports whether the user may sign in at all (TWP guide 3.3.4).
	Enabled(user string) bool
}

// Parameters returns a user's application parameters. For the user "" it returns
// the defaults. A *params.Set satisfies it.
type Parameters interface {
	Value(user, name string) (string, error)
}

// Config is the configuration of a [Chain]. Users and Methods are required.
type Config struct {
	Users Users
	// Methods holds the methods that the application offers. A method is used for a
	// user only if it is here and in the user's AuthMethods.
	Methods map[Method]Authenticator
	// Parameters returns AuthMethods of each user; if nil, Default applies to all.
	Parameters Parameters
	// Default is the value of AuthMethods if Parameters is nil: "LDAP|TWS".
	Default string
	// Throttle limits guessing; nil is one with the default options.
	Throttle *Throttle
	// Tokens keeps the remember-me tokens; nil offers none.
	Tokens *Tokens
	// Incidents records every refusal; may be nil.
	Incidents ctikit.IncidentRecorder
	// Company returns a user's company, for the incidents; if nil they have none.
	// It is called for known users only.
	Company func(user string) string
}

// Chain signs users in by the methods of their AuthMethods parameter, in that
// order. It is safe for concurrent use.
//
// The answer of each method decides whether the chain continues (TWP guide 6.1
// leaves it open): accepted and locked end the chain; after rejected, not
// applicable and unavailable the next method is tried. After a method that was
// unavailable, None is skipped, because an outage must not permit a sign-in
// without a password. A user whom no method accepted is refused.
//
// For an unknown user the chain tries the default methods, so that the duration
// reveals nothing if most users have the default.
type Chain struct {
	cfg      Config
	fallback []Method
}

// New validates cfg and returns the chain. The error has every problem with its
// path, as [ctikit.Problems].
func New(cfg Config) (*Chain, error) {
	c := &Chain{cfg: cfg}
	var ps ctikit.Problems
	if cfg.Users == nil {
		ps.Add("users", "missing")
	}
	if len(cfg.Methods) == 0 {
		ps.Add("methods", "empty: no user could sign in")
	}
	for _, method := range slices.Sorted(maps.Keys(cfg.Methods)) {
		authenticator := cfg.Methods[method]
		path := fmt.Sprintf("methods[%q]", string(method))
		if known, ok := methodNamed(string(method)); !ok || known != method {
			ps.Add(path, "unknown method; must be one of WindowsSecurity, LDAP, TWS, None")
		}
		if authenticator == nil {
			ps.Add(path, "missing")
		}
		if _, isNone := authenticator.(*NameOnly); isNone != (method == None) {
			ps.Add(path, "None requires the authenticator of NewNone, and no other method accepts it")
		}
	}
	switch {
	case cfg.Parameters != nil && cfg.Default != "":
		ps.Add("default", "unused because parameters is set; set the default of the parameter there")
	case cfg.Parameters == nil:
		methods, err := ParseMethods(cfg.Default)
		ps.AddUnder("default", err)
		for _, m := range methods {
			if cfg.Methods[m] == nil {
				ps.Add("default", "%s is not in methods", m)
			}
		}
		c.fallback = methods
	}
	if err := ps.Err(); err != nil {
		return nil, fmt.Errorf("auth: %w", err)
	}
	if c.cfg.Throttle == nil {
		c.cfg.Throttle = NewThrottle(ThrottleOptions{})
	}
	return c, nil
}

// SignIn tries the methods of the user. Its error is always a *[Refusal].
func (c *Chain) SignIn(ctx context.Context, a Attempt) (SignIn, error) {
	r, refusal := c.readAttempt(a)
	if refusal != nil {
		return SignIn{}, c.recordRefusal(r, refusal)
	}
	method, refusal := c.attemptThrottled(r, func() (Method, *Refusal) { return c.tryMethods(ctx, r) })
	if refusal != nil {
		return SignIn{}, c.recordRefusal(r, refusal)
	}
	return SignIn{User: r.User, Method: method, Remote: a.Remote, At: time.Now()}, nil
}

// attemptThrottled makes an attempt unless it has to wait. An attempt with a proved
// identity and no password is not a guess and never waits.
func (c *Chain) attemptThrottled(r Request, attempt func() (Method, *Refusal)) (Method, *Refusal) {
	if r.User != "" && r.User == r.WindowsUser && r.Password.IsZero() {
		return attempt()
	}
	ticket, wait := c.cfg.Throttle.beginAttempt(r.throttleKey(), r.Remote)
	if wait > 0 {
		return "", &Refusal{Reason: ReasonThrottled, RetryAfter: wait}
	}
	method, refusal := attempt()
	c.cfg.Throttle.settleAttempt(ticket, outcomeOf(refusal))
	return method, refusal
}

// readAttempt checks the typed text and looks up the user.
func (c *Chain) readAttempt(a Attempt) (Request, *Refusal) {
	r := Request{Attempt: a}
	if a.Windows != nil {
		r.WindowsUser = c.lookUpUser(a.Windows.Name, a.Windows.Realm)
		if a.Login == "" {
			r.Login = a.Windows.Name + "@" + a.Windows.Realm
			r.Name, r.Domain, r.User = a.Windows.Name, a.Windows.Realm, r.WindowsUser
		}
	}
	malformed := func(err error) *Refusal { return &Refusal{Reason: ReasonMalformed, Cause: err} }
	if err := checkText("password", a.Password.Reveal(), maxPassword); err != nil {
		return r, malformed(err)
	}
	if a.Windows != nil && a.Login == "" {
		if err := checkText("Windows account", r.Login, maxLogin); err != nil {
			return r, malformed(err)
		}
		return r, nil
	}
	name, domain, err := splitLogin(a.Login)
	if err != nil {
		return r, malformed(err)
	}
	r.Name, r.Domain = name, domain
	r.User = c.lookUpUser(name, domain)
	return r, nil
}

// lookUpUser returns the key of a user, "" if there is none.
func (c *Chain) lookUpUser(name, domain string) string {
	if user, found := c.cfg.Users.Find(name, domain); found {
		return user
	}
	return ""
}

// tryMethods tries the methods in order; a nil refusal means accepted by method.
func (c *Chain) tryMethods(ctx context.Context, r Request) (Method, *Refusal) {
	methods, err := c.methodsOf(r.User)
	if err != nil {
		return "", &Refusal{Reason: ReasonNoMethod, Cause: err}
	}
	var trials []Trial
	var outage bool
	for _, m := range methods {
		if m == None && outage {
			continue
		}
		answer := c.askMethod(ctx, m, r)
		if answer.Verdict == Accepted {
			return m, c.requireEnabled(r.User, trials)
		}
		trials = append(trials, Trial{m, answer})
		outage = outage || answer.Verdict == Unavailable
		if answer.Verdict == Locked {
			break
		}
	}
	if r.User == "" {
		return "", &Refusal{Reason: ReasonUnknownUser, Trials: trials}
	}
	return "", &Refusal{Reason: strongestReason(trials), Trials: trials}
}

// requireEnabled refuses a user whom a method has accepted, but whom the
// directory does not know or has disabled. It runs last, so that the duration
// reveals nothing.
func (c *Chain) requireEnabled(user string, trials []Trial) *Refusal {
	switch {
	case user == "":
		return &Refusal{Reason: ReasonUnknownUser, Trials: trials}
	case !c.cfg.Users.Enabled(user):
		return &Refusal{Reason: ReasonDisabled, Trials: trials}
	}
	return nil
}

func (c *Chain) askMethod(ctx context.Context, m Method, r Request) Answer {
	authenticator := c.cfg.Methods[m]
	if authenticator == nil {
		return Answer{Unavailable, ReasonUnavailable, errors.New("configured for the user, but not offered by this program")}
	}
	if err := ctx.Err(); err != nil {
		return Answer{Unavailable, ReasonUnavailable, err}
	}
	return authenticator.Authenticate(ctx, r)
}

func (c *Chain) methodsOf(user string) ([]Method, error) {
	if c.cfg.Parameters == nil {
		return c.fallback, nil
	}
	value, err := c.cfg.Parameters.Value(user, MethodsParameter)
	if err != nil {
		return nil, err
	}
	return ParseMethods(value)
}

// strongestReason returns the most specific reason: the one that ended the chain,
// else the last rejection, else an outage.
func strongestReason(trials []Trial) Reason {
	reason, best := ReasonNoMethod, NotApplicable
	for _, t := range trials {
		switch t.Verdict {
		case Locked, Rejected:
			reason, best = t.Reason, Rejected
		case Unavailable:
			if best != Rejected {
				reason = ReasonUnavailable
			}
		}
	}
	return reason
}

// recordRefusal completes a refusal and records it.
func (c *Chain) recordRefusal(r Request, refusal *Refusal) *Refusal {
	refusal.User, refusal.Login, refusal.Remote = r.User, clip(r.Login), r.Remote
	if c.cfg.Incidents != nil {
		c.cfg.Incidents.Record(ctikit.Incident{
			Severity: severityOf(refusal.Reason),
			Code:     codeOf(refusal.Reason),
			Subject:  refusal.Login,
			Message:  refusal.Detail(),
			Company:  c.companyOf(r.User),
		})
	}
	return refusal
}

// companyOf returns the company of a user, "" if it is unknown.
func (c *Chain) companyOf(user string) string {
	if user == "" || c.cfg.Company == nil {
		return ""
	}
	return c.cfg.Company(user)
}
