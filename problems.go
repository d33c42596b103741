package ctikit

import (
	"errors"
	"fmt"
	"strings"
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
	// Err is a sentinel to test with errors.Is, nil where none.
	Err error `json:"-"`
}

// String is "links[1].capacity: must be at least 1, got 0".
func (p Problem) String() string {
	if p.Path == "" {
		return p.Message
	}
	return p.Path + ": " + p.Message
}

// Problems are all problems of one input, in the order of the input. As an error
// it prints one per line and wraps [ErrInvalid] and every Err.
type Problems []Problem

// Add appends an error.
func (ps *Problems) Add(path, format string, args ...any) {
	err := fmt.Errorf(format, args...)
	*ps = append(*ps, Problem{Severity: SeverityError, Path: path, Message: err.Error(), Err: errors.Unwrap(err)})
}

// AddUnder appends the problems of a part below a path; an error of another
// type becomes one problem.
func (ps *Problems) AddUnder(path string, err error) {
	if err == nil {
		return
	}
	if many, ok := errors.AsType[Problems](err); ok {
		for _, p := range many {
			p.Path = join(path, p.Path)
			*ps = append(*ps, p)
		}
		return
	}
	*ps = append(*ps, Problem{Severity: SeverityError, Path: path, Message: err.Error(), Err: err})
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

// Unwrap gives ErrInvalid and the sentinels.
func (ps Problems) Unwrap() []error {
	out := []error{ErrInvalid}
	for _, p := range ps {
		if p.Err != nil {
			out = append(out, p.Err)
		}
	}
	return out
}
