package vtixml_test

import (
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/vtixml"
)

const emptySnapshot = `<answer id="%d"><snapshot device="%s" doNotDisturb="false"></snapshot></answer>`

// TestMonitorUsedAgain: a PBX that stops a monitor gives its number to the next
// one at once, while an event and a stop of the old one are under way.
func TestMonitorUsedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg, pbx := dialScript(t, vtixml.Config{})
		pbx.say(opened)
		sink := &collector{}
		s := open(t, cfg, sink)
		pbx.hear()
		supervised := make(chan error, 1)
		supervise := func(device cti.DeviceID) {
			go func() {
				_, err := s.Supervise(t.Context(), cti.Extension{Number: device})
				supervised <- err
			}()
			pbx.hear()
		}
		supervise("4001")
		pbx.say(`<answer id="1" monitor="7"/>`)
		pbx.hear()
		pbx.say(fmt.Sprintf(emptySnapshot, 2, "4001"))
		require.NoError(t, <-supervised)

		supervise("4002")
		released := make(chan error, 1)
		go func() { released <- s.Release(t.Context(), "4001") }()
		require.Equal(t, `<release id="4" device="4001" monitor="7"/>`, pbx.hear())
		pbx.say(`<event monitor="7" kind="Delivered" device="4001" call="1"/>`)
		pbx.say(`<event monitor="7" kind="MonitorStopped"/>`)
		pbx.say(`<answer id="4"/>`)
		require.NoError(t, <-released)
		pbx.say(`<answer id="3" monitor="7"/>`)
		pbx.hear()
		pbx.say(fmt.Sprintf(emptySnapshot, 5, "4002"))
		require.NoError(t, <-supervised)
		require.Empty(t, sink.all())
		pbx.say(`<event monitor="7" kind="MonitorStopped"/>`)
		synctest.Wait()
		require.Len(t, sink.all(), 1)
		require.Equal(t, cti.DeviceID("4002"), sink.all()[0].Device)
	})
}

// TestStopsWithoutEnd: a PBX that stops what was never started takes no memory
// without bound.
func TestStopsWithoutEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg, pbx := dialScript(t, vtixml.Config{})
		pbx.say(opened)
		s := open(t, cfg, &collector{})
		pbx.hear()
		go func() { _, _ = s.Supervise(t.Context(), cti.Extension{Number: "4001"}) }()
		pbx.hear()
		for i := 0; s.Err() == nil; i++ {
			pbx.say(fmt.Sprintf(`<event monitor="%d" kind="MonitorStopped"/>`, i+1))
			synctest.Wait()
			require.Less(t, i, 100000)
		}
		require.ErrorIs(t, s.Err(), cti.ErrProtocol)
	})
}
