package callback_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/callback"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/gateway"
)

// stage is a supervised PBX in a synctest bubble: agents 4001 and 4002, pool
// 7001 and 7002.
type stage struct {
	net  *ctitest.Network
	port *ctitest.Link
	gw   *gateway.Gateway
}

func play(t *testing.T, act func(t *testing.T, s *stage)) {
	synctest.Test(t, func(t *testing.T) {
		s := &stage{net: ctitest.NewNetwork(ctitest.Options{})}
		s.port = s.net.Link("pbx", ctitest.LinkOptions{SnapshotAtomic: true, ReportsExistingCalls: true})
		cfg := gateway.Config{Links: []gateway.Link{{Name: "pbx", Capacity: 10, Connector: s.port.Connector(ctitest.ConnectorOptions{Latency: time.Millisecond})}}}
		for _, n := range []cti.DeviceID{"4001", "4002", "7001", "7002"} {
			cfg.Extensions = append(cfg.Extensions, cti.Extension{Number: n, Protocol: cti.VTIXML})
		}
		s.net.Add(cfg.Extensions...)
		var err error
		s.gw, err = gateway.New(cfg)
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		var run sync.WaitGroup
		run.Go(func() { _ = s.gw.Run(ctx) })
		t.Cleanup(func() { cancel(); run.Wait() })
		require.NoError(t, s.gw.Settled(ctx))
		act(t, s)
	})
}

func (s *stage) service(t *testing.T, o callback.Options) *callback.Service {
	c, err := callback.New(s.gw, o)
	require.NoError(t, err)
	return c
}

// soon does something at a set or outside after a while.
func soon(d time.Duration, act func() error) { time.AfterFunc(d, func() { _ = act() }) }

func TestDoubleCallAndTransfer(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		soon(time.Second, s.net.Set("4001").Answer)
		soon(5*time.Second, s.net.Outside("0612345678").Answer)
		result, err := s.service(t, callback.Options{Via: []cti.DeviceID{"7001"}}).Call(t.Context(), "4001", "00612345678")
		require.NoError(t, err)
		require.Equal(t, cti.DeviceID("7001"), result.Via)
		time.Sleep(time.Second)
		agent := s.net.Picture("4001").Calls
		require.Len(t, agent, 1)
		require.Equal(t, result.Call, agent[0].ID)
		require.Equal(t, cti.Connected, agent[0].State)
		require.Equal(t, "00612345678", string(agent[0].Parties[0].Device.Number), "agent and visitor talk")
		require.Empty(t, s.net.Picture("7001").Calls, "the device of the pool has left")
	})
}

func TestDirect(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.net.Outside("0612345678").Behaves(ctitest.Answers)
		result, err := s.service(t, callback.Options{}).Call(t.Context(), "4001", "00612345678")
		require.NoError(t, err)
		require.True(t, result.Direct)
		require.Len(t, s.net.Picture("4001").Calls, 1)
	})
}

