package licence

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/ctikit/ctikit"
)

// State is one of the four of the licence form (TWP guide 3.3.2).
type State int

// The states.
const (
	NoFingerprint State = iota // the machine's fingerprint cannot be had
	NoCertificate
	Valid
	Invalid // forged, for another machine, expired, not yet valid
)

var stateNames = [...]string{"no fingerprint", "no certificate", "valid", "invalid"}

// String returns the state in words.
func (s State) String() string {
	if s < 0 || int(s) >= len(stateNames) {
		return "unknown state"
	}
	return stateNames[s]
}

// Config is the configuration of [Licences]. Keys and Fingerprint are required.
type Config struct {
	// Keys are the vendor's public keys; any of them will do, so that keys can
	// be replaced.
	Keys []ed25519.PublicKey
	// Fingerprint returns what the certificate is bound to; the same machine
	// gives the same text after a restart. It is asked at every check.
	Fingerprint func() (string, error)
	// Grace is how long an expired certificate stays in force; 0 is not at all.
	Grace time.Duration
}

// Licences holds the certificate of an installation. It is safe for concurrent
// use. The application stores the certificate's text and installs it at each start.
type Licences struct {
	cfg Config

	mu      sync.Mutex
	terms   Terms
	present bool
	broken  error // why the last text could not be read, while none could
}

// Status describes the licences.
type Status struct {
	State       State
	Fingerprint string // to be given to the vendor
	Terms       Terms  // of the certificate, where there is a readable one
	Reason      error  // why the state is not Valid; in the grace period, that it has expired
	Until       time.Time
}

// New validates cfg. The error has every problem, as [ctikit.Problems].
func New(cfg Config) (*Licences, error) {
	var ps ctikit.Problems
	if len(cfg.Keys) == 0 {
		ps.Add("keys", "missing")
	}
	for i, key := range cfg.Keys {
		if len(key) != ed25519.PublicKeySize {
			ps.Add(fmt.Sprintf("keys[%d]", i), "not an Ed25519 public key")
		}
	}
	if cfg.Fingerprint == nil {
		ps.Add("fingerprint", "missing")
	}
	if cfg.Grace < 0 {
		ps.Add("grace", "must not be negative, got %v", cfg.Grace)
	}
	if err := ps.Err(); err != nil {
		return nil, fmt.Errorf("licence: %w", err)
	}
	return &Licences{cfg: cfg}, nil
}

var errNone = errors.New("licence: no certificate is installed")

// machine returns the fingerprint from the application. No lock is held.
type machine struct {
	fingerprint string
	err         error
}

func (l *Licences) machine() machine {
	fingerprint, err := l.cfg.Fingerprint()
	if fingerprint == "" {
		err = errors.Join(errors.New("licence: no fingerprint"), err)
	}
	return machine{fingerprint, err}
}

// Install takes a certificate. One with a valid signature is kept whatever its
// terms, so that [Licences.Status] can say what is wrong with them; but a
// certificate in force gives way only to one that is in force as well.
func (l *Licences) Install(certificate string) error {
	terms, err := verify(l.cfg.Keys, certificate)
	here := l.machine()
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		if !l.present {
			l.broken = err
		}
		return err
	}
	if l.present && l.statusOf(l.terms, here).State == Valid {
		if next := l.statusOf(terms, here); next.State != Valid {
			return fmt.Errorf("licence: the certificate in force stays: %w", next.Reason)
		}
	}
	l.terms, l.present, l.broken = terms, true, nil
	return nil
}

// Status returns the current state of the licences.
func (l *Licences) Status() Status {
	here := l.machine()
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.present:
		return l.statusOf(l.terms, here)
	case l.broken != nil:
		return Status{State: Invalid, Fingerprint: here.fingerprint, Reason: l.broken}
	case here.err != nil:
		return Status{State: NoFingerprint, Reason: here.err}
	}
	return Status{State: NoCertificate, Fingerprint: here.fingerprint, Reason: errNone}
}

func (l *Licences) statusOf(terms Terms, here machine) Status {
	s := Status{State: Invalid, Fingerprint: here.fingerprint, Terms: terms}
	if !terms.Expires.IsZero() {
		s.Until = terms.Expires.Add(l.cfg.Grace)
	}
	now := time.Now()
	switch {
	case here.err != nil:
		s.State, s.Reason = NoFingerprint, here.err
	case here.fingerprint != terms.Fingerprint:
		s.Reason = errors.New("licence: the certificate is for another machine")
	case now.Before(terms.Issued.Add(-24 * time.Hour)): // a day for clocks that disagree
		s.Reason = fmt.Errorf("licence: the certificate is from %s: is the clock right?", terms.Issued.Format(time.DateOnly))
	case !s.Until.IsZero() && now.After(s.Until):
		s.Reason = fmt.Errorf("licence: expired on %s", terms.Expires.Format(time.DateOnly))
	default:
		s.State = Valid
		if !terms.Expires.IsZero() && now.After(terms.Expires) {
			s.Reason = fmt.Errorf("licence: expired on %s, in force until %s",
				terms.Expires.Format(time.DateOnly), s.Until.Format(time.DateOnly))
		}
	}
	return s
}

// Seats returns the number of users of an application whom a company has paid
// for itself; counted is false where it has not, and draws on the seats that
// companies share: those of company "", which are always counted. Where licences
// are checked at all, an application that no certificate in force names has 0.
func (l *Licences) Seats(company, application string) (seats int, counted bool) {
	s := l.Status()
	if s.State != Valid {
		return 0, company == ""
	}
	if company == "" {
		return s.Terms.Seats[application], true
	}
	seats, counted = s.Terms.Companies[company][application]
	return seats, counted
}

// Licensed returns nil where the certificate in force has seats of the
// application for a company, its own or shared ones, for functions that are
// licensed as one (the call-back needs "toolkit", TWP guide 1.2), else an
// error that says why not. company is "" where there is but one.
func (l *Licences) Licensed(company, application string) error {
	s := l.Status()
	switch {
	case s.State != Valid:
		return s.Reason
	case s.Terms.Seats[application] == 0 && s.Terms.Companies[company][application] == 0:
		return fmt.Errorf("licence: voucher %s has no licence for %q", s.Terms.Voucher, application)
	}
	return nil
}
