package calllog

import (
	"strconv"
	"testing"
	"time"

	"github.com/ctikit/ctikit/cti"
)

// BenchmarkCall folds the four events of one answered call into its entry; the
// baseline is what the call model alone makes of them.
func BenchmarkCall(b *testing.B) {
	calls := make([][]cti.Event, 1000)
	for i := range calls {
		calls[i] = answeredCall(cti.CallID(strconv.Itoa(i)))
	}
	b.Run("log", func(b *testing.B) {
		w := &watcher{lines: map[cti.DeviceID]*line{}, user: func(cti.DeviceID) (string, bool) { return "alice", true }}
		w.foldEvent(&cti.Event{Kind: cti.SnapshotTaken, Device: "4001", Snapshot: &cti.Snapshot{Device: "4001"}})
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			for j := range calls[i%len(calls)] {
				w.foldEvent(&calls[i%len(calls)][j])
			}
		}
	})
	b.Run("model", func(b *testing.B) {
		m := cti.CallModel{Device: "4001"}
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			for j := range calls[i%len(calls)] {
				m.Apply(&calls[i%len(calls)][j])
			}
		}
	})
}

func answeredCall(id cti.CallID) []cti.Event {
	begin := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	event := func(k cti.Kind, state cti.LocalState, subject cti.DeviceID, after time.Duration) cti.Event {
		return cti.Event{Kind: k, Device: "4001", Call: id, State: state, Subject: cti.PartyOf(subject), Time: begin.Add(after),
			Calling: cti.PartyOf("0612345678"), Called: cti.PartyOf("4001"), Other: cti.Other{Number: "0612345678", Lookup: "0612345678", Name: "Ada"}}
	}
	return []cti.Event{
		event(cti.Delivered, cti.Alerting, "4001", 0), event(cti.Established, cti.Connected, "4001", 5*time.Second),
		event(cti.ConnectionCleared, cti.Connected, "0612345678", time.Minute), event(cti.ConnectionCleared, cti.Null, "4001", time.Minute),
	}
}
