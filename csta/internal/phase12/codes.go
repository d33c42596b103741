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
