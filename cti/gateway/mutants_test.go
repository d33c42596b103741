package gateway_test

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/internal/testenv"
)

// mutants are bugs planted into the source, each in one place.
var mutants = []struct{ name, file, old, bug string }{
	{"a lost link's supervisions are never given to others", "linkctl.go",
		"c.followMoves(c.alloc.Reallocate(l.id, c.moves[:0]))", "c.followMoves(nil)"},
	{"overflow never returns home", "linkctl.go",
		"	c.followMoves(moves)\n	c.startQueued()\n	l.returning", "	_ = moves\n	l.returning"},
	{"made before broken", "extctl.go",
		"case e.at != nil && (e.link == nil || e.at.link != e.link):", "case e.at != nil && e.link == nil:"},
	{"events before the snapshot are forgotten", "device.go",
		"		d.model.Apply(&held[i])\n", ""},
	{"a monitor that ends while it starts is taken for supervision", "extctl.go",
		"		case e.ended:\n			c.monitorEnded(e)\n", ""},
	{"an extension that comes back does not wait for the one that leaves", "apply.go",
		"	e.waits = c.leaving[cfg.Number] != nil\n", ""},
	{"features seen before they are read are forgotten", "featurectl.go",
		"	for i := range w.early {\n		w.model.ApplyFeature(&w.early[i])\n	}\n", ""},
	{"a gap is not reported", "device.go",
		"case was == phaseSupervised && gap != cti.NoGap:", "case was == phaseSupervised && gap == cti.GapOverflow:"},
	{"a number is taken before the event is queued", "subscription.go",
		"	idle := s.ring.len() == 0 && s.lost == 0 && len(s.dirty) == 0\n	if s.ring.len() >= s.limit {",
		"	s.seq++\n	idle := s.ring.len() == 0 && s.lost == 0 && len(s.dirty) == 0\n	if s.ring.len() >= s.limit {"},
	{"an overflow is not repaired", "subscription.go",
		"	if e.dev != nil {\n		s.markDirty(e.dev)\n	}", ""},
	{"one more than the capacity", "linkctl.go",
		"	return l.cfg.Capacity\n}", "	return l.cfg.Capacity + 1\n}"},
	{"a cleared connection is revived", "../callmodel.go",
		"		if ev.Kind == ConnectionCleared || ev.Kind == Diverted {\n			return", "		if false {\n			return"},
	{"a merged call keeps its old identifier", "../callmodel.go",
		"	merged.ID = ev.Call\n", ""},
	{"a refusal is never tried again", "extctl.go",
		"e.retry = c.postAfter(wait, false, func() { c.unblockExtension(e) })", "_ = wait"},
	{"a lost session keeps its supervisions", "linkctl.go",
		"	e.at = nil\n	switch {\n	case e.removed:\n		c.forgetRemoved(e)", "	switch {\n	case e.removed:\n		c.forgetRemoved(e)"},
	{"what a removed link supervised is forgotten", "linkctl.go",
		"	case !c.isConfigured(l):\n		c.advanceExtension(e)\n", ""},
}

// TestMutants plants one bug after the other into the source of this package
// and expects the simulation to find each. It compiles a dozen times, so it
// runs where CTIKIT_MUTANTS is set, as in continuous integration.
func TestMutants(t *testing.T) {
	if os.Getenv("CTIKIT_MUTANTS") == "" {
		t.Skip("compiles the package once for each mutant: set CTIKIT_MUTANTS=1")
	}
	dir := filepath.Join(testenv.Root(t), "cti", "gateway")
	for _, m := range mutants {
		t.Run(m.name, func(t *testing.T) {
			path := filepath.Join(dir, m.file)
			source, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, 1, strings.Count(string(source), m.old), "%s: the place of the bug is not there once", m.file)
			bad := filepath.Join(t.TempDir(), filepath.Base(m.file))
			require.NoError(t, os.WriteFile(bad, []byte(strings.Replace(string(source), m.old, m.bug, 1)), 0o600))
			overlay, err := json.Marshal(map[string]map[string]string{"Replace": {path: bad}})
			require.NoError(t, err)
			list := filepath.Join(t.TempDir(), "overlay.json")
			require.NoError(t, os.WriteFile(list, overlay, 0o600))

			cmd := exec.Command("go", "test", "-count=1", "-vet=off", "-overlay", list, "-run", "^(TestSimulation|TestSubscriberEnds.*|TestCallModel)$", "-timeout", "10m", ".", "..")
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "CTIKIT_SIMULATIONS=2000", "CTIKIT_MUTANTS=")
			out, err := cmd.CombinedOutput()
			require.Equal(t, caught, judge(string(out), err), "%s", out)
		})
	}
}

// What became of a mutant.
const (
	caught   = "caught"   // a test failed
	survived = "survived" // none did
	timedOut = "timed out"
	noTests  = "the tests did not run" // it does not compile, or go test failed otherwise
)

// judge tells what became of a mutant. A run that takes too long has shown
// nothing: a machine under load does that as well. A bug that makes everything
// wait is caught as a deadlock in virtual time, not by the clock.
func judge(out string, err error) string {
	switch {
	case strings.Contains(out, "panic: test timed out"):
		return timedOut
	case err == nil:
		return survived
	case strings.Contains(out, "--- FAIL: Test"), strings.Contains(out, "panic: "), strings.Contains(out, "fatal error: "):
		return caught
	}
	return noTests
}

func TestJudge(t *testing.T) {
	failed := errors.New("exit status 1")
	for out, want := range map[string]string{
		"--- FAIL: TestSimulation (0.1s)\nFAIL\n":                            caught,
		"panic: deadlock: main bubble goroutine has exited\nFAIL\n":          caught,
		"panic: test timed out after 10m0s\nFAIL\n":                          timedOut,
		"--- FAIL: TestCallModel\npanic: test timed out after 10m0s\nFAIL\n": timedOut,
		"FAIL github.com/ctikit/ctikit/cti [build failed]\nFAIL\n":           noTests,
		"go: cannot find main module\n":                                      noTests,
	} {
		require.Equal(t, want, judge(out, failed), out)
	}
	require.Equal(t, survived, judge("ok\n", nil))
}
