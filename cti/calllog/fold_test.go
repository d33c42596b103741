package calllog

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
)

var nine = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// fold feeds events of 4001, a second apart, behind an empty picture.
func fold(events ...cti.Event) (done []Entry) {
	w := &watcher{lines: map[cti.DeviceID]*line{}, user: func(cti.DeviceID) (string, bool) { return "u", true }}
	events = append([]cti.Event{picture()}, events...)
	for i := range events {
		events[i].Device, events[i].Time = "4001", nine.Add(time.Duration(i)*time.Second)
		done = append(done, w.foldEvent(&events[i])...)
	}
	return done
}

func picture() cti.Event {
	return cti.Event{Kind: cti.SnapshotTaken, Snapshot: &cti.Snapshot{Device: "4001"}}
}

func rings(caller cti.Party) cti.Event {
	return cti.Event{Kind: cti.Delivered, Call: "1", State: cti.Alerting, Subject: cti.PartyOf("4001"), Calling: caller, Called: cti.PartyOf("4001")}
}

func answers() cti.Event {
	return cti.Event{Kind: cti.Established, Call: "1", State: cti.Connected, Subject: cti.PartyOf("4001")}
}

func ends(call cti.CallID) cti.Event { return cti.Event{Kind: cti.CallCleared, Call: call} }

// callerIs tells another caller than the call began with.
func callerIs(number cti.DeviceID) cti.Event {
	return cti.Event{Kind: cti.CallInformation, Call: "1", Calling: cti.PartyOf(number)}
}

// TestWhatEventsTell has the sequences of events that the network of the other
// tests does not send.
func TestWhatEventsTell(t *testing.T) {
	outside, inside, redirected := rings(cti.PartyOf("0612345678")), rings(cti.PartyOf("4005")), rings(cti.PartyOf("0612345678"))
	outside.Other = cti.Other{Number: "0612345678", Lookup: "0612345678", E164: "+33612345678"}
	inside.Other = cti.Other{Number: "4005", Lookup: "4005", Internal: true}
	redirected.Redirection = cti.PartyOf("4001")
	for name, test := range map[string]struct {
		events []cti.Event
		right  func(t *testing.T, e Entry)
	}{
		"a number withheld at first": {[]cti.Event{rings(cti.Party{Status: cti.Restricted}), callerIs("0612345678"), ends("1")}, func(t *testing.T, e Entry) {
			require.False(t, e.Withheld)
			require.Equal(t, "0612345678", e.Number)
		}},
		"another caller has no E.164 number of the first": {[]cti.Event{outside, callerIs("4005"), ends("1")}, func(t *testing.T, e Entry) {
			require.Equal(t, "4005", e.Number)
			require.Empty(t, e.E164)
		}},
		"another caller is not internal like the first": {[]cti.Event{inside, callerIs("0612345678"), ends("1")}, func(t *testing.T, e Entry) {
			require.Equal(t, "0612345678", e.Number)
			require.False(t, e.Internal)
		}},
		"the extension is no redirection of its own": {[]cti.Event{redirected, ends("1")}, func(t *testing.T, e Entry) {
			require.Empty(t, e.Redirection)
		}},
		"calling after a transfer": {[]cti.Event{rings(cti.PartyOf("4002")), answers(), {Kind: cti.Transferred, Call: "2", OldCall: "1", State: cti.Connected,
			Subject: cti.PartyOf("4002"), Target: cti.PartyOf("4003"), Calling: cti.PartyOf("4001"), Called: cti.PartyOf("4003")}, ends("2")}, func(t *testing.T, e Entry) {
			require.True(t, e.Transferred)
			require.Equal(t, Incoming, e.Kind, "as it began")
		}},
		"who transfers has not come in": {[]cti.Event{rings(cti.PartyOf("4002")), answers(), {Kind: cti.Transferred, Call: "2", OldCall: "1", State: cti.Connected,
			Subject: cti.PartyOf("4002"), Calling: cti.PartyOf("4002"), Called: cti.PartyOf("4003")}, ends("2")}, func(t *testing.T, e Entry) {
			require.Equal(t, "4003", e.Transfer)
		}},
		"somebody else answers": {[]cti.Event{rings(cti.PartyOf("0612345678")), {Kind: cti.Established, Call: "1", State: cti.Null, Subject: cti.PartyOf("4002")}}, func(t *testing.T, e Entry) {
			require.Equal(t, PickedUp, e.Outcome)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			done := fold(test.events...)
			require.Len(t, done, 1)
			test.right(t, done[0])
		})
	}
}

// TestDisabledIsNotUnobserved: while an extension is not to be watched, nothing
// is missing.
func TestDisabledIsNotUnobserved(t *testing.T) {
	require.Empty(t, fold(cti.Event{Kind: cti.Unsupervised, Reason: cti.ReasonDisabled}, picture()))
	lost := fold(cti.Event{Kind: cti.Unsupervised, Reason: cti.ReasonLinkDown}, picture())
	require.Len(t, lost, 1)
	require.Equal(t, Unobserved, lost[0].Kind)
}

// full is a store that refuses while err is set.
type full struct {
	Store
	err  error
	kept []Entry
}

func (f *full) Append(_ context.Context, entries []Entry) error {
	if f.err == nil {
		f.kept = append(f.kept, entries...)
	}
	return f.err
}

// TestOldestEntriesGiveWay where a store fails for too long.
func TestOldestEntriesGiveWay(t *testing.T) {
	store := &full{err: errors.New("disk full")}
	l := New(Options{Store: store})
	for i := range maxUnsent + 2 {
		l.queueEntries([]Entry{{ID: fmt.Sprint(i)}})
	}
	l.writeEntries(t.Context(), []Entry{{ID: "last"}})
	require.EqualValues(t, 3, l.Lost())
	store.err = nil
	l.writeEntries(t.Context(), nil)
	require.Len(t, store.kept, maxUnsent)
	require.Equal(t, "3", store.kept[0].ID)
	require.Equal(t, "last", store.kept[maxUnsent-1].ID)
}

func TestMemoryReplacesByID(t *testing.T) {
	m := &Memory{}
	require.NoError(t, m.Append(t.Context(), []Entry{{ID: "a", User: "u", Outcome: Missed}, {ID: "b", User: "u"}}))
	require.NoError(t, m.Append(t.Context(), []Entry{{ID: "a", User: "u", Outcome: Answered}}))
	found, err := m.Find(t.Context(), Filter{})
	require.NoError(t, err)
	require.Equal(t, []Entry{{ID: "a", User: "u", Outcome: Answered}, {ID: "b", User: "u"}}, found)
}

func TestFilterMatch(t *testing.T) {
	e := &Entry{Begin: nine, Transfer: "4002"}
	for name, test := range map[string]struct {
		Filter
		want bool
	}{
		"since its begin":      {Filter{Since: nine}, true},
		"since a moment later": {Filter{Since: nine.Add(1)}, false},
		"before its begin":     {Filter{Before: nine}, false},
		"before a moment more": {Filter{Before: nine.Add(1)}, true},
		"who came in":          {Filter{Number: "4002"}, true},
		"somebody else":        {Filter{Number: "4003"}, false},
	} {
		require.Equal(t, test.want, test.Match(e), name)
	}
}
