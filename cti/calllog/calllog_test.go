package calllog_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/calllog"
	"github.com/ctikit/ctikit/cti/ctitest"
)

// TestExtensionChangesHands: a call belongs to whoever has the extension when it
// begins.
func TestExtensionChangesHands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := open(t, calllog.Options{}, "4001")
		before := f.dial("0612345678", "4001")
		f.do(f.net.Set("4001").Answer())
		cfg := f.gw.Config()
		cfg.Extensions[0].User = "newcomer"
		_, err := f.gw.Apply(t.Context(), cfg)
		require.NoError(t, err)
		f.do(before.HangUp())
		f.do(f.dial("0612345678", "4001").HangUp())
		f.wait(time.Second)
		found, err := f.log.Find(t.Context(), calllog.Filter{})
		require.NoError(t, err)
		require.Len(t, found, 2)
		require.Equal(t, []string{"newcomer", "user4001"}, []string{found[0].User, found[1].User})
	})
}

func TestCalls(t *testing.T) {
	for name, test := range map[string]struct {
		act  func(f *office)
		want map[string][]string // by extension
	}{
		"answered": {func(f *office) {
			caller := f.dial("0612345678", "4001")
			f.wait(5 * time.Second)
			f.do(f.net.Set("4001").Answer())
			f.wait(time.Minute)
			f.do(caller.HangUp())
		}, map[string][]string{"4001": {"incoming 0612345678 Ada answered 1m0s"}}},
		"missed": {func(f *office) {
			caller := f.dial("0612345678", "4001")
			f.wait(5 * time.Second)
			f.do(caller.HangUp())
		}, map[string][]string{"4001": {"incoming 0612345678 Ada missed"}}},
		"withheld": {func(f *office) {
			f.do(f.dial("", "4001").HangUp())
		}, map[string][]string{"4001": {"incoming withheld missed"}}},
		"internal": {func(f *office) {
			f.do(f.net.Set("4001").Call("4002"))
			f.do(f.net.Set("4002").Answer())
			f.wait(time.Minute)
			f.do(f.net.Set("4002").HangUp())
		}, map[string][]string{"4001": {"outgoing 4002 answered 1m0s"}, "4002": {"incoming 4001 answered 1m0s"}}},
		"unanswered": {func(f *office) {
			f.do(f.net.Set("4001").Call("00612345678"))
			f.wait(time.Minute)
			f.do(f.net.Set("4001").HangUp())
		}, map[string][]string{"4001": {"outgoing 00612345678 unanswered"}}},
		"busy": {func(f *office) {
			f.net.Outside("0612345678").Behaves(ctitest.Busy)
			f.do(f.net.Set("4001").Call("00612345678"))
			f.do(f.net.Set("4001").HangUp())
		}, map[string][]string{"4001": {"outgoing 00612345678 busy"}}},
		"unallocated": {func(f *office) {
			f.net.Outside("0612345678").Behaves(ctitest.Unallocated)
			f.do(f.net.Set("4001").Call("00612345678"))
			f.do(f.net.Set("4001").HangUp())
		}, map[string][]string{"4001": {"outgoing 00612345678 rejected"}}},
		"off hook and on": {func(f *office) {
			f.do(f.net.Set("4001").Call(""))
			f.do(f.net.Set("4001").HangUp())
		}, map[string][]string{"4001": nil}},
		"picked up": {func(f *office) {
			f.do(f.net.Set("4001").Group("g"))
			f.do(f.net.Set("4002").Group("g"))
			caller := f.dial("0612345678", "4001")
			f.do(nil)
			f.do(f.net.Set("4002").PickUp())
			f.wait(time.Minute)
			f.do(caller.HangUp())
		}, map[string][]string{"4001": {"incoming 0612345678 Ada picked up"}, "4002": {"incoming 0612345678 Ada answered 1m0s from 4001"}}},
		"forwarded": {func(f *office) {
			f.do(f.net.Set("4001").Forward(cti.Forward{Active: true, To: "4002"}))
			caller := f.dial("0612345678", "4001")
			f.do(nil)
			f.do(caller.HangUp())
		}, map[string][]string{"4001": {"incoming 0612345678 Ada diverted to 4002"}, "4002": {"incoming 0612345678 Ada missed from 4001"}}},
		"forwarded on no answer": {func(f *office) {
			f.do(f.net.Set("4001").Forward(cti.Forward{Type: cti.ForwardNoAnswer, Active: true, To: "4002"}))
			caller := f.dial("0612345678", "4001")
			f.wait(30 * time.Second)
			f.do(f.net.Set("4002").Answer())
			f.wait(time.Minute)
			f.do(caller.HangUp())
		}, map[string][]string{"4001": {"incoming 0612345678 Ada diverted to 4002"}, "4002": {"incoming 0612345678 Ada answered 1m0s from 4001"}}},
		"transferred": {func(f *office) {
			caller := f.dial("0612345678", "4001")
			f.do(nil)
			f.do(f.net.Set("4001").Answer())
			f.wait(time.Minute)
			f.do(f.net.Set("4001").Consult("4002"))
			f.do(f.net.Set("4002").Answer())
			f.wait(time.Minute)
			f.do(f.net.Set("4001").Transfer())
			f.wait(time.Minute)
			f.do(caller.HangUp())
		}, map[string][]string{
			"4001": {"incoming 0612345678 Ada answered 2m0s transferred to 4002", "outgoing 4002 answered 1m0s transferred to 4002"},
			"4002": {"incoming 4001 answered 2m0s transferred to 0612345678"},
		}},
		"conference": {func(f *office) {
			caller := f.dial("0612345678", "4001")
			f.do(nil)
			f.do(f.net.Set("4001").Answer())
			f.wait(time.Minute)
			f.do(f.net.Set("4001").Consult("4002"))
			f.do(f.net.Set("4002").Answer())
			f.wait(time.Minute)
			f.do(f.net.Set("4001").Conference())
			f.wait(time.Minute)
			f.do(f.net.Set("4001").HangUp())
			f.do(caller.HangUp())
		}, map[string][]string{
			"4001": {"incoming 0612345678 Ada answered 3m0s conference", "outgoing 4002 answered 1m0s conference"},
			"4002": {"incoming 4001 answered 2m0s conference"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := open(t, calllog.Options{}, "4001", "4002")
				test.act(f)
				f.wait(time.Second)
				for number, want := range test.want {
					require.Equal(t, want, f.lines(number), number)
				}
			})
		})
	}
}

