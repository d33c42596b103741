//go:build race

package dialplan_test

const raceEnabled = true
