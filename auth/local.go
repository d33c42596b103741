package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/ctikit/ctikit"
)

// LocalConfig is the configuration of a [Local]. Only Store is required.
type LocalConfig struct {
	Store Store
	// Cost of new hashes; zero is 19 MiB, two passes, one thread. Older hashes
	// are replaced when their user signs in.
	Cost Cost
	// AtOnce bounds the hashes computed at the same time, each of which takes
	// Cost.Memory; the others wait. 0 is the number of processors, at most 2:
	// the garbage collector may keep the same amount again.
	AtOnce int
	// MinLength is the shortest password that may be set, in characters; 0 is 8.
	MinLength int
	// Tokens are revoked for a user whose password changes; may be nil.
	Tokens *Tokens
}

// Local is the method TWS: passwords kept here (TWP guide 6.4), hashed with
// argon2id. It is safe for concurrent use.
//
// A user without a password costs the same time as one with a wrong password.
// Only the timing of the application's [Store] and of imported bcrypt hashes that
// were not used since can differ.
type Local struct {
	cfg    LocalConfig
	hasher *hasher
	nobody []byte // record of an account that no password matches

	setup struct {
		sync.Mutex
		code ctikit.Secret
	}
}

// account is the record under "account/USER".
type account struct {
	Hash       string    `json:"hash"`
	MustChange bool      `json:"mustChange,omitempty"`
	Changed    time.Time `json:"changed"`
}

const accountPrefix = "account/"

// ErrPassword is wrapped by the error for a new password that may not be set.
var ErrPassword = errors.New("password not acceptable")

// NewLocal validates cfg; the error has every problem, as [ctikit.Problems].
func NewLocal(cfg LocalConfig) (*Local, error) {
	var ps ctikit.Problems
	if cfg.Store == nil {
		ps.Add("store", "missing")
	}
	if cfg.Cost == (Cost{}) {
		cfg.Cost = defaultCost
	}
	ps.AddUnder("cost", cfg.Cost.checkBounds())
	if cfg.AtOnce == 0 {
		cfg.AtOnce = min(runtime.GOMAXPROCS(0), 2)
	}
	if cfg.AtOnce < 0 {
		ps.Add("atOnce", "must not be negative, got %d", cfg.AtOnce)
	}
	if cfg.MinLength == 0 {
		cfg.MinLength = 8
	}
	if cfg.MinLength < 0 || cfg.MinLength > 64 {
		ps.Add("minLength", "must be between 1 and 64, got %d", cfg.MinLength)
	}
	if err := ps.Err(); err != nil {
		return nil, fmt.Errorf("auth: local passwords: %w", err)
	}
	nobody, err := json.Marshal(account{Hash: dummyHash(cfg.Cost).String(), Changed: time.Now().UTC()})
	return &Local{cfg: cfg, hasher: newHasher(cfg.Cost, cfg.AtOnce), nobody: nobody}, err
}

// Authenticate checks the password.
func (l *Local) Authenticate(ctx context.Context, r Request) Answer {
	if r.Password.IsZero() {
		return Answer{Rejected, ReasonEmptyPassword, nil}
	}
	a, raw, err := l.loadAccount(ctx, r.User)
	if err == nil && raw == nil {
		a, err = decodeAccount(l.nobody) // the work of a wrong password
	}
	if err != nil {
		return Answer{Unavailable, ReasonUnavailable, err}
	}
	ok, outdated, err := l.hasher.verifyPassword(ctx, a.Hash, r.Password)
	switch {
	case err != nil:
		return Answer{Unavailable, ReasonUnavailable, err}
	case raw == nil:
		return Answer{Rejected, ReasonUnknownUser, errors.New("no local password is set")}
	case !ok:
		return Answer{Rejected, ReasonWrongPassword, nil}
	case a.MustChange:
		return Answer{Locked, ReasonPasswordChange, nil}
	}
	if outdated {
		l.upgradeHash(ctx, r.User, a, raw, r.Password)
	}
	return Answer{Verdict: Accepted}
}

// upgradeHash hashes the password of an account again at the configured cost. If that
// fails, or the account was changed in the meantime, the old hash remains valid.
func (l *Local) upgradeHash(ctx context.Context, user string, a account, raw []byte, password ctikit.Secret) {
	hash, err := l.hasher.hashPassword(ctx, password)
	if err != nil {
		return
	}
	a.Hash = hash
	_ = l.swapAccount(ctx, user, raw, a)
}

