package csta_test

import (
	"bytes"
	"encoding"
	"encoding/hex"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/csta/cstatest"
	"github.com/ctikit/ctikit/csta/dissect"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
)

// TestEveryType: a link of each type of PBX to a PBX of that type, from the
// greeting to the end: a call with its events, heartbeats of both sides, and a
// recording in which everything can be read.
func TestEveryType(t *testing.T) {
	for _, p := range csta.Profiles() {
		t.Run(p.Name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				require.NotEmpty(t, p.Basis)
				require.NotZero(t, p.Port)
				net := ctitest.NewNetwork(ctitest.Options{})
				net.Add(cti.Extension{Number: "4001"}, cti.Extension{Number: "4002"})
				o := ctitest.LinkOptions{Protocol: cti.CSTA, User: "u", Password: "s3cret"}
				if !p.Login {
					o.User, o.Password = "", ""
				}
				listener := ctitest.Listen(ctitest.PipeOptions{})
				server := cstatest.Options{Heartbeat: 30 * time.Second}.Serve(listener, net.Link("a", o), p)
				defer server.Close()
				var record bytes.Buffer
				got := &collector{}
				s, err := csta.Config{Addr: "pbx", Profile: p, Dial: listener.Dial, User: "u", Password: ctikit.NewSecret("s3cret"), Record: &record}.Open(t.Context(), got)
				require.NoError(t, err)
				_, err = s.Supervise(t.Context(), cti.Extension{Number: "4001"})
				require.NoError(t, err)
				made, err := s.Do(t.Context(), driver.Request{Op: cti.OpMakeCall, Device: "4001", Number: "4002"})
				require.NoError(t, err)
				synctest.Wait()
				require.Contains(t, lines(got), "4001 Delivered")
				time.Sleep(10 * time.Minute) // of the PBX's heartbeats
				require.NoError(t, do(t.Context(), s, driver.Request{Op: cti.OpPing}))
				require.NoError(t, do(t.Context(), s, driver.Request{Op: cti.OpClearConnection, Connection: made.Connection}))
				require.NoError(t, s.Release(t.Context(), "4001"))
				require.Zero(t, s.Counters().Skipped)
				require.NoError(t, s.Close())
				r, err := dissect.NewReader(&record)
				require.NoError(t, err)
				n := 0
				for ; ; n++ {
					pdu, err := r.Next()
					if err != nil {
						break
					}
					require.NoError(t, pdu.Err, "%x", pdu.Bytes)
				}
				require.Greater(t, n, 30)
			})
		})
	}
}

// TestTypesByName: they are found in any case.
func TestTypesByName(t *testing.T) {
	p, ok := csta.ProfileByName("mitel 5000")
	require.True(t, ok)
	require.Equal(t, csta.A5000, p)
	require.Equal(t, 3211, p.Port)
	require.Equal(t, csta.NonDelimited, p.Framing)
	require.Equal(t, csta.BER2, p.Encoding)
	_, ok = csta.ProfileByName("none")
	require.False(t, ok)
}

// TestEverythingIsOverridable: what a type of PBX says can be said otherwise, and
// a PBX that is so is understood.
func TestEverythingIsOverridable(t *testing.T) {
	for name, change := range map[string]func(p *csta.Profile){
		"encoding":    func(p *csta.Profile) { p.Encoding = csta.BER3 },
		"phase I":     func(p *csta.Profile) { p.Encoding = csta.BER1 },
		"XML":         func(p *csta.Profile) { p.Encoding, p.Framing = csta.XML5, csta.XMLHeader },
		"framing":     func(p *csta.Profile) { p.Framing = csta.Delimited },
		"start":       func(p *csta.Profile) { p.Start, p.Framing = csta.OXOStart, csta.Delimited },
		"association": func(p *csta.Profile) { p.Association, p.Context, p.Version = true, "1.3.12.0.218", 1 },
		"login":       func(p *csta.Profile) { p.Association, p.Context, p.Login = true, "1.3.12.0.218", true },
		"session":     func(p *csta.Profile) { p.Encoding, p.Framing, p.Session = csta.XML4, csta.XMLHeader, true },
		"session login": func(p *csta.Profile) {
			p.Encoding, p.Framing, p.Session, p.Login, p.Variant.Login = csta.XML4, csta.XMLHeader, true, true, csta.LoginAvaya
		},
		"no heartbeat":  func(p *csta.Profile) { p.Heartbeat = csta.NoHeartbeat },
		"heartbeat":     func(p *csta.Profile) { p.Heartbeat, p.Encoding = csta.RequestSystemStatus, csta.BER3 },
		"registration":  func(p *csta.Profile) { p.Register, p.Encoding = true, csta.BER3 },
		"capabilities":  func(p *csta.Profile) { p.AskCapabilities, p.Encoding = true, csta.BER3 },
		"devices":       func(p *csta.Profile) { p.Devices = csta.ImplicitPrivate },
		"codes":         func(p *csta.Profile) { p.Variant.Codes = map[string]int64{"makeCall": 1010, "monitorStart": 171} },
		"wrapped":       func(p *csta.Profile) { p.Encoding, p.Variant.Wrapped = csta.BER1, true },
		"parties":       func(p *csta.Profile) { p.SnapshotCalls = false },
		"one at a time": func(p *csta.Profile) { p.MaxInFlight = 1 },
		"lacks":         func(p *csta.Profile) { p.Lacks = cti.OperationsOf(cti.OpDeflectCall) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := csta.A5000
				change(&p)
				b := opened(t, p, cstatest.Options{}, nil)
				_, err := b.session.Supervise(t.Context(), cti.Extension{Number: "4001"})
				require.NoError(t, err)
				_, err = b.session.Do(t.Context(), driver.Request{Op: cti.OpMakeCall, Device: "4001", Number: "4002"})
				require.NoError(t, err)
				caps := b.session.Capabilities().Operations
				require.Equal(t, name != "lacks", caps.Has(cti.OpDeflectCall))
			})
		})
	}
}

