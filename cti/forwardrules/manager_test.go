package forwardrules_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/forwardrules"
	"github.com/ctikit/ctikit/cti/gateway"
)

// plan dials what people write after a plus.
type plan struct{}

func (plan) Outgoing(number string) (string, error) {
	if number[0] == '+' {
		return "00" + number[3:], nil
	}
	return number, nil
}
func (plan) Incoming(number string) (lookup, e164 string, internal bool) { return number, "", false }

// office is a network with a gateway over CSTA and a manager, in one bubble.
type office struct {
	t         *testing.T
	net       *ctitest.Network
	gw        *gateway.Gateway
	m         *forwardrules.Manager
	incidents *ctikit.IncidentLog
	port      *ctitest.Link
	opts      forwardrules.Options
	stop      func()
	ended     error
}

func open(t *testing.T) *office {
	f := &office{t: t, net: ctitest.NewNetwork(ctitest.Options{}), incidents: ctikit.NewIncidentLog(ctikit.IncidentOptions{})}
	f.port = f.net.Link("csta", ctitest.LinkOptions{Protocol: cti.CSTA, SnapshotAtomic: true, ReportsExistingCalls: true})
	cfg := gateway.Config{NumberPlan: plan{}, Links: []gateway.Link{{Name: "csta", Capacity: 10, Connector: f.port.Connector(ctitest.ConnectorOptions{Latency: time.Millisecond})}}}
	for _, n := range []cti.DeviceID{"4001", "4002", "4003"} {
		e := cti.Extension{Number: n, Protocol: cti.CSTA}
		f.net.Add(e)
		cfg.Extensions = append(cfg.Extensions, e)
	}
	gw, err := gateway.New(cfg)
	require.NoError(t, err)
	f.gw = gw
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = gw.Run(ctx) })
	f.manage()
	t.Cleanup(func() {
		f.stop()
		cancel()
		running.Wait()
	})
	time.Sleep(time.Second)
	return f
}

// manage starts a manager.
func (f *office) manage() {
	f.opts.Incidents = f.incidents
	f.m = forwardrules.New(f.gw, f.opts)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- f.m.Run(ctx) }()
	f.stop = sync.OnceFunc(func() {
		cancel()
		f.ended = <-done
	})
}

func (f *office) rules(device cti.DeviceID, rules ...forwardrules.Rule) {
	require.NoError(f.t, f.m.SetRules(device, rules))
	time.Sleep(time.Second)
}

// forwards is what the PBX does.
func (f *office) forwards(device cti.DeviceID) []cti.Forward {
	return f.net.Picture(device).Features.Forwards
}

func TestForwardsFollowTheCalendar(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // a bubble begins on Saturday 2000-01-01
		f := open(t)
		f.rules("4001", forwardrules.Rule{Name: "day", To: "+33612345678", Origin: cti.ExternalCalls,
			Calendar: forwardrules.Calendar{Weekly: []forwardrules.Period{{Days: []time.Weekday{time.Sunday}, From: forwardrules.At(9, 0), To: forwardrules.At(17, 0)}}}})
		require.Empty(t, f.forwards("4001"))
		require.Equal(t, []forwardrules.Status{{Rule: "day"}}, f.m.Status("4001"))
		time.Sleep(time.Until(time.Date(2000, 1, 2, 8, 59, 59, 0, time.UTC)))
		require.Empty(t, f.forwards("4001"))
		time.Sleep(2 * time.Second)
		require.Equal(t, []cti.Forward{{Active: true, Origin: cti.ExternalCalls, To: "00612345678"}}, f.forwards("4001"))
		require.Equal(t, []forwardrules.Status{{Rule: "day", Active: true, InForce: true}}, f.m.Status("4001"))
		time.Sleep(8 * time.Hour)
		require.Empty(t, f.forwards("4001"))
	})
}

func TestRulesAreReplaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := open(t)
		require.NoError(t, f.net.Set("4001").Forward(cti.Forward{Type: cti.ForwardBusy, Active: true, To: "4002"})) // by hand
		f.rules("4001", forwardrules.Rule{Name: "a", To: "4002"})
		require.Len(t, f.forwards("4001"), 2)
		f.rules("4001", forwardrules.Rule{Name: "b", To: "4002", Origin: cti.InternalCalls}, forwardrules.Rule{Name: "c", Priority: 1, To: "00611111111"})
		require.Equal(t, []cti.Forward{
			{Active: true, Origin: cti.InternalCalls, To: "4002"}, {Active: true, Origin: cti.ExternalCalls, To: "00611111111"},
			{Active: true, Type: cti.ForwardBusy, To: "4002"},
		}, f.forwards("4001"))
		require.Error(t, f.m.SetRules("4001", []forwardrules.Rule{{Name: "x"}}))
		require.Len(t, f.m.Rules("4001"), 2, "nothing changed")
		f.rules("4001")
		require.Equal(t, []cti.Forward{{Type: cti.ForwardBusy, Active: true, To: "4002"}}, f.forwards("4001"), "what was set by hand is not ours")
		require.Empty(t, f.m.Status("4001"))
	})
}

func TestReciprocal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := open(t)
		f.rules("4001", forwardrules.Rule{Name: "a", To: "4002"})
		f.rules("4002", forwardrules.Rule{Name: "b", To: "4001"})
		require.Len(t, f.forwards("4001"), 1)
		require.Empty(t, f.forwards("4002"))
		require.Equal(t, []forwardrules.Status{{Rule: "b", Active: true, Circle: true}}, f.m.Status("4002"))
		time.Sleep(time.Hour)
		require.Len(t, f.incidents.Find(ctikit.IncidentFilter{Code: "forwardrules.circle"}), 1, "told once")
		f.rules("4001")
		require.Len(t, f.forwards("4002"), 1, "now it can be")

		require.NoError(t, f.net.Set("4001").Forward(cti.Forward{Active: true, To: "4002"})) // by hand
		time.Sleep(2 * time.Minute)
		require.Empty(t, f.forwards("4002"), "withdrawn: calls would come back")
	})
}

// TestReciprocalWhileCancelFails: a forward that stands because it could not be
// cancelled counts.
func TestReciprocalWhileCancelFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := open(t)
		require.NoError(t, f.m.SetRules("4002", []forwardrules.Rule{{Name: "b", To: "4001"}}))
		time.Sleep(time.Second)
		refusing := f.net.Inject(ctitest.Fault{Op: cti.OpSetForwarding, Device: "4002", Count: -1, Action: ctitest.Refuse, Err: errors.New("no")})
		require.NoError(t, f.m.SetRules("4002", nil))
		require.NoError(t, f.m.SetRules("4001", []forwardrules.Rule{{Name: "a", To: "4002"}}))
		time.Sleep(10 * time.Second)
		require.Empty(t, f.net.Picture("4001").Features.Forwards)
		require.ErrorIs(t, f.m.Status("4001")[0].Err, cti.ErrInvalidState)
		refusing.Remove()
		time.Sleep(2 * time.Minute)
		require.Empty(t, f.net.Picture("4002").Features.Forwards)
		require.Len(t, f.net.Picture("4001").Features.Forwards, 1)
	})
}

