package alloc

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The planning table of TWP guide 4.2, and what happens to it.

const (
	link0 = 1 + iota
	link1
	link2
)

func always(int32) bool { return true }

// seedNetwork returns the three links and their 950 extensions, all started.
func seedNetwork(t *testing.T) *State {
	s := New()
	for i, l := range []Link{
		{Capacity: 500, Serves: []Pattern{{1, Any}}},
		{Capacity: 250, Serves: []Pattern{{2, Any}}},
		{Capacity: 200, Serves: []Pattern{{3, Any}, {4, Any}}},
	} {
		l.Order, l.Class = int32(i), 1
		require.Empty(t, s.AddLink(int32(i+1), l, nil))
	}
	id := int32(0)
	for site, n := range []int{0, 500, 250, 100, 100} {
		for range n {
			id++
			moves := s.AddExtension(id, Ext{Site: int32(site), Cluster: 1, Class: 1}, nil)
			require.Len(t, moves, 1)
			require.Equal(t, Explicit, moves[0].Mode)
			s.Started(id)
		}
	}
	return s
}

func TestSeedTable(t *testing.T) {
	s := seedNetwork(t)
	require.Equal(t, Use{Used: 500, Explicit: 500}, s.Use(link0))
	require.Equal(t, Use{Used: 250, Explicit: 250}, s.Use(link1))
	require.Equal(t, Use{Used: 200, Explicit: 200}, s.Use(link2))

	require.Empty(t, s.AddExtension(951, Ext{Site: 1, Cluster: 1, Class: 1}, nil), "no headroom")
	require.Empty(t, s.RemoveExtension(951, nil))
}

func TestLossOverflowAndReturn(t *testing.T) {
	s := seedNetwork(t)
	require.Empty(t, s.LinkDown(link1, nil))
	lost := s.Reallocate(link1, nil)
	require.Len(t, lost, 250)
	require.Equal(t, Move{Ext: 501, From: link1}, lost[0], "no headroom anywhere")

	raised := s.SetCapacity(link0, 800, nil)
	require.Len(t, raised, 250)
	require.Equal(t, Move{Ext: 501, To: link0, Mode: Overflow}, raised[0])
	require.Equal(t, Use{Used: 750, Explicit: 500, Overflow: 250}, s.Use(link0))
	for _, m := range raised {
		s.Started(m.Ext)
	}

	require.Empty(t, s.LinkUp(link1, nil), "nothing returns by itself")
	home := s.ReturnHome(link1, 50, func(id int32) bool { return id%2 == 0 }, nil)
	require.Len(t, home, 50)
	for _, m := range home {
		require.Zero(t, m.Ext%2, "idle ones first")
		require.Equal(t, Move{Ext: m.Ext, From: link0, To: link1, Mode: Explicit}, m)
	}
	require.Equal(t, Use{Used: 750, Explicit: 500, Overflow: 200}, s.Use(link0), "a slot is held until it is released")
	require.Len(t, s.ReturnHome(link1, 1000, always, nil), 200)
	for id := int32(501); id <= 750; id++ {
		require.Empty(t, s.Released(id, nil))
	}
	require.Equal(t, Use{Used: 500, Explicit: 500}, s.Use(link0))
	require.Equal(t, Use{Used: 250, Explicit: 250}, s.Use(link1))
}

func TestLeastLoaded(t *testing.T) {
	s := New()
	s.AddLink(1, Link{Order: 0, Capacity: 3, Class: 1}, nil)
	s.AddLink(2, Link{Order: 1, Capacity: 3, Class: 1}, nil)
	s.AddLink(3, Link{Order: 2, Capacity: 2, Class: 1}, nil)
	var to []int32
	for id := range int32(8) {
		to = append(to, s.AddExtension(id+1, Ext{Site: 1, Cluster: 1, Class: 1}, nil)[0].To)
	}
	require.Equal(t, []int32{1, 2, 3, 1, 2, 3, 1, 2}, to)
	require.Empty(t, s.AddExtension(9, Ext{Site: 1, Cluster: 1, Class: 1}, nil), "all full")
	require.Empty(t, s.AddExtension(10, Ext{Site: 1, Cluster: 1, Class: 2}, nil), "no link of its class")
	require.Equal(t, []Move{{Ext: 9, To: 3, Mode: Implicit}}, s.RemoveExtension(3, nil), "a slot frees")
}

func TestSpecificity(t *testing.T) {
	s := New()
	for i, p := range []Pattern{{Any, Any}, {Any, 2}, {1, Any}, {1, 2}} {
		s.AddLink(int32(i+1), Link{Order: int32(i), Capacity: 1, Class: 1, Serves: []Pattern{p}}, nil)
	}
	require.Equal(t, []Move{{Ext: 1, To: 4, Mode: Explicit}}, s.AddExtension(1, Ext{Site: 1, Cluster: 2, Class: 1}, nil))
	require.Equal(t, []Move{{Ext: 2, To: 3, Mode: Explicit}}, s.AddExtension(2, Ext{Site: 1, Cluster: 9, Class: 1}, nil))
	require.Equal(t, []Move{{Ext: 3, To: 2, Mode: Explicit}}, s.AddExtension(3, Ext{Site: 7, Cluster: 2, Class: 1}, nil))
	require.Equal(t, []Move{{Ext: 4, To: 1, Mode: Explicit}}, s.AddExtension(4, Ext{Site: 7, Cluster: 9, Class: 1}, nil))
}

func TestRebalanceEvensExplicitLinksOut(t *testing.T) {
	s := New()
	s.AddLink(1, Link{Capacity: 10, Class: 1, Serves: []Pattern{{1, Any}}}, nil)
	for id := range int32(8) {
		s.AddExtension(id+1, Ext{Site: 1, Cluster: 1, Class: 1}, nil)
		s.Started(id + 1)
	}
	require.Empty(t, s.AddLink(2, Link{Order: 1, Capacity: 10, Class: 1, Serves: []Pattern{{1, Any}}}, nil))
	require.Len(t, s.Rebalance(3, nil), 3)
	require.Equal(t, []Move{{Ext: 5, From: 1, To: 2, Mode: Explicit}}, s.Rebalance(100, nil))
	require.Empty(t, s.Rebalance(100, nil))
}
