package message

import "github.com/ctikit/ctikit/cti"

// forwards are the forwarding types of ECMA-285 as a type and an origin.
var forwards = [...]struct {
	when  cti.ForwardType
	which cti.Origin
}{
	ForwardImmediate:         {cti.ForwardImmediate, cti.AllCalls},
	ForwardBusy:              {cti.ForwardBusy, cti.AllCalls},
	ForwardNoAnswer:          {cti.ForwardNoAnswer, cti.AllCalls},
	ForwardBusyInternal:      {cti.ForwardBusy, cti.InternalCalls},
	ForwardBusyExternal:      {cti.ForwardBusy, cti.ExternalCalls},
	ForwardNoAnswerInternal:  {cti.ForwardNoAnswer, cti.InternalCalls},
	ForwardNoAnswerExternal:  {cti.ForwardNoAnswer, cti.ExternalCalls},
	ForwardImmediateInternal: {cti.ForwardImmediate, cti.InternalCalls},
	ForwardImmediateExternal: {cti.ForwardImmediate, cti.ExternalCalls},
	ForwardDND:               {cti.ForwardDoNotDisturb, cti.AllCalls},
	ForwardDNDInternal:       {cti.ForwardDoNotDisturb, cti.InternalCalls},
	ForwardDNDExternal:       {cti.ForwardDoNotDisturb, cti.ExternalCalls},
}

// Forward is the forward of cti that a type, a state and a destination make.
func (f ForwardingType) Forward(on bool, to string) cti.Forward {
	out := cti.Forward{Active: on, To: to}
	if int(f) < len(forwards) {
		out.Type, out.Origin = forwards[f].when, forwards[f].which
	}
	return out
}

// ForwardingTypeOf is the way back.
func ForwardingTypeOf(f cti.Forward) ForwardingType {
	for t, known := range forwards {
		if known.when == f.Type && known.which == f.Origin {
			return ForwardingType(t)
		}
	}
	return ForwardImmediate
}
