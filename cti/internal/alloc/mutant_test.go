package alloc

import (
	"testing"

	"github.com/ctikit/ctikit/internal/testenv"
	"github.com/stretchr/testify/require"
)

// subject is what the simulation drives: the allocator, or one with a planted bug.
type subject interface {
	AddLink(id int32, cfg Link, m []Move) []Move
	RemoveLink(id int32, m []Move) []Move
	LinkUp(id int32, m []Move) []Move
	LinkDown(id int32, m []Move) []Move
	SessionEnded(id int32, m []Move) []Move
	Reallocate(id int32, m []Move) []Move
	Drain(id int32, on bool, m []Move) []Move
	SetOrder(id, order int32)
	SetCapacity(id int32, n int, m []Move) []Move
	SetServes(id int32, serves []Pattern, m []Move) []Move
	SetReserve(on bool, m []Move) []Move
	AddExtension(id int32, cfg Ext, m []Move) []Move
	RemoveExtension(id int32, m []Move) []Move
	Started(id int32)
	Released(id int32, m []Move) []Move
	Failed(id int32, m []Move) []Move
	Unreachable(id int32, m []Move) []Move
	ReturnHome(id int32, n int, idle func(int32) bool, m []Move) []Move
	CanReturn(id int32) bool
	Rebalance(n int, m []Move) []Move
	Use(id int32) Use
}

func plain() subject { return New() }

// Planted bugs, each an allocator that errs in one way.
type (
	offByOne       struct{ *State } // one slot too many
	forgetsRelease struct{ *State }
	earlyRelease   struct{ *State } // make before break
	staysPut       struct{ *State } // a dead link keeps its extensions
	stillEligible  struct{ *State } // a dead link takes extensions
	neverHome      struct{ *State }
	busyFirst      struct{ *State }
	deafToOrder    struct{ *State }
	keepsPushing   struct{ *State } // a full link is tried again
	tellsTwice     struct{ *State }
	noReserve      struct{ *State }
	lastPatternOff struct{ *State }
)

func (s offByOne) AddLink(id int32, cfg Link, m []Move) []Move {
	cfg.Capacity++
	return s.State.AddLink(id, cfg, m)
}
func (s forgetsRelease) Released(_ int32, m []Move) []Move { return m }
func (s earlyRelease) Started(int32)                       {}
func (s staysPut) Reallocate(_ int32, m []Move) []Move     { return m }
func (s stillEligible) LinkDown(id int32, m []Move) []Move { return s.State.SessionEnded(id, m) }
func (s neverHome) ReturnHome(_ int32, _ int, _ func(int32) bool, m []Move) []Move {
	return m
}
func (s busyFirst) ReturnHome(id int32, n int, idle func(int32) bool, m []Move) []Move {
	return s.State.ReturnHome(id, n, func(ext int32) bool { return !idle(ext) }, m)
}
func (s deafToOrder) SetOrder(int32, int32)             { _ = s }
func (s keepsPushing) Failed(id int32, m []Move) []Move { return s.State.Released(id, m) }
func (s tellsTwice) Reallocate(id int32, m []Move) []Move {
	m = s.State.Reallocate(id, m)
	return append(m, m...)
}
func (s noReserve) SetReserve(_ bool, m []Move) []Move { return m }
func (s lastPatternOff) SetServes(id int32, serves []Pattern, m []Move) []Move {
	return s.State.SetServes(id, serves[:max(0, len(serves)-1)], m)
}

// TestPlantedBugs shows that the simulation sees what it is there to see.
func TestPlantedBugs(t *testing.T) {
	first := testenv.Seed(t)
	for name, mutant := range map[string]func() subject{
		"off by one":       func() subject { return offByOne{New()} },
		"forgets release":  func() subject { return forgetsRelease{New()} },
		"early release":    func() subject { return earlyRelease{New()} },
		"stays put":        func() subject { return staysPut{New()} },
		"still eligible":   func() subject { return stillEligible{New()} },
		"never home":       func() subject { return neverHome{New()} },
		"busy first":       func() subject { return busyFirst{New()} },
		"deaf to order":    func() subject { return deafToOrder{New()} },
		"keeps pushing":    func() subject { return keepsPushing{New()} },
		"tells twice":      func() subject { return tellsTwice{New()} },
		"no reserve":       func() subject { return noReserve{New()} },
		"last pattern off": func() subject { return lastPatternOff{New()} },
	} {
		_, err := simulateMany(first, 10_000, mutant)
		require.Error(t, err, name)
	}
}
