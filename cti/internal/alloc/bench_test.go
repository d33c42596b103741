package alloc

import (
	"runtime"
	"testing"
)

const (
	manyLinks      = 1000
	manyExtensions = 1_000_000
)

// network has n links, each serving a site of its own; every tenth site is
// served by none.
func network(links int, slots int32) *State {
	s := New()
	for i := range int32(links) {
		var serves []Pattern
		if i%10 != 0 {
			serves = []Pattern{{i + 1, Any}}
		}
		s.AddLink(i+1, Link{Order: i, Capacity: slots, Class: 1, Serves: serves}, nil)
	}
	return s
}

func fill(s *State, links, extensions int) {
	var buf [4]Move
	for i := range int32(extensions) {
		s.AddExtension(i+1, Ext{Site: 1 + i%int32(links), Cluster: 1 + i/int32(links)%3, Class: 1}, buf[:0])
	}
}

// BenchmarkFirstAssignment gives a million extensions to a thousand links.
func BenchmarkFirstAssignment(b *testing.B) {
	for b.Loop() {
		s := network(manyLinks, 1100)
		fill(s, manyLinks, manyExtensions)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/manyExtensions, "ns/extension")
}

// BenchmarkLinkFailure takes a link with a thousand extensions down and decides
// where they go, in that network.
func BenchmarkLinkFailure(b *testing.B) {
	s := network(manyLinks, 1100)
	fill(s, manyLinks, manyExtensions)
	buf := make([]Move, 0, 4096)
	link, moved := int32(1), 0
	for b.Loop() {
		link = link%manyLinks + 1 // serves a site, but for one in ten
		s.LinkDown(link, buf)
		moved += len(s.Reallocate(link, buf))
		b.StopTimer()
		s.LinkUp(link, buf)
		s.ReturnHome(link, manyExtensions, func(int32) bool { return true }, buf)
		b.StartTimer()
	}
	b.ReportMetric(float64(moved)/float64(b.N), "moves/op")
}

// BenchmarkMemory reports what an extension takes.
func BenchmarkMemory(b *testing.B) {
	for b.Loop() {
		before := heap()
		s := network(manyLinks, 1100)
		links := heap()
		fill(s, manyLinks, manyExtensions)
		b.ReportMetric(float64(heap()-links)/manyExtensions, "B/extension")
		b.ReportMetric(float64(links-before)/manyLinks, "B/link")
		runtime.KeepAlive(s)
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
