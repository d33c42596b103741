package main

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/ctikit/ctikit/cti/gateway"
	"github.com/ctikit/ctikit/examples/internal/setup"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestPrintable(t *testing.T) {
	require.Equal(t, "?[2Jé no? route", printable("\x1b[2Jé no\n route"))
}

func TestPicture(t *testing.T) {
	network := setup.NewNetwork()
	s, err := setup.Read("", network.Connect)
	require.NoError(t, err)
	require.NoError(t, network.Start(s.File, s.CTI))
	t.Cleanup(network.Stop)
	gw, err := gateway.New(s.CTI)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	var run sync.WaitGroup
	run.Go(func() { _ = gw.Run(ctx) })
	t.Cleanup(func() { cancel(); run.Wait() })
	require.NoError(t, gw.Settled(ctx))
	require.NoError(t, network.Set("1000").Call("1001"))
	network.Reach(s.File.Links[1], false)
	var out bytes.Buffer
	require.Eventually(t, func() bool {
		out.Reset()
		drawFrame(&out, gw, time.Now())
		return strings.Contains(out.String(), "250 unsupervised (") && strings.Contains(out.String(), "2 with a call") &&
			strings.Contains(out.String(), "3 of 4 links up") // counters and links are read one after the other
	}, time.Minute, 20*time.Millisecond, "%s", &out)
	require.Regexp(t, `link 1 +VTI-XML +(waiting|connecting)`, out.String())
	require.Regexp(t, `1000 +1\.1 +link 0 +explicit +1`, out.String())
}
