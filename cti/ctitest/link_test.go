package ctitest_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
)

func TestCapacityIsOfTheLink(t *testing.T) {
	b := newBench(t, ctitest.LinkOptions{MaxSupervisions: 2}, "4001")
	second := b.open()
	start := func(a *ctitest.Association, number cti.DeviceID) (err error) {
		a.Serve(cti.OpSupervise, number, nil, func(s *ctitest.Switch) (any, error) {
			_, err = s.StartMonitor(number, ctikit.Secret{})
			return nil, err
		})
		return err
	}
	require.NoError(t, start(second, "4002"))
	require.Equal(t, 2, b.link.Used())
	require.ErrorIs(t, start(b.assoc, "4003"), cti.ErrCapacity)
	require.ErrorIs(t, start(second, "4003"), cti.ErrCapacity)
	require.Equal(t, []string{"a"}, b.net.Monitors("4002"))
	second.Close()
	require.Equal(t, 1, b.link.Used(), "monitors end with their association")
	require.NoError(t, start(b.assoc, "4003"))
	b.link.SetMaxSupervisions(1)
	require.Equal(t, 2, b.link.Used(), "a lowered limit stops nobody")
	require.ErrorIs(t, start(b.assoc, "4004"), cti.ErrCapacity)
	b.link.SetMaxSupervisions(0)
	require.NoError(t, start(b.assoc, "4004"))
}

func TestThePBXStopsMonitors(t *testing.T) {
	b := newBench(t, ctitest.LinkOptions{}, "4001", "4002", "4003")
	b.link.StopMonitors("4001")
	b.link.StopMonitors("4999")
	require.Equal(t, []string{"MonitorStopped 4001"}, b.events())
	b.net.Remove("4002")
	b.net.Remove("4002")
	require.Equal(t, []string{"MonitorStopped 4002"}, b.events())
	require.Empty(t, b.net.Picture("4002").Calls)
	require.ErrorIs(t, b.net.Set("4002").Answer(), cti.ErrInvalidDevice)
	b.link.SetReach([]cti.Pattern{{Site: 7, Cluster: cti.Any}})
	require.Equal(t, []string{"MonitorStopped 4003"}, b.events())
	require.Zero(t, b.link.Used())
}

// TestVTIXMLHidesForwards: forwards do not go over VTI-XML (TWP guide 3.3).
func TestVTIXMLHidesForwards(t *testing.T) {
	b := newBench(t, ctitest.LinkOptions{}, "4001")
	require.NoError(t, b.net.Set("4001").Forward(cti.Forward{Active: true, To: "4002"}))
	require.NoError(t, b.net.Set("4001").DoNotDisturb(true))
	require.Equal(t, []string{"DoNotDisturb 4001"}, b.events())
	require.False(t, b.assoc.Capabilities().Operations.Has(cti.OpSetForwarding))
	shot, err := b.ask(cti.OpSnapshotDevice, "4001", func(s *ctitest.Switch) (any, error) { return s.SnapshotDevice("4001") })
	require.NoError(t, err)
	require.Nil(t, shot.(cti.Snapshot).Features.Forwards)
	require.Len(t, b.net.Picture("4001").Features.Forwards, 1)
}

func TestSnapshotsThatAreNotAtomic(t *testing.T) {
	for _, atomic := range []bool{true, false} {
		b := newBench(t, ctitest.LinkOptions{SnapshotAtomic: atomic}, "4001")
		b.events()
		b.assoc.Serve(cti.OpSnapshotDevice, "4001", nil, func(s *ctitest.Switch) (any, error) {
			_, err := s.MakeCall("4001", "4002")
			require.NoError(t, err)
			return s.SnapshotDevice("4001")
		})
		m, err := b.assoc.Next(t.Context())
		require.NoError(t, err)
		if atomic {
			require.Equal(t, ctitest.EventMessage, m.Kind, "an atomic snapshot comes behind the events that it contains")
		} else {
			require.Equal(t, ctitest.AnswerMessage, m.Kind, "another may overtake them")
		}
	}
}

func TestCallsThatExistedStaySilent(t *testing.T) {
	b := newBench(t, ctitest.LinkOptions{})
	_, err := b.net.Dial("0612345678", "4001")
	require.NoError(t, err)
	require.NoError(t, b.net.Set("4001").Answer())
	b.supervise("4001")
	require.NoError(t, b.net.Set("4001").Consult("4002"))
	require.NotEmpty(t, b.events(), "a call that begins is reported")
	require.NoError(t, b.net.Set("4002").Answer())
	b.events()
	require.NoError(t, b.net.Set("4001").Conference())
	require.Empty(t, b.events(), "nor is what became of a silent call")
	require.NoError(t, b.net.Set("4001").HangUp())
	require.Empty(t, b.events())
	require.NoError(t, b.net.Set("4001").Call("4003"))
	require.NotEmpty(t, b.events())
}

func TestMutedLink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, ctitest.LinkOptions{}, "4001")
		b.link.Mute()
		b.assoc.Serve(cti.OpPing, "", nil, func(*ctitest.Switch) (any, error) {
			t.Error("a silent peer works")
			return nil, nil
		})
		_, err := b.net.Dial("0612345678", "4001")
		require.NoError(t, err)
		require.Empty(t, b.events())
		require.Equal(t, 1, b.link.Associations(), "the connection stays")
		fresh := b.open()
		require.Len(t, b.net.Monitors("4001"), 1)
		fresh.Close()
	})
}

func TestStrandedSupervisionsCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, ctitest.LinkOptions{MaxSupervisions: 2}, "4001", "4002")
		b.link.Strand(time.Minute)
		require.True(t, isDone(b.assoc.Done()))
		require.Zero(t, b.link.Associations())
		require.Equal(t, 2, b.link.Used(), "the PBX has not noticed")
		require.NoError(t, b.net.Set("4001").Call("4002"))
		time.Sleep(time.Minute)
		synctest.Wait()
		require.Zero(t, b.link.Used())
		require.Empty(t, b.net.Monitors("4001"))
	})
}

func TestUnsupportedOperations(t *testing.T) {
	b := newBench(t, ctitest.LinkOptions{Operations: cti.OperationsOf(cti.OpSupervise)})
	b.assoc.Serve(cti.OpMakeCall, "4001", 7, func(*ctitest.Switch) (any, error) {
		t.Error("the link cannot do this")
		return nil, nil
	})
	m, err := b.assoc.Next(t.Context())
	require.NoError(t, err)
	require.Equal(t, 7, m.Tag)
	require.EqualError(t, m.Err, "make call 4001: not supported")
}