// SetPassword sets a user's password on behalf of an administrator. With mustChange
// the user can sign in only after [Chain.ChangePassword].
func (l *Local) SetPassword(ctx context.Context, user string, password ctikit.Secret, mustChange bool) error {
	if err := l.checkPassword(user, password); err != nil {
		return err
	}
	hash, err := l.hasher.hashPassword(ctx, password)
	if err != nil {
		return err
	}
	return l.writeAccount(ctx, user, account{Hash: hash, MustChange: mustChange})
}

// Import stores a hash made elsewhere: argon2id as a PHC string, or bcrypt. It is
// replaced by a new argon2id hash when the user signs in.
func (l *Local) Import(ctx context.Context, user, hash string) error {
	if err := checkUser(user); err != nil {
		return err
	}
	if err := checkHash(hash); err != nil {
		return fmt.Errorf("auth: import for %q: %w", clip(user), err)
	}
	return l.writeAccount(ctx, user, account{Hash: hash})
}

// Remove deletes a user's password and tokens. It is not an error if there is none.
func (l *Local) Remove(ctx context.Context, user string) error {
	_, raw, err := l.loadAccount(ctx, user)
	if err == nil && raw != nil {
		err = l.cfg.Store.Swap(ctx, accountPrefix+user, raw, nil)
	}
	if err != nil {
		return fmt.Errorf("auth: remove password of %q: %w", clip(user), err)
	}
	return l.revokeTokens(ctx, user)
}

// changePassword replaces a password by one of the user's own choice.
func (l *Local) changePassword(ctx context.Context, r Request, next ctikit.Secret) (Answer, error) {
	answer := l.Authenticate(ctx, r)
	if answer.Verdict != Accepted && answer.Reason != ReasonPasswordChange {
		return answer, nil
	}
	if next.Equal(r.Password) {
		return answer, fmt.Errorf("%w: it is the old one", ErrPassword)
	}
	if err := l.SetPassword(ctx, r.User, next, false); err != nil {
		return answer, err
	}
	return Answer{Verdict: Accepted}, nil
}

// checkPassword reports whether user may be given password (NIST SP 800-63B: length
// counts, rules of composition do not).
func (l *Local) checkPassword(user string, password ctikit.Secret) error {
	if err := checkUser(user); err != nil {
		return err
	}
	text := password.Reveal()
	switch err := checkText("password", text, maxPassword); {
	case err != nil:
		return fmt.Errorf("%w: %w", ErrPassword, err)
	case utf8.RuneCountInString(text) < l.cfg.MinLength:
		return fmt.Errorf("%w: shorter than %d characters", ErrPassword, l.cfg.MinLength)
	case strings.TrimSpace(text) == "":
		return fmt.Errorf("%w: nothing but blanks", ErrPassword)
	case strings.EqualFold(text, user):
		return fmt.Errorf("%w: it is the user name", ErrPassword)
	}
	return nil
}

func checkUser(user string) error {
	if user == "" {
		return errors.New("no user given")
	}
	return checkText("user key", user, maxLogin)
}

// loadAccount returns the account and its record unchanged, nil where there is none.
func (l *Local) loadAccount(ctx context.Context, user string) (a account, raw []byte, err error) {
	raw, err = l.cfg.Store.Get(ctx, accountPrefix+user) // for an unknown user, "", too: same time
	if err != nil || raw == nil {
		return account{}, nil, err
	}
	if a, err = decodeAccount(raw); err != nil {
		return account{}, nil, fmt.Errorf("auth: stored account of %q: %w", clip(user), err)
	}
	return a, raw, nil
}

func decodeAccount(raw []byte) (a account, err error) {
	err = json.Unmarshal(raw, &a)
	return a, err
}

func (l *Local) swapAccount(ctx context.Context, user string, old []byte, a account) error {
	raw, err := json.Marshal(a)
	if err != nil {
		return err
	}
	return l.cfg.Store.Swap(ctx, accountPrefix+user, old, raw)
}

// writeAccount writes an account whatever was there before.
func (l *Local) writeAccount(ctx context.Context, user string, a account) error {
	a.Changed = time.Now().UTC()
	for try := 1; ; try++ {
		old, err := l.cfg.Store.Get(ctx, accountPrefix+user)
		if err == nil {
			err = l.swapAccount(ctx, user, old, a)
		}
		switch {
		case errors.Is(err, ctikit.ErrConflict) && try < 10:
			continue
		case err != nil:
			return fmt.Errorf("auth: set password of %q: %w", clip(user), err)
		}
		return l.revokeTokens(ctx, user)
	}
}

func (l *Local) revokeTokens(ctx context.Context, user string) error {
	if l.cfg.Tokens == nil {
		return nil
	}
	return l.cfg.Tokens.RevokeUser(ctx, user)
}