// TestReciprocalWhileReplacementFails: so does one that was to lead elsewhere,
// until it does.
func TestReciprocalWhileReplacementFails(t *testing.T) {
	for name, fault := range map[string]ctitest.Fault{
		"refused": {Op: cti.OpSetForwarding, Device: "4002", Count: -1, Action: ctitest.Refuse, Err: errors.New("no")},
		"slow":    {Op: cti.OpSetForwarding, Device: "4002", Count: -1, Action: ctitest.DelayRequest, Delay: 3 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := open(t)
				require.NoError(t, f.m.SetRules("4002", []forwardrules.Rule{{Name: "b", To: "4001"}}))
				time.Sleep(time.Second)
				troubled := f.net.Inject(fault)
				require.NoError(t, f.m.SetRules("4002", []forwardrules.Rule{{Name: "b", To: "4003"}}))
				require.NoError(t, f.m.SetRules("4001", []forwardrules.Rule{{Name: "a", To: "4002"}}))
				time.Sleep(2 * time.Second)
				require.Equal(t, "4001", f.net.Picture("4002").Features.Forwards[0].To)
				require.Empty(t, f.net.Picture("4001").Features.Forwards)
				if fault.Action == ctitest.DelayRequest {
					time.Sleep(2 * time.Second)
					require.Len(t, f.net.Picture("4001").Features.Forwards, 1, "as soon as the other one leads elsewhere")
				}
				troubled.Remove()
				time.Sleep(2 * time.Minute)
				require.Equal(t, "4003", f.net.Picture("4002").Features.Forwards[0].To)
				require.Equal(t, "4002", f.net.Picture("4001").Features.Forwards[0].To)
			})
		})
	}
}

func TestRequestsThatFailAreRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := open(t)
		f.net.Inject(ctitest.Fault{Op: cti.OpSetForwarding, Count: 2, Action: ctitest.Refuse, Err: &cti.Error{Err: cti.ErrBusy}})
		f.rules("4001", forwardrules.Rule{Name: "a", To: "4002"})
		require.Empty(t, f.forwards("4001"))
		status := f.m.Status("4001")
		require.True(t, errors.Is(status[0].Err, cti.ErrBusy) && !status[0].InForce)
		time.Sleep(3 * time.Minute)
		require.Len(t, f.forwards("4001"), 1)
		require.NoError(t, f.m.Status("4001")[0].Err)
		require.Len(t, f.incidents.Find(ctikit.IncidentFilter{Code: "forwardrules.failed"}), 1, "told once")
	})
}

func TestForwardsOfAnEarlierRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := open(t)
		f.rules("4001", forwardrules.Rule{Name: "a", To: "+33612345678"})
		f.stop()
		require.ErrorIs(t, f.ended, context.Canceled)
		require.Len(t, f.forwards("4001"), 1, "the PBX goes on")
		f.manage()
		f.rules("4001", forwardrules.Rule{Name: "a", To: "+33612345678", Calendar: forwardrules.Calendar{Until: forwardrules.Date{Year: 1999, Month: 1, Day: 1}}})
		require.Empty(t, f.forwards("4001"), "its time is over")
	})
}

func TestSection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, ctx := open(t), context.Background()
		f.rules("4001", forwardrules.Rule{Name: "a", To: "4002"})
		section := f.m.Section(nil)
		require.Equal(t, "rules", section.Name)
		data, n, err := section.Export(ctx)
		require.NoError(t, err)
		require.Equal(t, 1, n)
		require.JSONEq(t, `{"4001":[{"name":"a","priority":0,"type":"immediate","origin":"all","to":"4002"}]}`, string(data))

		other := []byte(`{"4002":[{"name":"b","type":"busy","to":"4001"},{"name":"c","type":"no answer","to":"4001"}]}`)
		n, err = section.Import(ctx, ctikit.Import{Data: other, DryRun: true})
		require.NoError(t, err)
		require.Equal(t, 2, n)
		for _, bad := range []string{`[]`, `{"4001":[{"name":"a","to":"4001"}],"4002":[{}]}`, `{"4001":[{"nmae":"a"}]}`} {
			_, err = section.Import(ctx, ctikit.Import{Data: []byte(bad)})
			require.Error(t, err)
		}
		kept := errors.New("disk full")
		_, err = f.m.Section(func(context.Context, map[cti.DeviceID][]forwardrules.Rule) error { return kept }).Import(ctx, ctikit.Import{Data: other})
		require.ErrorIs(t, err, kept)
		time.Sleep(time.Second)
		require.Len(t, f.forwards("4001"), 1, "nothing changed so far")

		_, err = section.Import(ctx, ctikit.Import{Data: other})
		require.NoError(t, err)
		time.Sleep(time.Second)
		require.Empty(t, f.forwards("4001"))
		require.Len(t, f.forwards("4002"), 2)
	})
}
