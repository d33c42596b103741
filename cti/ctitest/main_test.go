package ctitest_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
)

// bench is a network with sets 4001 to 4006 and an open association to it.
type bench struct {
	*testing.T
	net   *ctitest.Network
	link  *ctitest.Link
	assoc *ctitest.Association
}

func newBench(t *testing.T, o ctitest.LinkOptions, supervised ...cti.DeviceID) *bench {
	net := ctitest.NewNetwork(ctitest.Options{})
	for _, number := range []cti.DeviceID{"4001", "4002", "4003", "4004", "4005", "4006"} {
		net.Add(cti.Extension{Number: number, Location: cti.Location{Site: 1, Cluster: 1}})
	}
	b := &bench{T: t, net: net, link: net.Link("a", o)}
	b.assoc = b.open()
	for _, number := range supervised {
		b.supervise(number)
	}
	b.read()
	return b
}

func (b *bench) open() *ctitest.Association {
	a, err := b.link.Open(context.Background(), b.link.Options().User, b.link.Options().Password)
	require.NoError(b, err)
	b.Cleanup(a.Close)
	return a
}

func (b *bench) supervise(number cti.DeviceID) ctitest.MonitorID {
	id, err := b.ask(cti.OpSupervise, number, func(s *ctitest.Switch) (any, error) { return s.StartMonitor(number, ctikit.Secret{}) })
	require.NoError(b, err)
	return id.(ctitest.MonitorID)
}

// ask serves a request; the events before the answer stay for [bench.events].
func (b *bench) ask(op cti.Operation, device cti.DeviceID, work func(*ctitest.Switch) (any, error)) (any, error) {
	var answer any
	var err error
	served := false
	b.assoc.Serve(op, device, nil, func(s *ctitest.Switch) (any, error) {
		answer, err = work(s)
		served = true
		return answer, err
	})
	require.True(b, served, "not served")
	return answer, err
}

func (b *bench) must(op cti.Operation, work func(*ctitest.Switch) error) {
	b.Helper()
	_, err := b.ask(op, "", func(s *ctitest.Switch) (any, error) { return nil, work(s) })
	require.NoError(b, err)
}

// connects is [bench.must] for operations that return a connection.
func (b *bench) connects(op cti.Operation, work func(*ctitest.Switch) (cti.ConnectionID, error)) cti.ConnectionID {
	b.Helper()
	c, err := b.ask(op, "", func(s *ctitest.Switch) (any, error) { return work(s) })
	require.NoError(b, err)
	return c.(cti.ConnectionID)
}

// read takes every event that waits.
func (b *bench) read() (events []cti.Event) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for {
		m, err := b.assoc.Next(ctx)
		if err != nil {
			return events
		}
		if m.Kind == ctitest.EventMessage {
			events = append(events, *m.Event)
		}
	}
}

// events takes every event that waits, in one line each.
func (b *bench) events() (lines []string) {
	for _, ev := range b.read() {
		line := ev.String()
		if ev.Redirection.Status == cti.Known {
			line += " from " + ev.Redirection.String()
		}
		if ev.Target.Status == cti.Known {
			line += " to " + ev.Target.String()
		}
		if ev.OldCall != "" {
			line += " of " + string(ev.OldCall) + "+" + string(ev.OtherCall)
		}
		lines = append(lines, line)
	}
	return lines
}

// picture is a set's calls in short: "call state", parties behind it.
func (b *bench) picture(number cti.DeviceID) (lines []string) {
	for _, c := range b.net.Picture(number).Calls {
		line := string(c.ID) + " " + c.State.String()
		for _, p := range c.Parties {
			line += ", " + p.Device.String() + " " + p.State.String()
		}
		lines = append(lines, line)
	}
	return lines
}
