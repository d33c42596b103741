package wire

import (
	"context"
	"errors"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/exchange"
)

type events []cti.Event

func (e *events) Event(ev *cti.Event) { *e = append(*e, *ev) }

// started is a session over a pipe, with a reader that only meets the end.
func started(sink *events) (s *Session[string], peer net.Conn) {
	ours, theirs := net.Pipe()
	one := NewSession[string](sink)
	s = &one
	conn := s.Figures.CountConn(ours)
	s.Exchange = exchange.New[string](conn, exchange.Options{})
	go func() {
		_, err := io.Copy(io.Discard, conn)
		if err == nil {
			err = io.EOF
		}
		s.Finish(err)
	}()
	return s, theirs
}

func word(dst []byte, _ uint32) ([]byte, error) { return append(dst, "word"...), nil }

// TestEndKeepsItsReason: Close after another end changes nothing.
func TestEndKeepsItsReason(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, peer := started(new(events))
		require.NoError(t, s.Err())
		peer.Close()
		<-s.Done()
		s.CloseWith(func() { t.Error("said farewell to nobody") }, time.Second)
		require.ErrorIs(t, s.Err(), cti.ErrLinkDown)
		require.ErrorIs(t, s.Err(), io.EOF)
		s.Spawn(func() { t.Error("started after the end") })
	})
}

// TestCloseSaysFarewell: once, whoever closes; requests in flight end, and so does
// what runs in the background.
func TestCloseSaysFarewell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, peer := started(new(events))
		heard := make(chan string, 1)
		go func() {
			all, _ := io.ReadAll(peer)
			heard <- string(all)
		}()
		background := false
		s.Spawn(func() {
			<-s.Exchange.Done()
			time.Sleep(time.Second)
			background = true
		})
		result := make(chan error, 1)
		go func() {
			_, sent, err := s.Exchange.Do(t.Context(), word, nil)
			result <- RequestError(cti.OpMakeCall, "4001", sent, err)
		}()
		synctest.Wait()
		for range 2 {
			go s.CloseWith(func() {
				_ = s.Exchange.Send(func(dst []byte) ([]byte, error) { return append(dst, " bye"...), nil })
			}, time.Second)
		}
		<-s.Done()
		require.True(t, background)
		require.NoError(t, s.Err())
		require.Equal(t, "word bye", <-heard)
		err := <-result
		require.ErrorIs(t, err, cti.ErrClosed)
		require.False(t, cti.SafeToRetry(err))
		require.EqualValues(t, len("word bye"), s.Counters().BytesOut)
	})
}

// TestLateAnswers: what an abandoned request did is undone or reported, unless it
// left nothing behind.
func TestLateAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seen events
		s, _ := started(&seen)
		undone := false
		s.HandleLate(cti.OpGetDoNotDisturb, cti.ConnectionID{Device: "4001"}, nil)
		s.HandleLate(cti.OpMakeCall, cti.ConnectionID{Device: "4001"}, func() { undone = true })
		require.True(t, undone)
		require.Empty(t, seen)
		s.HandleLate(cti.OpMakeCall, cti.ConnectionID{Device: "4001", Call: "7"}, nil)
		require.Equal(t, events{{Kind: cti.LateAnswer, Time: time.Now(), Device: "4001", Call: "7",
			Text: "make call completed after the request was abandoned"}}, seen)
		require.EqualValues(t, 1, s.Counters().Undone)
		require.False(t, s.Deliver(9, "of no request"))
		require.EqualValues(t, 1, s.Counters().Skipped)
		s.CloseWith(func() {}, 0)
	})
}

// TestRequestErrors: each has the sentinel that an application decides on.
func TestRequestErrors(t *testing.T) {
	require.NoError(t, RequestError(cti.OpPing, "", true, nil))
	for _, test := range []struct {
		err  error
		sent bool
		want error
	}{
		{&cti.Error{Err: cti.ErrCapacity, Limit: 3}, true, cti.ErrCapacity},
		{exchange.ErrExhausted, false, cti.ErrBusy},
		{context.DeadlineExceeded, true, context.DeadlineExceeded},
		{cti.ErrClosed, true, cti.ErrClosed},
		{errors.New("broken pipe"), false, cti.ErrLinkDown},
		{Lost(cti.ErrProtocol), true, cti.ErrProtocol},
	} {
		err := RequestError(cti.OpMakeCall, "4001", test.sent, test.err)
		require.ErrorIs(t, err, test.want)
		require.Equal(t, !test.sent, cti.SafeToRetry(err), "%v", err)
		require.ErrorContains(t, err, "make call 4001")
	}
}