func TestFailuresLeaveNoCall(t *testing.T) {
	pool := callback.Options{Via: []cti.DeviceID{"7001"}, Answer: 20 * time.Second}
	agentAnswers := func(s *stage) { soon(time.Second, s.net.Set("4001").Answer) }
	for name, test := range map[string]struct {
		options callback.Options
		prepare func(t *testing.T, s *stage)
		leg     callback.Leg
		err     error
	}{
		"the agent does not answer":   {pool, func(*testing.T, *stage) {}, callback.AgentLeg, callback.ErrNoAnswer},
		"the agent refuses":           {pool, func(_ *testing.T, s *stage) { soon(time.Second, s.net.Set("4001").HangUp) }, callback.AgentLeg, callback.ErrNotReached},
		"the agent does not wish to":  {pool, func(t *testing.T, s *stage) { require.NoError(t, s.net.Set("4001").DoNotDisturb(true)) }, callback.AgentLeg, callback.ErrNotReached},
		"the visitor does not answer": {pool, func(_ *testing.T, s *stage) { agentAnswers(s) }, callback.VisitorLeg, callback.ErrNoAnswer},
		"the visitor is busy":         {pool, func(_ *testing.T, s *stage) { agentAnswers(s); s.net.Outside("0612345678").Behaves(ctitest.Busy) }, callback.VisitorLeg, callback.ErrNotReached},
		"the visitor's number is none": {pool, func(_ *testing.T, s *stage) {
			agentAnswers(s)
			s.net.Outside("0612345678").Behaves(ctitest.Unallocated)
		}, callback.VisitorLeg, callback.ErrNotReached},
		"the PBX refuses the consultation": {pool, func(_ *testing.T, s *stage) { agentAnswers(s); s.net.Inject(ctitest.Fault{Op: cti.OpConsultationCall}) }, callback.VisitorLeg, cti.ErrRefused},
		"the PBX refuses the transfer": {pool, func(_ *testing.T, s *stage) {
			agentAnswers(s)
			s.net.Outside("0612345678").Behaves(ctitest.Answers)
			s.net.Inject(ctitest.Fault{Op: cti.OpTransferCall})
		}, callback.TransferLeg, cti.ErrRefused},
		"direct, and nobody answers":  {callback.Options{Answer: 20 * time.Second}, func(*testing.T, *stage) {}, callback.VisitorLeg, callback.ErrNoAnswer},
		"the link is lost in between": {pool, func(_ *testing.T, s *stage) { soon(time.Second, func() error { s.port.Drop(); return nil }) }, callback.AgentLeg, callback.ErrLost},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, func(t *testing.T, s *stage) {
				test.prepare(t, s)
				_, err := s.service(t, test.options).Call(t.Context(), "4001", "00612345678")
				var leg *callback.LegError
				require.ErrorAs(t, err, &leg)
				require.Equal(t, test.leg, leg.Leg)
				require.ErrorIs(t, err, test.err)
				time.Sleep(time.Second)
				if !errors.Is(err, callback.ErrLost) { // then the PBX cannot be told
					require.Zero(t, s.net.Calls(), "%v", err)
				}
			})
		})
	}
}

func TestCancelled(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		_, err := s.service(t, callback.Options{Via: []cti.DeviceID{"7001"}}).Call(ctx, "4001", "00612345678")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.NotErrorIs(t, err, callback.ErrNoAnswer)
		time.Sleep(time.Second)
		require.Zero(t, s.net.Calls())
	})
}

// TestCancelledInFlight: the call-back is given up while the PBX is at work on a
// request; what that makes is not left behind either.
func TestCancelledInFlight(t *testing.T) {
	for _, op := range []cti.Operation{cti.OpMakeCall, cti.OpConsultationCall, cti.OpTransferCall} {
		t.Run(op.String(), func(t *testing.T) {
			play(t, func(t *testing.T, s *stage) {
				soon(time.Second, s.net.Set("4001").Answer)
				s.net.Outside("0612345678").Behaves(ctitest.Answers)
				s.net.Inject(ctitest.Fault{Op: op, Action: ctitest.DelayAnswer, Delay: 4 * time.Second})
				ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
				defer cancel()
				_, err := s.service(t, callback.Options{Via: []cti.DeviceID{"7001"}}).Call(ctx, "4001", "00612345678")
				time.Sleep(time.Minute)
				if op == cti.OpTransferCall { // it was done before anybody could take it back
					require.NoError(t, err)
					require.Equal(t, 1, s.net.Calls())
					return
				}
				require.ErrorIs(t, err, context.DeadlineExceeded)
				require.Zero(t, s.net.Calls())
			})
		})
	}
}

// TestAgentLeaves: the agent hangs up while the visitor's phone rings. Nobody is
// there to talk to, so the visitor is not let ring on.
func TestAgentLeaves(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		soon(time.Second, s.net.Set("4001").Answer)
		soon(5*time.Second, s.net.Set("4001").HangUp)
		start := time.Now()
		_, err := s.service(t, callback.Options{Via: []cti.DeviceID{"7001"}}).Call(t.Context(), "4001", "00612345678")
		var leg *callback.LegError
		require.ErrorAs(t, err, &leg)
		require.Equal(t, callback.AgentLeg, leg.Leg)
		require.ErrorIs(t, err, callback.ErrLeft)
		require.Less(t, time.Since(start), 6*time.Second)
		time.Sleep(time.Second)
		require.Zero(t, s.net.Calls())
	})
}

