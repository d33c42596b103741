package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/internal/strictjson"
)

// jsonAccount is a local account in the configuration document.
type jsonAccount struct {
	User       string `json:"user"`
	Hash       string `json:"hash,omitempty"` // sealed; absent without a key
	MustChange bool   `json:"mustChange,omitempty"`
}

// Section is the part "accounts" of the configuration document: who has a local
// password. With key the hashes are in it, sealed, each for its user only;
// without, just the names. An import replaces the accounts: where it brings no
// hash the stored one stays, and an account that is not stored needs one. It
// never takes a hash in plain text, and never lifts a forced change of password.
func (l *Local) Section(key *ctikit.Keyring) ctikit.Section {
	return ctikit.Section{
		Name:   "accounts",
		Export: func(ctx context.Context) (json.RawMessage, int, error) { return l.exportAccounts(ctx, key) },
		Import: func(ctx context.Context, in ctikit.Import) (int, error) { return l.importAccounts(ctx, key, in) },
	}
}

// binding is what a sealed hash is bound to.
func binding(user string) ctikit.Binding { return ctikit.Binding{Kind: ctikit.BindAccount, ID: user} }

func (l *Local) exportAccounts(ctx context.Context, key *ctikit.Keyring) (json.RawMessage, int, error) {
	keys, err := l.cfg.Store.Keys(ctx, accountPrefix)
	if err != nil {
		return nil, 0, err
	}
	out := make([]jsonAccount, 0, len(keys))
	for _, k := range keys {
		user := k[len(accountPrefix):]
		a, raw, err := l.loadAccount(ctx, user)
		if err != nil {
			return nil, 0, err
		}
		if raw == nil {
			continue // removed in the meantime
		}
		item := jsonAccount{User: user, MustChange: a.MustChange}
		if key != nil {
			if item.Hash, err = key.Seal(ctikit.NewSecret(a.Hash), binding(user)); err != nil {
				return nil, 0, err
			}
		}
		out = append(out, item)
	}
	data, err := json.Marshal(out)
	return data, len(out), err
}

func (l *Local) importAccounts(ctx context.Context, key *ctikit.Keyring, part ctikit.Import) (int, error) {
	var in []jsonAccount
	if err := strictjson.Decode(part.Data, &in); err != nil {
		return 0, err
	}
	next := make(map[string]account, len(in))
	var ps ctikit.Problems
	for i, item := range in {
		path := fmt.Sprintf("[%d]", i)
		a, err := l.resolveAccount(ctx, key, item)
		switch _, duplicate := next[item.User]; {
		case errors.Is(err, ctikit.ErrInvalid):
			ps.AddUnder(path, err)
		case err != nil:
			return 0, err
		case duplicate:
			ps.Add(path+".user", "duplicate %q", clip(item.User))
		}
		next[item.User] = a
	}
	if err := ps.Err(); err != nil || part.DryRun {
		return len(in), err
	}
	return len(in), l.replaceAccounts(ctx, next)
}

// resolveAccount returns the account that an item of the document asks for. An error
// that is not [ctikit.Problems] is that of the store.
func (l *Local) resolveAccount(ctx context.Context, key *ctikit.Keyring, item jsonAccount) (account, error) {
	var ps ctikit.Problems
	if err := checkUser(item.User); err != nil {
		ps.AddUnder("user", err)
		return account{}, ps.Err()
	}
	stored, raw, err := l.loadAccount(ctx, item.User)
	if err != nil {
		return account{}, err
	}
	a := account{Hash: stored.Hash, MustChange: item.MustChange, Changed: stored.Changed}
	switch {
	case item.Hash == "" && raw == nil:
		ps.Add("hash", "missing, and no password of %q is stored", clip(item.User))
	case item.Hash != "" && key == nil:
		ps.Add("hash", "no seal key to open it")
	case item.Hash != "":
		hash, err := key.Open(item.Hash, binding(item.User))
		if err == nil {
			a.Hash = hash.Reveal()
			err = checkHash(a.Hash)
		}
		ps.AddUnder("hash", err)
	}
	if a.Hash == stored.Hash {
		a.MustChange = item.MustChange || stored.MustChange
	}
	return a, ps.Err()
}

// replaceAccounts writes what changed and removes the others. The complete document was
// checked before; should the store fail half-way, importing again completes it.
func (l *Local) replaceAccounts(ctx context.Context, next map[string]account) error {
	keys, err := l.cfg.Store.Keys(ctx, accountPrefix)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if user := k[len(accountPrefix):]; next[user].Hash == "" {
			if err := l.Remove(ctx, user); err != nil {
				return err
			}
		}
	}
	for user, a := range next {
		stored, _, err := l.loadAccount(ctx, user)
		if err == nil && (stored.Hash != a.Hash || stored.MustChange != a.MustChange) {
			err = l.writeAccount(ctx, user, a)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
