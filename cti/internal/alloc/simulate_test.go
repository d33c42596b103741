package alloc

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ctikit/ctikit/internal/testenv"
)

var seedsFlag = flag.Int("alloc.seeds", 4000, "number of seeds of the simulation")

// TestSimulation drives the allocator with random histories and holds it, after
// every input, to the reference and to the invariants. CTIKIT_SEED repeats one.
func TestSimulation(t *testing.T) {
	first := testenv.Seed(t)
	if failing, err := simulateMany(first, *seedsFlag, plain); err != nil {
		t.Fatalf("repeat with CTIKIT_SEED=%d -alloc.seeds=1: %v", failing, err)
	}
}

// simulateMany runs n seeds on all processors; it returns a failing seed.
func simulateMany(first uint64, n int, make func() subject) (failing uint64, err error) {
	var next atomic.Int64
	var stop atomic.Bool
	var once sync.Once
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(n) && !stop.Load(); i = next.Add(1) - 1 {
				seed := first + uint64(i)
				if e := simulate(seed, make()); e != nil {
					once.Do(func() { failing, err = seed, e })
					stop.Store(true)
				}
			}
		})
	}
	wg.Wait()
	return failing, err
}

// world is one simulation: an allocator, the reference, and the gateway that
// would carry the moves out.
type world struct {
	*rand.Rand
	subject   subject
	ref       *reference
	monitors  map[int32]int32 // extension to the link where its monitor is or is being started
	starting  map[int32]bool
	busy      map[int32]bool // in a call
	links     []int32
	exts      []int32
	most      struct{ links, exts int }
	nextLink  int32
	nextExt   int32
	freeExts  []int32
	lastInput string
	buf       []Move
}

func simulate(seed uint64, subject subject) error {
	w := &world{
		Rand: rand.New(rand.NewPCG(seed, 5)), subject: subject, ref: newReference(),
		monitors: map[int32]int32{}, starting: map[int32]bool{}, busy: map[int32]bool{},
	}
	steps := 30 + w.IntN(30)
	w.most.links, w.most.exts = 5, 14
	if seed%200 == 0 { // a large one now and then: deep heaps, long lists
		w.most.links, w.most.exts, steps = 40, 100, 400
	}
	for step := range steps {
		if err := w.step(); err != nil {
			return fmt.Errorf("step %d, %s: %w", step, w.lastInput, err)
		}
		if err := w.invariants(); err != nil {
			return fmt.Errorf("step %d, after %s: %w", step, w.lastInput, err)
		}
	}
	return nil
}

// step gives one random input to both.
func (w *world) step() error {
	inputs := []struct {
		weight int
		do     func() error
	}{
		{8, w.addExtension}, {3, w.removeExtension}, {4, w.addLink}, {1, w.removeLink}, {2, w.setCapacity},
		{2, w.setServes}, {1, w.setReserve}, {1, w.setOrder}, {3, w.linkDown}, {3, w.reallocate}, {4, w.linkUp},
		{1, w.restart}, {1, w.drain}, {3, w.returnHome}, {1, w.rebalance}, {14, w.carryOut}, {8, w.answer}, {1, w.call},
	}
	sum := 0
	for _, in := range inputs {
		sum += in.weight
	}
	n := w.IntN(sum)
	for _, in := range inputs {
		if n -= in.weight; n < 0 {
			return in.do()
		}
	}
	return nil
}

func (w *world) begin(format string, args ...any) { w.lastInput = fmt.Sprintf(format, args...) }

// agree compares what the two decided, and what a move may be.
func (w *world) agree(got, want []Move, concerns ...int32) error {
	w.buf = got
	seen := map[int32]bool{}
	for _, m := range got {
		if seen[m.Ext] {
			return fmt.Errorf("extension %d moves twice: %v", m.Ext, got)
		}
		seen[m.Ext] = true
		from := m.From
		if from != 0 && from != m.To && !slices.Contains(concerns, from) && (w.ref.links[from] == nil || !w.ref.links[from].drained) {
			return fmt.Errorf("extension %d leaves link %d, which this does not concern: %v", m.Ext, from, got)
		}
	}
	all := slices.Clone(want)
	want = slices.DeleteFunc(want, func(m Move) bool { // a change of mode before a move in the same input
		return m.From == m.To && slices.ContainsFunc(all, func(o Move) bool { return o.Ext == m.Ext && o.From != o.To })
	})
	byExt := func(a, b Move) int { return int(a.Ext - b.Ext) }
	a, b := slices.SortedFunc(slices.Values(got), byExt), slices.SortedFunc(slices.Values(want), byExt)
	if !slices.Equal(a, b) {
		return fmt.Errorf("moves are %v, by the rules %v", a, b)
	}
	return nil
}

// invariants looks at the whole state after an input.
func (w *world) invariants() error {
	for id, l := range w.ref.links {
		use := Use{Used: int32(w.ref.used(l))}
		for _, e := range w.ref.exts {
			if e.link == id {
				*map[uint8]*int32{Explicit: &use.Explicit, Overflow: &use.Overflow, Implicit: &use.Implicit}[e.mode]++
			}
		}
		if got := w.subject.Use(id); got != use {
			return fmt.Errorf("link %d is used as %+v, by the rules %+v", id, got, use)
		}
	}
	for _, e := range w.ref.exts {
		if e.link != 0 {
			continue
		}
		for _, l := range w.ref.links {
			if w.ref.allowed(l, e) && w.ref.free(l) > 0 {
				return fmt.Errorf("extension %d waits while link %d has a free slot", e.id, l.id)
			}
		}
	}
	for ext, link := range w.monitors {
		if e := w.ref.exts[ext]; e == nil || e.at != link {
			return fmt.Errorf("the simulation lost track of extension %d on link %d", ext, link)
		}
	}
	return nil
}

func (w *world) anyLink() *refLink {
	if len(w.links) == 0 {
		return nil
	}
	return w.ref.links[w.links[w.IntN(len(w.links))]]
}

func (w *world) anyExt(meets func(e *refExt) bool) *refExt {
	if len(w.exts) == 0 {
		return nil
	}
	start := w.IntN(len(w.exts))
	for i := range w.exts {
		if e := w.ref.exts[w.exts[(start+i)%len(w.exts)]]; meets(e) {
			return e
		}
	}
	return nil
}

func (w *world) patterns() (out []Pattern) {
	for range w.IntN(3) {
		p := Pattern{int32(w.IntN(4)), int32(w.IntN(3))}
		if p.Site == 0 {
			p.Site = Any
		}
		if p.Cluster == 0 {
			p.Cluster = Any
		}
		out = append(out, p)
	}
	return out
}
