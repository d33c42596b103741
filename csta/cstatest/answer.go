package cstatest

import (
	"errors"
	"strconv"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
)

// sendAnswer puts the answer to a request on the wire.
func (c *conn) sendAnswer(m ctitest.Message) error {
	q := m.Tag.(requestTag)
	if m.Err != nil {
		f := failureOf(m.Err)
		return c.writeMessage(func(dst []byte) ([]byte, error) { return c.codec.AppendFailure(dst, q.id, &f) })
	}
	r := c.buildResult(q, m.Answer)
	reply, _ := m.Answer.(driver.Reply)
	rest := c.splitResult(&r, reply.Devices)
	if err := c.sendResult(q.id, r); err != nil {
		return err
	}
	for _, piece := range rest {
		c.sendRequest(piece)
	}
	return nil
}

// buildResult translates an answer of the PBX.
func (c *conn) buildResult(q requestTag, answer any) message.Result {
	r := message.Result{Op: q.op}
	switch a := answer.(type) {
	case ctitest.MonitorID:
		r.CrossRef, r.Filter = formatCrossRef(a), q.filter
		r.ExistingCalls = message.Some(c.a.Capabilities().ReportsExistingCalls)
	case registration:
		r.Register = message.Octets(a)
	case *message.Capabilities:
		r.Capabilities = a
	case driver.Reply:
		c.fillResult(&r, q, &a)
	}
	switch q.op {
	case message.RequestSystemStatus:
		r.Status = message.Normal
	case message.ChangeMonitorFilter:
		r.Filter = q.filter
	}
	return r
}

// fillResult translates the reply to an operation.
func (c *conn) fillResult(r *message.Result, q requestTag, a *driver.Reply) {
	r.On = a.On
	if a.Connection.Call != "" {
		r.Connection = c.messageConnection(a.Connection)
	}
	if a.Snapshot != nil {
		for _, call := range a.Snapshot.Calls {
			r.Calls = append(r.Calls, message.DeviceCall{
				Connection: c.messageConnection(cti.ConnectionID{Call: call.ID, Device: a.Snapshot.Device}),
				States:     []cti.LocalState{call.State}, Linkage: linkageOf(call.Global),
			})
		}
	}
	for _, f := range a.Forwards {
		r.Forwards = append(r.Forwards, message.Forwarding{Type: message.Some(message.ForwardingTypeOf(f)), On: f.Active,
			To: message.Number(f.To)})
	}
	switch q.op {
	case message.SnapshotCall:
		c.fillSnapshotCall(r, q.connection, a.Call)
	case message.GetAgentState:
		r.Agents = []message.Agent{{LoggedOn: a.Agent != cti.AgentNull, States: []message.AgentGroupState{{State: a.Agent}}}}
	case message.Escape:
		r.Extensions = c.encoding.PrivateExtension(a.Private)
	}
}

// fillSnapshotCall lists all devices in a call, the requested one first.
func (c *conn) fillSnapshotCall(r *message.Result, asked cti.ConnectionID, a *cti.Call) {
	r.Calling, r.Called = c.messageParty(a.Calling), c.messageParty(a.Called)
	own := cti.CallParty{Device: cti.PartyOf(asked.Device), State: a.State}
	for _, p := range append([]cti.CallParty{own}, a.Parties...) {
		r.Parties = append(r.Parties, message.CallParty{
			Device: c.messageParty(p.Device), Connection: c.messageConnection(cti.ConnectionID{Call: a.ID,
				Device: p.Device.Number}), State: p.State,
		})
	}
}

func formatCrossRef(id ctitest.MonitorID) string {
	s := strconv.FormatUint(uint64(id), 16)
	return "0000"[min(4, len(s)):] + s
}

func (c *conn) messageConnection(id cti.ConnectionID) message.Connection {
	return message.ConnectionOf(string(id.Call), c.messageDevice(string(id.Device)))
}

// messageDevice names a device in the form of the profile; a number that begins with 0 is not
// an integer.
func (c *conn) messageDevice(number string) message.Device {
	form := message.Form(c.profile.Devices)
	if form == message.DeviceNumber && (number == "" || number[0] == '0') {
		form = message.DialingNumber
	}
	return message.Device{Status: message.Known, Form: form, Number: number}
}

