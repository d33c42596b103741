package ecma323

import (
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// GetSwitchingFunctionCaps: of what the switch tells there the model has the
// services and events, and a few values. Elements that ECMA-285 demands and the
// model has no XML names for are written empty: a list without members.

// ensureCapabilities is a value of the capabilities, which reading makes where there are none.
func ensureCapabilities(r *result) *message.Capabilities {
	if r.Capabilities == nil {
		r.Capabilities = new(message.Capabilities)
	}
	return r.Capabilities
}

// emptyList is a list of what the model does not tell apart.
func emptyList(name string) resultField {
	return resultField{name: name, read: func(r *reader, _ *result) { r.scan.Skip() },
		write: func(w *writer, name string, _ *result) { w.writeEmpty(name) }}
}

// oneOf is an enumeration of two values.
func oneOf(name string, names []string, of func(*message.Capabilities) *bool) resultField {
	return resultField{name: name,
		read: func(r *reader, v *result) { *of(ensureCapabilities(v)) = nameIndex(names, r.readText()) == 1 },
		write: func(w *writer, name string, v *result) {
			i := 0
			if *of(ensureCapabilities(v)) {
				i = 1
			}
			w.writeName(name, names, i)
		}}
}

// servEvts are the lists of ServEvtsList, in the order of the schema.
var servEvts = structure[result]{
	serviceGroup("capExchangeServList"), also("systemStatServList",
		namedServiceGroup("systemServList", "systemStatServList")), serviceGroup("monitoringServList"),
	serviceGroup("snapshotServList"), serviceGroup("callControlServList"), eventGroup("callControlEvtsList"),
	serviceGroup("callAssociatedServList"),
	eventGroup("callAssociatedEvtsList"), eventGroup("mediaEvtsList"), serviceGroup("physDevServList"),
	eventGroup("physDevEvtsList"),
	serviceGroup("logicalServList"), eventGroup("logicalEvtsList"), eventGroup("deviceMaintEvtsList"),
	serviceGroup("vendorSpecificServList"),
	eventGroup("vendorSpecificEvtsList"),
}

func serviceGroup(name string) resultField { return namedServiceGroup(name, name) }

// namedServiceGroup is a group of services that has another name here.
func namedServiceGroup(name, group string) resultField {
	return grouped(name, group, serviceGroups, func(c *message.Capabilities) *[]message.Operation { return &c.Services })
}

func eventGroup(name string) resultField {
	return grouped(name, name, eventGroups, func(c *message.Capabilities) *[]cti.Kind { return &c.Events })
}

func grouped[V comparable](name, group string, groups []abilityGroup[V],
	of func(*message.Capabilities) *[]V) resultField {
	var list []ability[V]
	for _, g := range groups {
		if g.name == group {
			list = g.list
		}
	}
	return resultField{name: name,
		read: func(r *reader, v *result) {
			into := of(ensureCapabilities(v))
			for r.child() {
				for _, a := range list {
					if a.name == string(r.scan.Name()) {
						*into = append(*into, a.value)
					}
				}
				r.scan.Skip()
			}
		},
		write: func(w *writer, name string, v *result) {
			w.writeGroup(name, abilityNames(list, *of(ensureCapabilities(v))))
		}}
}

func switchingCaps() []resultField {
	return fieldsOf(
		required(textField("switchingSubDomainName", func(v *result) *message.Text { return &ensureCapabilities(v).Name })),
		required(textField("manufacturerName", func(v *result) *message.Text { return &ensureCapabilities(v).Manufacturer })),
		emptyList("profiles"), emptyList("deviceIDFormat"), emptyList("swDomainFeatures"),
		emptyList("swAppearanceAddressability"), emptyList("swAppearanceTypes"),
		oneOf("ignoreUnsupportedParameters", ignoreNames, func(c *message.Capabilities) *bool { return &c.Reject }),
		bitsField("callLinkageOptions", callLinkageOptions,
			func(v *result) *message.Bits { return &ensureCapabilities(v).Linkage }),
		oneOf("connectionView", viewNames, func(c *message.Capabilities) *bool { return &c.LocalView }),
		emptyList("maxLengthParameters"),
		groupField("servEvtsList",
			func(v *result) bool { return len(ensureCapabilities(v).Services)+len(ensureCapabilities(v).Events) > 0 }, servEvts),
		numberField("systemStatusTimer", func(v *result) *message.Opt[int64] { return &ensureCapabilities(v).StatusTimer }))
}
