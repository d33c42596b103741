package ctitest_test

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/nettest"

	"github.com/ctikit/ctikit/cti/ctitest"
)

func TestPipeIsAConn(t *testing.T) {
	for name, o := range map[string]ctitest.PipeOptions{
		"plain": {}, "latency": {Latency: 50 * time.Microsecond}, "small buffer": {Buffer: 7},
	} {
		t.Run(name, func(t *testing.T) {
			nettest.TestConn(t, func() (c1, c2 net.Conn, stop func(), err error) {
				a, b := ctitest.Pipe(o)
				return a, b, func() { a.Close(); b.Close() }, nil
			})
		})
	}
}

func TestListenerIsAConn(t *testing.T) {
	nettest.TestConn(t, func() (c1, c2 net.Conn, stop func(), err error) {
		l := ctitest.Listen(ctitest.PipeOptions{})
		if c1, err = l.Dial(context.Background(), "tcp", "pbx:3211"); err != nil {
			return nil, nil, nil, err
		}
		c2, err = l.Accept()
		return c1, c2, func() { c1.Close(); c2.Close(); l.Close() }, err
	})
}

func TestPipeLatency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := ctitest.Pipe(ctitest.PipeOptions{Latency: 30 * time.Millisecond})
		start := time.Now()
		for range 10 {
			_, err := a.Write([]byte("x"))
			require.NoError(t, err)
		}
		require.Zero(t, time.Since(start), "Write does not wait")
		require.NoError(t, a.Close())
		got, err := io.ReadAll(b)
		require.NoError(t, err)
		require.Equal(t, "xxxxxxxxxx", string(got))
		require.Equal(t, 30*time.Millisecond, time.Since(start), "latency does not add up")
	})
}

func TestPipeFaults(t *testing.T) {
	t.Run("cut", func(t *testing.T) {
		a, b := ctitest.Pipe(ctitest.PipeOptions{})
		a.CutAfter(4)
		n, err := a.Write([]byte("sixsix"))
		require.Equal(t, 4, n)
		require.ErrorIs(t, err, syscall.ECONNRESET)
		got, err := io.ReadAll(b)
		require.Equal(t, "sixs", string(got), "what was sent before the cut arrives")
		require.ErrorIs(t, err, syscall.ECONNRESET)
		_, err = b.Write([]byte("x"))
		require.ErrorIs(t, err, syscall.ECONNRESET)
		_, err = a.Read(make([]byte, 1))
		require.ErrorIs(t, err, syscall.ECONNRESET)
	})
	t.Run("stall", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			a, b := ctitest.Pipe(ctitest.PipeOptions{Buffer: 4})
			a.Stall()
			_, err := a.Write([]byte("full"))
			require.NoError(t, err)
			require.NoError(t, a.SetWriteDeadline(time.Now().Add(time.Minute)))
			_, err = a.Write([]byte("!"))
			require.ErrorIs(t, err, os.ErrDeadlineExceeded, "Write waits for room")
			require.NoError(t, b.SetReadDeadline(time.Now().Add(time.Minute)))
			_, err = b.Read(make([]byte, 4))
			var timeout net.Error
			require.True(t, errors.As(err, &timeout) && timeout.Timeout())
			a.Resume()
			require.NoError(t, b.SetReadDeadline(time.Time{}))
			_, err = io.ReadFull(b, make([]byte, 4))
			require.NoError(t, err)
		})
	})
	t.Run("reset", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			a, b := ctitest.Pipe(ctitest.PipeOptions{})
			time.AfterFunc(time.Second, b.Reset)
			_, err := a.Read(make([]byte, 1))
			require.ErrorIs(t, err, syscall.ECONNRESET)
		})
	})
}

func TestListener(t *testing.T) {
	ctx := context.Background()
	l := ctitest.Listen(ctitest.PipeOptions{})
	l.Refuse(true)
	_, err := l.Dial(ctx, "tcp", "pbx:3211")
	require.ErrorIs(t, err, syscall.ECONNREFUSED)
	l.Refuse(false)
	c, err := l.Dial(ctx, "tcp", "pbx:3211")
	require.NoError(t, err)
	s, err := l.Accept()
	require.NoError(t, err)
	require.Equal(t, []*ctitest.Conn{s.(*ctitest.Conn)}, l.Conns())
	_, err = c.Write([]byte("x"))
	require.NoError(t, err)
	require.NoError(t, s.Close())
	require.Empty(t, l.Conns())
	_, err = c.Read(make([]byte, 1))
	require.ErrorIs(t, err, io.EOF)
	_, err = c.Write([]byte("x"))
	require.ErrorIs(t, err, syscall.EPIPE)

	require.NoError(t, l.Close())
	require.NoError(t, l.Close())
	_, err = l.Accept()
	require.ErrorIs(t, err, net.ErrClosed)
	_, err = l.Dial(ctx, "tcp", "pbx:3211")
	require.ErrorIs(t, err, syscall.ECONNREFUSED)
}
