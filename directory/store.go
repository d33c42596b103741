package directory

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/ctikit/ctikit"
)

// Store keeps objects durably. It does not interpret them: package directory
// encodes them and checks all rules except two, which only a store can check
// without a race: versions and unique names. All methods may be called
// concurrently. Package storetest tests an implementation; [NewMemory] and package
// sqlstore are two.
type Store interface {
	// Objects yields the objects that the query selects, ordered by ID, each
	// once, in a state that they had at some moment during the call. The caller may
	// keep an object and its slices but not change them. An error ends the sequence;
	// it wraps that of ctx if ctx has ended.
	Objects(ctx context.Context, q Query) iter.Seq2[Object, error]
	// Commit executes the complete batch or nothing; once it has returned nil
	// the change survives a crash of process and machine. It fails with
	// [ctikit.ErrConflict] where a version is not the stored one and with [*Taken] where
	// a name belongs to an object outside the batch.
	Commit(ctx context.Context, b Batch) error
}

// Object is a stored object: encoded data and the fields that a store needs.
type Object struct {
	Kind    string // "user", "contact", ...
	ID      string // unique within the kind
	Company string
	Import  string   // the import that owns it, "" for none
	Key     string   // its key at the import's source
	Hash    Hash     // of what the import read last; zero: compare again
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
	Headers bool     // omit Data
}

// Batch is what one transaction changes. Each object occurs at most once. Names
// may pass from one of its objects to another.
type Batch struct {
	Put    []Object
	Delete []Object // Kind, ID and Version
}

// ErrNotFound reports that no object has the ID.
var ErrNotFound = errors.New("no such object")

// Taken is the error of a change that claims the unique name of another object.
type Taken struct {
	Kind, Name string
	By         string // ID of the owner
}

// Error names the name and its owner.
func (e *Taken) Error() string {
	return fmt.Sprintf("%s already belongs to %s %q", e.Name, e.Kind, e.By)
}

// ConflictError returns the error of a [Store] for an object whose stored version is
// has and not want. It wraps [ctikit.ErrConflict].
func ConflictError(kind, id string, has, want uint64) error {
	return fmt.Errorf("%s %q: must be version %d, got %d: %w", kind, id, has, want, ctikit.ErrConflict)
}
