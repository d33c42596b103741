package calllog_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/calllog"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/gateway"
)

// office is a PBX network with a gateway and a call log in front of it, in one
// synctest bubble.
type office struct {
	t    *testing.T
	net  *ctitest.Network
	port *ctitest.Link
	gw   *gateway.Gateway
	log  *calllog.Log
	stop func() // the log, then the gateway
	end  error  // of Follow
}

// plan is France's, as far as these tests go.
type plan struct{}

func (plan) Outgoing(number string) (string, error) { return number, nil }
func (plan) Incoming(number string) (lookup, e164 string, internal bool) {
	if len(number) == 4 {
		return number, "", true
	}
	return number, "+33" + number[1:], false
}

// names is a directory.
type names map[string]string

func (n names) CallerName(lookup, _ string) (string, bool) {
	name, ok := n[lookup]
	return name, ok
}

func open(t *testing.T, o calllog.Options, numbers ...cti.DeviceID) *office {
	f := &office{t: t, net: ctitest.NewNetwork(ctitest.Options{}), log: calllog.New(o)}
	f.port = f.net.Link("a", ctitest.LinkOptions{SnapshotAtomic: true, ReportsExistingCalls: true})
	cfg := gateway.Config{NumberPlan: plan{}, Links: []gateway.Link{{Name: "a", Capacity: 100, Connector: f.port.Connector(ctitest.ConnectorOptions{Latency: time.Millisecond})}}}
	for _, n := range numbers {
		e := cti.Extension{Number: n, User: "user" + string(n), Protocol: cti.VTIXML}
		f.net.Add(e)
		cfg.Extensions = append(cfg.Extensions, e)
	}
	gw, err := gateway.New(cfg)
	require.NoError(t, err)
	f.gw = gw
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = gw.Run(ctx) })
	logged := make(chan error, 1)
	logging, stopLogging := context.WithCancel(context.Background())
	go func() { logged <- f.log.Follow(logging, gw, gateway.Names(names{"0612345678": "Ada"})) }()
	f.stop = sync.OnceFunc(func() {
		stopLogging()
		f.end = <-logged
		cancel()
		running.Wait()
	})
	t.Cleanup(f.stop)
	f.settle()
	return f
}

func (f *office) settle() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	require.NoError(f.t, f.gw.Settled(ctx))
	f.wait(10 * time.Millisecond)
}

func (f *office) wait(d time.Duration) { time.Sleep(d) }

func (f *office) dial(from, to cti.DeviceID) *ctitest.Party {
	p, err := f.net.Dial(from, to)
	require.NoError(f.t, err)
	return p
}

func (f *office) do(err error) {
	f.t.Helper()
	require.NoError(f.t, err)
	time.Sleep(10 * time.Millisecond)
}

// lines returns a user's entries as text, the oldest first.
func (f *office) lines(number string) (out []string) {
	entries, err := f.log.Find(context.Background(), calllog.Filter{User: "user" + number})
	require.NoError(f.t, err)
	for _, e := range entries {
		out = append([]string{short(&e)}, out...)
	}
	return out
}

// short is "incoming 0612345678 Ada answered 60s", with what else is set.
func short(e *calllog.Entry) string {
	s := e.Kind.String()
	if e.Kind == calllog.Unobserved {
		return fmt.Sprintf("%s %v", s, e.End.Sub(e.Begin).Round(time.Second))
	}
	if e.Withheld {
		s += " withheld"
	}
	for _, word := range []string{e.Number, e.Name, e.Outcome.String()} {
		if word != "" {
			s += " " + word
		}
	}
	if e.Outcome == calllog.Answered {
		s += " " + e.Talk().Round(time.Second).String()
	}
	if e.Redirection != "" {
		s += " from " + e.Redirection
	}
	if e.Transferred {
		s += " transferred"
	}
	if e.Conference {
		s += " conference"
	}
	if e.Transfer != "" {
		s += " to " + e.Transfer
	}
	if e.Incomplete {
		s += " incomplete"
	}
	return s
}
