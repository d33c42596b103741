package directory

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/ctikit/ctikit"
)

// Store keeps objects durably. It knows nothing of what is in them: package
// directory encodes them and checks every rule but two, which only a store can
// check without a race: versions and unique names. All methods may be called
// concurrently. Package storetest has the contract as tests; [NewMemory] and
// package sqlstore satisfy it.
type Store interface {
	// Objects yields the objects that the query selects, ordered by ID, each
	// once, as they stood at some moment during the call. An object and what it
	// points to may be kept by the caller and must not be changed.
	Objects(ctx context.Context, q Query) iter.Seq2[Object, error]
	// Commit carries out the batch whole or not at all; when it has returned nil
	// the change survives a crash of process and machine. It fails with
	// [ctikit.ErrConflict] where a version is not the stored one and with [*Taken] where
	// a name belongs to an object outside the batch.
	Commit(ctx context.Context, b Batch) error
}

// Object is a stored thing with what a store must know of it.
type Object struct {
	Kind    string // "user", "contact", ...
	ID      string // unique within the kind
	Company string
	Import  string   // the import that owns it, "" for none
	Key     string   // its key at the import's source
	Hash    Hash     // of what the import read last; zero: compare it anew
	Names   []string // each belongs to one object of the kind at a time
	// Version counts the commits of the object. In a batch it is the version
	// that the writer has seen, 0 for an object that does not exist yet.
	Version uint64
	Data    []byte // JSON
}

// Query selects objects of one kind. All fields that are set must agree.
type Query struct {
	Kind    string   // always set
	Company string   //
	Import  string   //
	IDs     []string // any of these; nil is all, as below
	Keys    []string //
	Names   []string // objects that hold one of these
	Headers bool     // leave Data out
}

// Batch is what one transaction changes. No object stands in it twice. Names
// may pass from one of its objects to another.
type Batch struct {
	Put    []Object
	Delete []Object // Kind, ID and Version
}

// Errors of a store.
var (
	ErrNotFound = errors.New("no such object")
)

// Taken reports that a unique name belongs to another object.
type Taken struct {
	Kind, Name string
	By         string // ID of the owner
}

// Error names the name and its owner.
func (e *Taken) Error() string {
	return fmt.Sprintf("%s already belongs to %s %q", e.Name, e.Kind, e.By)
}

// ConflictError returns the [ctikit.ErrConflict] of a store for one object.
func ConflictError(kind, id string, has, want uint64) error {
	return fmt.Errorf("%s %q: must be version %d, got %d: %w", kind, id, has, want, ctikit.ErrConflict)
}
