package exchange

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/ctikit/ctikit/internal/testenv"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// lines is an exchange over text lines "id text", and its peer.
type lines struct {
	*Exchange[string]
	peer   *bufio.Reader
	conn   net.Conn
	reader sync.WaitGroup
}

func start(t *testing.T, opts Options) *lines {
	ours, theirs := net.Pipe()
	l := &lines{Exchange: New[string](ours, opts), peer: bufio.NewReader(theirs), conn: theirs}
	l.reader.Go(func() {
		in := bufio.NewScanner(ours)
		for in.Scan() {
			var id uint32
			var text string
			fmt.Sscanf(in.Text(), "%d %s", &id, &text)
			l.Answer(id, text)
		}
		l.End(errors.New("peer is gone"))
	})
	t.Cleanup(func() { l.End(nil); theirs.Close(); l.Wait(); l.reader.Wait() })
	return l
}

func say(text string) func([]byte, uint32) ([]byte, error) {
	return func(dst []byte, id uint32) ([]byte, error) { return fmt.Appendf(dst, "%d %s\n", id, text), nil }
}

// next reads one request at the peer.
func (l *lines) next(t *testing.T) (id uint32, text string) {
	line, err := l.peer.ReadString('\n')
	require.NoError(t, err)
	_, err = fmt.Sscanf(line, "%d %s", &id, &text)
	require.NoError(t, err)
	return id, text
}

func TestAnswersInAnyOrder(t *testing.T) {
	l := start(t, Options{})
	var wg sync.WaitGroup
	for i := range 10 {
		wg.Go(func() {
			text := fmt.Sprint("r", i)
			answer, sent, err := l.Do(t.Context(), say(text), nil)
			if err != nil || !sent || answer != "re:"+text {
				t.Errorf("%s: %q %v %v", text, answer, sent, err)
			}
		})
	}
	var replies []string
	for range 10 {
		id, text := l.next(t)
		replies = append([]string{fmt.Sprintf("%d re:%s\n", id, text)}, replies...)
	}
	_, err := l.conn.Write([]byte(strings.Join(replies, "")))
	require.NoError(t, err)
	wg.Wait()
	require.Zero(t, l.InFlight())
}

func TestLateAnswerGoesToNobodyElse(t *testing.T) {
	l := start(t, Options{FirstID: 1, LastID: 2, Window: 1})
	ctx, cancel := context.WithCancel(t.Context())
	late := make(chan string, 1)
	result := make(chan error, 1)
	go func() {
		_, _, err := l.Do(ctx, say("first"), func(r string) { late <- r })
		result <- err
	}()
	first, _ := l.next(t)
	cancel()
	require.ErrorIs(t, <-result, context.Canceled)

	second := make(chan string, 1)
	go func() {
		r, _, _ := l.Do(t.Context(), say("second"), nil)
		second <- r
	}()
	id, text := l.next(t)
	require.Equal(t, "second", text)
	require.NotEqual(t, first, id, "the identifier of a request given up stays taken")
	fmt.Fprintf(l.conn, "%d for-the-first\n", first)
	require.Equal(t, "for-the-first", <-late)
	fmt.Fprintf(l.conn, "%d for-the-second\n", id)
	require.Equal(t, "for-the-second", <-second)
	known, _ := l.Answer(first, "again")
	require.False(t, known)
}

func TestPost(t *testing.T) {
	l := start(t, Options{Window: 1})
	got := make(chan string, 1)
	go func() { _ = l.Post(say("undo"), func(r string) { got <- r }) }()
	id, text := l.next(t)
	require.Equal(t, "undo", text)
	require.Zero(t, l.InFlight(), "it takes no place in the window")
	fmt.Fprintf(l.conn, "%d done\n", id)
	require.Equal(t, "done", <-got)
}

