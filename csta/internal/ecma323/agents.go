package ecma323

import (
	"bytes"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// The names of agent states, in the order of cti.AgentState. Those of the
// pending state after a call are shorter.
var (
	agentStateNames = namesByState(map[cti.AgentState]string{cti.AgentNotReady: "agentNotReady",
		cti.AgentNull: "agentNull", cti.AgentReady: "agentReady", cti.AgentBusy: "agentBusy",
		cti.AgentWorkingAfterCall: "agentWorkingAfterCall"})
	afterCallNames = namesByState(map[cti.AgentState]string{cti.AgentNotReady: "notReady", cti.AgentReady: "ready",
		cti.AgentNull: "null"})
)

func namesByState(names map[cti.AgentState]string) []string {
	out := make([]string, cti.AgentWorkingAfterCall+1)
	for s, n := range names {
		for int(s) >= len(out) {
			out = append(out, "")
		}
		out[s] = n
	}
	return out
}

// agentStateField is the state of an agent. Names with and without "agent" in front
// are read.
func agentStateField[T any](name string, names []string, must bool, of func(*T) *cti.AgentState) field[T] {
	return field[T]{name: name,
		read: func(r *reader, v *T) {
			t := r.readText()
			i := nameIndex(names, t)
			if i < 0 {
				i = nameIndex(afterCallNames, bytes.TrimPrefix(t, []byte("agent")))
			}
			if i < 0 {
				r.skipped++
				return
			}
			*of(v) = cti.AgentState(i)
		},
		write: func(w *writer, name string, v *T) {
			if s := *of(v); s != cti.AgentUnknown || must {
				w.writeName(name, names, int(s))
			}
		}}
}

var agents = structure[message.Agent]{
	identifierField("agentID", func(a *message.Agent) *message.Octets { return &a.ID }),
	flagField("loggedOnState", func(a *message.Agent) *bool { return &a.LoggedOn }),
	listField("agentInfo", "agentInfoItem", func(a *message.Agent) *[]message.AgentGroupState { return &a.States },
		item(structure[message.AgentGroupState]{
			deviceField("acdGroup", false, func(s *message.AgentGroupState) *message.Device { return &s.Group }),
			agentStateField("agentState", agentStateNames, true,
				func(s *message.AgentGroupState) *cti.AgentState { return &s.State }),
			agentStateField("pendingAgentState", agentStateNames, false,
				func(s *message.AgentGroupState) *cti.AgentState { return &s.Pending }),
			enumField("agentStateCondition", agentConditions,
				func(s *message.AgentGroupState) *message.Opt[int8] { return &s.Condition }),
		})),
}
