package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/gateway"
	"github.com/ctikit/ctikit/vtixml"
)

// peer is the PBX network in its process.
type peer struct {
	cmd       *exec.Cmd
	in        io.WriteCloser
	out       *bufio.Reader
	addresses []string
}

func start(ctx context.Context, o options) (*peer, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := &peer{cmd: exec.CommandContext(ctx, self, "-serve", "-extensions", strconv.Itoa(o.extensions), "-links",
		strconv.Itoa(o.links), "-seed", strconv.FormatUint(o.seed, 10))}
	p.cmd.Stderr = os.Stderr
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	pipe, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = bufio.NewReader(pipe)
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	return p, p.read(&p.addresses)
}

func (p *peer) read(into any) error {
	line, err := p.out.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("the PBX process: %w", err)
	}
	return json.Unmarshal(line, into)
}

func (p *peer) say(format string, args ...any) error {
	_, err := fmt.Fprintf(p.in, format+"\n", args...)
	return err
}

func (p *peer) stop() error {
	return errors.Join(p.in.Close(), p.cmd.Wait())
}

// site is a gateway that runs in front of the PBX process, and a subscriber.
type site struct {
	gw         *gateway.Gateway
	pbx        *peer
	counter    *counter
	supervised time.Duration // what it took

	ctx context.Context // ends with the gateway's
	end func()
	run sync.WaitGroup
	err error // of the gateway
}

// open starts all of it and waits until every extension is supervised.
func open(ctx context.Context, o options) (*site, error) {
	pbx, err := start(ctx, o)
	if err != nil {
		return nil, err
	}
	cfg := gateway.Config{Name: "soak", Extensions: extensionsOf(o),
		Timing: gateway.Timing{FailoverDelay: 500 * time.Millisecond, HoldDown: 2 * time.Second, ReturnRate: 20_000}}
	for i, address := range pbx.addresses {
		cfg.Links = append(cfg.Links, gateway.Link{Name: linkName(i), Location: cti.Location{Site: i + 1, Cluster: 1},
			Serves: []cti.Pattern{{Site: i + 1, Cluster: cti.Any}}, Capacity: 2 * (o.extensions/o.links + 1), MaxInFlight: 32,
			Connector: vtixml.Config{Addr: address}})
	}
	s := &site{pbx: pbx}
	if s.gw, err = gateway.New(cfg); err != nil {
		return nil, errors.Join(err, pbx.stop())
	}
	s.ctx, s.end = context.WithCancel(ctx)
	s.run.Go(func() { s.err = s.gw.Run(s.ctx) })
	begun := time.Now()
	if err := supervised(s.gw, o.extensions, time.Minute); err != nil {
		return nil, errors.Join(err, s.close())
	}
	s.supervised = time.Since(begun)
	s.counter = &counter{gw: s.gw}
	reader := s.gw.Subscribe(gateway.Buffer(1 << 16))
	s.run.Go(func() { s.counter.read(s.ctx, reader) })
	return s, nil
}

func (s *site) close() error {
	s.end()
	s.run.Wait()
	return errors.Join(s.err, s.pbx.stop())
}

// watch runs the gateway and prints figures.
func watch(ctx context.Context, o options) (err error) {
	s, err := open(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	fmt.Printf("%d extensions on %d links supervised in %v\n", o.extensions, o.links, s.supervised.Round(time.Millisecond))
	if !o.failover {
		return errors.Join(soak(s.gw, s.pbx, s.counter, o), compare(s.gw, s.pbx, o))
	}
	s.counter.print(0)
	lost, err := failover(s, o)
	if err != nil {
		return err
	}
	fmt.Printf("%d extensions of the lost link supervised again after %v, of which %v were the wait for its return\n",
		lost.extensions, lost.again.Round(time.Millisecond), s.gw.Config().Timing.FailoverDelay)
	fmt.Printf("round trips of another link before:    %v\n", lost.quiet)
	fmt.Printf("round trips of another link meanwhile: %v\n", lost.during)
	s.counter.print(lost.again)
	return nil
}

func supervised(gw *gateway.Gateway, want int, limit time.Duration) error {
	deadline := time.Now().Add(limit)
	for {
		used := 0
		for _, l := range gw.Links() {
			used += l.Used
		}
		if used == want && gw.Stats().Supervised >= uint64(want) && settledNow(gw) {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("only %d of %d supervised after %v", used, want, limit)
		}
		time.Sleep(2 * time.Millisecond)
	}
}

func settledNow(gw *gateway.Gateway) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	return gw.Settled(ctx) == nil
}

