package csta

import (
	"context"
	"errors"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// how performs an operation by its first service; the zero value is a service
// that only acknowledges.
type how func(s *session, ctx context.Context, q *driver.Request, r *message.Request) (driver.Reply, error)

// service is how an operation is asked for.
type service struct {
	op   message.Operation
	do   how
	also message.Operation // what else must be carried, NoOperation for nothing
}

// services has one row for each operation.
var services map[cti.Operation]service

func init() { // some rows ask for other operations
	services = map[cti.Operation]service{
		cti.OpSupervise:            {op: message.MonitorStart, also: message.SnapshotDevice},
		cti.OpRelease:              {op: message.MonitorStop},
		cti.OpMakeCall:             {message.MakeCall, makes, 0},
		cti.OpAnswerCall:           {message.AnswerCall, acts, 0},
		cti.OpClearConnection:      {message.ClearConnection, acts, 0},
		cti.OpClearCall:            {message.ClearCall, acts, 0},
		cti.OpHoldCall:             {message.HoldCall, acts, 0},
		cti.OpRetrieveCall:         {message.RetrieveCall, acts, 0},
		cti.OpAlternateCall:        {message.AlternateCall, acts, 0},
		cti.OpReconnectCall:        {message.ReconnectCall, acts, 0},
		cti.OpConsultationCall:     {message.ConsultationCall, makes, 0},
		cti.OpTransferCall:         {message.TransferCall, joins, 0},
		cti.OpSingleStepTransfer:   {message.SingleStepTransfer, joins, 0},
		cti.OpConferenceCall:       {message.ConferenceCall, makes, 0},
		cti.OpSingleStepConference: {message.SingleStepConference, adds, 0},
		cti.OpDeflectCall:          {message.DeflectCall, acts, 0},
		cti.OpDirectedPickup:       {message.DirectedPickupCall, acts, 0},
		cti.OpGroupPickup:          {message.GroupPickupCall, acts, 0},
		cti.OpParkCall:             {message.ParkCall, acts, 0},
		cti.OpJoinCall:             {message.JoinCall, makes, 0},
		cti.OpIntrudeCall:          {message.IntrudeCall, intrudes, 0},
		cti.OpCampOnCall:           {message.CampOnCall, acts, 0},
		cti.OpCallBack:             {message.CallBack, acts, 0},
		cti.OpDialDigits:           {message.DialDigits, acts, 0},
		cti.OpGenerateDigits:       {message.GenerateDigits, tones, 0},
		cti.OpGetForwarding:        {message.GetForwarding, gets, 0},
		cti.OpSetForwarding:        {message.SetForwarding, forwards, 0},
		cti.OpGetDoNotDisturb:      {message.GetDoNotDisturb, gets, 0},
		cti.OpSetDoNotDisturb:      {message.SetDoNotDisturb, sets, 0},
		cti.OpGetMessageWaiting:    {message.GetMessageWaitingIndicator, gets, 0},
		cti.OpSetMessageWaiting:    {message.SetMessageWaitingIndicator, sets, 0},
		cti.OpGetAgentState:        {message.GetAgentState, gets, 0},
		cti.OpSetAgentState:        {message.SetAgentState, setsAgent, 0},
		cti.OpSnapshotDevice:       {message.SnapshotDevice, snapshotsDevice, 0},
		cti.OpSnapshotCall:         {message.SnapshotCall, snapshotsCall, 0},
		cti.OpMonitorFeatures:      {message.MonitorStart, monitorsFeatures, message.GetForwarding},
		cti.OpReleaseFeatures:      {message.MonitorStop, releasesFeatures, message.GetForwarding},
		cti.OpListDevices:          {message.GetSwitchingFunctionDevices, lists, 0},
		cti.OpEscape:               {message.Escape, escapes, 0},
		cti.OpPing:                 {message.SystemStatus, pings, 0},
	}
}

func (v service) needs() []message.Operation {
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
	r := s.arguments(v.op, &q)
	return v.do(s, ctx, &q, &r)
}

// arguments are those of a service; what it has not the codec ignores.
func (s *session) arguments(op message.Operation, q *driver.Request) message.Request {
	r := message.Request{Op: op, On: q.On}
	if q.Device != "" {
		r.Device = s.device(q.Device)
	}
	if q.Connection.Call != "" {
		r.Connection = s.connection(q.Connection)
	}
	if q.Held.Call != "" {
		r.Held = s.connection(q.Held)
	}
	switch takes := q.Op.Info().Takes; {
	case takes.Has(cti.FieldNumber):
		r.To = message.Number(q.Number)
	case takes.Has(cti.FieldTarget):
		r.To = s.device(q.Target)
	}
	return r
}

// possible finds the operations that the profile's encoding carries, by trying
// to write one request of each service.
func possible(p Profile, c message.Codec) cti.Operations {
	some := message.ConnectionOf("1", message.Number("1"))
	var ops cti.Operations
	for op, row := range services {
		if op == cti.OpPing {
			continue // the profile says
		}
		carried := true
		for _, service := range row.needs() {
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
