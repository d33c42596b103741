package main

import (
	"os"
	"strings"

	"testing"

	"github.com/stretchr/testify/require"
)

func Example() {
	if err := dumpFiles(nil, strings.NewReader("a10d02010102010930056b03800131"), os.Stdout); err != nil {
		panic(err)
	}
	// Output:
	// #1 CSTA III BER invoke 1
	//   request
	//     Op: holdCall
	//     Connection
	//       Parts: call
	//       Call: 1
}

// The recording that the documentation names.
func TestRecording(t *testing.T) {
	var out strings.Builder
	require.NoError(t, dumpFiles([]string{"link.txt"}, nil, &out))
	require.Contains(t, out.String(), "#15 ")
	require.Contains(t, out.String(), "Op: answerCall")
}

func TestJSON(t *testing.T) {
	var out strings.Builder
	require.EqualError(t, dumpFiles([]string{"-json"}, strings.NewReader("a10d02010102010930056b03800131\n00\n"), &out), "1 of 2 messages cannot be read")
	require.Equal(t, 2, strings.Count(out.String(), "\n"))
	require.ErrorContains(t, dumpFiles([]string{"none.txt", "link.txt"}, nil, &out), "none.txt")
	require.Contains(t, out.String(), "answerCall", "the other file is shown")
	require.Error(t, dumpFiles([]string{"/does/not/exist"}, nil, &out))
	require.Error(t, dumpFiles([]string{"-nonsense"}, nil, &out))
}
