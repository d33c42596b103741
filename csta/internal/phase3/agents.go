package phase3

import (
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/cti"
)

// The wire's numbers of agent states: AgentState, PendingAgentState, and that
// of the working after call event, which has an order of its own.
var (
	agentStates = []cti.AgentState{cti.AgentNotReady, cti.AgentNull, cti.AgentReady, cti.AgentBusy,
		cti.AgentWorkingAfterCall}
	pendings    = []cti.AgentState{cti.AgentNotReady, cti.AgentNull, cti.AgentReady, cti.AgentWorkingAfterCall}
	pendingsWAC = []cti.AgentState{cti.AgentNotReady, cti.AgentReady, cti.AgentNull}
)

// optAgentState is an agent state that may be absent, which is AgentUnknown. One
// that the list has not is not written.
func optAgentState(w *ber.Walker, tag ber.Tag, s *cti.AgentState, list []cti.AgentState) {
	v, set := int8(-1), false
	for i, known := range list {
		if known == *s {
			v, set = int8(i), true
		}
	}
	ber.OptInt(w, tag, &v, &set)
	if !w.Writing() && set {
		*s = cti.AgentUnknown
		if v >= 0 && int(v) < len(list) {
			*s = list[v]
		}
	}
}

// optPendingState is the pending agent state of an event.
func optPendingState(w *ber.Walker, tag ber.Tag, s *cti.AgentState, kind cti.Kind) {
	if kind == cti.AgentWorkingAfterCallEvent {
		optAgentState(w, tag, s, pendingsWAC)
		return
	}
	optAgentState(w, tag, s, pendings)
}
