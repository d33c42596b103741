package vtixmltest

import (
	"errors"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/vtixml"
)

// logon logs one extension on and starts its supervision.
func (c *conn) logon(l vtixml.Logon) {
	c.a.Serve(cti.OpSupervise, l.Device, l.ID, func(sw *ctitest.Switch) (any, error) {
		return value(sw.StartMonitor(l.Device, l.Password))
	})
}

// request hands a request to the PBX.
func (c *conn) request(id uint32, op cti.Operation, r vtixml.Request) {
	c.a.Serve(op, r.Device, id, func(sw *ctitest.Switch) (any, error) {
		at := cti.ConnectionID{Call: r.Call, Device: r.Device}
		held := cti.ConnectionID{Call: r.Held, Device: r.Device}
		other := cti.ConnectionID{Call: r.Call, Device: r.Target}
		switch op {
		case cti.OpRelease:
			return nil, sw.StopMonitor(ctitest.MonitorID(r.Monitor))
		case cti.OpMakeCall:
			return value(sw.MakeCall(r.Device, r.Number))
		case cti.OpAnswerCall:
			return nil, sw.AnswerCall(at)
		case cti.OpClearConnection:
			return nil, sw.ClearConnection(at)
		case cti.OpClearCall:
			return nil, sw.ClearCall(at)
		case cti.OpHoldCall:
			return nil, sw.HoldCall(at)
		case cti.OpRetrieveCall:
			return nil, sw.RetrieveCall(at)
		case cti.OpAlternateCall:
			return nil, sw.AlternateCall(held, at)
		case cti.OpReconnectCall:
			return nil, sw.ReconnectCall(held, at)
		case cti.OpConsultationCall:
			return value(sw.ConsultationCall(at, r.Number))
		case cti.OpTransferCall:
			return value(sw.TransferCall(held, at))
		case cti.OpSingleStepTransfer:
			return value(sw.SingleStepTransfer(at, r.Number))
		case cti.OpConferenceCall:
			return value(sw.ConferenceCall(held, at))
		case cti.OpSingleStepConference:
			return value(sw.SingleStepConference(at, r.Target))
		case cti.OpDeflectCall:
			return nil, sw.DeflectCall(at, r.Number)
		case cti.OpDirectedPickup:
			return nil, sw.DirectedPickup(r.Device, other)
		case cti.OpGroupPickup:
			return nil, sw.GroupPickup(r.Device)
		case cti.OpParkCall:
			return nil, sw.ParkCall(at, r.Target)
		case cti.OpJoinCall:
			return value(sw.JoinCall(r.Device, other))
		case cti.OpIntrudeCall:
			return value(sw.IntrudeCall(r.Device, other))
		case cti.OpCampOnCall:
			return nil, sw.CampOnCall(at)
		case cti.OpCallBack:
			return nil, sw.CallBack(at)
		case cti.OpDialDigits:
			return nil, sw.DialDigits(at, r.Number)
		case cti.OpGenerateDigits:
			return nil, sw.GenerateDigits(at, r.Number)
		}
		return feature(sw, op, r, at)
	})
}

// feature is what is no call control.
func feature(sw *ctitest.Switch, op cti.Operation, r vtixml.Request, at cti.ConnectionID) (any, error) {
	switch op {
	case cti.OpGetDoNotDisturb:
		return value(sw.DoNotDisturb(r.Device))
	case cti.OpSetDoNotDisturb:
		return nil, sw.SetDoNotDisturb(r.Device, r.On)
	case cti.OpGetMessageWaiting:
		return value(sw.MessageWaiting(r.Device))
	case cti.OpSetMessageWaiting:
		return nil, sw.SetMessageWaiting(r.Device, r.On)
	case cti.OpGetAgentState:
		return value(sw.AgentState(r.Device))
	case cti.OpSetAgentState:
		return nil, sw.SetAgentState(r.Device, r.Agent)
	case cti.OpSnapshotDevice:
		return value(sw.SnapshotDevice(r.Device))
	case cti.OpSnapshotCall:
		return value(sw.SnapshotCall(at))
	case cti.OpListDevices:
		return value(sw.ListDevices())
	case cti.OpEscape:
		return value(sw.Escape(r.Data))
	case cti.OpPing:
		return nil, sw.Ping()
	}
	return nil, cti.ErrUnsupported
}

func value[T any](v T, err error) (any, error) { return v, err }

// answer writes what a request came to.
func (c *conn) answer(m ctitest.Message) error {
	id := m.Tag.(uint32)
	if m.Err != nil {
		return c.refuse(id, failure(m.Err))
	}
	out := vtixml.Message{Type: vtixml.AnswerMessage, ID: id}
	switch v := m.Answer.(type) {
	case ctitest.MonitorID:
		out.Answer.Monitor = uint32(v)
	case cti.ConnectionID:
		out.Answer.Connection = v
	case bool:
		out.Answer.On = v
	case cti.AgentState:
		out.Answer.Agent = v
	case cti.Snapshot:
		out.Answer.Snapshot = &v
	case cti.Call:
		out.Answer.Call = &v
	case []cti.DeviceID:
		out.Answer.Devices = v
	case []byte:
		out.Answer.Data = v
	}
	return c.send(&out)
}

// event writes an event, or what has a message of its own.
func (c *conn) event(m ctitest.Message) error {
	if m.Event.Kind == cti.CapabilitiesChanged {
		return c.send(&vtixml.Message{Type: vtixml.CapabilitiesMessage, Capabilities: c.a.Capabilities()})
	}
	return c.send(&vtixml.Message{Type: vtixml.EventMessage, Monitor: uint32(m.Monitor), Event: *m.Event})
}

func (c *conn) refuse(id uint32, f vtixml.Failure) error {
	return c.send(&vtixml.Message{Type: vtixml.RefusalMessage, ID: id, Failure: f})
}

// failure is an error of the PBX as the protocol tells it.
func failure(err error) vtixml.Failure {
	f := vtixml.Failure{Err: err}
	if e, ok := errors.AsType[*cti.Error](err); ok {
		f.Limit, f.Text = e.Limit, e.Detail
	}
	return f
}
