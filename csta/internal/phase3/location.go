package phase3

import (
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/fields"
	"github.com/ctikit/ctikit/csta/internal/message"
)

// locations is LocationInfoList.
func locations(w *ber.Walker, tag ber.Tag, list *[]message.Location) {
	fields.List(w, tag, list, func(w *ber.Walker, l *message.Location) {
		fields.RequiredList(w, ber.TagSequence, (*[]message.GeoPriv)(l), geoPriv)
	})
}

func geoPriv(w *ber.Walker, g *message.GeoPriv) {
	m := w.Require(ber.TagSequence)
	fields.RequiredList(w, ber.TagSequence, &g.Places, civicLocation)
	fields.Optional(w, 0xa0, &g.Usage, func(w *ber.Walker, u *message.UsageRules) {
		w.Bool(ber.TagBoolean, &u.Retransmit)
		ber.Octets(w, ber.TagGeneralized, &u.Expires)
		ber.Octets(w, ber.TagIA5String, &u.Ruleset)
		ber.OptOctets(w, ber.TagIA5String, &u.NoteWell)
	})
	fields.OptInt(w, 0x81, &g.Method)
	fields.Optional(w, 0xa2, &g.Providers, func(w *ber.Walker, p *message.ProvidedBy) {
		ber.Octets(w, ber.TagIA5String, &p.Provider)
		ber.Octets(w, ber.TagIA5String, &p.Tel)
		ber.Octets(w, ber.TagIA5String, &p.URL)
	})
	w.Leave(m)
}

// civicLocation is GpLocationInfo with its civicLocGml.
func civicLocation(w *ber.Walker, c *message.Civic) {
	outer := w.Require(ber.TagSequence)
	inner := w.Require(ber.TagSequence)
	ber.Octets(w, ber.TagOctetString, &c.GML)
	if m, ok := w.Enter(ber.TagSequence, c.Address[0] != nil); ok {
		ber.Octets(w, ber.TagIA5String, &c.Address[0])
		for i := range c.Address[1:] {
			ber.OptOctets(w, 0x80+ber.Tag(i), &c.Address[1+i])
		}
		w.Leave(m)
	}
	w.Leave(inner)
	w.Leave(outer)
}
