package ecma323

import (
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

var deviceCall = structure[message.DeviceCall]{
	connection("connectionIdentifier", true, func(c *message.DeviceCall) *message.Connection { return &c.Connection }),
	party("endpointDevice", false, func(c *message.DeviceCall) *message.Device { return &c.Endpoint }),
	within("localCallState", func(*message.DeviceCall) bool { return true }, structure[message.DeviceCall]{
		{name: "compoundCallState", read: func(r *reader, c *message.DeviceCall) { compound.read(r, c) }, write: func(w *writer, name string, c *message.DeviceCall) {
			if c.States != nil {
				w.open(name)
				compound.write(w, c)
				w.close(name)
			}
		}},
		enum("simpleCallState", simpleStates, func(c *message.DeviceCall) *message.Opt[int16] { return &c.Simple }),
		{name: "unknown", read: func(r *reader, c *message.DeviceCall) { r.scan.Skip() }, write: func(w *writer, name string, c *message.DeviceCall) {
			if c.States == nil && !c.Simple.Set {
				w.empty(name)
			}
		}},
	}),
	nested("servicesPermitted", func(c *message.DeviceCall) **message.ServicesPermitted { return &c.Services }, servicesPermitted),
	list("mediaServiceInfoList", "deviceMediaInfo", func(c *message.DeviceCall) *[]message.Stream { return &c.Streams }, item(structure[message.Stream]{
		textID("mediaStreamID", func(s *message.Stream) *message.Octets { return &s.ID }),
		nested("connectionInformation", func(s *message.Stream) **message.ConnectionInfo { return &s.Info }, connectionInformation),
	})),
	nested("mediaCallCharacteristics", func(c *message.DeviceCall) **message.Media { return &c.Media }, mediaCharacteristics),
	since(4, nested("callLinkageData", func(c *message.DeviceCall) **message.Linkage { return &c.Linkage }, linkages)),
}

// compound is one state after another, the device's own first.
var compound = structure[message.DeviceCall]{{name: "localConnectionState",
	read: func(r *reader, c *message.DeviceCall) {
		i := max(0, nameIndex(stateNames, r.text()))
		c.States = append(c.States, cti.LocalState(i))
	},
	write: func(w *writer, name string, c *message.DeviceCall) {
		for _, s := range c.States {
			w.named(name, stateNames, int(s))
		}
	}}}

var callParty = structure[message.CallParty]{
	party("deviceOnCall", true, func(p *message.CallParty) *message.Device { return &p.Device }),
	connection("callIdentifier", false, func(p *message.CallParty) *message.Connection { return &p.Connection }),
	state("localConnectionInfo", func(p *message.CallParty) *cti.LocalState { return &p.State }),
	nested("servicesPermitted", func(p *message.CallParty) **message.ServicesPermitted { return &p.Services }, servicesPermitted),
	list("mediaServiceInfoList", "callMediaInfo", func(p *message.CallParty) *[]message.Stream { return &p.Streams }, item(structure[message.Stream]{
		choice("mediaServiceType", mediaServiceTypes, func(s *message.Stream) *int16 { return &s.Service }),
		number("mediaServiceVersion", func(s *message.Stream) *message.Opt[int64] { return &s.Version }),
		textID("mediaServiceInstance", func(s *message.Stream) *message.Octets { return &s.Instance }),
		textID("mediaStreamID", func(s *message.Stream) *message.Octets { return &s.ID }),
		nested("connectionInformation", func(s *message.Stream) **message.ConnectionInfo { return &s.Info }, connectionInformation),
	})),
}
