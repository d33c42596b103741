package csta

import (
	"context"
	"errors"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// performer performs an operation by its first service; the zero value is a service
// that only acknowledges.
type performer func(s *session, ctx context.Context, q *driver.Request, r *message.Request) (driver.Reply, error)

// service describes how an operation is requested.
type service struct {
	op   message.Operation
	do   performer
	also message.Operation // what else must be carried, NoOperation for nothing
}

// services has one row for each operation.
var services map[cti.Operation]service

func init() { // some rows ask for other operations
	services = map[cti.Operation]service{
		cti.OpSupervise:            {op: message.MonitorStart, also: message.SnapshotDevice},
		cti.OpRelease:              {op: message.MonitorStop},
		cti.OpMakeCall:             {message.MakeCall, makeConnection, 0},
		cti.OpAnswerCall:           {message.AnswerCall, requestAcknowledged, 0},
		cti.OpClearConnection:      {message.ClearConnection, requestAcknowledged, 0},
		cti.OpClearCall:            {message.ClearCall, requestAcknowledged, 0},
		cti.OpHoldCall:             {message.HoldCall, requestAcknowledged, 0},
		cti.OpRetrieveCall:         {message.RetrieveCall, requestAcknowledged, 0},
		cti.OpAlternateCall:        {message.AlternateCall, requestAcknowledged, 0},
		cti.OpReconnectCall:        {message.ReconnectCall, requestAcknowledged, 0},
		cti.OpConsultationCall:     {message.ConsultationCall, makeConnection, 0},
		cti.OpTransferCall:         {message.TransferCall, joinParties, 0},
		cti.OpSingleStepTransfer:   {message.SingleStepTransfer, joinParties, 0},
		cti.OpConferenceCall:       {message.ConferenceCall, makeConnection, 0},
		cti.OpSingleStepConference: {message.SingleStepConference, addDevice, 0},
		cti.OpDeflectCall:          {message.DeflectCall, requestAcknowledged, 0},
		cti.OpDirectedPickup:       {message.DirectedPickupCall, requestAcknowledged, 0},
		cti.OpGroupPickup:          {message.GroupPickupCall, requestAcknowledged, 0},
		cti.OpParkCall:             {message.ParkCall, requestAcknowledged, 0},
		cti.OpJoinCall:             {message.JoinCall, makeConnection, 0},
		cti.OpIntrudeCall:          {message.IntrudeCall, intrudeCall, 0},
		cti.OpCampOnCall:           {message.CampOnCall, requestAcknowledged, 0},
		cti.OpCallBack:             {message.CallBack, requestAcknowledged, 0},
		cti.OpDialDigits:           {message.DialDigits, requestAcknowledged, 0},
		cti.OpGenerateDigits:       {message.GenerateDigits, sendTones, 0},
		cti.OpGetForwarding:        {message.GetForwarding, readFeature, 0},
		cti.OpSetForwarding:        {message.SetForwarding, writeForward, 0},
		cti.OpGetDoNotDisturb:      {message.GetDoNotDisturb, readFeature, 0},
		cti.OpSetDoNotDisturb:      {message.SetDoNotDisturb, writeFeature, 0},
		cti.OpGetMessageWaiting:    {message.GetMessageWaitingIndicator, readFeature, 0},
		cti.OpSetMessageWaiting:    {message.SetMessageWaitingIndicator, writeFeature, 0},
		cti.OpGetAgentState:        {message.GetAgentState, readFeature, 0},
		cti.OpSetAgentState:        {message.SetAgentState, writeAgentState, 0},
		cti.OpSnapshotDevice:       {message.SnapshotDevice, snapshotDevice, 0},
		cti.OpSnapshotCall:         {message.SnapshotCall, snapshotCall, 0},
		cti.OpMonitorFeatures:      {message.MonitorStart, startFeatureMonitor, message.GetForwarding},
		cti.OpReleaseFeatures:      {message.MonitorStop, releaseFeatureMonitor, message.GetForwarding},
		cti.OpListDevices:          {message.GetSwitchingFunctionDevices, listStations, 0},
		cti.OpEscape:               {message.Escape, sendEscape, 0},
		cti.OpPing:                 {message.SystemStatus, askHeartbeat, 0},
	}
}

func (v service) requiredServices() []message.Operation {
	if v.also == message.NoOperation {
		return []message.Operation{v.op}
	}
	return []message.Operation{v.op, v.also}
}

// Do asks for any operation.
func (s *session) Do(ctx context.Context, q driver.Request) (driver.Reply, error) {
	if err := s.caps.Load().Refuse(&q); err != nil {
		return driver.Reply{}, err
	}
	q.Device = q.Actor()
	v := services[q.Op]
	r := s.buildArguments(v.op, &q)
	return v.do(s, ctx, &q, &r)
}

// buildArguments returns the arguments of a service; the codec ignores those that it
// does not have.
func (s *session) buildArguments(op message.Operation, q *driver.Request) message.Request {
	r := message.Request{Op: op, On: q.On}
	if q.Device != "" {
		r.Device = s.messageDevice(q.Device)
	}
	if q.Connection.Call != "" {
		r.Connection = s.messageConnection(q.Connection)
	}
	if q.Held.Call != "" {
		r.Held = s.messageConnection(q.Held)
	}
	switch takes := q.Op.Info().Takes; {
	case takes.Has(cti.FieldNumber):
		r.To = message.Number(q.Number)
	case takes.Has(cti.FieldTarget):
		r.To = s.messageDevice(q.Target)
	}
	return r
}

// possibleOperations finds the operations that the profile's encoding carries, by trying
// to write one request of each service.
func possibleOperations(p Profile, c message.Codec) cti.Operations {
	some := message.ConnectionOf("1", message.Number("1"))
	var ops cti.Operations
	for op, row := range services {
		if op == cti.OpPing {
			continue // the profile says
		}
		carried := true
		for _, service := range row.requiredServices() {
			r := &message.Request{Op: service, Device: message.Number("1"), To: message.Number("2"),
				Connection: some, Held: some, CrossRef: "1", Digits: message.Text("1"), Escape: message.Raw{5, 0}}
			if service == message.SetForwarding {
				r.Forward = message.Some(message.ForwardImmediate)
			}
			_, err := c.AppendRequest(nil, 1, r)
			carried = carried && !errors.Is(err, message.ErrNotCarried)
		}
		if carried {
			ops = ops.With(op)
		}
	}
	if p.Heartbeat != NoHeartbeat {
		ops = ops.With(cti.OpPing)
	}
	return ops.Minus(p.Lacks)
}
