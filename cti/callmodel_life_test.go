package cti_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/internal/testenv"
)

// TestCallModelFollowsThePBX lets people act at random on a PBX and folds the
// events of every set: after each act each picture must be the PBX's own. No
// gateway, no time: thousands of lives a second. CTIKIT_LIVES sets how many.
func TestCallModelFollowsThePBX(t *testing.T) {
	lives(t, func(t *testing.T, r *rand.Rand) string {
		return live(t, r, func(*cti.Event) {}, func(calls []cti.Call) any { return seen(calls) })
	})
}

func lives(t *testing.T, live func(*testing.T, *rand.Rand) string) {
	lives := 300
	if n, err := strconv.Atoi(os.Getenv("CTIKIT_LIVES")); err == nil {
		lives = n
	}
	first := testenv.Seed(t)
	if os.Getenv("CTIKIT_SEED") != "" {
		lives = 1
	}
	for i := range lives {
		seed := first + uint64(i)
		if complaint := live(t, rand.New(rand.NewPCG(seed, 3))); complaint != "" {
			t.Fatalf("CTIKIT_SEED=%d: %s", seed, complaint)
		}
	}
}

// TestPartiesFollowThePBX: with no more of the parties than CSTA tells, each
// picture shows who calls whom as the PBX's own does.
func TestPartiesFollowThePBX(t *testing.T) {
	lives(t, func(t *testing.T, r *rand.Rand) string {
		several := map[cti.CallID]bool{} // conferences and what became of them: who calls there is not told
		return live(t, r, func(ev *cti.Event) {
			if ev.Kind == cti.Conferenced || several[ev.OldCall] || several[ev.OtherCall] {
				several[ev.Call] = true
			}
			asCSTA(ev)
		}, func(calls []cti.Call) any {
			out := []string{}
			for _, c := range calls {
				if c.State != cti.Initiated && !several[c.ID] {
					out = append(out, fmt.Sprintf("%s %s > %s", c.ID, c.Calling.Number, c.Called.Number))
				}
			}
			slices.Sort(out)
			return out
		})
	})
}

// asCSTA leaves out the parties that CSTA does not tell.
func asCSTA(ev *cti.Event) {
	switch ev.Kind {
	case cti.Delivered, cti.Established, cti.CallQueued:
		return // told whole
	case cti.Originated, cti.CallFailed, cti.NetworkReached:
	default:
		ev.Called = cti.Party{}
	}
	ev.Calling, ev.Redirection = cti.Party{}, cti.Party{}
	if ev.Kind == cti.Originated {
		ev.Calling = ev.Subject
	}
}

func live(t *testing.T, r *rand.Rand, before func(*cti.Event), shown func([]cti.Call) any) (complaint string) {
	numbers := []cti.DeviceID{"1", "2", "3", "4"}
	net := ctitest.NewNetwork(ctitest.Options{})
	port := net.Link("port", ctitest.LinkOptions{Protocol: cti.CSTA})
	a, err := port.Open(t.Context(), "", "")
	require.NoError(t, err)
	defer a.Close()
	models := map[cti.DeviceID]*cti.CallModel{}
	for _, n := range numbers {
		net.Add(cti.Extension{Number: n})
		models[n] = &cti.CallModel{Device: n}
		a.Serve(cti.OpSupervise, n, nil, func(sw *ctitest.Switch) (any, error) { return sw.StartMonitor(n, ctikit.Secret{}) })
	}
	done, cancel := context.WithCancel(t.Context())
	cancel() // Next gives what is queued and waits for nothing
	var told []string
	for range 30 {
		told = append(told, act(net, r, numbers))
		for {
			m, err := a.Next(done)
			if err != nil {
				break
			}
			if m.Kind == ctitest.EventMessage {
				before(m.Event)
				models[m.Event.Device].Apply(m.Event)
			}
		}
		for _, n := range numbers {
			want, got := shown(net.Picture(n).Calls), shown(models[n].Calls())
			if fmt.Sprint(want) != fmt.Sprint(got) {
				return fmt.Sprintf("after %v\n%s at the PBX: %v\n%s by events:   %v", told, n, want, n, got)
			}
		}
	}
	return ""
}

// act is one thing that somebody does; what is not possible does not happen.
func act(net *ctitest.Network, r *rand.Rand, numbers []cti.DeviceID) string {
	from, to := numbers[r.IntN(len(numbers))], numbers[r.IntN(len(numbers))]
	set := net.Set(from)
	acts := []struct {
		name string
		do   func() error
	}{
		{"call", func() error { return set.Call(string(to)) }},
		{"call out", func() error { return set.Call("00612345678") }},
		{"call in", func() error { _, err := net.Dial("0698765432", from); return err }},
		{"answer", set.Answer}, {"answer", set.Answer}, {"answer", set.Answer},
		{"outside answers", net.Outside("0612345678").Answer},
		{"hang up", set.HangUp}, {"hold", set.Hold}, {"retrieve", set.Retrieve},
		{"consult", func() error { return set.Consult(string(to)) }},
		{"transfer", set.Transfer}, {"conference", set.Conference},
		{"forward", func() error {
			return set.Forward(cti.Forward{Type: cti.ForwardType(r.IntN(2)), Active: r.IntN(2) == 0, To: string(to)})
		}},
		{"dnd", func() error { return set.DoNotDisturb(r.IntN(2) == 0) }},
	}
	a := acts[r.IntN(len(acts))]
	if a.do() != nil {
		return ""
	}
	return fmt.Sprintf("%s %s (%s)", from, a.name, to)
}

// seen is what two pictures are compared by.
func seen(calls []cti.Call) map[string]cti.LocalState {
	out := map[string]cti.LocalState{}
	for _, c := range calls {
		out[string(c.ID)] = c.State
		for _, p := range c.Parties {
			out[fmt.Sprintf("%s with %s", c.ID, p.Device)] = p.State
		}
	}
	return out
}
