package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/ctikit/ctikit"
)

// TokensConfig of [Tokens]. Only Store must be there.
type TokensConfig struct {
	Store    Store
	Lifetime time.Duration // without use; 0 is 30 days
	MaxAge   time.Duration // since the password was given, however much it is used; 0 is one year
	// Overlap is how long the token before the current one is still taken, for a
	// browser that sends two requests at once; 0 is 10 s.
	Overlap time.Duration
}

// Tokens are the "Save" box of the sign-in window (TWP guide 6.3): they let a
// user in again without a password. A token is replaced each time it is used; an
// old one that comes back, a copy that somebody took, ends the whole series.
// Only hashes of tokens are stored. Tokens are issued and taken by a [Chain].
type Tokens struct{ cfg TokensConfig }

// TokenInfo describes one token series, for a list of "where you are signed in".
type TokenInfo struct {
	ID      string // for [Tokens.Revoke]
	User    string
	Method  Method // by which the user signed in when the box was ticked
	Label   string // the device, as the host named it
	Issued  time.Time
	Used    time.Time
	Expires time.Time
	Remote  string // last used from
}

// tokenRecord is what is stored under "token/TAG/SELECTOR".
type tokenRecord struct {
	User     string    `json:"user"`
	Method   Method    `json:"method"`
	Label    string    `json:"label,omitempty"`
	Hash     []byte    `json:"hash"`
	Previous []byte    `json:"previous,omitempty"`
	Issued   time.Time `json:"issued"`
	Used     time.Time `json:"used"`
	Remote   string    `json:"remote,omitempty"`
}

const tokenPrefix = "token/"

// A token in plain text is base64 of tag, selector, secret. The tag is a hash of the
// user, so that the tokens of one user are found by prefix.
const (
	tagLength      = 8
	selectorLength = 16
	secretLength   = 32
	tokenLength    = tagLength + selectorLength + secretLength
)

var (
	errToken   = errors.New("unknown token")
	errExpired = errors.New("token expired")
	errStolen  = errors.New("token was already replaced, so a copy exists; its series has ended")
)

// NewTokens validates cfg. The error has every problem, as [ctikit.Problems].
func NewTokens(cfg TokensConfig) (*Tokens, error) {
	var ps ctikit.Problems
	if cfg.Store == nil {
		ps.Add("store", "missing")
	}
	for i, d := range [...]time.Duration{cfg.Lifetime, cfg.MaxAge, cfg.Overlap} {
		if d < 0 {
			ps.Add([...]string{"lifetime", "maxAge", "overlap"}[i], "must not be negative, got %v", d)
		}
	}
	if err := ps.Err(); err != nil {
		return nil, fmt.Errorf("auth: tokens: %w", err)
	}
	const day = 24 * time.Hour
	if cfg.Lifetime == 0 {
		cfg.Lifetime = 30 * day
	}
	if cfg.MaxAge == 0 {
		cfg.MaxAge = 365 * day
	}
	if cfg.Overlap == 0 {
		cfg.Overlap = 10 * time.Second
	}
	return &Tokens{cfg}, nil
}

// issueToken starts a series.
func (t *Tokens) issueToken(ctx context.Context, s SignIn, label string) (ctikit.Secret, error) {
	token := make([]byte, tokenLength)
	rand.Read(token) // never fails (crypto/rand)
	copy(token, tagOf(s.User))
	now := time.Now().UTC()
	record := tokenRecord{
		User: s.User, Method: s.Method, Label: label, Hash: hashOf(token), Issued: now, Used: now, Remote: s.Remote,
	}
	if err := t.swapToken(ctx, keyOf(token), nil, record); err != nil {
		return ctikit.Secret{}, fmt.Errorf("auth: remember %q: %w", clip(s.User), err)
	}
	return encodeToken(token), nil
}

// redeemToken takes a token; next replaces it, and is empty where the token just
// before the current one was presented within the overlap. stolen reports a
// token that had been replaced already: its series has ended.
func (t *Tokens) redeemToken(ctx context.Context, token ctikit.Secret, remote string) (
	record tokenRecord, next ctikit.Secret, stolen bool, err error,
) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(clipTo(token.Reveal(), 2*tokenLength))
	if err != nil || len(raw) != tokenLength {
		return record, next, false, fmt.Errorf("malformed: %w", errToken)
	}
	key, hash := keyOf(raw), hashOf(raw)
	for try := 1; ; try++ {
		var stored []byte
		if record, stored, err = t.loadToken(ctx, key); err != nil {
			return record, next, false, err
		}
		now := time.Now().UTC()
		switch {
		case stored == nil:
			return record, next, false, errToken
		case now.After(t.expiry(record)):
			return record, next, false, errors.Join(errExpired, t.cfg.Store.Swap(ctx, key, stored, nil))
		case subtle.ConstantTimeCompare(hash, record.Hash) == 1:
			record.Used, record.Remote = now, remote
			next, err = t.rotateToken(ctx, key, raw, stored, &record)
			if errors.Is(err, ctikit.ErrConflict) && try < 10 {
				continue // another request was first: its token is the current one now
			}
			return record, next, false, err
		case subtle.ConstantTimeCompare(hash, record.Previous) == 1 && now.Sub(record.Used) <= t.cfg.Overlap:
			return record, next, false, nil
		}
		return record, next, true, errors.Join(errStolen, t.deleteSeries(ctx, key))
	}
}