// soak lets calls and failures happen for the time asked, and prints figures.
func soak(gw *gateway.Gateway, pbx *peer, c *counter, o options) error {
	r := rand.New(rand.NewPCG(o.seed, 1))
	end := time.After(time.Duration(o.minutes * float64(time.Minute)))
	calls := time.NewTicker(time.Second)
	defer calls.Stop()
	figures := time.NewTicker(o.every)
	defer figures.Stop()
	var fail <-chan time.Time
	if o.fail > 0 {
		failing := time.NewTicker(o.fail)
		defer failing.Stop()
		fail = failing.C
	}
	fmt.Println("time      supervised  events     gaps    snapshots  reconnects  goroutines  heap MiB  RSS MiB")
	begun := time.Now()
	for {
		select {
		case <-end:
			c.print(time.Since(begun))
			return nil
		case <-calls.C:
			if err := pbx.say("calls %d", o.calls); err != nil {
				return err
			}
		case <-fail:
			if err := pbx.say("drop %d", r.IntN(o.links)); err != nil {
				return err
			}
		case <-figures.C:
			c.print(time.Since(begun))
		}
	}
}

// compare waits for rest and holds the gateway's picture against the PBX's.
func compare(gw *gateway.Gateway, pbx *peer, o options) error {
	if err := supervised(gw, o.extensions, 2*time.Minute); err != nil {
		return err
	}
	time.Sleep(25 * time.Second) // the last hang-ups
	if err := pbx.say("picture"); err != nil {
		return err
	}
	var want map[string]string
	if err := pbx.read(&want); err != nil {
		return err
	}
	got := map[string]string{}
	for _, e := range gw.Extensions() {
		s, ok := gw.Snapshot(e.Number)
		if !ok {
			return fmt.Errorf("%s is not supervised: %v", e.Number, e.Reason)
		}
		if len(s.Calls) > 0 {
			got[string(e.Number)] = states(s.Calls)
		}
	}
	for _, n := range slices.Sorted(maps.Keys(want)) {
		if got[n] != want[n] {
			return fmt.Errorf("%s: the gateway sees %q, the PBX %q", n, got[n], want[n])
		}
	}
	if len(got) != len(want) {
		return fmt.Errorf("the gateway sees calls at %d extensions, the PBX at %d", len(got), len(want))
	}
	fmt.Printf("the gateway's picture of %d extensions (%d with calls) equals the PBX's\n", o.extensions, len(want))
	return nil
}

// counter is a subscriber that counts.
type counter struct {
	gw              *gateway.Gateway
	mu              sync.Mutex
	gaps, snapshots int
}

func (c *counter) read(ctx context.Context, s *gateway.Subscription) {
	for ev, err := range s.Events(ctx) {
		if err != nil {
			return
		}
		c.mu.Lock()
		switch ev.Kind {
		case cti.GapFound:
			c.gaps++
		case cti.SnapshotTaken:
			c.snapshots++
		}
		c.mu.Unlock()
	}
}

func (c *counter) print(at time.Duration) {
	stats, n := c.gw.Stats(), 0
	for _, l := range c.gw.Links() {
		n += l.Used
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	c.mu.Lock()
	defer c.mu.Unlock()
	fmt.Printf("%-9v %-11d %-10d %-7d %-10d %-11d %-11d %-9d %d\n", at.Round(time.Second), n, stats.EventsIn, c.gaps,
		c.snapshots,
		stats.Reconnects, runtime.NumGoroutine(), m.HeapInuse>>20, resident())
}

// resident is the memory of this process as the system counts it, in MiB; 0
// where the system does not tell.
func resident() int {
	data, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(data))
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.Atoi(fields[1])
	return pages * os.Getpagesize() >> 20
}
