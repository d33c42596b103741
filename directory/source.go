package directory

import (
	"bytes"
	"context"
	"iter"
	"strconv"
	"strings"
)

// Source is a directory that can be read.
//
// Read yields items as they arrive, in no particular order. A reading that was
// complete ends with exactly one item that has an End, and nothing after it; a
// reading that ends otherwise, or with an error, proves nothing, and nobody is
// removed because of it. Read goes on from the bookmark where it can; the empty
// bookmark, or one that is not usable any more, means from the beginning.
//
// An item and everything that it points to is valid until the next one is asked
// for. When the loop is left early Read must return promptly; when ctx ends it
// yields ctx's error. Read is not called concurrently on one Source.
type Source interface {
	Read(ctx context.Context, from Bookmark) iter.Seq2[Item, error]
}

// Bookmark marks a place in a source's history of changes: a cookie of RFC
// 4533 or DirSync, a highest uSNChanged. Opaque to everybody but the source.
type Bookmark string

// Item is one thing that a source tells. Exactly one field is set.
type Item struct {
	Entry *Entry // an entry, whole
	Gone  string // key of an entry that is no longer there
	Still string // key of an entry that is there and has not changed
	End   *End   // the reading is complete
}

// End closes a complete reading.
type End struct {
	// Full says that every entry there is was yielded as Entry or Still: a key
	// that was not mentioned is gone.
	Full bool
	// Bookmark is where the next reading may go on; "" where the source cannot.
	Bookmark Bookmark
}

// Entry is what a source knows about one person or thing.
type Entry struct {
	Key   string // immutable: entryUUID, objectGUID, a configured attribute or column
	Path  string // where it stands in a tree, a DN: a change is a rename or a move
	Line  int    // where it stands in a file or result, for reports only
	Attrs []Attr
}

// location says where the entry stands, for a report.
func (e *Entry) location() string {
	if e.Path == "" && e.Line > 0 {
		return "line " + strconv.Itoa(e.Line)
	}
	return strings.Clone(e.Path)
}

// Attr is one attribute of an entry. Values are raw bytes.
type Attr struct {
	Name   []byte
	Values [][]byte
}

// Values returns the values of the attribute; names are compared without case.
func (e *Entry) Values(name string) [][]byte {
	for i := range e.Attrs {
		if len(e.Attrs[i].Name) == len(name) && strings.EqualFold(string(e.Attrs[i].Name), name) {
			return e.Attrs[i].Values
		}
	}
	return nil
}

// Value returns the first value of the attribute as text without blanks around
// it, "" where there is none.
func (e *Entry) Value(name string) string {
	for _, v := range e.Values(name) {
		return string(bytes.TrimSpace(v))
	}
	return ""
}

// Incomplete is the error of a source that was read only in part: a limit of
// the server, a referral that leads elsewhere, a file whose last line is cut.
type Incomplete struct {
	Source string // which one
	Reason string // what happened and what to do
	Err    error  // the protocol's own error, may be nil
}

// Error says what was incomplete and why.
func (e *Incomplete) Error() string {
	s := "read " + e.Source + ": incomplete: " + e.Reason
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the protocol's own error.
func (e *Incomplete) Unwrap() error { return e.Err }
