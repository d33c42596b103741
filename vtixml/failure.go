package vtixml

import (
	"errors"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
)

// Failure is why a request was refused.
type Failure struct {
	Code  string // the protocol's own code
	Err   error  // what it means: a sentinel of package cti
	Limit int    // with [cti.ErrCapacity]: the PBX's limit, 0 if not reported
	Text  string // for a human being
}

// badVersion is the refusal of our version of the dialect.
const badVersion = "badVersion"

// failures are the codes of our dialect (PROTOCOL.md, chapter 8).
var failures = []struct {
	code string
	err  error
}{
	{"badPassword", cti.ErrBadPassword},
	{"unknownExtension", cti.ErrInvalidDevice},
	{"unsupportedSet", cti.ErrUnsupportedSet},
	{"capacity", cti.ErrCapacity},
	{"unreachable", cti.ErrUnreachable},
	{"busy", cti.ErrBusy},
	{"invalidState", cti.ErrInvalidState},
	{"invalidCall", cti.ErrInvalidCall},
	{"invalidDestination", cti.ErrInvalidDestination},
	{"unsupported", ctikit.ErrUnsupported},
	{"badCredentials", cti.ErrBadCredentials},
	{badVersion, cti.ErrProtocol},
	{"refused", cti.ErrRefused},
}

// sentinelOf returns the meaning of a code; an unknown one is a refusal like any other.
func sentinelOf(code string) error {
	for _, f := range failures {
		if f.code == code {
			return f.err
		}
	}
	return cti.ErrRefused
}

// codeOf returns the code for an error.
func codeOf(err error) string {
	for _, f := range failures {
		if errors.Is(err, f.err) {
			return f.code
		}
	}
	return "refused"
}

// asError makes the failure the error of an operation.
func (f *Failure) asError() *cti.Error {
	why := f.Err
	if why == nil {
		why = cti.ErrRefused
	}
	return &cti.Error{Err: why, Code: f.Code, Detail: f.Text, Limit: f.Limit}
}
