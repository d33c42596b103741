package main

import (
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestMain is the PBX process where the benchmarks start one.
func TestMain(m *testing.M) {
	if slices.Contains(os.Args, "-serve") {
		main()
		return
	}
	os.Exit(m.Run())
}

// BenchmarkIdle is a gateway with 960 extensions at rest, the PBX in a process
// of its own.
func BenchmarkIdle(b *testing.B) {
	for b.Loop() {
		s, err := open(b.Context(), options{extensions: 960, links: 4})
		require.NoError(b, err)
		time.Sleep(time.Second) // what the start took is given back
		b.ReportMetric(float64(s.supervised)/1e6, "supervised-ms")
		b.ReportMetric(float64(runtime.NumGoroutine()), "goroutines")
		b.ReportMetric(float64(resident()), "resident-MiB")
		require.NoError(b, s.close())
	}
}

// BenchmarkFailover takes one of ten links away from 100,000 extensions.
func BenchmarkFailover(b *testing.B) {
	for b.Loop() {
		o := options{extensions: 100_000, links: 10}
		s, err := open(b.Context(), o)
		require.NoError(b, err)
		b.ReportMetric(float64(resident()), "resident-MiB")
		l, err := failover(s, o)
		require.NoError(b, err)
		b.ReportMetric(float64(l.again)/1e6, "again-ms")
		b.ReportMetric(float64(l.during.within(99))/1e6, "trip-ms")
		require.NoError(b, s.close())
	}
}
