package ctitest_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/internal/testenv"
)

var sets = []cti.DeviceID{"4001", "4002", "4003", "4004", "4005", "4006"}

// TestLife lets people do at random what they can, and checks after every step
// that the network is consistent and that its events told all of it.
func TestLife(t *testing.T) {
	seed := testenv.Seed(t)
	for round := range uint64(60) {
		synctest.Test(t, func(t *testing.T) { newLife(t, seed+round).run(200) })
	}
}

// TestLifeIsDeterministic: the same actions give the same events.
func TestLifeIsDeterministic(t *testing.T) {
	seed := testenv.Seed(t)
	var traces [2][]string
	for i := range traces {
		synctest.Test(t, func(t *testing.T) {
			l := newLife(t, seed)
			l.run(500)
			traces[i] = l.trace
		})
	}
	require.NotEmpty(t, traces[0])
	require.Equal(t, traces[0], traces[1])
}

type life struct {
	*bench
	r     *rand.Rand
	told  map[cti.DeviceID]map[cti.CallID]cti.LocalState
	trace []string
}

func newLife(t *testing.T, seed uint64) *life {
	l := &life{bench: newBench(t, ctitest.LinkOptions{Protocol: cti.CSTA}, sets...),
		r: rand.New(rand.NewPCG(seed, 1)), told: map[cti.DeviceID]map[cti.CallID]cti.LocalState{}}
	for _, number := range sets {
		l.told[number] = map[cti.CallID]cti.LocalState{}
		require.NoError(t, l.net.Set(number).Group("all"))
	}
	l.net.Outside("0222").Behaves(ctitest.Answers)
	l.net.Outside("0333").Behaves(ctitest.Busy)
	return l
}

func (l *life) run(steps int) {
	for step := range steps {
		what := l.act()
		synctest.Wait()
		l.listen()
		l.check(fmt.Sprintf("step %d: %s", step, what))
	}
	// Everybody goes home.
	for range 20 {
		for _, number := range sets {
			_ = l.net.Set(number).DoNotDisturb(true)
			_ = l.net.Set(number).HangUp()
		}
		_ = l.net.Outside("0111").HangUp()
		_ = l.net.Outside("0222").HangUp()
		_ = l.net.Outside("0612345678").HangUp()
	}
	l.listen()
	l.check("at the end")
	require.Zero(l, l.net.Calls(), "calls that nobody can end: %v", l.pictures())
}

func (l *life) pick() cti.DeviceID { return sets[l.r.IntN(len(sets))] }

// number is somebody to call.
func (l *life) number() string {
	if l.r.IntN(3) == 0 {
		return []string{"00111", "00222", "00333", "77"}[l.r.IntN(4)]
	}
	return string(l.pick())
}

// call is a connection of a set as an application would know it.
func (l *life) call(number cti.DeviceID, want ...cti.LocalState) cti.ConnectionID {
	for _, c := range l.net.Picture(number).Calls {
		for _, state := range want {
			if c.State == state {
				return cti.ConnectionID{Call: c.ID, Device: number}
			}
		}
	}
	return cti.ConnectionID{Call: "none", Device: number}
}

// act does one thing. What is impossible at the moment must say so and change
// nothing.
func (l *life) act() string {
	number := l.pick()
	set := l.net.Set(number)
	op := func(op cti.Operation, work func(*ctitest.Switch) error) (string, error) {
		_, err := l.ask(op, number, func(s *ctitest.Switch) (any, error) { return nil, work(s) })
		return op.String(), err
	}
	what, err := "", error(nil)
	before := l.pictures()
	switch l.r.IntN(24) {
	case 0, 1:
		what, err = "call", set.Call(l.number())
	case 2, 3, 4:
		what, err = "answer", set.Answer()
	case 5, 6:
		what, err = "hang up", set.HangUp()
	case 7:
		what, err = "hold", set.Hold()
	case 8:
		what, err = "retrieve", set.Retrieve()
	case 9, 10:
		what, err = "consult", set.Consult(l.number())
	case 11:
		what, err = "transfer", set.Transfer()
	case 12:
		what, err = "conference", set.Conference()
	case 13:
		what, err = "pick up", set.PickUp()
	case 14:
		what = "dial in"
		_, err = l.net.Dial("0612345678", number)
	case 15:
		what, err = "outside answers", l.net.Outside("0111").Answer()
	case 16:
		what, err = "outside hangs up", l.net.Outside("0111").HangUp()
	case 17:
		what, err = "do not disturb", set.DoNotDisturb(l.r.IntN(4) == 0)
	case 18:
		f := cti.Forward{Type: cti.ForwardType(l.r.IntN(4)), Origin: cti.Origin(l.r.IntN(3)), Active: l.r.IntN(3) == 0, To: l.number()}
		what, err = "forward", set.Forward(f)
	case 19:
		what = "wait"
		time.Sleep(15 * time.Second)
	case 20:
		at := l.pick()
		what, err = op(cti.OpParkCall, func(s *ctitest.Switch) error { return s.ParkCall(l.busyWith(s, number), at) })
	default:
		return l.command(number, op)
	}
	l.refused(what, err, before)
	return what + " " + string(number)
}