func TestNumbersAreResolved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := open(t, calllog.Options{}, "4001")
		f.do(f.dial("0612345678", "4001").HangUp())
		entries, err := f.log.Find(context.Background(), calllog.Filter{Number: "+33612345678"})
		require.NoError(t, err)
		require.Len(t, entries, 1)
		require.Equal(t, "Ada", entries[0].Name)
		require.False(t, entries[0].Internal)
	})
}

func TestWhatWasNotSeenIsMarked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := open(t, calllog.Options{}, "4001", "4002")
		f.dial("0611111111", "4001")
		f.do(nil)
		f.do(f.net.Set("4001").Answer())
		lasting := f.dial("0622222222", "4002")
		f.do(nil)
		f.do(f.net.Set("4002").Answer())
		f.wait(time.Minute)
		f.port.Down()
		f.wait(10 * time.Second)
		f.do(f.net.Set("4001").HangUp())
		f.do(f.dial("0633333333", "4001").HangUp()) // nobody will ever know
		f.wait(10 * time.Second)
		f.port.Up()
		f.wait(time.Minute)
		f.settle()
		f.do(lasting.HangUp())
		first, second := f.lines("4001"), f.lines("4002")
		require.Len(t, first, 2)
		require.Equal(t, "incoming 0611111111 answered 1m0s incomplete", first[0], "the end is when it was seen last")
		require.Contains(t, first[1], "unobserved ")
		require.Len(t, second, 2)
		require.Contains(t, second[0], "incoming 0622222222 answered")
		require.Contains(t, second[0], "incomplete", "it might have been held and retrieved")
	})
}

func TestReaderTooSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &gate{Store: &calllog.Memory{}, closed: make(chan struct{})}
		f := open(t, calllog.Options{Store: store, Buffer: 4}, "4001")
		f.do(f.dial("0611111111", "4001").HangUp()) // the store holds the log up
		for range 10 {
			f.do(f.dial("0622222222", "4001").HangUp())
			f.wait(time.Second)
		}
		close(store.closed)
		f.wait(time.Second)
		f.do(f.dial("0633333333", "4001").HangUp())
		lines := f.lines("4001")
		require.Equal(t, "incoming 0611111111 missed", lines[0])
		require.Contains(t, lines[1], "unobserved ")
		require.NotEqual(t, "unobserved 0s", lines[1], "from the last event that was read")
		require.Equal(t, "incoming 0633333333 missed", lines[len(lines)-1], "the present is known again")
	})
}

// gate is a store that waits.
type gate struct {
	calllog.Store
	closed chan struct{}
}

func (g *gate) Append(ctx context.Context, entries []calllog.Entry) error {
	<-g.closed
	return g.Store.Append(ctx, entries)
}

// broken is a store that fails while told so.
type broken struct {
	calllog.Memory
	full atomic.Bool
}

func (b *broken) Append(ctx context.Context, entries []calllog.Entry) error {
	if b.full.Load() {
		return errors.New("disk full")
	}
	return b.Memory.Append(ctx, entries)
}

func TestStoreThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, incidents := &broken{}, ctikit.NewIncidentLog(ctikit.IncidentOptions{})
		store.full.Store(true)
		f := open(t, calllog.Options{Store: store, Incidents: incidents}, "4001")
		f.do(f.dial("0611111111", "4001").HangUp())
		f.do(f.dial("0622222222", "4001").HangUp())
		require.Len(t, incidents.Find(ctikit.IncidentFilter{Code: "calllog.store"}), 2)
		n, err := f.log.ForgetNumber(context.Background(), "0611111111")
		require.NoError(t, err)
		require.Equal(t, 1, n, "what waits for the store is forgotten too")
		store.full.Store(false)
		f.wait(2 * time.Minute)
		require.Equal(t, []string{"incoming 0622222222 missed"}, f.lines("4001"), "nothing is lost")
		require.Zero(t, f.log.Lost())
	})
}

func TestEndOfTheLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := open(t, calllog.Options{}, "4001", "4002")
		f.dial("0611111111", "4001")
		f.wait(time.Minute)
		f.stop()
		require.ErrorIs(t, f.end, context.Canceled)
		require.Equal(t, []string{"incoming 0611111111 missed incomplete"}, f.lines("4001"))
		require.ErrorIs(t, f.log.Follow(context.Background(), f.gw), cti.ErrClosed)
	})
}

func TestRetentionAndForget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		f := open(t, calllog.Options{Retention: 24 * time.Hour}, "4001", "4002")
		f.do(f.dial("0611111111", "4001").HangUp())
		f.wait(20 * time.Hour)
		f.do(f.dial("0622222222", "4001").HangUp())
		f.do(f.dial("0622222222", "4002").HangUp())
		f.wait(6 * time.Hour)
		require.Equal(t, []string{"incoming 0622222222 missed"}, f.lines("4001"))
		_, err := f.log.ForgetUser(ctx, "")
		require.ErrorIs(t, err, calllog.ErrForgetNothing)
		_, err = f.log.ForgetNumber(ctx, "")
		require.ErrorIs(t, err, calllog.ErrForgetNothing)
		n, err := f.log.ForgetUser(ctx, "user4001")
		require.NoError(t, err)
		require.Equal(t, 1, n)
		require.Empty(t, f.lines("4001"))
		n, err = f.log.ForgetNumber(ctx, "+33622222222")
		require.NoError(t, err)
		require.Equal(t, 1, n)
		require.Empty(t, f.lines("4002"))
	})
}

// slow holds every write up, and then fails it where it is to.
type slow struct {
	calllog.Store
	writing, release chan struct{}
	fail             bool
}

func (s *slow) Append(ctx context.Context, entries []calllog.Entry) error {
	s.writing <- struct{}{}
	<-s.release
	if s.fail {
		return errors.New("disk full")
	}
	return s.Store.Append(ctx, entries)
}

// TestForgetDuringAWrite: what the store was just taking in, or refuses, is
// forgotten as well.
func TestForgetDuringAWrite(t *testing.T) {
	for _, fails := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			store := &slow{Store: &calllog.Memory{}, writing: make(chan struct{}), release: make(chan struct{}), fail: fails}
			f := open(t, calllog.Options{Store: store}, "4001")
			f.do(f.dial("0611111111", "4001").HangUp())
			<-store.writing
			release := sync.OnceFunc(func() { close(store.release) })
			t.Cleanup(func() { close(store.writing) }) // after the log has ended
			t.Cleanup(f.stop)
			t.Cleanup(func() { release(); go drain(store.writing) })
			impatient, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, err := f.log.ForgetUser(impatient, "user4001")
			require.ErrorIs(t, err, context.DeadlineExceeded)
			forgotten := make(chan int)
			go func() {
				n, err := f.log.ForgetUser(t.Context(), "user4001")
				require.NoError(t, err)
				forgotten <- n
			}()
			synctest.Wait()
			release()
			go drain(store.writing) // what follows is written at once
			require.Equal(t, 1, <-forgotten)
			store.fail = false
			f.wait(2 * time.Minute) // the time of another attempt
			require.Empty(t, f.lines("4001"))
		})
	}
}

func drain(c <-chan struct{}) {
	for range c {
	}
}

func TestMemoryIsBounded(t *testing.T) {
	m, ctx := &calllog.Memory{PerUser: 3}, context.Background()
	begin := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for i := range 10 {
		e := calllog.Entry{ID: string(rune('a' + i)), User: "u", Begin: begin.Add(time.Duration(i) * time.Second)}
		require.NoError(t, m.Append(ctx, []calllog.Entry{e, e}))
	}
	found, err := m.Find(ctx, calllog.Filter{User: "u"})
	require.NoError(t, err)
	require.Len(t, found, 3)
	require.Equal(t, "j", found[0].ID)
	found, err = m.Find(ctx, calllog.Filter{Limit: 1})
	require.NoError(t, err)
	require.Len(t, found, 1)
}
