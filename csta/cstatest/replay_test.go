package cstatest_test

import (
	"bytes"
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/csta/cstatest"
	"github.com/ctikit/ctikit/cti/ctitest"
)

// TestReplayToOneWhoLeaves: an application sends its last messages at once and
// leaves without reading the answers between them.
func TestReplayToOneWhoLeaves(t *testing.T) {
	first, second := []byte{0xa1, 3, 2, 1, 1}, []byte{0xa1, 3, 2, 1, 2}
	var recording bytes.Buffer
	for _, m := range []struct {
		direction string
		bytes     []byte
	}{{">", first}, {"<", []byte{0xa2, 3, 2, 1, 1}}, {">", second}} {
		recording.WriteString("2026-11-27T12:00:00Z " + m.direction + " " + hex.EncodeToString(m.bytes) + "\n")
	}
	listener := ctitest.Listen(ctitest.PipeOptions{})
	defer listener.Close()
	application, err := listener.Dial(t.Context(), "tcp", "pbx")
	require.NoError(t, err)
	pbx, err := listener.Accept()
	require.NoError(t, err)
	_, err = application.Write(append(first, second...))
	require.NoError(t, err)
	require.NoError(t, application.Close())
	require.NoError(t, cstatest.Replay(pbx, &recording, csta.Generic3))
}
