package vtixmltest

import (
	"errors"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/vtixml"
)

// serveLogon logs one extension on and starts its supervision.
func (c *conn) serveLogon(l vtixml.Logon) {
	c.a.Serve(cti.OpSupervise, l.Device, l.ID, func(sw *ctitest.Switch) (any, error) {
		return sw.StartMonitor(l.Device, l.Password)
	})
}

// performRequest hands a request to the PBX.
func (c *conn) performRequest(id uint32, op cti.Operation, r vtixml.Request) {
	if op == cti.OpRelease {
		c.a.Serve(op, r.Device, id, func(sw *ctitest.Switch) (any, error) {
			return nil, sw.StopMonitor(ctitest.MonitorID(r.Monitor))
		})
		return
	}
	q := driver.Request{Op: op, Device: r.Device, Connection: cti.ConnectionID{Call: r.Call, Device: r.Device},
		Held: cti.ConnectionID{Call: r.Held, Device: r.Device}, Number: r.Number, Target: r.Target, On: r.On,
		Agent: cti.Agent{State: r.Agent}, Private: r.Data}
	if takes := op.Info().Takes; takes.Has(cti.FieldDevice) && takes.Has(cti.FieldConnection) {
		q.Connection.Device = r.Target
	}
	c.a.ServeRequest(q, id)
}

// sendAnswer writes what a request came to.
func (c *conn) sendAnswer(m ctitest.Message) error {
	id := m.Tag.(uint32)
	if m.Err != nil {
		return c.sendRefusal(id, failureOf(m.Err))
	}
	out := vtixml.Message{Type: vtixml.AnswerMessage, ID: id}
	switch v := m.Answer.(type) {
	case ctitest.MonitorID:
		out.Answer.Monitor = uint32(v)
	case driver.Reply:
		out.Answer = vtixml.Answer{Connection: v.Connection, On: v.On, Agent: v.Agent, Devices: v.Devices, Data: v.Private}
		if m.Op == cti.OpSnapshotDevice {
			out.Answer.Snapshot = v.Snapshot
		}
		if m.Op == cti.OpSnapshotCall {
			out.Answer.Call = v.Call
		}
	}
	return c.writeMessage(&out)
}

// sendEvent writes an event, or a change of capabilities.
func (c *conn) sendEvent(m ctitest.Message) error {
	if m.Event.Kind == cti.CapabilitiesChanged {
		return c.writeMessage(&vtixml.Message{Type: vtixml.CapabilitiesMessage, Capabilities: c.a.Capabilities()})
	}
	return c.writeMessage(&vtixml.Message{Type: vtixml.EventMessage, Monitor: uint32(m.Monitor), Event: *m.Event})
}

func (c *conn) sendRefusal(id uint32, f vtixml.Failure) error {
	return c.writeMessage(&vtixml.Message{Type: vtixml.RefusalMessage, ID: id, Failure: f})
}

// failureOf translates an error of the PBX.
func failureOf(err error) vtixml.Failure {
	f := vtixml.Failure{Err: err}
	if e, ok := errors.AsType[*cti.Error](err); ok {
		f.Limit, f.Text = e.Limit, e.Detail
	}
	return f
}
