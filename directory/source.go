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
// reading that ends otherwise, or with an error, proves nothing, and no object is
// removed because of it. Read continues from the bookmark if it can; the empty
// bookmark, or one that is no longer usable, means from the beginning.
//
// A reading of which only a part succeeded fails with [*Incomplete].
//
// An item and everything that it points to is valid until the next one is asked
// for. When the loop is left early Read must return promptly; when ctx ends it
// yields ctx's error. Read is not called concurrently on one Source.
type Source interface {
	Read(ctx context.Context, from Bookmark) iter.Seq2[Item, error]
}

// Bookmark marks a place in a source's history of changes: a cookie of RFC
// 4533 or DirSync, a highest uSNChanged. Only the source interprets it.
type Bookmark string

// Item is one element of a reading. Exactly one field is set.
type Item struct {
	Entry *Entry // a complete entry
	Gone  string // key of an entry that was removed
	Still string // key of an entry that exists and has not changed
	End   *End   // the reading is complete
}

// End closes a complete reading.
type End struct {
	// Full: every existing entry was yielded as Entry or Still, so any other key
	// was removed.
	Full bool
	// Bookmark is where the next reading may go on; "" where the source cannot.
	Bookmark Bookmark
}

// Entry is one person or thing in a source.
type Entry struct {
	Key   string // immutable: entryUUID, objectGUID, a configured attribute or column
	Path  string // its place in a tree, a DN: a change is a rename or a move
	Line  int    // its place in a file or result, for reports only
	Attrs []Attr
}

// location returns the place of the entry for a report.
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
// it, "" if it has none.
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
	Reason string // the problem and what to do
	Err    error  // the protocol's own error, may be nil
}

// Error returns "read SOURCE: incomplete: REASON: ERR".
func (e *Incomplete) Error() string {
	s := "read " + e.Source + ": incomplete: " + e.Reason
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the protocol's own error.
func (e *Incomplete) Unwrap() error { return e.Err }
