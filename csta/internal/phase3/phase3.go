// Package phase3 is CSTA III over BER (ECMA-285, 4th edition). Each file holds
// one family of services or events; each function there is one structure of
// the standard, with its fields in their order on the wire, and works in both
// directions (see package ber). Tags are written as the octets that a dump
// shows: 0x80 is [0] IMPLICIT of a primitive type, 0xa0 the same of a
// constructed one or an EXPLICIT [0], 0x6b is [APPLICATION 11].
//
// Where the standard prints [n] IMPLICIT on a CHOICE that has a tag of its own
// (ConsultationCall's existing call, Transferred's secondary old call), the
// printed tag takes the place of that tag and the CHOICE stays inside.
package phase3

import (
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/csta/internal/rose"
)

// phase is the dialect. What it holds is what was read before, by content.
type phase struct {
	strings        *message.Cache[string]
	deviceIDs      *message.Cache[message.Device]
	partyIDs       *message.Cache[message.Device]
	redirectionIDs *message.Cache[message.Device]
	connectionIDs  *message.Cache[message.Connection]
	medias         *message.Cache[*message.Media]
	infos          *message.Cache[*message.ConnectionInfo]
	permitted      *message.Cache[*message.ServicesPermitted]
	linkages       *message.Cache[*message.Linkage]
}

// New returns the codec of CSTA III.
func New(o message.Options) message.Codec {
	return rose.New(&phase{
		strings:        message.NewCache[string](o.CacheSize),
		deviceIDs:      message.NewCache[message.Device](o.CacheSize),
		partyIDs:       message.NewCache[message.Device](o.CacheSize),
		redirectionIDs: message.NewCache[message.Device](o.CacheSize),
		connectionIDs:  message.NewCache[message.Connection](message.PassingCacheSize),
		medias:         message.NewCache[*message.Media](message.PassingCacheSize),
		infos:          message.NewCache[*message.ConnectionInfo](message.PassingCacheSize),
		permitted:      message.NewCache[*message.ServicesPermitted](message.PassingCacheSize),
		linkages:       message.NewCache[*message.Linkage](message.PassingCacheSize),
	}, o)
}

// Code implements rose.Dialect: the model has the codes of this phase.
func (p *phase) Code(op message.Operation) (int64, bool) {
	return int64(op), op != message.NoOperation && op < message.StartApplicationSession
}

// Service implements rose.Dialect.
func (p *phase) Service(code int64, _ ber.Walker) message.Operation { return operation(code) }

// Answered implements rose.Dialect. The result says itself what it answers.
func (p *phase) Answered(code int64, _ message.Operation, _ ber.Walker) message.Operation {
	return operation(code)
}

func operation(code int64) message.Operation {
	if code <= 0 || code >= int64(message.StartApplicationSession) {
		return message.NoOperation
	}
	return message.Operation(code)
}

// Failure implements rose.Dialect: UniversalFailure, EXPLICIT tags [0] to [7].
func (p *phase) Failure(w *ber.Walker, f *message.Failure) {
	if !w.Writing() {
		f.Class = message.FailureClass(w.Tag() - 0xa0)
		if w.Tag() < 0xa0 || f.Class > message.UnspecifiedError {
			w.Failf("expected an error [0] to [7], got %v", w.Tag())
			return
		}
	}
	m := w.Require(0xa0 + ber.Tag(f.Class))
	if f.Class == message.UnspecifiedError {
		w.OptNull(ber.TagNull, true)
	} else {
		ber.Int(w, ber.TagEnumerated, &f.Number)
	}
	w.Leave(m)
}
