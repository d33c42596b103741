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

// buildResult says what the PBX answered.
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

// fillResult says what an operation came to.
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
		r.Forwards = append(r.Forwards, message.Forwarding{Type: message.Some(message.ForwardingTypeOf(f)), On: f.Active, To: message.Number(f.To)})
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

// fillSnapshotCall tells of all devices in a call, the one that was asked for first.
func (c *conn) fillSnapshotCall(r *message.Result, asked cti.ConnectionID, a *cti.Call) {
	r.Calling, r.Called = c.messageParty(a.Calling), c.messageParty(a.Called)
	own := cti.CallParty{Device: cti.PartyOf(asked.Device), State: a.State}
	for _, p := range append([]cti.CallParty{own}, a.Parties...) {
		r.Parties = append(r.Parties, message.CallParty{
			Device: c.messageParty(p.Device), Connection: c.messageConnection(cti.ConnectionID{Call: a.ID, Device: p.Device.Number}), State: p.State,
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

// messageDevice names a device as the profile says; a number that begins with 0 is no
// integer.
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

// failures are the errors of ECMA-285 for the sentinels of cti.
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