func TestSentOrNot(t *testing.T) {
	l := start(t, Options{Window: 1})
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	_, sent, err := l.Do(cancelled, say("x"), nil)
	require.ErrorIs(t, err, context.Canceled)
	require.False(t, sent)

	_, sent, err = l.Do(t.Context(), func([]byte, uint32) ([]byte, error) { return nil, errors.New("cannot be encoded") }, nil)
	require.ErrorContains(t, err, "cannot be encoded")
	require.False(t, sent)

	type outcome struct {
		sent bool
		err  error
	}
	waits, blocked := make(chan outcome, 1), make(chan outcome, 1)
	go func() { _, sent, err := l.Do(t.Context(), say("one"), nil); waits <- outcome{sent, err} }()
	l.next(t)
	go func() { _, sent, err := l.Do(t.Context(), say("two"), nil); blocked <- outcome{sent, err} }()
	time.Sleep(10 * time.Millisecond) // it waits for the window
	reason := errors.New("cable pulled")
	l.End(reason)
	l.End(errors.New("second reason"))
	o := <-waits
	require.True(t, o.sent)
	require.ErrorIs(t, o.err, reason)
	o = <-blocked
	require.False(t, o.sent)
	require.ErrorIs(t, o.err, reason)
	_, sent, err = l.Do(t.Context(), say("three"), nil)
	require.ErrorIs(t, err, reason)
	require.False(t, sent)
}

func TestPeerThatDoesNotRead(t *testing.T) {
	l := start(t, Options{WriteTimeout: 20 * time.Millisecond, MaxOut: 100})
	var refused error
	for range 1000 {
		if refused = l.Send(func(dst []byte) ([]byte, error) { return append(dst, "hello hello hello\n"...), nil }); refused != nil {
			break
		}
	}
	require.Error(t, refused, "memory is bounded")
	<-l.Done()
	require.ErrorContains(t, l.Err(), "timeout")
}

// TestFlush: it waits for what is queued, no longer, and not for ever.
func TestFlush(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := start(t, Options{})
		l.Flush(time.Hour) // nothing to wait for

		require.NoError(t, l.Send(word))
		began := time.Now()
		l.Flush(3 * time.Second)
		require.Equal(t, 3*time.Second, time.Since(began), "the peer did not read")

		const slow = 1500*time.Microsecond + 1
		go func() {
			time.Sleep(slow)
			l.peer.ReadString('\n')
		}()
		began = time.Now()
		l.Flush(3 * time.Second)
		require.Equal(t, slow, time.Since(began), "the moment that the peer has read")
		l.End(nil)
		l.Wait()
	})
}

// TestNoEmptyWrite: some transports send a frame for one.
func TestNoEmptyWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := net.Pipe()
		counted := &counted{Conn: ours}
		x := New[string](counted, Options{})
		go bufio.NewReader(theirs).WriteTo(io.Discard)
		require.NoError(t, x.Send(func(dst []byte) ([]byte, error) { return dst, nil }))
		synctest.Wait()
		require.Zero(t, counted.writes.Load())
		require.NoError(t, x.Send(word))
		synctest.Wait()
		require.EqualValues(t, 1, counted.writes.Load())
		x.End(nil)
		x.Wait()
	})
}

type counted struct {
	net.Conn
	writes atomic.Int32
}

func (c *counted) Write(p []byte) (int, error) {
	c.writes.Add(1)
	return c.Conn.Write(p)
}

func word(dst []byte) ([]byte, error) { return append(dst, "hello\n"...), nil }

func TestManyAtOnce(t *testing.T) {
	r := testenv.Rand(t)
	l := start(t, Options{Window: 16, FirstID: 1, LastID: 400})
	var echo sync.WaitGroup
	delays := make([]time.Duration, 64)
	for i := range delays {
		delays[i] = time.Duration(r.IntN(300)) * time.Microsecond
	}
	echo.Go(func() {
		var write sync.Mutex
		for n := 0; ; n++ {
			line, err := l.peer.ReadString('\n')
			if err != nil {
				return
			}
			echo.Go(func() {
				time.Sleep(delays[n%len(delays)])
				write.Lock()
				defer write.Unlock()
				l.conn.Write([]byte(line))
			})
		}
	})
	var given, wrong atomic.Int32
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			for j := range 30 {
				text := fmt.Sprintf("%d-%d", i, j)
				ctx, cancel := context.WithTimeout(t.Context(), 20*delays[(i+j)%64]+time.Millisecond)
				answer, _, err := l.Do(ctx, say(text), nil)
				cancel()
				if err != nil {
					given.Add(1)
				} else if answer != text {
					wrong.Add(1)
				}
			}
		})
	}
	wg.Wait()
	require.Zero(t, wrong.Load(), "an answer went to another request (%d were given up)", given.Load())
	require.Zero(t, l.InFlight())
	l.End(nil)
	l.conn.Close()
	echo.Wait()
}
