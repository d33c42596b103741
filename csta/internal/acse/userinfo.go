package acse

import (
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/message"
)

const tagUserInformation ber.Tag = 0xbe

// cstaUserInformation is {iso(1) identified-organization(3) icd-ecma(12)
// standard(0) csta3(285) acse-user-information(200)}.
const cstaUserInformation = "1.3.12.0.285.200"

// userInformation is user-information [30]: a SEQUENCE OF EXTERNAL, of which
// the CSTA one carries ACSEUserInformationForCSTA.
func userInformation(w *ber.Walker, a *message.Association) {
	ours := a.UserInformation == nil && a.Versions.Set
	m, ok := w.Enter(tagUserInformation, ours || a.UserInformation != nil)
	if !ok {
		return
	}
	if w.Writing() && !ours {
		w.PutRaw(a.UserInformation)
	} else if !w.Writing() {
		probe := *w
		probe.Skipped = 0
		var read message.Association
		external(&probe, &read)
		if probe.Err() == nil && read.Versions.Set && probe.Tag() == ber.TagEnd && probe.Skipped == 0 {
			external(w, a)
		} else {
			a.UserInformation = w.Rest()
			for w.Tag() != ber.TagEnd {
				w.TakeRaw()
			}
		}
	} else {
		external(w, a)
	}
	w.Leave(m)
}

func external(w *ber.Walker, a *message.Association) {
	m := w.Require(ber.TagExternal)
	reference := cstaUserInformation
	w.OID(&reference)
	if reference != cstaUserInformation {
		return
	}
	single := w.Require(0xa0)
	UserInformation(w, a)
	w.Leave(single)
	w.Leave(m)
}

// UserInformation is ACSEUserInformationForCSTA: the new definition [0], or the
// old one, a bare SEQUENCE. It is written in the new form.
func UserInformation(w *ber.Walker, a *message.Association) {
	m, isNew := w.Enter(0xa0, true)
	if !isNew {
		m = w.Require(ber.TagSequence)
	}
	w.Bits(ber.TagBitString, &a.Versions.Mask, &a.Versions.Len)
	a.Versions.Set = true
	if isNew {
		skipField(w, 0xa0) // functions required by the application
		skipField(w, 0xa1) // functions that can be supplied
		if list, ok := w.Enter(0xa2, a.PrivateVersions != nil); ok {
			privateVersions(w, a)
			w.Leave(list)
		}
	}
	w.Leave(m)
}

func privateVersions(w *ber.Walker, a *message.Association) {
	if !w.Writing() {
		a.PrivateVersions = []int64{}
	}
	for i := 0; w.More(i, len(a.PrivateVersions)); i++ {
		if !w.Writing() {
			a.PrivateVersions = append(a.PrivateVersions, 0)
		}
		ber.Int(w, ber.TagInteger, &a.PrivateVersions[i])
	}
}
