package acceptor

import (
	"bufio"
	"context"
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func listen(t *testing.T) net.Listener {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	return l
}

// TestClose: connections in the midst of reading end with the acceptor.
func TestClose(t *testing.T) {
	ended := make(chan error, 3)
	a := Start(listen(t), func(ctx context.Context, conn net.Conn) {
		conn.Write([]byte("x"))
		_, err := conn.Read(make([]byte, 1))
		require.ErrorIs(t, ctx.Err(), context.Canceled)
		ended <- err
	})
	for range 3 {
		conn, err := net.Dial("tcp", a.Addr().String())
		require.NoError(t, err)
		defer conn.Close()
		_, err = io.ReadFull(conn, make([]byte, 1))
		require.NoError(t, err)
	}
	require.NoError(t, a.Close())
	for range 3 {
		require.ErrorIs(t, <-ended, net.ErrClosed)
	}
	_, err := net.Dial("tcp", a.Addr().String())
	require.Error(t, err)
}

// TestWhileConnected: the context ends when the peer leaves; a watch that was
// ended takes no byte away.
func TestWhileConnected(t *testing.T) {
	read := make(chan string, 1)
	a := Start(listen(t), func(ctx context.Context, conn net.Conn) {
		in := bufio.NewReader(conn)
		fill := func() error { _, err := in.Peek(1); return err }
		watched, done := WhileConnected(ctx, conn, fill)
		time.Sleep(5 * time.Millisecond)
		require.NoError(t, watched.Err())
		done()
		line, err := in.ReadString('\n')
		require.NoError(t, err)
		read <- line

		watched, done = WhileConnected(ctx, conn, fill)
		<-watched.Done()
		done()
		read <- "left"
	})
	defer a.Close()
	conn, err := net.Dial("tcp", a.Addr().String())
	require.NoError(t, err)
	_, err = conn.Write([]byte("hello\n"))
	require.NoError(t, err)
	require.Equal(t, "hello\n", <-read)
	conn.Close()
	require.Equal(t, "left", <-read)
}