// TestOlderServices: what III splits into services of their own are setFeature
// (15), queryDevice (12), divertCall (8) and callCompletion (3) in I and II.
func TestOlderServices(t *testing.T) {
	for _, p := range []csta.Profile{csta.Generic1, csta.A5000} {
		t.Run(p.Name, func(t *testing.T) {
			var record bytes.Buffer
			b := opened(t, p, cstatest.Options{}, func(c *csta.Config, _ *ctitest.LinkOptions) { c.Record = &record })
			s, ctx := b.session, t.Context()
			at := cti.ConnectionID{Call: "9", Device: "4001"}
			_, _ = s.Do(ctx, driver.Request{Op: cti.OpSetDoNotDisturb, Device: "4001", On: true})
			_, _ = s.Do(ctx, driver.Request{Op: cti.OpSetMessageWaiting, Device: "4001", On: true})
			forward := cti.Forward{Type: cti.ForwardImmediate, To: "4002", Active: true}
			_, _ = s.Do(ctx, driver.Request{Op: cti.OpSetForwarding, Device: "4001", Forward: forward})
			_, _ = s.Do(ctx, driver.Request{Op: cti.OpSetAgentState, Device: "4001", Agent: cti.Agent{State: cti.AgentReady}})
			_, _ = s.Do(ctx, driver.Request{Op: cti.OpGetDoNotDisturb, Device: "4001"})
			_, _ = s.Do(ctx, driver.Request{Op: cti.OpGetMessageWaiting, Device: "4001"})
			_, _ = s.Do(ctx, driver.Request{Op: cti.OpGetForwarding, Device: "4001"})
			_, _ = s.Do(ctx, driver.Request{Op: cti.OpGetAgentState, Device: "4001"})
			_, _ = s.Do(ctx, driver.Request{Op: cti.OpDeflectCall, Connection: at, Number: "4003"})
			_, _ = s.Do(ctx, driver.Request{Op: cti.OpDirectedPickup, Device: "4002", Connection: at})
			_, _ = s.Do(ctx, driver.Request{Op: cti.OpGroupPickup, Device: "4002"})
			_, _ = s.Do(ctx, driver.Request{Op: cti.OpCampOnCall, Connection: at})
			_, _ = s.Do(ctx, driver.Request{Op: cti.OpCallBack, Connection: at})
			require.NoError(t, s.Close())
			var codes []byte
			for line := range strings.Lines(record.String()) {
				fields := strings.Fields(line)
				m, err := hex.DecodeString(fields[len(fields)-1])
				if err == nil && fields[1] == ">" && m[0] == 0xa1 && m[1] < 0x80 && m[7] != 52 {
					codes = append(codes, m[7])
				}
			}
			require.Equal(t, []byte{15, 15, 15, 15, 12, 12, 12, 12, 8, 8, 8, 3, 3}, codes)
		})
	}
}

// TestNamesOfTypes: what a profile is made of is written by name, and read again.
func TestNamesOfTypes(t *testing.T) {
	names(t, csta.BER3, csta.BER2, csta.BER1, csta.XML3, csta.XML4, csta.XML5, csta.XML6)
	names(t, csta.NonDelimited, csta.Delimited, csta.XMLHeader)
	names(t, csta.DialingNumber, csta.DeviceNumber, csta.ImplicitPublic, csta.ImplicitPrivate, csta.Represented)
	require.Equal(t, "CSTA III XML ed4", csta.XML4.String())
	require.Equal(t, "messagesLost", cstatest.MessagesLost.String())
	var e csta.Encoding
	require.EqualError(t, e.UnmarshalText([]byte("CSTA IV")), `unknown csta.Encoding "CSTA IV"`)
}

func names[T comparable, P interface {
	*T
	encoding.TextUnmarshaler
}](t *testing.T, values ...T) {
	seen := make(map[string]bool)
	for _, v := range values {
		text, err := any(v).(encoding.TextMarshaler).MarshalText()
		require.NoError(t, err)
		var back T
		require.NoError(t, P(&back).UnmarshalText(text))
		require.Equal(t, v, back)
		seen[string(text)] = true
	}
	require.Len(t, seen, len(values))
}
