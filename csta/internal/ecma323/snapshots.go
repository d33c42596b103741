package ecma323

import (
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

var deviceCall = structure[message.DeviceCall]{
	connectionField("connectionIdentifier", true,
		func(c *message.DeviceCall) *message.Connection { return &c.Connection }),
	partyField("endpointDevice", false, func(c *message.DeviceCall) *message.Device { return &c.Endpoint }),
	groupField("localCallState", func(*message.DeviceCall) bool { return true }, structure[message.DeviceCall]{
		{name: "compoundCallState", read: func(r *reader, c *message.DeviceCall) { compound.readChildren(r, c) },
			write: func(w *writer, name string, c *message.DeviceCall) {
				if c.States != nil {
					w.openElement(name)
					compound.writeChildren(w, c)
					w.closeElement(name)
				}
			}},
		enumField("simpleCallState", simpleStates, func(c *message.DeviceCall) *message.Opt[int16] { return &c.Simple }),
		{name: "unknown", read: func(r *reader, c *message.DeviceCall) { r.scan.Skip() },
			write: func(w *writer, name string, c *message.DeviceCall) {
				if c.States == nil && !c.Simple.Set {
					w.writeEmpty(name)
				}
			}},
	}),
	nestedField("servicesPermitted", func(c *message.DeviceCall) **message.ServicesPermitted { return &c.Services },
		servicesPermitted),
	listField("mediaServiceInfoList", "deviceMediaInfo",
		func(c *message.DeviceCall) *[]message.Stream { return &c.Streams }, item(structure[message.Stream]{
			identifierField("mediaStreamID", func(s *message.Stream) *message.Octets { return &s.ID }),
			nestedField("connectionInformation", func(s *message.Stream) **message.ConnectionInfo { return &s.Info },
				connectionInformation),
		})),
	nestedField("mediaCallCharacteristics", func(c *message.DeviceCall) **message.Media { return &c.Media },
		mediaCharacteristics),
	sinceEdition(4, nestedField("callLinkageData", func(c *message.DeviceCall) **message.Linkage { return &c.Linkage },
		linkages)),
}

// compound is one state after another, the device's own first.
var compound = structure[message.DeviceCall]{{name: "localConnectionState",
	read: func(r *reader, c *message.DeviceCall) {
		i := max(0, nameIndex(stateNames, r.readText()))
		c.States = append(c.States, cti.LocalState(i))
	},
	write: func(w *writer, name string, c *message.DeviceCall) {
		for _, s := range c.States {
			w.writeName(name, stateNames, int(s))
		}
	}}}

var callParty = structure[message.CallParty]{
	partyField("deviceOnCall", true, func(p *message.CallParty) *message.Device { return &p.Device }),
	connectionField("callIdentifier", false, func(p *message.CallParty) *message.Connection { return &p.Connection }),
	stateField("localConnectionInfo", func(p *message.CallParty) *cti.LocalState { return &p.State }),
	nestedField("servicesPermitted", func(p *message.CallParty) **message.ServicesPermitted { return &p.Services },
		servicesPermitted),
	listField("mediaServiceInfoList", "callMediaInfo", func(p *message.CallParty) *[]message.Stream { return &p.Streams },
		item(structure[message.Stream]{
			choiceField("mediaServiceType", mediaServiceTypes, func(s *message.Stream) *int16 { return &s.Service }),
			numberField("mediaServiceVersion", func(s *message.Stream) *message.Opt[int64] { return &s.Version }),
			identifierField("mediaServiceInstance", func(s *message.Stream) *message.Octets { return &s.Instance }),
			identifierField("mediaStreamID", func(s *message.Stream) *message.Octets { return &s.ID }),
			nestedField("connectionInformation", func(s *message.Stream) **message.ConnectionInfo { return &s.Info },
				connectionInformation),
		})),
}
