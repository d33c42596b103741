package ecma323

import (
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// GetSwitchingFunctionCaps: of what the switch tells there the model has the
// services and events, and a few values. Elements that ECMA-285 demands and the
// model has no XML names for are written empty: a list without members.

// told is a value of the capabilities, which reading makes where there are none.
func told(r *result) *message.Capabilities {
	if r.Capabilities == nil {
		r.Capabilities = new(message.Capabilities)
	}
	return r.Capabilities
}

// members is a list of what the model does not tell apart.
func members(name string) resultField {
	return resultField{name: name, read: func(r *reader, _ *result) { r.scan.Skip() }, write: func(w *writer, name string, _ *result) { w.empty(name) }}
}

// oneOf is an enumeration of two values.
func oneOf(name string, names []string, of func(*message.Capabilities) *bool) resultField {
	return resultField{name: name,
		read: func(r *reader, v *result) { *of(told(v)) = nameIndex(names, r.text()) == 1 },
		write: func(w *writer, name string, v *result) {
			i := 0
			if *of(told(v)) {
				i = 1
			}
			w.named(name, names, i)
		}}
}

// servEvts are the lists of ServEvtsList, in the order of the schema.
var servEvts = structure[result]{
	served("capExchangeServList"), also("systemStatServList", servedAs("systemServList", "systemStatServList")), served("monitoringServList"),
	served("snapshotServList"), served("callControlServList"), reported("callControlEvtsList"), served("callAssociatedServList"),
	reported("callAssociatedEvtsList"), reported("mediaEvtsList"), served("physDevServList"), reported("physDevEvtsList"),
	served("logicalServList"), reported("logicalEvtsList"), reported("deviceMaintEvtsList"), served("vendorSpecificServList"),
	reported("vendorSpecificEvtsList"),
}

func served(name string) resultField { return servedAs(name, name) }

// servedAs is a group of services that has another name here.
func servedAs(name, group string) resultField {
	return grouped(name, group, serviceGroups, func(c *message.Capabilities) *[]message.Operation { return &c.Services })
}

func reported(name string) resultField {
	return grouped(name, name, eventGroups, func(c *message.Capabilities) *[]cti.Kind { return &c.Events })
}

func grouped[V comparable](name, group string, groups []abilityGroup[V], of func(*message.Capabilities) *[]V) resultField {
	var list []ability[V]
	for _, g := range groups {
		if g.name == group {
			list = g.list
		}
	}
	return resultField{name: name,
		read: func(r *reader, v *result) {
			into := of(told(v))
			for r.child() {
				for _, a := range list {
					if a.name == string(r.scan.Name()) {
						*into = append(*into, a.value)
					}
				}
				r.scan.Skip()
			}
		},
		write: func(w *writer, name string, v *result) { w.group(name, abilityNames(list, *of(told(v)))) }}
}

func switchingCaps() []resultField {
	return one(
		required(text("switchingSubDomainName", func(v *result) *message.Text { return &told(v).Name })),
		required(text("manufacturerName", func(v *result) *message.Text { return &told(v).Manufacturer })),
		members("profiles"), members("deviceIDFormat"), members("swDomainFeatures"), members("swAppearanceAddressability"), members("swAppearanceTypes"),
		oneOf("ignoreUnsupportedParameters", ignoreNames, func(c *message.Capabilities) *bool { return &c.Reject }),
		bits("callLinkageOptions", callLinkageOptions, func(v *result) *message.Bits { return &told(v).Linkage }),
		oneOf("connectionView", viewNames, func(c *message.Capabilities) *bool { return &c.LocalView }),
		members("maxLengthParameters"),
		within("servEvtsList", func(v *result) bool { return len(told(v).Services)+len(told(v).Events) > 0 }, servEvts),
		number("systemStatusTimer", func(v *result) *message.Opt[int64] { return &told(v).StatusTimer }))
}
