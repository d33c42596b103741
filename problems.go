package ctikit

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/ctikit/ctikit/internal/printable"
)

// Errors that several packages return; test with errors.Is.
var (
	// ErrConflict: the object or configuration was changed by someone else.
	ErrConflict = errors.New("changed by someone else")
	// ErrUnsupported: the system or protocol cannot do this.
	ErrUnsupported = errors.New("not supported")
	// ErrInvalid: input that a caller can correct; [Problems] wraps it.
	ErrInvalid = errors.New("invalid input")
)

// Problem is one thing that is wrong with what a caller gave, or that a check
// of valid data found.
type Problem struct {
	Severity Severity `json:"severity"`
	Path     string   `json:"path,omitempty"` // "links[1].capacity"; "" is the whole
	Code     string   `json:"code,omitempty"` // stable, "duplicate-number"; "" where none
	Message  string   `json:"message"`        // "must be at least 1, got 0"
	// Err is what errors.Is and errors.As find, nil where nothing.
	Err error `json:"-"`
}

// String is "links[1].capacity: must be at least 1, got 0": one line, without
// control characters.
func (p Problem) String() string {
	if p.Path == "" {
		return printable.Text(p.Message)
	}
	return printable.Text(p.Path + ": " + p.Message)
}

// Problems are all problems of one input, in the order of the input. As an error
// it prints one per line and wraps [ErrInvalid] and every Err.
type Problems []Problem

// Add appends an error. What it wraps is found by errors.Is and errors.As.
func (ps *Problems) Add(path, format string, args ...any) {
	err := fmt.Errorf(format, args...)
	p := Problem{Severity: SeverityError, Path: path, Message: err.Error()}
	if len(unwrap(err)) > 0 {
		p.Err = err
	}
	*ps = append(*ps, p)
}

// AddUnder appends the problems of a part below a path. An error that is not
// one Problems, or one with words before it, becomes a problem itself, and the
// problems that it wraps follow: no sentinel is lost.
func (ps *Problems) AddUnder(path string, err error) {
	if err == nil {
		return
	}
	many, only := onlyProblems(err)
	if !only {
		*ps = append(*ps, Problem{Severity: SeverityError, Path: path, Message: err.Error(), Err: err})
		many = appendProblems(nil, err)
	}
	for _, p := range many {
		p.Path = join(path, p.Path)
		*ps = append(*ps, p)
	}
}

// Wrappers that add words at most.
var (
	wordsType = reflect.TypeOf(fmt.Errorf("%w", ErrInvalid))
	manyType  = reflect.TypeOf(fmt.Errorf("%w%w", ErrInvalid, ErrInvalid))
	joinType  = reflect.TypeOf(errors.Join(ErrInvalid))
)

// onlyProblems returns the one Problems that err is, or wraps together with
// nothing that could be tested for.
func onlyProblems(err error) (Problems, bool) {
	for {
		if many, ok := err.(Problems); ok {
			return many, true
		}
		t, wrapped := reflect.TypeOf(err), unwrap(err)
		if len(wrapped) != 1 || t != wordsType && t != manyType && t != joinType {
			return nil, false
		}
		err = wrapped[0]
	}
}

// appendProblems appends the problems of every Problems in the tree of err.
func appendProblems(found Problems, err error) Problems {
	if many, ok := err.(Problems); ok {
		return append(found, many...)
	}
	for _, wrapped := range unwrap(err) {
		found = appendProblems(found, wrapped)
	}
	return found
}

// unwrap returns the errors that err wraps, without nil.
func unwrap(err error) []error {
	var wrapped []error
	switch err := err.(type) {
	case interface{ Unwrap() error }:
		wrapped = []error{err.Unwrap()}
	case interface{ Unwrap() []error }:
		wrapped = slices.Clone(err.Unwrap())
	}
	return slices.DeleteFunc(wrapped, func(err error) bool { return err == nil })
}

func join(path, rest string) string {
	if path == "" || rest == "" || rest[0] == '[' {
		return path + rest
	}
	return path + "." + rest
}

// Err is ps where it holds an error, else nil: "return ps.Err()".
func (ps Problems) Err() error {
	for _, p := range ps {
		if p.Severity == SeverityError {
			return ps
		}
	}
	return nil
}

// Error lists the problems, one per line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives ErrInvalid and every Err.
func (ps Problems) Unwrap() []error {
	out := []error{ErrInvalid}
	for _, p := range ps {
		if p.Err != nil {
			out = append(out, p.Err)
		}
	}
	return out
}
