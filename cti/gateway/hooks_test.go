package gateway_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/gateway"
)

// hostCode is a host's incident recorder and log handler in one.
type hostCode struct {
	slog.Handler
	act func()
}

func (h hostCode) Record(ctikit.Incident) { h.act() }

func (h hostCode) Handle(ctx context.Context, r slog.Record) error {
	h.act()
	return h.Handler.Handle(ctx, r)
}

func (h hostCode) WithAttrs(attrs []slog.Attr) slog.Handler {
	return hostCode{h.Handler.WithAttrs(attrs), h.act}
}

// TestHostCodeHoldsNothingUp: what the host gives us to call may be slow, may
// ask the gateway, may panic; links and events go on.
func TestHostCodeHoldsNothingUp(t *testing.T) {
	for name, act := range map[string]func(*world){
		"slow":           func(*world) { time.Sleep(time.Hour) },
		"asks us":        func(w *world) { w.gw.Links(); w.gw.Extensions(); w.gw.Stats() },
		"panics":         func(*world) { panic("host's bug") },
		"changes things": func(w *world) { _ = w.gw.Restart("nowhere") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, 2, 10)
				host := hostCode{slog.DiscardHandler, func() { act(w) }}
				w.cfg.Incidents, w.cfg.Logger = host, slog.New(hostCode{slog.NewTextHandler(&bytes.Buffer{}, nil), host.act})
				gw := w.run()
				sub := gw.Subscribe(gateway.WithoutInitial())
				w.port["a"].StopMonitors("1001") // an incident on the link's reader
				_, err := w.net.Dial("0612345678", "1000")
				require.NoError(t, err)
				time.Sleep(time.Second)
				kinds := map[cti.Kind]bool{}
				for _, ev := range w.queued(sub) {
					kinds[ev.Kind] = true
				}
				require.True(t, kinds[cti.Delivered])
				w.port["a"].Drop()
				time.Sleep(time.Minute)
				require.Equal(t, gateway.LinkIsUp, gw.Links()[0].State)
				require.Equal(t, name == "panics", gw.Stats().HookPanics > 0)
			})
		})
	}
}

// TestLogSpeaksOneLanguage: one key for one thing, in the log and in the
// incidents that are mirrored to it.
func TestLogSpeaksOneLanguage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		w := newWorld(t, 2, 10)
		w.cfg.Logger = slog.New(slog.NewJSONHandler(&out, nil))
		w.cfg.Incidents = ctikit.NewIncidentLog(ctikit.IncidentOptions{Logger: w.cfg.Logger})
		w.run()
		w.port["a"].StopMonitors("1001")
		w.port["a"].Drop()
		time.Sleep(time.Minute)
		w.stop()
		keys := map[string]bool{}
		for line := range bytes.Lines(out.Bytes()) {
			var record map[string]any
			require.NoError(t, json.Unmarshal(line, &record))
			require.Equal(t, "acme", record["company"], "%s", line)
			for k := range record {
				keys[k] = true
			}
		}
		require.Equal(t, []string{"code", "company", "domain", "err", "level", "link", "msg", "state", "subject", "time"},
			slices.Sorted(maps.Keys(keys)))
	})
}
