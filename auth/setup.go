package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/ctikit/ctikit"
)

// ErrInitialised reports that there is an account already: the first-run
// initialisation is over for good.
var ErrInitialised = errors.New("auth: already initialised")

// SetupCode begins the first run without a default account: it returns a
// code that the host shows where only its operator looks (console, log file).
// Who presents the code sets the first password. Each call makes a new code and
// voids the one before; no code outlives the program. Once any account exists
// the error is [ErrInitialised].
func (l *Local) SetupCode(ctx context.Context) (ctikit.Secret, error) {
	l.setup.Lock()
	defer l.setup.Unlock()
	if err := l.requireUninitialised(ctx); err != nil {
		return ctikit.Secret{}, err
	}
	l.setup.code = ctikit.NewSecret(rand.Text())
	return l.setup.code, nil
}

// Initialise gives the first user, an administrator of the host, a password.
// The code is used up by success.
func (l *Local) Initialise(ctx context.Context, code ctikit.Secret, user string, password ctikit.Secret) error {
	l.setup.Lock()
	defer l.setup.Unlock()
	if err := l.requireUninitialised(ctx); err != nil {
		return err
	}
	if l.setup.code.IsZero() || !l.setup.code.Equal(code) {
		return fmt.Errorf("auth: initialise: %w: not the set-up code of this run", ErrRefused)
	}
	if err := l.SetPassword(ctx, user, password, false); err != nil {
		return err
	}
	l.setup.code = ctikit.Secret{}
	return nil
}

func (l *Local) requireUninitialised(ctx context.Context) error {
	keys, err := l.cfg.Store.Keys(ctx, accountPrefix)
	if err == nil && len(keys) > 0 {
		err = ErrInitialised
	}
	return err
}
