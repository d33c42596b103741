package ctikit

import (
	"context"
	"encoding/json"
	"fmt"
)

// Section is one part of the configuration document, for example "links".
// Package directory assembles the document; an application may add its own
// parts. Export and Import are called one at a time.
type Section struct {
	// Name is the key in the document and the word in the step report.
	Name string
	// Export returns the part as JSON and the number of items in it. Secrets
	// in it are omitted, redacted or sealed, never in plain text.
	Export func(ctx context.Context) (data json.RawMessage, items int, err error)
	// Import validates the whole part, reports every problem with its path in the
	// part, "[0].capacity", to which the document adds the name, and then replaces
	// the stored objects, unless in.DryRun is set. It never weakens authentication,
	// and "[redacted]" never becomes a password. On an error nothing has changed; an
	// error that is not about the data, such as that of a store, does not wrap
	// ErrInvalid.
	//
	// Import may be called more than once with in.DryRun. A document first does so
	// for all sections and ignores the results: that is when in.Objects learns what
	// each of them brings. Then it checks them all, and at last it replaces.
	Import func(ctx context.Context, in Import) (items int, err error)

	// Kind names the objects of this part where others refer to them: "user",
	// "group", "directory". "" if no other part does.
	Kind string
	// Find looks up one stored object of Kind. It may be nil.
	Find func(ctx context.Context, id string) (company string, exists bool, err error)
}

// Import is what a document brings for one section.
type Import struct {
	Data   json.RawMessage
	DryRun bool
	// Objects are those that exist once the whole document has been imported;
	// nil where a section is imported alone.
	Objects *Objects
}

// Objects knows which objects exist once a document has been imported: those
// that it brings, and the stored ones of every kind that it does not have. It
// is made for one import and is not safe for concurrent use. On nil, Knows
// returns false.
type Objects struct {
	ctx     context.Context
	stored  map[string]func(context.Context, string) (string, bool, error) // by kind
	brought map[string]map[string]string                                   // kind → ID → company
}

// NewObjects returns the objects that the sections have stored; a document then
// adds those that it brings.
func NewObjects(ctx context.Context, sections []Section) *Objects {
	o := &Objects{
		ctx:     ctx,
		stored:  map[string]func(context.Context, string) (string, bool, error){},
		brought: map[string]map[string]string{},
	}
	for _, s := range sections {
		if s.Kind != "" && s.Find != nil {
			o.stored[s.Kind] = s.Find
		}
	}
	return o
}

// Replace reports all objects of a kind that the document brings, with the
// company of each by ID. A section calls it once its part has been decoded, before
// it asks for objects, so that sections may refer to each other in any order.
func (o *Objects) Replace(kind string, companies map[string]string) {
	if o != nil {
		o.brought[kind] = companies
	}
}

// Replaces reports whether the document brings all objects of a kind.
func (o *Objects) Replaces(kind string) bool {
	if o == nil {
		return false
	}
	_, brought := o.brought[kind]
	return brought
}

// Knows reports whether there is an answer for objects of a kind.
func (o *Objects) Knows(kind string) bool {
	if o == nil {
		return false
	}
	return o.Replaces(kind) || o.stored[kind] != nil
}

// Exists reports whether an object will exist after the import. It is false for
// a kind that is not known. The error is that of a failed look-up.
func (o *Objects) Exists(kind, id string) (bool, error) {
	_, exists, err := o.Company(kind, id)
	return exists, err
}

// Company returns the company that an object will belong to after the import.
func (o *Objects) Company(kind, id string) (company string, exists bool, err error) {
	if o == nil {
		return "", false, nil
	}
	if brought, ok := o.brought[kind]; ok {
		company, exists = brought[id]
		return company, exists, nil
	}
	find := o.stored[kind]
	if find == nil {
		return "", false, nil
	}
	if company, exists, err = find(o.ctx, id); err != nil {
		return "", false, fmt.Errorf("look up %s %q: %w", kind, id, err)
	}
	return company, exists, nil
}
