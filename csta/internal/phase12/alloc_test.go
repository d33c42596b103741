package phase12_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/csta/internal/phase12"
	"github.com/ctikit/ctikit/cti"
)

// racing: the race detector watches, which allocates.
var racing bool

// TestAllocations: a known event is decoded, and a request written into a
// buffer that is large enough, without allocating.
func TestAllocations(t *testing.T) {
	if racing {
		t.Skip("the race detector allocates")
	}
	eachConfig(t, func(t *testing.T, c phase12.Config) {
		codec := phase12.New(c, message.Options{})
		e := events()[0]
		require.Equal(t, cti.Delivered, e.Kind)
		pdu, err := codec.AppendEvent(nil, 1, &e)
		require.NoError(t, err)
		var m message.Message
		require.Zero(t, testing.AllocsPerRun(100, func() { _ = codec.Decode(pdu, &m) }))
		r := message.Request{Op: message.MakeCall, Device: number, To: other}
		dst := make([]byte, 0, 512)
		require.Zero(t, testing.AllocsPerRun(100, func() { _, _ = codec.AppendRequest(dst, 1, &r) }))
	})
}

// TestConcurrentAppend: many callers may write at once, the same values too,
// while another reads.
func TestConcurrentAppend(t *testing.T) {
	codec := phase12.New(phase12.Config{Phase: phase12.II}, message.Options{})
	all, want := requests(phase12.II), [][]byte{}
	for i := range all {
		pdu, err := codec.AppendRequest(nil, 1, &all[i])
		require.NoError(t, err)
		want = append(want, pdu)
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for i := range all {
				pdu, err := codec.AppendRequest(nil, 1, &all[i])
				if err != nil || string(pdu) != string(want[i]) {
					t.Errorf("%v: %x %v", all[i].Op, pdu, err)
				}
			}
		})
	}
	var m message.Message
	for _, pdu := range want {
		require.NoError(t, codec.Decode(pdu, &m))
	}
	group.Wait()
}

func BenchmarkDelivered(b *testing.B) {
	codec := phase12.New(phase12.Config{Phase: phase12.II}, message.Options{})
	e := events()[0]
	pdu, err := codec.AppendEvent(nil, 1, &e)
	require.NoError(b, err)
	b.SetBytes(int64(len(pdu)))
	b.ReportAllocs()
	var m message.Message
	for b.Loop() {
		if err := codec.Decode(pdu, &m); err != nil {
			b.Fatal(err)
		}
	}
}
