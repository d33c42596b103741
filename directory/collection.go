package directory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"

	"github.com/ctikit/ctikit"
)

// batchSize is the number of objects that one transaction changes.
const batchSize = 500

// Collection holds the objects of one type.
type Collection[T any] struct {
	registry *Registry
	kind     string
	codec[T]
}

// codec is what differs between the types; rules and header are always set.
type codec[T any] struct {
	header func(*T) Object
	rules  func(*validation, *T)
	// seal visits each secret with its binding; a store never sees one in plain text.
	// clone is set with it: sealing clears the secrets of a copy.
	seal  func(*T, func(b ctikit.Binding, s *ctikit.Secret))
	clone func(*T) *T
	// keepEdits is called before an object is changed by hand.
	keepEdits func(old, now *T)
	// requireUnused fails if the object must not be deleted.
	requireUnused func(context.Context, *T) error
	// dependents are deleted along with the object.
	dependents func(context.Context, *T) ([]Object, error)
	// prepareExport drops references to deleted objects; false omits the object.
	prepareExport func(context.Context, *T) (bool, error)
}

func newCollection[T any](r *Registry, kind string, c codec[T]) *Collection[T] {
	return &Collection[T]{registry: r, kind: kind, codec: c}
}

// Get returns the object with this ID. If there is none the error wraps
// [ErrNotFound].
func (c *Collection[T]) Get(ctx context.Context, id string) (T, error) {
	v, _, err := c.getStored(ctx, id)
	return v, err
}

func (c *Collection[T]) getStored(ctx context.Context, id string) (v T, o Object, err error) {
	o, found, err := firstOf(c.registry.store.Objects(ctx, Query{Kind: c.kind, IDs: []string{id}}))
	if err == nil && !found {
		err = ErrNotFound
	}
	if err == nil {
		v, err = c.decodeObject(o)
	}
	if err != nil {
		return v, o, fmt.Errorf("%s %q: %w", c.kind, id, err)
	}
	return v, o, nil
}

// All yields every object, ordered by ID. An error of the store ends the sequence.
func (c *Collection[T]) All(ctx context.Context) iter.Seq2[T, error] {
	return c.query(ctx, Query{Kind: c.kind})
}

// Of yields the objects of one company, ordered by ID.
func (c *Collection[T]) Of(ctx context.Context, company string) iter.Seq2[T, error] {
	return c.query(ctx, Query{Kind: c.kind, Company: company})
}

func (c *Collection[T]) query(ctx context.Context, q Query) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for o, err := range c.registry.store.Objects(ctx, q) {
			var v T
			if err == nil {
				v, err = c.decodeObject(o)
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}

// Save creates or replaces the object. Fields of an imported object that it changes are
// no longer imported.
//
// If the object is invalid the error holds [ctikit.Problems] with all its problems and
// wraps [ctikit.ErrInvalid], and [ctikit.ErrCrossCompany] if the object refers to
// one of another company. It wraps [*Taken] if a login or an extension belongs to
// another user.
func (c *Collection[T]) Save(ctx context.Context, v T) error {
	return c.updateStored(ctx, c.header(&v).ID, func(now *T, _ bool) error { *now = v; return nil })
}

// Update changes an object with f, which is called again if the object is changed
// concurrently. The error is that of f, [ErrNotFound] if no object has the ID, or one
// of [Collection.Save].
func (c *Collection[T]) Update(ctx context.Context, id string, f func(*T) error) error {
	return c.updateStored(ctx, id, func(now *T, found bool) error {
		if !found {
			return ErrNotFound
		}
		return f(now)
	})
}

func (c *Collection[T]) updateStored(ctx context.Context, id string, f func(now *T, found bool) error) error {
	for {
		old, o, err := c.getStored(ctx, id)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		found := err == nil
		now := old
		if found { // a second copy: f may change slices in place
			if now, err = c.decodeObject(o); err != nil {
				return err
			}
		}
		if err := f(&now, found); err != nil {
			return fmt.Errorf("save %s %q: %w", c.kind, id, err)
		}
		if found && c.keepEdits != nil {
			c.keepEdits(&old, &now)
		}
		put, err := c.encodeValid(ctx, &now)
		if err == nil {
			put.Version, put.Hash = o.Version, o.Hash
			if err = c.registry.store.Commit(ctx, Batch{Put: []Object{put}}); errors.Is(err, ctikit.ErrConflict) {
				continue
			}
		}
		if err != nil {
			return fmt.Errorf("save %s %q: %w", c.kind, id, err)
		}
		return nil
	}
}

// Delete removes an object, and with a user the user's contact lists. It fails with
// [ErrNotFound] if no object has the ID, [ErrInUse] if others refer to the object, and
// [ctikit.ErrConflict] if it is changed concurrently.
func (c *Collection[T]) Delete(ctx context.Context, id string) error {
	v, o, err := c.getStored(ctx, id)
	if err == nil && c.requireUnused != nil {
		err = c.requireUnused(ctx, &v)
	}
	batch := Batch{Delete: []Object{{Kind: o.Kind, ID: o.ID, Version: o.Version}}}
	if err == nil && c.dependents != nil {
		var more []Object
		more, err = c.dependents(ctx, &v)
		batch.Delete = append(batch.Delete, more...)
	}
	if err == nil {
		err = c.registry.store.Commit(ctx, batch)
	}
	if err != nil {
		return fmt.Errorf("delete %s: %w", c.kind, err)
	}
	return nil
}

// encodeValid checks v and encodes it for the store.
func (c *Collection[T]) encodeValid(ctx context.Context, v *T) (Object, error) {
	if err := c.validate(ctx, v); err != nil {
		return Object{}, err
	}
	return c.encodeObject(v)
}

// sealed is how an object with secrets lies in the store.
type sealed[T any] struct {
	Value  T                 `json:"value"`
	Sealed map[string]string `json:"sealed,omitempty"` // Binding.String → sealed secret
}

func (c *Collection[T]) encodeObject(v *T) (Object, error) {
	out := c.header(v)
	out.Kind = c.kind
	box := sealed[T]{Value: *v}
	var err error
	if c.seal != nil {
		box.Value = *c.clone(v)
		c.seal(&box.Value, func(b ctikit.Binding, s *ctikit.Secret) {
			if s.IsZero() || err != nil {
				return
			}
			if c.registry.key == nil {
				err = fmt.Errorf("the registry has no key to seal %s", b)
				return
			}
			if box.Sealed == nil {
				box.Sealed = map[string]string{}
			}
			box.Sealed[b.String()], err = c.registry.key.Seal(*s, b)
			*s = ctikit.Secret{}
		})
		if err != nil {
			return out, err
		}
	}
	out.Data, err = json.Marshal(box)
	return out, err
}

func (c *Collection[T]) decodeObject(o Object) (T, error) {
	var box sealed[T]
	if err := json.Unmarshal(o.Data, &box); err != nil {
		return box.Value, fmt.Errorf("%s %q in the store: %w", c.kind, o.ID, err)
	}
	var err error
	if c.seal != nil {
		c.seal(&box.Value, func(b ctikit.Binding, s *ctikit.Secret) {
			text := box.Sealed[b.String()]
			if text == "" || err != nil {
				return
			}
			if c.registry.key == nil {
				err = fmt.Errorf("%s %q in the store: the registry has no key to open %s", c.kind, o.ID, b)
				return
			}
			*s, err = c.registry.key.Open(text, b)
		})
	}
	return box.Value, err
}