// rotateToken replaces the secret of a token.
func (t *Tokens) rotateToken(ctx context.Context, key string, token, stored []byte, record *tokenRecord) (
	ctikit.Secret, error,
) {
	fresh := make([]byte, tokenLength)
	copy(fresh, token[:tagLength+selectorLength])
	rand.Read(fresh[tagLength+selectorLength:])
	record.Previous, record.Hash = record.Hash, hashOf(fresh)
	if err := t.swapToken(ctx, key, stored, *record); err != nil {
		return ctikit.Secret{}, err
	}
	return encodeToken(fresh), nil
}

// List returns the live tokens of a user.
func (t *Tokens) List(ctx context.Context, user string) ([]TokenInfo, error) {
	keys, err := t.cfg.Store.Keys(ctx, userPrefix(user))
	if err != nil {
		return nil, err
	}
	var infos []TokenInfo
	for _, key := range keys {
		r, stored, err := t.loadToken(ctx, key)
		if err != nil {
			return nil, err
		}
		expires := t.expiry(r)
		if stored == nil || r.User != user || time.Now().After(expires) {
			continue
		}
		id := key[len(tokenPrefix):]
		infos = append(infos, TokenInfo{id, r.User, r.Method, r.Label, r.Issued, r.Used, expires, r.Remote})
	}
	return infos, nil
}

// Revoke ends one token series of a user; it is not an error if there is none.
func (t *Tokens) Revoke(ctx context.Context, user, id string) error {
	key := tokenPrefix + id
	r, stored, err := t.loadToken(ctx, key)
	if err != nil || stored == nil || r.User != user {
		return err
	}
	return t.deleteSeries(ctx, key)
}

// RevokeUser ends all tokens of a user.
func (t *Tokens) RevokeUser(ctx context.Context, user string) error {
	infos, err := t.cfg.Store.Keys(ctx, userPrefix(user))
	if err != nil {
		return err
	}
	for _, key := range infos {
		if r, stored, loadErr := t.loadToken(ctx, key); loadErr == nil && (stored == nil || r.User != user) {
			continue // another user with the same tag
		}
		err = errors.Join(err, t.deleteSeries(ctx, key))
	}
	return err
}

// Purge deletes what has expired; an application may call it once a day.
func (t *Tokens) Purge(ctx context.Context) error {
	keys, err := t.cfg.Store.Keys(ctx, tokenPrefix)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if r, stored, loadErr := t.loadToken(ctx, key); loadErr != nil || stored != nil && time.Now().After(t.expiry(r)) {
			err = errors.Join(err, t.deleteSeries(ctx, key))
		}
	}
	return err
}

func (t *Tokens) expiry(r tokenRecord) time.Time {
	idle, age := r.Used.Add(t.cfg.Lifetime), r.Issued.Add(t.cfg.MaxAge)
	if age.Before(idle) {
		return age
	}
	return idle
}

func (t *Tokens) loadToken(ctx context.Context, key string) (r tokenRecord, stored []byte, err error) {
	if stored, err = t.cfg.Store.Get(ctx, key); err != nil || stored == nil {
		return r, nil, err
	}
	if err = json.Unmarshal(stored, &r); err != nil {
		return r, nil, fmt.Errorf("auth: stored token: %w", err)
	}
	return r, stored, nil
}

func (t *Tokens) swapToken(ctx context.Context, key string, old []byte, r tokenRecord) error {
	stored, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return t.cfg.Store.Swap(ctx, key, old, stored)
}

// deleteSeries deletes a record whatever is in it.
func (t *Tokens) deleteSeries(ctx context.Context, key string) error {
	for try := 1; ; try++ {
		stored, err := t.cfg.Store.Get(ctx, key)
		if err != nil || stored == nil {
			return err
		}
		if err = t.cfg.Store.Swap(ctx, key, stored, nil); !errors.Is(err, ctikit.ErrConflict) || try == 10 {
			return err
		}
	}
}

func encodeToken(token []byte) ctikit.Secret {
	return ctikit.NewSecret(base64.RawURLEncoding.EncodeToString(token))
}

// hashOf needs no slow hash: the secret has 256 random bits.
func hashOf(token []byte) []byte {
	sum := sha256.Sum256(token[tagLength+selectorLength:])
	return sum[:]
}

func keyOf(token []byte) string {
	tag, selector := token[:tagLength], token[tagLength:tagLength+selectorLength]
	return tokenPrefix + hex.EncodeToString(tag) + "/" + hex.EncodeToString(selector)
}

func userPrefix(user string) string { return tokenPrefix + hex.EncodeToString(tagOf(user)) + "/" }

func tagOf(user string) []byte {
	sum := sha256.Sum256([]byte(user))
	return sum[:tagLength]
}

func clipTo(text string, limit int) string { return text[:min(len(text), limit)] }
