package phase12

import (
	"maps"

	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/message"
)

// Operation codes that stand for several services of the model.
const (
	callCompletion = 3
	divertCall     = 8
	queryDevice    = 12
	setFeature     = 15
)

// phaseI is the services of phase I by operation code (sourced; clearCall,
// snapshotCall and escape from the list of phase II).
var phaseI = map[message.Operation]int64{
	message.AlternateCall: 1, message.AnswerCall: 2,
	message.CampOnCall: callCompletion, message.CallBack: callCompletion, message.IntrudeCall: callCompletion,
	message.ClearCall: 4, message.ClearConnection: 5, message.ConferenceCall: 6, message.ConsultationCall: 7,
	message.DeflectCall: divertCall, message.DirectedPickupCall: divertCall, message.GroupPickupCall: divertCall,
	message.HoldCall: 9, message.MakeCall: 10,
	message.GetMessageWaitingIndicator: queryDevice, message.GetDoNotDisturb: queryDevice,
	message.GetForwarding: queryDevice, message.GetAgentState: queryDevice,
	message.ReconnectCall: 13, message.RetrieveCall: 14,
	message.SetMessageWaitingIndicator: setFeature, message.SetDoNotDisturb: setFeature,
	message.SetForwarding: setFeature, message.SetAgentState: setFeature,
	message.TransferCall: 16, message.Escape: 51, message.SystemStatus: 52,
	message.MonitorStart: 71, message.ChangeMonitorFilter: 72, message.MonitorStop: 73,
	message.SnapshotDevice: 74, message.SnapshotCall: 75,
}

// phaseII is what phase II adds (codes sourced, arguments assumed).
var phaseII = map[message.Operation]int64{
	message.AssociateData: 17, message.ParkCall: 18, message.GenerateDigits: 19,
	message.SingleStepConference: 20, message.SingleStepTransfer: 50,
}

// tables makes the codes of a link, and the services by code.
func tables(c Config) (codes map[message.Operation]int64, services map[int64]message.Operation) {
	codes = maps.Clone(phaseI)
	if c.Phase == II {
		maps.Copy(codes, phaseII)
	}
	services = make(map[int64]message.Operation)
	for op, code := range codes {
		services[code] = op
	}
	maps.Copy(codes, c.Codes)
	for op, code := range c.Codes {
		services[code] = op
	}
	return codes, services
}

// Code implements rose.Dialect.
func (d *dialect) Code(op message.Operation) (int64, bool) {
	code, ok := d.codes[op]
	return code, ok
}

// Service implements rose.Dialect.
func (d *dialect) Service(code int64, w ber.Walker) message.Operation {
	switch code {
	case setFeature:
		return featureSet(&w, d)
	case queryDevice:
		return featureQueried(&w, d)
	case divertCall:
		return byTag(w.Tag()-0xa0, diversions[:])
	case callCompletion:
		return byTag(w.Tag()-0xa0, completions[:])
	}
	return d.services[code]
}

// Answered implements rose.Dialect. An acknowledgement does not say which of
// several services it answers; where nobody knows, any of them will do.
func (d *dialect) Answered(code int64, asked message.Operation, w ber.Walker) message.Operation {
	switch code {
	case queryDevice:
		for i, tag := range queryTags {
			if w.Tag() == tag {
				return queries[i]
			}
		}
		return message.NoOperation
	case setFeature, divertCall, callCompletion:
		if d.codes[asked] == code {
			return asked
		}
		return map[int64]message.Operation{setFeature: featuresSet[0], divertCall: diversions[0],
			callCompletion: completions[0]}[code]
	}
	return d.services[code]
}

// The services that divertCall, callCompletion and setFeature stand for, by tag.
var (
	diversions  = [...]message.Operation{message.DeflectCall, message.DirectedPickupCall, message.GroupPickupCall}
	completions = [...]message.Operation{message.CampOnCall, message.CallBack, message.IntrudeCall}
	featuresSet = [...]message.Operation{message.SetMessageWaitingIndicator, message.SetDoNotDisturb,
		message.SetForwarding, message.SetAgentState}
)

func byTag(i ber.Tag, list []message.Operation) message.Operation {
	if int(i) < len(list) {
		return list[i]
	}
	return message.NoOperation
}
