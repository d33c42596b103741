// Package acceptor is what the test servers share: it serves the connections of
// a listener, each on its own goroutine, and ends them all.
package acceptor

import (
	"context"
	"errors"
	"net"
	"os"
	"sync"
	"time"
)

// Acceptor serves a listener until it is closed.
type Acceptor struct {
	listener net.Listener
	serve    func(context.Context, net.Conn)
	ctx      context.Context
	cancel   context.CancelFunc
	wg       sync.WaitGroup
}

// Start calls serve for each connection. Its context ends with [Acceptor.Close],
// which closes the connection too, as the return of serve does.
func Start(l net.Listener, serve func(context.Context, net.Conn)) *Acceptor {
	a := &Acceptor{listener: l, serve: serve}
	a.ctx, a.cancel = context.WithCancel(context.Background())
	a.wg.Go(a.acceptConnections)
	return a
}

// Addr is the listener's address.
func (a *Acceptor) Addr() net.Addr { return a.listener.Addr() }

// Close ends the listener and every connection, and waits for their goroutines.
func (a *Acceptor) Close() error {
	a.cancel()
	err := a.listener.Close()
	a.wg.Wait()
	return err
}

func (a *Acceptor) acceptConnections() {
	for {
		conn, err := a.listener.Accept()
		if err != nil {
			return
		}
		a.wg.Go(func() {
			defer conn.Close()
			stop := context.AfterFunc(a.ctx, func() { conn.Close() })
			defer stop()
			a.serve(a.ctx, conn)
		})
	}
}

// WhileConnected returns a context that ends when the peer of conn leaves, and
// a function that ends the watch, after which conn can be read again. fill
// waits for the next byte and keeps it.
func WhileConnected(ctx context.Context, conn net.Conn, fill func() error) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	var watch sync.WaitGroup
	watch.Go(func() {
		if err := fill(); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			cancel()
		}
	})
	return ctx, func() {
		conn.SetReadDeadline(time.Unix(1, 0)) // wakes the watch
		watch.Wait()
		conn.SetReadDeadline(time.Time{})
		cancel()
	}
}
