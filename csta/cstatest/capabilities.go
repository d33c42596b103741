package cstatest

import (
	"slices"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
)

// listServices is what the PBX says that it can do: of the services of this server
// those whose operations the port has, and every event.
func listServices(c *conn, sw *ctitest.Switch, _ *message.Request) (any, error) {
	can := sw.Capabilities()
	out := message.Capabilities{
		Name: message.Text("ctitest"), Manufacturer: message.Text("ctikit"),
		Profiles: message.BitsOf(1, 0), DeviceFormat: message.BitsOf(1, 0), Features: message.BitsOf(1),
		Addressability: message.BitsOf(1), Appearances: message.BitsOf(1), Linkage: message.BitsOf(1),
	}
	if can.GlobalCallIDs {
		out.Linkage = message.BitsOf(1, 0)
	}
	for op, s := range services {
		if can.Operations.Has(s.op) {
			out.Services = append(out.Services, op)
		}
	}
	for _, op := range []message.Operation{message.SnapshotCallData, message.SnapshotDeviceData, message.SwitchingFunctionDevices} {
		if c.canEncode(op) {
			out.Services = append(out.Services, op) // those go the other way
		}
	}
	slices.Sort(out.Services)
	for k := cti.Bridged; k <= cti.Private; k++ {
		out.Events = append(out.Events, k)
	}
	return &out, nil
}

// announceCapabilities tells an application that registered for it that the PBX can do
// something else now.
func (c *conn) announceCapabilities() {
	if id := c.registration.Load(); id != nil {
		c.sendRequest(message.Request{Op: message.SwitchingFunctionCapsChanged, Register: message.Octets(*id)})
	}
}
