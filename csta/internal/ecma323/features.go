package ecma323

import (
	"slices"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// What a switch can do is told by the elements that are there, grouped. What
// they hold, parameter by parameter, is passed over: the model asks for the
// services and events only.

type ability[V any] struct {
	name  string
	value V
}

type abilityGroup[V any] struct {
	name string
	list []ability[V]
}

func features() []resultField {
	return fieldsOf(
		abilities("supportedServices", serviceGroups,
			func(c *message.Capabilities) *[]message.Operation { return &c.Services }),
		abilities("supportedEvents", eventGroups, func(c *message.Capabilities) *[]cti.Kind { return &c.Events }))
}

func abilities[V comparable](name string, groups []abilityGroup[V], of func(*message.Capabilities) *[]V) resultField {
	return resultField{name: name,
		read: func(r *reader, v *result) {
			if v.Capabilities == nil {
				v.Capabilities = new(message.Capabilities)
			}
			for r.child() {
				readGroup(r, groups, of(v.Capabilities))
			}
		},
		write: func(w *writer, name string, v *result) {
			if v.Capabilities == nil {
				w.writeEmpty(name)
				return
			}
			w.openElement(name)
			for _, g := range groups {
				w.writeGroup(g.name, abilityNames(g.list, *of(v.Capabilities)))
			}
			w.closeElement(name)
		}}
}

func readGroup[V any](r *reader, groups []abilityGroup[V], into *[]V) {
	for _, g := range groups {
		if g.name != string(r.scan.Name()) {
			continue
		}
		for r.child() {
			for _, a := range g.list {
				if a.name == string(r.scan.Name()) {
					*into = append(*into, a.value)
				}
			}
			r.scan.Skip()
		}
		return
	}
	r.skipElement()
}

func abilityNames[V comparable](list []ability[V], have []V) []string {
	var out []string
	for _, a := range list {
		if slices.Contains(have, a.value) {
			out = append(out, a.name)
		}
	}
	return out
}

func (w *writer) writeGroup(name string, members []string) {
	if len(members) == 0 {
		return
	}
	w.openElement(name)
	for _, m := range members {
		w.writeEmpty(m)
	}
	w.closeElement(name)
}