func (c *conn) messageParty(p cti.Party) message.Device {
	switch p.Status {
	case cti.Known:
		d := c.messageDevice(string(p.Number))
		d.PrivateName, d.HasName = p.Name, p.Name != ""
		return d
	case cti.NotKnown:
		return message.Device{Status: message.NotKnown}
	case cti.Restricted:
		return message.Device{Status: message.Restricted}
	}
	return message.Device{}
}

func linkageOf(global string) *message.Linkage {
	if global == "" {
		return nil
	}
	return &message.Linkage{Call: message.LinkageID{Set: true, Unique: true, ID: message.Octets(global)}}
}

// failures lists the errors of ECMA-285 for the sentinels of cti.
var failures = []struct {
	err   error
	class message.FailureClass
	name  string
}{
	{cti.ErrCapacity, message.SystemResourceError, "overallMonitorLimitExceeded"},
	{cti.ErrUnsupportedSet, message.OperationError, "requestIncompatibleWithObject"},
	{ctikit.ErrUnsupported, message.OperationError, "serviceNotSupported"},
	{cti.ErrInvalidDevice, message.OperationError, "invalidDeviceID"},
	{cti.ErrInvalidDestination, message.OperationError, "invalidCalledDeviceID"},
	{cti.ErrInvalidCall, message.OperationError, "invalidConnectionID"},
	{cti.ErrInvalidState, message.StateError, "invalidObjectState"},
	{cti.ErrUnreachable, message.SystemResourceError, "networkOutOfService"},
	{cti.ErrBusy, message.SystemResourceError, "resourceBusy"},
	{cti.ErrRefused, message.OperationError, "generic"},
}

func failureOf(err error) message.Failure {
	for _, f := range failures {
		if errors.Is(err, f.err) {
			known, _ := message.FailureByName(f.class, f.name)
			return known
		}
	}
	return message.Failure{Class: message.OperationError, Number: 1}
}

// devicesPerPiece is how many devices a piece of the list of devices has where
// [Options] do not set it; ECMA-269 has that list in pieces only.
const devicesPerPiece = 50

// splitResult puts a reference instead of the data into a result, and returns the
// messages with the data. There are none if the answer carries it.
func (c *conn) splitResult(r *message.Result, devices []cti.DeviceID) []message.Request {
	op, size := message.NoOperation, c.options.Pieces
	switch {
	case r.Op == message.GetSwitchingFunctionDevices:
		op = message.SwitchingFunctionDevices
		if size == 0 {
			size = devicesPerPiece
		}
	case size == 0 || !c.canEncode(message.SnapshotDeviceData): // phases I and II have none
		return nil
	case r.Op == message.SnapshotDevice:
		op = message.SnapshotDeviceData
	case r.Op == message.SnapshotCall:
		op = message.SnapshotCallData
	default:
		return nil
	}
	r.Service = message.Octets(strconv.FormatInt(c.lastService.Add(1), 10))
	out := c.cutPieces(op, size, r, devices)
	for i := range out {
		out[i].Service, out[i].Segment, out[i].Last = r.Service, message.Some(int64(i+1)), i == len(out)-1
	}
	r.Calls, r.Parties = nil, nil
	return out
}

// cutPieces cuts the data; no data is one empty piece.
func (c *conn) cutPieces(op message.Operation, size int, r *message.Result,
	devices []cti.DeviceID) (out []message.Request) {
	for first := true; first || len(r.Calls)+len(r.Parties)+len(devices) > 0; first = false {
		m := message.Request{Op: op}
		m.Calls, r.Calls = splitList(r.Calls, size)
		m.Parties, r.Parties = splitList(r.Parties, size)
		var part []cti.DeviceID
		part, devices = splitList(devices, size)
		for _, d := range part {
			m.Devices = append(m.Devices, message.ListedDevice{Device: c.messageDevice(string(d)),
				Category: message.Some(station)})
		}
		out = append(out, m)
	}
	return out
}

// station is ECMA-285 DeviceCategory.
const station = int16(5)

func splitList[T any](list []T, n int) (head, tail []T) {
	n = min(n, len(list))
	return list[:n:n], list[n:]
}

// canEncode reports whether the encoding has a service.
func (c *conn) canEncode(op message.Operation) bool {
	_, err := c.codec.AppendRequest(nil, 1, &message.Request{Op: op, Service: message.Octets{1}})
	return err == nil
}
