// Package acse reads and writes the association messages (ITU-T X.227) in
// which CSTA negotiates its version (ECMA-285 annex, acse_user_info_csta) and,
// with some switches, logs in.
package acse

import (
	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/message"
)

const (
	tagAARQ ber.Tag = 0x60
	tagAARE ber.Tag = 0x61
	tagRLRQ ber.Tag = 0x62
	tagRLRE ber.Tag = 0x63
	tagABRT ber.Tag = 0x64
	// Panasonic sends an ABRT without its envelope: the bare source.
	tagBareABRT ber.Tag = 0x80
)

var steps = map[ber.Tag]message.AssociationStep{
	tagAARQ: message.Associate, tagAARE: message.Associated, tagRLRQ: message.Release,
	tagRLRE: message.Released, tagABRT: message.Abort, tagBareABRT: message.Abort,
}

// Is reports whether a message that starts with the tag is one of ACSE.
func Is(tag ber.Tag) bool { _, ok := steps[tag]; return ok }

// Read reads the current message.
func Read(w *ber.Walker, a *message.Association) {
	*a = message.Association{Step: steps[w.Tag()]}
	if w.Tag() == tagBareABRT {
		ber.OptInt(w, tagBareABRT, &a.Reason.Value, &a.Reason.Set)
		return
	}
	body(w, a)
}

// Write writes a message.
func Write(w *ber.Walker, a *message.Association) {
	copied := *a
	body(w, &copied)
}

func body(w *ber.Walker, a *message.Association) {
	m := w.Require(tagAARQ + ber.Tag(a.Step))
	switch a.Step {
	case message.Associate:
		skipField(w, 0x80) // protocol version
		context(w, a)
		for w.Tag() != ber.TagEnd && w.Tag() < 0xaa && w.Tag() != 0x8a {
			w.TakeRaw() // titles and invocation identifiers
		}
		authentication(w, a)
	case message.Associated:
		skipField(w, 0x80)
		context(w, a)
		associationResult(w, a)
		for w.Tag() != ber.TagEnd && w.Tag() != tagUserInformation {
			w.TakeRaw() // responding titles and authentication
		}
	default:
		ber.OptInt(w, 0x80, &a.Reason.Value, &a.Reason.Set)
	}
	for w.Tag() != ber.TagEnd && w.Tag() != tagUserInformation {
		w.Skip()
	}
	userInformation(w, a)
	w.Leave(m)
}

// skipField passes over a field that we know and do not use.
func skipField(w *ber.Walker, tag ber.Tag) {
	if !w.Writing() && w.Tag() == tag {
		w.TakeRaw()
	}
}

// context is application-context-name [1].
func context(w *ber.Walker, a *message.Association) {
	if m, ok := w.Enter(0xa1, a.Context != ""); ok {
		w.OID(&a.Context)
		w.Leave(m)
	}
}

// associationResult is result [2] and result-source-diagnostic [3].
func associationResult(w *ber.Walker, a *message.Association) {
	m := w.Require(0xa2)
	ber.Int(w, ber.TagInteger, &a.Result)
	w.Leave(m)
	source := ber.Tag(0xa1)
	if a.ByProvider {
		source = 0xa2
	}
	m, ok := w.Enter(0xa3, true)
	if !ok {
		return
	}
	if !w.Writing() {
		source = w.Tag()
		a.ByProvider = source == 0xa2
	}
	inner := w.Require(source)
	ber.Int(w, ber.TagInteger, &a.Diagnostic.Value)
	a.Diagnostic.Set = true
	w.Leave(inner)
	w.Leave(m)
}

// authentication is the mechanism-independent part of the authentication
// functional unit: sender-acse-requirements [10], the value [12]. The value is
// an EXTERNAL with a name and a password (CSTA-authentication of estos' switch
// drivers); the name and password are UTF-8 strings.
func authentication(w *ber.Walker, a *message.Association) {
	present := a.User != "" || !a.Password.IsZero()
	if w.Writing() && present {
		w.Put(0x8a, []byte{7, 0x80}) // bit 0: authentication
	}
	skipField(w, 0x8a)
	skipField(w, 0x8b) // mechanism name
	m, ok := w.Enter(0xac, present)
	if !ok {
		return
	}
	if text, ok := w.Take(0x80, false); ok { // a character string alone
		a.Password = ctikit.NewSecret(string(text))
		w.Leave(m)
		return
	}
	outer := w.Require(0xa2) // external
	if w.Tag() == ber.TagOID {
		w.Skip()
	}
	single := w.Require(0xa0)
	seq := w.Require(ber.TagSequence)
	user, password := []byte(a.User), []byte(a.Password.Reveal())
	const utf8String ber.Tag = 0x0c
	ber.Octets(w, utf8String, &user)
	ber.Octets(w, utf8String, &password)
	if !w.Writing() {
		a.User, a.Password = string(user), ctikit.NewSecret(string(password))
	}
	w.Leave(seq)
	w.Leave(single)
	w.Leave(outer)
	w.Leave(m)
}
