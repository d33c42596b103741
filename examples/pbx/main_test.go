package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/examples/internal/setup"
)

// TestServe: a client of each encoding makes a call.
func TestServe(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	in, out := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- runPBX(ctx, []string{"-csta-ber", "127.0.0.1:0", "-csta-xml", "127.0.0.1:0", "-vtixml", "127.0.0.1:0"}, out, io.Discard)
	}()
	lines := bufio.NewScanner(in)
	for i, p := range []csta.Profile{csta.Generic3, csta.GenericXML} {
		require.True(t, lines.Scan())
		_, address, ok := strings.Cut(lines.Text(), " on ")
		require.True(t, ok)
		s, err := csta.Config{Addr: address, Profile: p}.Open(ctx, sink{})
		require.NoError(t, err)
		from := []cti.DeviceID{"4001", "4003"}[i]
		made, err := s.Do(ctx, driver.Request{Op: cti.OpMakeCall, Device: from, Number: "4002"})
		require.NoError(t, err)
		require.Equal(t, from, made.Connection.Device)
		require.NoError(t, s.Close())
	}
	require.True(t, lines.Scan())
	require.Contains(t, lines.Text(), "VTI-XML on ")
	cancel()
	require.NoError(t, <-ended)
}

type sink struct{}

func (sink) Event(*cti.Event) {}

// fields are arguments, with _ for a blank in one.
func fields(args string) []string {
	out := strings.Fields(args)
	for i := range out {
		out[i] = strings.ReplaceAll(out[i], "_", " ")
	}
	return out
}

func TestMistakes(t *testing.T) {
	for args, says := range map[string]string{"-nonsense": "nonsense", "more": "more", "-csta-ber 127.0.0.1:0 -ber-profile none": `"none"`,
		"-ber-profile none -vtixml 127.0.0.1:0": `"none"`, "-extensions 0": "-extensions must be at least 1, got 0", "-extensions -3 -csta-ber 127.0.0.1:0": "must be at least 1, got -3",
		"-xml-profile HiPath_3000 -csta-xml 127.0.0.1:0": "speaks CSTA III BER", "-ber-profile Generic_XML -csta-ber 127.0.0.1:0": "speaks CSTA III XML"} {
		var errs bytes.Buffer
		require.Equal(t, 2, setup.Exit("pbx", runPBX(t.Context(), fields(args), io.Discard, &errs), &errs))
		require.Contains(t, errs.String(), says)
	}
	require.Error(t, runPBX(t.Context(), []string{"-csta-xml", "nowhere:x"}, io.Discard, io.Discard))
}
