package message

import (
	"fmt"
	"math"
	"testing"
)

// TestSpread: consecutive identifiers share a place of the table hardly more
// often than random ones.
func TestSpread(t *testing.T) {
	for name, key := range map[string]func(int) string{
		"extension":       func(i int) string { return fmt.Sprintf("\x30\x06\x80\x04%04d", 1000+i) },
		"five digits":     func(i int) string { return fmt.Sprintf("\x30\x07\x80\x05%05d", 24000+i) },
		"caller":          func(i int) string { return fmt.Sprintf("\x30\x0c\x80\x0a01%08d", 45678900+i) },
		"named":           func(i int) string { return fmt.Sprintf("\x30\x0e\x80\x04%04d\xa1\x06\x16\x04Anna", 1000+i) },
		"cross reference": func(i int) string { return fmt.Sprintf("x%04d", i) },
		"counter":         func(i int) string { return string([]byte{1, 2, byte(i >> 8), byte(i)}) },
	} {
		for places := 1024; places <= 16384; places *= 4 {
			n, shared, taken := places/4, 0, make([]bool, places)
			for i := range n {
				at := hashKey([]byte(key(i))) & uint64(places-1)
				if taken[at] {
					shared++
				}
				taken[at] = true
			}
			random := float64(n) - float64(places)*(1-math.Pow(1-1/float64(places), float64(n)))
			if float64(shared) > 1.5*random {
				t.Errorf("%s: %d of %d share one of %d places, want about %.0f", name, shared, n, places, random)
			}
		}
	}
}
