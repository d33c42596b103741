package forwardrules_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/forwardrules"
)

// ring calls 4001 from outside and tells where the call is a moment later.
func (f *office) ring(from cti.DeviceID, later time.Duration) string {
	party, err := f.net.Dial(from, "4001")
	require.NoError(f.t, err)
	time.Sleep(later)
	at := f.ringsAt()
	require.NoError(f.t, party.HangUp())
	time.Sleep(time.Second)
	return at
}

func (f *office) ringsAt() string {
	for _, n := range []cti.DeviceID{"4001", "4002"} {
		for _, c := range f.net.Picture(n).Calls {
			if c.State == cti.Alerting {
				return string(n)
			}
		}
	}
	return "elsewhere"
}

func TestCallersAreDeflected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := open(t)
		f.rules("4001",
			forwardrules.Rule{Name: "friends", To: "4002", Callers: []string{"06*", forwardrules.Withheld}},
			forwardrules.Rule{Name: "others", Priority: 1, To: "+33611111111", Origin: cti.ExternalCalls,
				Calendar: forwardrules.Calendar{From: forwardrules.Date{Year: 2000, Month: 1, Day: 2}}})
		require.Empty(t, f.forwards("4001"))
		require.Equal(t, "4002", f.ring("0612345678", time.Second))
		require.Equal(t, "4002", f.ring("", time.Second), "withheld")
		require.Equal(t, "4001", f.ring("0155171889", time.Minute))
		require.NoError(t, f.net.Set("4002").Call("4001"))
		time.Sleep(time.Second)
		require.Equal(t, "4001", f.ringsAt(), "another caller")
		require.NoError(t, f.net.Set("4002").HangUp())

		time.Sleep(48 * time.Hour) // now the second rule applies, behind the first
		require.Empty(t, f.forwards("4001"), "the PBX would take the friends' calls away")
		require.Equal(t, "elsewhere", f.ring("0155171889", time.Second))
		require.Equal(t, "4002", f.ring("0612345678", time.Second))
		require.Equal(t, []forwardrules.Status{{Rule: "friends", Active: true, InForce: true, Deflects: true},
			{Rule: "others", Active: true, InForce: true, Deflects: true}}, f.m.Status("4001"))
	})
}

func TestNoAnswerAndBusyAreDeflected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := open(t)
		f.rules("4001",
			forwardrules.Rule{Name: "patient", Type: cti.ForwardNoAnswer, To: "4002", Callers: []string{"06*"}, Rings: 7},
			forwardrules.Rule{Name: "engaged", Type: cti.ForwardBusy, To: "+33611111111", Callers: []string{"07*"}})
		require.Equal(t, "4001", f.ring("0612345678", 6*time.Second))
		require.Equal(t, "4002", f.ring("0612345678", 8*time.Second))
		require.Equal(t, "4001", f.ring("0712345678", 8*time.Second), "not busy")
		_, err := f.net.Dial("0155171889", "4001")
		require.NoError(t, err)
		require.NoError(t, f.net.Set("4001").Answer())
		require.Equal(t, "elsewhere", f.ring("0712345678", time.Second))
	})
}

func TestDeflectionsInACircle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := open(t)
		f.rules("4001", forwardrules.Rule{Name: "a", To: "4002", Callers: []string{"06*"}})
		require.NoError(t, f.net.Set("4002").Forward(cti.Forward{Active: true, Origin: cti.ExternalCalls, To: "4001"})) // by hand
		time.Sleep(time.Second)
		require.Equal(t, "4001", f.ring("0612345678", time.Second), "it would come back")
		require.Equal(t, []forwardrules.Status{{Rule: "a", Active: true, InForce: true, Deflects: true, Circle: true}}, f.m.Status("4001"))
		require.Len(t, f.incidents.Find(ctikit.IncidentFilter{Code: "forwardrules.circle"}), 1)
		require.NoError(t, f.net.Set("4002").Forward(cti.Forward{Origin: cti.ExternalCalls}))
		time.Sleep(time.Second)
		require.Equal(t, "4002", f.ring("0612345678", time.Second))
		require.False(t, f.m.Status("4001")[0].Circle)
		f.rules("4002", forwardrules.Rule{Name: "b", To: "4001", Callers: []string{"07*"}})
		require.Equal(t, "4002", f.ring("0612345678", time.Second), "no caller goes round")
		f.rules("4002", forwardrules.Rule{Name: "b", To: "4001", Callers: []string{"?6*8"}})
		require.Equal(t, "4001", f.ring("0612345678", time.Second))
	})
}

func TestDeflectionThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := open(t)
		f.net.Inject(ctitest.Fault{Op: cti.OpDeflectCall, Count: 1, Action: ctitest.Refuse, Err: &cti.Error{Err: cti.ErrBusy}})
		f.rules("4001", forwardrules.Rule{Name: "a", To: "4002", Callers: []string{"06*"}})
		require.Equal(t, "4001", f.ring("0612345678", time.Minute), "it rings on")
		found := f.incidents.Find(ctikit.IncidentFilter{Code: "forwardrules.deflection"})
		require.Len(t, found, 1)
		var failure *forwardrules.Failure
		require.ErrorAs(t, found[0].Err, &failure)
		require.ErrorIs(t, failure, cti.ErrBusy)
		require.Equal(t, "4002", failure.Forward.To)
		require.ErrorContains(t, failure, "deflection of call "+string(failure.Call)+" from 4001 to 4002: ")
		require.Equal(t, "4002", f.ring("0612345678", time.Second))
	})
}

func TestForwardsChangedByHand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := open(t)
		f.rules("4001", forwardrules.Rule{Name: "a", To: "4002"})
		want := []cti.Forward{{Active: true, To: "4002"}}
		require.Equal(t, want, f.forwards("4001"))
		require.NoError(t, f.net.Set("4001").Forward(cti.Forward{}))
		require.Empty(t, f.forwards("4001"))
		time.Sleep(time.Second)
		require.Equal(t, want, f.forwards("4001"), "the rule still holds")
		require.NoError(t, f.net.Set("4001").Forward(cti.Forward{Active: true, To: "00611111111"}))
		time.Sleep(time.Second)
		require.Equal(t, want, f.forwards("4001"))

		f.port.Drop()
		require.NoError(t, f.net.Set("4001").Forward(cti.Forward{})) // nobody tells us
		time.Sleep(5 * time.Second)
		require.Equal(t, want, f.forwards("4001"), "looked at again when the link is back")
		require.Empty(t, f.incidents.Find(ctikit.IncidentFilter{Code: "forwardrules.failed", Since: time.Now().Add(-time.Second)}))
	})
}

func TestLongCircleByHandIsSeenAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := open(t)
		f.rules("4001", forwardrules.Rule{Name: "a", To: "4002"})
		require.NoError(t, f.net.Set("4003").Forward(cti.Forward{Active: true, To: "4001"}))
		time.Sleep(time.Second)
		require.Len(t, f.forwards("4001"), 1)
		require.NoError(t, f.net.Set("4002").Forward(cti.Forward{Active: true, To: "4003"}))
		time.Sleep(time.Second)
		require.Empty(t, f.forwards("4001"), "4001 to 4002 to 4003 to 4001")
		require.NoError(t, f.net.Set("4003").Forward(cti.Forward{To: "4001"}))
		time.Sleep(time.Second)
		require.Len(t, f.forwards("4001"), 1)
	})
}

func TestExclusive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := open(t)
		f.stop()
		f.opts.Exclusive = true
		f.manage()
		require.NoError(t, f.net.Set("4001").Forward(cti.Forward{Type: cti.ForwardBusy, Active: true, To: "4002"}))
		require.NoError(t, f.net.Set("4002").Forward(cti.Forward{Type: cti.ForwardBusy, Active: true, To: "4003"}))
		f.rules("4001", forwardrules.Rule{Name: "a", To: "4002"})
		require.Equal(t, []cti.Forward{{Active: true, To: "4002"}}, f.forwards("4001"))
		require.Len(t, f.forwards("4002"), 1, "it has no rules")
		require.NoError(t, f.net.Set("4001").Forward(cti.Forward{Type: cti.ForwardNoAnswer, Active: true, To: "4002"}))
		time.Sleep(time.Second)
		require.Equal(t, []cti.Forward{{Active: true, To: "4002"}}, f.forwards("4001"))
	})
}

func TestLinkDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := open(t)
		f.net.Inject(ctitest.Fault{Op: cti.OpOpen, Count: 3})
		f.port.Drop()
		f.rules("4001", forwardrules.Rule{Name: "a", To: "4002"})
		var failure *forwardrules.Failure
		require.ErrorAs(t, f.m.Status("4001")[0].Err, &failure)
		require.Equal(t, cti.DeviceID("4001"), failure.Device)
		require.False(t, f.m.Status("4001")[0].InForce)
		time.Sleep(50 * time.Second) // before the next regular look
		require.Equal(t, []cti.Forward{{Active: true, To: "4002"}}, f.forwards("4001"))
		require.NoError(t, f.m.Status("4001")[0].Err)
	})
}
