package csta

import (
	"errors"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// services are the services behind the operations of cti.
var services = map[cti.Operation][]message.Operation{
	cti.OpSupervise:            {message.MonitorStart, message.SnapshotDevice},
	cti.OpRelease:              {message.MonitorStop},
	cti.OpMakeCall:             {message.MakeCall},
	cti.OpAnswerCall:           {message.AnswerCall},
	cti.OpClearConnection:      {message.ClearConnection},
	cti.OpClearCall:            {message.ClearCall},
	cti.OpHoldCall:             {message.HoldCall},
	cti.OpRetrieveCall:         {message.RetrieveCall},
	cti.OpAlternateCall:        {message.AlternateCall},
	cti.OpReconnectCall:        {message.ReconnectCall},
	cti.OpConsultationCall:     {message.ConsultationCall},
	cti.OpTransferCall:         {message.TransferCall},
	cti.OpSingleStepTransfer:   {message.SingleStepTransfer},
	cti.OpConferenceCall:       {message.ConferenceCall},
	cti.OpSingleStepConference: {message.SingleStepConference},
	cti.OpDeflectCall:          {message.DeflectCall},
	cti.OpDirectedPickup:       {message.DirectedPickupCall},
	cti.OpGroupPickup:          {message.GroupPickupCall},
	cti.OpParkCall:             {message.ParkCall},
	cti.OpJoinCall:             {message.JoinCall},
	cti.OpCampOnCall:           {message.CampOnCall},
	cti.OpCallBack:             {message.CallBack},
	cti.OpDialDigits:           {message.DialDigits},
	cti.OpGenerateDigits:       {message.GenerateDigits},
	cti.OpGetForwarding:        {message.GetForwarding},
	cti.OpSetForwarding:        {message.SetForwarding},
	cti.OpGetDoNotDisturb:      {message.GetDoNotDisturb},
	cti.OpSetDoNotDisturb:      {message.SetDoNotDisturb},
	cti.OpGetMessageWaiting:    {message.GetMessageWaitingIndicator},
	cti.OpSetMessageWaiting:    {message.SetMessageWaitingIndicator},
	cti.OpGetAgentState:        {message.GetAgentState},
	cti.OpSetAgentState:        {message.SetAgentState},
	cti.OpSnapshotDevice:       {message.SnapshotDevice},
	cti.OpSnapshotCall:         {message.SnapshotCall},
	cti.OpMonitorFeatures:      {message.MonitorStart, message.GetForwarding},
	cti.OpListDevices:          {message.GetSwitchingFunctionDevices},
	cti.OpEscape:               {message.Escape},
	cti.OpIntrudeCall:          {message.IntrudeCall},
}

// possible finds the operations that the profile's encoding carries, by trying
// to write one request of each service.
func possible(p Profile, c message.Codec) cti.Operations {
	some := message.ConnectionOf("1", message.Number("1"))
	var ops cti.Operations
	for op, needed := range services {
		carried := true
		for _, service := range needed {
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
	return ops &^ p.Lacks
}
