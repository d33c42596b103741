package bench

import (
	"testing"
	"time"
)

// best runs do over and over and reports the time of its best turn as ns/op:
// what else the machine does makes turns longer, never shorter. Averages of two
// contenders on a machine with other work compare that work. Collecting garbage
// falls into other turns, so a peer that allocates looks better than it is. The
// error of do ends the benchmark.
func best(b *testing.B, do func() error) {
	const turn = 20 * time.Microsecond // short enough not to be interrupted, mostly
	b.ReportAllocs()
	shortest := 0.0 // in nanoseconds
	rounds, done, started := 1, 0, time.Now()
	for b.Loop() {
		if err := do(); err != nil {
			b.Fatal(err)
		}
		if done++; done < rounds {
			continue
		}
		took := time.Since(started)
		switch each := float64(took) / float64(rounds); {
		case took < turn:
			rounds *= 2
		case shortest == 0 || each < shortest:
			shortest = each
		}
		done, started = 0, time.Now()
	}
	if shortest > 0 {
		b.ReportMetric(shortest, "ns/op")
	}
}
