package auth

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync/atomic"

	"golang.org/x/crypto/bcrypt"
	"golang.org/x/sync/semaphore"

	"github.com/ctikit/ctikit"
)

// errBusy is returned if too many sign-ins are waiting.
var errBusy = errors.New("too many sign-ins at once")

// hasher checks passwords, a few at a time because each check takes much memory.
type hasher struct {
	cost       Cost
	turns      *semaphore.Weighted // in order of arrival
	waiting    atomic.Int64
	maxWaiting int64
}

// maxWaiting bounds the queue for a turn; at 40 ms each the last of so many has
// no patience left anyway.
const maxWaiting = 2000

func newHasher(cost Cost, atOnce int) *hasher {
	return &hasher{cost: cost, turns: semaphore.NewWeighted(int64(atOnce)), maxWaiting: maxWaiting}
}

// acquireTurn waits until one more hash may be computed.
func (h *hasher) acquireTurn(ctx context.Context) (done func(), err error) {
	if h.waiting.Add(1) > h.maxWaiting {
		h.waiting.Add(-1)
		return nil, errBusy
	}
	defer h.waiting.Add(-1)
	if err := h.turns.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	return func() { h.turns.Release(1) }, nil
}

// hashPassword returns the PHC string of a new password.
func (h *hasher) hashPassword(ctx context.Context, password ctikit.Secret) (string, error) {
	done, err := h.acquireTurn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	return newArgonHash(password.Reveal(), h.cost).String(), nil
}

// verifyPassword reports whether password belongs to stored, and whether stored should be
// replaced by a hash of today's cost.
func (h *hasher) verifyPassword(ctx context.Context, stored string, password ctikit.Secret) (
	ok, outdated bool, err error,
) {
	done, err := h.acquireTurn(ctx)
	if err != nil {
		return false, false, err
	}
	defer done()
	if isBcrypt(stored) {
		return checkBcrypt(stored, password.Reveal())
	}
	parsed, err := parseArgonHash(stored)
	if err != nil {
		return false, false, err
	}
	return parsed.matches(password.Reveal()), parsed.cost != h.cost || len(parsed.key) != keyLength, nil
}

func isBcrypt(stored string) bool {
	return strings.HasPrefix(stored, "$2a$") || strings.HasPrefix(stored, "$2b$") || strings.HasPrefix(stored, "$2y$")
}

// bcryptLength is all of a password that bcrypt looks at.
const bcryptLength = 72

// checkBcrypt checks a password against an imported hash. The programs that made
// such hashes cut long passwords at 72 bytes, and so does checkBcrypt. A longer
// password is not hashed again, since its unchecked bytes would become part of it.
func checkBcrypt(stored, password string) (ok, outdated bool, err error) {
	checked := password[:min(len(password), bcryptLength)]
	switch err := bcrypt.CompareHashAndPassword([]byte(stored), []byte(checked)); {
	case err == nil:
		return true, len(password) <= bcryptLength, nil
	case errors.Is(err, bcrypt.ErrMismatchedHashAndPassword):
		return false, false, nil
	default:
		return false, false, err
	}
}

// checkHash refuses a hash that could not be checked, or not within bounds.
func checkHash(stored string) error {
	if !isBcrypt(stored) {
		_, err := parseArgonHash(stored)
		return err
	}
	const length = 60
	if len(stored) != length {
		return errors.New("bcrypt hash is not of 60 bytes")
	}
	cost, err := strconv.Atoi(stored[4:6])
	if err != nil || stored[6] != '$' || cost < bcrypt.MinCost || cost > 14 {
		return errors.New("bcrypt hash: cost is not within 4 to 14")
	}
	if strings.Trim(stored[7:], "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") != "" {
		return errors.New("bcrypt hash: not in bcrypt's base64")
	}
	return nil
}
