//go:build !race

package dialplan_test

// raceEnabled tells that allocations are counted with the race detector's own.
const raceEnabled = false