// TestAgentTookSomebodyIn: a call that has got more parties while the visitor's
// phone rang is ended for all of them.
func TestAgentTookSomebodyIn(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		soon(time.Second, s.net.Set("4001").Answer)
		soon(3*time.Second, func() error {
			line := s.gw.Line("4001")
			calls, _ := line.Calls()
			_, err := line.AddParty(t.Context(), calls[0].ID, "4002")
			return err
		})
		soon(5*time.Second, s.net.Set("4002").Answer)
		soon(10*time.Second, func() error { assert.Len(t, s.net.Picture("4002").Calls, 1); return nil })
		_, err := s.service(t, callback.Options{Via: []cti.DeviceID{"7001"}, Answer: 20 * time.Second}).Call(t.Context(), "4001", "00612345678")
		require.ErrorIs(t, err, callback.ErrNoAnswer)
		time.Sleep(time.Second)
		require.Zero(t, s.net.Calls())
	})
}

func TestPoolIsShared(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		service := s.service(t, callback.Options{Via: []cti.DeviceID{"7001"}, Answer: 10 * time.Second})
		first := make(chan error, 1)
		go func() { _, err := service.Call(t.Context(), "4001", "00612345678"); first <- err }()
		time.Sleep(time.Second)
		impatient, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := service.Call(impatient, "4002", "00612345678")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorContains(t, err, "pool")
		require.ErrorIs(t, <-first, callback.ErrNoAnswer)
		soon(time.Second, s.net.Set("4002").Answer)
		s.net.Outside("0612345678").Behaves(ctitest.Answers)
		_, err = service.Call(t.Context(), "4002", "00612345678")
		require.NoError(t, err, "the device is free again")
	})
}

// TestAgentOfPool: a device of the pool is nobody who could be called back for,
// whichever of them is free.
func TestAgentOfPool(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		pool := []cti.DeviceID{"7001", "7002"}
		service := s.service(t, callback.Options{Via: pool})
		clear(pool) // it is the host's
		start := time.Now()
		for _, agent := range []cti.DeviceID{"7001", "7002"} {
			_, err := service.Call(t.Context(), agent, "00612345678")
			var leg *callback.LegError
			require.ErrorAs(t, err, &leg)
			require.Equal(t, callback.AgentLeg, leg.Leg)
			require.ErrorIs(t, err, cti.ErrInvalidDestination)
			require.ErrorContains(t, err, "pool")
		}
		require.Zero(t, time.Since(start), "nothing was asked of the PBX")
		require.Zero(t, s.net.Calls())
	})
}

func TestPermit(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		unlicensed := errors.New("no toolkit licence")
		_, err := s.service(t, callback.Options{Permit: func(context.Context, cti.DeviceID) error { return unlicensed }}).Call(t.Context(), "4001", "1")
		require.ErrorIs(t, err, unlicensed)
		require.Zero(t, s.net.Calls())
	})
}

func TestOptions(t *testing.T) {
	_, err := callback.New(nil, callback.Options{Via: []cti.DeviceID{"7001", "", "7001"}, Answer: -1})
	require.ErrorContains(t, err, "answer")
	require.ErrorContains(t, err, "via[1]")
	require.ErrorContains(t, err, "via[2]")
	require.ErrorIs(t, err, ctikit.ErrInvalid)
}

// noPlan is a number plan that nothing can be dialled with.
type noPlan struct{}

func (noPlan) Outgoing(string) (string, error) { return "", errors.New("nothing to dial") }

func (noPlan) Incoming(number string) (string, string, bool) { return number, "", false }

// Nobody's phone rings for a number that cannot be dialled.
func TestUndiallableVisitor(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		service := s.service(t, callback.Options{Via: []cti.DeviceID{"7001"}})
		call := func(visitor string) *callback.LegError {
			_, err := service.Call(t.Context(), "4001", visitor)
			var leg *callback.LegError
			require.ErrorAs(t, err, &leg)
			require.Equal(t, callback.VisitorLeg, leg.Leg)
			require.ErrorIs(t, err, cti.ErrInvalidDestination)
			require.Zero(t, s.net.Calls())
			return leg
		}
		call("")
		cfg := s.gw.Config()
		cfg.NumberPlan = noPlan{}
		_, err := s.gw.Apply(t.Context(), cfg)
		require.NoError(t, err)
		require.NotContains(t, call("abc").Error(), "\n")
	})
}
