package ctikit

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestLogKeepsTheNewest(t *testing.T) {
	l := NewIncidentLog(IncidentOptions{Size: 3})
	for i := range 5 {
		l.Record(Incident{Code: "link.down", Subject: fmt.Sprint(i)})
	}
	var kept []string
	for _, in := range l.Find(IncidentFilter{}) {
		kept = append(kept, in.Subject)
	}
	require.Equal(t, []string{"2", "3", "4"}, kept)
	require.Equal(t, uint64(2), l.Dropped())
}

func TestLogFind(t *testing.T) {
	var l IncidentLog // the zero value works
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	l.Record(Incident{Time: start, Code: "link.down", Subject: "paris", Severity: slog.LevelError, Company: "acme"})
	l.Record(Incident{Time: start.Add(time.Minute), Code: "link.up", Subject: "paris"})
	l.Record(Incident{Time: start.Add(2 * time.Minute), Code: "auth.rejected", Subject: "bob", Severity: slog.LevelWarn})
	for _, test := range []struct {
		f    IncidentFilter
		want []string
	}{
		{IncidentFilter{}, []string{"link.down", "link.up", "auth.rejected"}},
		{IncidentFilter{Code: "link."}, []string{"link.down", "link.up"}},
		{IncidentFilter{Code: "link"}, nil},
		{IncidentFilter{Code: "link.up"}, []string{"link.up"}},
		{IncidentFilter{Subject: "bob"}, []string{"auth.rejected"}},
		{IncidentFilter{Company: "acme"}, []string{"link.down"}},
		{IncidentFilter{MinSeverity: slog.LevelWarn}, []string{"link.down", "auth.rejected"}},
		{IncidentFilter{Since: start.Add(time.Second)}, []string{"link.up", "auth.rejected"}},
		{IncidentFilter{Limit: 1}, []string{"auth.rejected"}},
	} {
		var got []string
		for _, in := range l.Find(test.f) {
			got = append(got, in.Code)
		}
		require.Equal(t, test.want, got, "%+v", test.f)
	}
}

func TestLogMirrorsToSlog(t *testing.T) {
	var out bytes.Buffer
	l := NewIncidentLog(IncidentOptions{Logger: slog.New(slog.NewTextHandler(&out, nil)), ShortenNumbers: true})
	cause := errors.New("no route to 0123456789")
	l.Record(Incident{Code: "call.failed", Subject: "4001", Message: "call to 0123456789 failed", Severity: slog.LevelWarn, Err: cause})
	require.Contains(t, out.String(), "level=WARN")
	require.Contains(t, out.String(), "01******89")
	require.Contains(t, out.String(), "subject=4001", "an extension is short enough to stay")
	require.NotContains(t, out.String(), "0123456789")
	require.ErrorIs(t, l.Find(IncidentFilter{})[0].Err, cause)
}

func TestLogConcurrently(t *testing.T) {
	l := NewIncidentLog(IncidentOptions{Size: 10})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 1000 {
				l.Record(Incident{Code: "x"})
				l.Find(IncidentFilter{Limit: 2})
			}
		})
	}
	wg.Wait()
	require.Len(t, l.Find(IncidentFilter{}), 10)
	require.Equal(t, uint64(3990), l.Dropped())
}

func TestShortenedSubjectIsFoundByItsNumber(t *testing.T) {
	l := NewIncidentLog(IncidentOptions{ShortenNumbers: true})
	l.Record(Incident{Code: "call.failed", Subject: "0123456789"})
	l.Record(Incident{Code: "call.failed", Subject: "4001"})
	require.Len(t, l.Find(IncidentFilter{Subject: "0123456789"}), 1)
	require.Len(t, l.Find(IncidentFilter{Subject: "01******89"}), 1, "as it is shown")
	require.Len(t, l.Find(IncidentFilter{Subject: "4001"}), 1)
}