// command does one thing that only an application can.
func (l *life) command(number cti.DeviceID, op func(cti.Operation, func(*ctitest.Switch) error) (string, error)) string {
	active, alerting, held := l.call(number, cti.Connected), l.call(number, cti.Alerting), l.call(number, cti.Hold)
	to, other := l.number(), l.pick()
	what, err := "", error(nil)
	before := l.pictures()
	switch l.r.IntN(9) {
	case 0:
		what, err = op(cti.OpSingleStepTransfer, func(s *ctitest.Switch) error { _, err := s.SingleStepTransfer(active, to); return err })
	case 1:
		what, err = op(cti.OpSingleStepConference, func(s *ctitest.Switch) error { _, err := s.SingleStepConference(active, other); return err })
	case 2:
		what, err = op(cti.OpDeflectCall, func(s *ctitest.Switch) error { return s.DeflectCall(alerting, to) })
	case 3:
		what, err = op(cti.OpIntrudeCall, func(s *ctitest.Switch) error { _, err := s.IntrudeCall(other, active); return err })
	case 4:
		what, err = op(cti.OpCampOnCall, func(s *ctitest.Switch) error { return s.CampOnCall(active) })
	case 5:
		what, err = op(cti.OpCallBack, func(s *ctitest.Switch) error { return s.CallBack(active) })
	case 6:
		what, err = op(cti.OpAlternateCall, func(s *ctitest.Switch) error { return s.AlternateCall(held, active) })
	case 7:
		what, err = op(cti.OpReconnectCall, func(s *ctitest.Switch) error { return s.ReconnectCall(held, active) })
	case 8:
		what, err = op(cti.OpClearCall, func(s *ctitest.Switch) error { return s.ClearCall(active) })
	}
	l.refused(what, err, before)
	return what + " " + string(number)
}

// busyWith is the active call of a set, read in the work of a request.
func (l *life) busyWith(s *ctitest.Switch, number cti.DeviceID) cti.ConnectionID {
	shot, err := s.SnapshotDevice(number)
	require.NoError(l, err)
	for _, c := range shot.Calls {
		if c.State == cti.Connected {
			return cti.ConnectionID{Call: c.ID, Device: number}
		}
	}
	return cti.ConnectionID{Call: "none", Device: number}
}

func (l *life) refused(what string, err error, before string) {
	if err == nil {
		return
	}
	var e *cti.Error
	require.ErrorAs(l, err, &e, "%s", what)
	require.Equal(l, before, l.pictures(), "%s was refused (%v) and still changed something", what, err)
}

func (l *life) pictures() string {
	var s strings.Builder
	for _, number := range sets {
		fmt.Fprintf(&s, "%s %v\n", number, l.picture(number))
	}
	return s.String()
}

// listen keeps what the events tell of each set's calls.
func (l *life) listen() {
	for _, ev := range l.read() {
		l.trace = append(l.trace, ev.String())
		if ev.Kind.Class() != cti.CallClass {
			continue
		}
		calls := l.told[ev.Device]
		if ev.OldCall != ev.Call {
			delete(calls, ev.OldCall)
		}
		delete(calls, ev.OtherCall)
		if calls[ev.Call] = ev.State; ev.State == cti.Null {
			delete(calls, ev.Call)
		}
	}
}

// check compares what was told with the truth, and the views of the sets with
// one another.
func (l *life) check(when string) {
	for _, number := range sets {
		told, active := l.told[number], 0
		calls := l.net.Picture(number).Calls
		require.Len(l, told, len(calls), "%s: calls of %s: told %v, pictures\n%s", when, number, told, l.pictures())
		for _, c := range calls {
			require.Equal(l, c.State, told[c.ID], "%s: state of %s in call %s", when, number, c.ID)
			require.NotContains(l, []cti.LocalState{cti.StateUnknown, cti.Null, cti.Failed}, c.State)
			if c.State == cti.Connected || c.State == cti.Initiated {
				active++
			}
			for _, p := range c.Parties {
				l.mutual(when, number, c, p)
			}
		}
		require.LessOrEqual(l, active, 1, "%s: active calls of %s", when, number)
	}
}

// mutual checks that the other side of a call sees this one.
func (l *life) mutual(when string, number cti.DeviceID, c cti.Call, p cti.CallParty) {
	if len(p.Device.Number) != 4 || p.State == cti.Failed {
		return // outside, or not reached
	}
	require.NotEqual(l, number, p.Device.Number, "%s: a set is not its own party", when)
	for _, o := range l.net.Picture(p.Device.Number).Calls {
		if o.ID == c.ID {
			require.Equal(l, p.State, o.State, "%s: %s in call %s as %s sees it", when, p.Device, c.ID, number)
			return
		}
	}
	require.Fail(l, "one-sided call", "%s: %s sees %s in call %s", when, number, p.Device, c.ID)
}
