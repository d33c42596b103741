package dialplan_test

import (
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/dialplan"
)

// One plan serves all lines of a gateway at once, expressions with groups too.
func TestConcurrentUse(t *testing.T) {
	rows := vectorRows(t, "outgoing.tsv", 4)
	current := dialplan.NewCurrent(france(t))
	other := france(t)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 20 {
				for _, row := range rows {
					got, err := current.Outgoing(row[0])
					if row[1] == "error" {
						if err == nil {
							t.Errorf("%q gives %q", row[0], got)
						}
					} else if got != row[1] {
						t.Errorf("%q gives %q, want %q", row[0], got, row[1])
					}
				}
				current.Replace(other)
			}
		})
	}
	group.Wait()
}

// Building and using a plan whose expressions are proved starts no goroutine:
// a bubble of virtual time ends at once.
func TestNoGoroutines(t *testing.T) {
	config := france(t).Config()
	synctest.Test(t, func(t *testing.T) {
		plan, err := dialplan.New(config)
		require.NoError(t, err)
		_, err = plan.Outgoing("+42(0)141906666")
		require.NoError(t, err)
	})
}
