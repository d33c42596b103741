package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/ctikit/ctikit/examples/internal/setup"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func call(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out strings.Builder
	err := provisionClients(context.Background(), args, &out, io.Discard)
	return out.String(), err
}

func TestGenerate(t *testing.T) {
	builtIn, err := call(t)
	require.NoError(t, err)
	require.Contains(t, builtIn, "SET COUNTRY France\n")
	given, err := call(t, "-config", "site.json")
	require.NoError(t, err)
	require.Equal(t, builtIn, given)
	specials, err := call(t, "-specials")
	require.NoError(t, err)
	require.Contains(t, specials, "SET DSCPAUD 40\n")
	remote, err := call(t, "-remote")
	require.NoError(t, err)
	require.Contains(t, remote, "SET SIP_CONTROLLER_LIST sbc.example.com:5061;transport=tls\n")
}

// A link in the folder of static files leads nowhere outside it.
func TestServeKeepsToItsFolder(t *testing.T) {
	dir := t.TempDir()
	outside := filepath.Join(t.TempDir(), "outside.txt")
	require.NoError(t, os.WriteFile(outside, []byte("secret"), 0o600))
	require.NoError(t, os.Symlink(outside, filepath.Join(dir, "link.txt")))
	url := serving(t, "-static", dir)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	r, err := client.Get(strings.Replace(url, "46xxsettings.txt", "link.txt", 1))
	require.NoError(t, err)
	text, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	require.NoError(t, r.Body.Close())
	require.NotEqual(t, http.StatusOK, r.StatusCode)
	require.NotContains(t, string(text), "secret")
}

// serving runs the command until the test ends and returns what it printed.
func serving(t *testing.T, args ...string) (url string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	read, write := io.Pipe()
	done := make(chan error, 1)
	go func() {
		done <- provisionClients(ctx, append([]string{"-listen", "127.0.0.1:0"}, args...), write, io.Discard)
	}()
	url, err := bufio.NewReader(read).ReadString('\n')
	require.NoError(t, err)
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-done)
	})
	return strings.TrimSpace(url)
}

func TestServe(t *testing.T) {
	url := serving(t, "-static", t.TempDir())
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	r, err := client.Get(url)
	require.NoError(t, err)
	text, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	require.NoError(t, r.Body.Close())
	want, err := call(t)
	require.NoError(t, err)
	require.Equal(t, want, string(text))
	_, err = call(t, "-listen", "127.0.0.1:0", "-static", filepath.Join(t.TempDir(), "none"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestMistakes(t *testing.T) {
	for _, args := range [][]string{{"-no"}, {"more"}, {"-config", "main.go"}, {"-config", "none.json"}, {"-static", "."}, {"-avaya-only"}, {"-listen", "127.0.0.1:0", "-remote"}} {
		_, err := call(t, args...)
		require.Equal(t, 2, setup.Exit("provision", err, io.Discard), "%v: %v", args, err)
	}
	_, err := call(t, "-h")
	require.Zero(t, setup.Exit("provision", err, io.Discard))
}
