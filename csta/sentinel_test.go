package csta

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

var update = flag.Bool("update", false, "write testdata/sentinels.txt anew")

// TestSentinels: what each error of ECMA-285 means to a host is a list that was
// read by a person. Write it anew with -update, and read the difference.
func TestSentinels(t *testing.T) {
	var b strings.Builder
	known := 0
	for class := message.OperationError; class <= message.UnspecifiedError; class++ {
		for number := range int64(256) {
			f := message.Failure{Class: class, Number: number}
			if f.Name() != "" || class == message.UnspecifiedError && number == 0 {
				fmt.Fprintf(&b, "%s: %s\n", f, failureError(f).Err)
				known++
			}
		}
	}
	require.Equal(t, 265, known, "ERRORS.tsv has as many")
	const file = "testdata/sentinels.txt"
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(b.String()), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), b.String())
}

// TestMonitorLimits: the limits that are of supervision, and only those, teach
// a gateway the capacity of its link.
func TestMonitorLimits(t *testing.T) {
	for name, class := range map[string]message.FailureClass{
		"overallMonitorLimitExceeded": message.SystemResourceError, "objectMonitorLimitExceeded": message.SubscribedResourceError} {
		f, ok := message.FailureByName(class, name)
		require.True(t, ok)
		require.ErrorIs(t, failureError(f), cti.ErrCapacity)
	}
	f, _ := message.FailureByName(message.SubscribedResourceError, "trunkLimitExceeded")
	require.NotErrorIs(t, failureError(f), cti.ErrCapacity)
}
