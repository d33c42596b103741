package ctitest_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
)

// kinds keeps what a session tells.
type kinds struct {
	mu  sync.Mutex
	all []cti.Kind
}

func (k *kinds) Event(ev *cti.Event) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.all = append(k.all, ev.Kind)
}

// TestMonitorStoppedOvertakesTheAnswer: the PBX ends a monitor whose start it has
// not answered yet. Start fails, or the session tells.
func TestMonitorStoppedOvertakesTheAnswer(t *testing.T) {
	for _, op := range []cti.Operation{cti.OpSupervise, cti.OpMonitorFeatures} {
		t.Run(op.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				net := ctitest.NewNetwork(ctitest.Options{})
				net.Add(cti.Extension{Number: "4001"})
				port := net.Link("a", ctitest.LinkOptions{Protocol: cti.CSTA})
				told := &kinds{}
				session, err := port.Connector(ctitest.ConnectorOptions{}).Open(t.Context(), told)
				require.NoError(t, err)
				t.Cleanup(func() { session.Close() })
				start := func() error {
					if op == cti.OpSupervise {
						_, err := session.Supervise(t.Context(), cti.Extension{Number: "4001"})
						return err
					}
					_, err := session.Do(t.Context(), driver.Request{Op: cti.OpMonitorFeatures, Device: "4001"})
					return err
				}
				slow := net.Inject(ctitest.Fault{Op: op, Action: ctitest.DelayAnswer, Delay: time.Second})
				done := make(chan error, 1)
				go func() { done <- start() }()
				require.NoError(t, slow.Wait(t.Context()))
				port.StopMonitors("4001")
				if err := <-done; err == nil {
					require.Equal(t, []cti.Kind{cti.MonitorStopped}, told.all)
				}
				require.NoError(t, start(), "it can be started again")
			})
		})
	}
}
