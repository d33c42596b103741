package csta_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/csta/cstatest"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
)

// bench is a session with the server behind it.
type bench struct {
	*ctitest.Network
	port    *ctitest.Link
	server  *cstatest.Server
	session driver.Session
	seen    *sink
}

// sink keeps every event.
type sink struct {
	mu  sync.Mutex
	all []cti.Event
}

func (s *sink) Event(ev *cti.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, *ev)
}

func (s *sink) of(kind cti.Kind) (out []cti.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, ev := range s.all {
		if ev.Kind == kind {
			out = append(out, ev)
		}
	}
	return out
}

// opened opens a session in a bubble; change may change its configuration.
func opened(t *testing.T, p csta.Profile, o cstatest.Options, change func(*csta.Config, *ctitest.LinkOptions)) *bench {
	cfg := csta.Config{Addr: "pbx", Profile: p}
	lo := ctitest.LinkOptions{Protocol: cti.CSTA, Escape: func(data []byte) ([]byte, error) { return slices.Clone(data), nil }}
	if p.Login {
		lo.User, lo.Password = "app", "s3cret"
		cfg.User, cfg.Password = "app", ctikit.NewSecret("s3cret")
	}
	if change != nil {
		change(&cfg, &lo)
	}
	b := &bench{Network: ctitest.NewNetwork(ctitest.Options{}), seen: &sink{}}
	for i := range 6 {
		b.Add(cti.Extension{Number: cti.DeviceID(fmt.Sprint(4001 + i))})
	}
	b.port = b.Link("csta", lo)
	listener := ctitest.Listen(ctitest.PipeOptions{})
	b.server = o.Serve(listener, b.port, p)
	t.Cleanup(func() { b.server.Close() })
	cfg.Dial = listener.Dial
	var err error
	b.session, err = cfg.Open(t.Context(), b.seen)
	require.NoError(t, err)
	t.Cleanup(func() { b.session.Close() })
	return b
}

func (b *bench) supervise(t *testing.T, devices ...cti.DeviceID) {
	for _, d := range devices {
		_, err := b.session.Supervise(t.Context(), cti.Extension{Number: d})
		require.NoError(t, err)
	}
}

// inBubbles runs a test for each profile, with virtual time.
func inBubbles(t *testing.T, ps map[string]csta.Profile, test func(*testing.T, csta.Profile)) {
	for name, p := range ps {
		t.Run(name, func(t *testing.T) { synctest.Test(t, func(t *testing.T) { test(t, p) }) })
	}
}

// phase3 are the profiles that have what only CSTA III has.
func phase3(t *testing.T) map[string]csta.Profile {
	out := profiles(t)
	for name, p := range out {
		if p.Encoding == csta.BER1 || p.Encoding == csta.BER2 {
			delete(out, name)
		}
	}
	return out
}

// TestSnapshotInPieces: a device with more calls than a piece has is read whole.
func TestSnapshotInPieces(t *testing.T) {
	inBubbles(t, phase3(t), func(t *testing.T, p csta.Profile) {
		b := opened(t, p, cstatest.Options{Pieces: 2}, nil)
		set := b.Set("4001")
		require.NoError(t, set.Lines(9))
		for i := range 5 {
			_, err := b.Dial(cti.DeviceID(fmt.Sprintf("012345678%d", i)), "4001")
			require.NoError(t, err)
		}
		snap, err := b.session.Supervise(t.Context(), cti.Extension{Number: "4001"})
		require.NoError(t, err)
		require.Len(t, snap.Calls, 5)
		for i, c := range snap.Calls {
			require.Equal(t, cti.Alerting, c.State)
			require.EqualValues(t, fmt.Sprintf("012345678%d", i), c.Calling.Number)
		}
		require.Zero(t, b.session.Counters().Skipped)
	})
}

// TestListDevices: a list in more than one piece.
func TestListDevices(t *testing.T) {
	inBubbles(t, phase3(t), func(t *testing.T, p csta.Profile) {
		b := opened(t, p, cstatest.Options{}, nil)
		want := []cti.DeviceID{"4001", "4002", "4003", "4004", "4005", "4006"}
		for i := range 200 {
			number := cti.DeviceID(fmt.Sprint(5000 + i))
			b.Add(cti.Extension{Number: number})
			want = append(want, number)
		}
		got, err := b.session.Do(t.Context(), driver.Request{Op: cti.OpListDevices})
		require.NoError(t, err)
		require.Equal(t, want, got.Devices)
	})
}

// TestPrivateData: octets of any kind go out and come back, and what the PBX
// sends of its own accord is an event.
func TestPrivateData(t *testing.T) {
	inBubbles(t, profiles(t), func(t *testing.T, p csta.Profile) {
		b := opened(t, p, cstatest.Options{}, nil)
		for _, data := range [][]byte{{0, '<', 0xff}, {0x30, 3, 2, 1, 5}, {4, 2, 5, 0}, make([]byte, 300)} {
			got, err := b.session.Do(t.Context(), driver.Request{Op: cti.OpEscape, Private: data})
			require.NoError(t, err)
			require.Equal(t, data, got.Private)
			b.server.Escape(data)
			synctest.Wait()
			private := b.seen.of(cti.Private)
			require.NotEmpty(t, private)
			last := private[len(private)-1]
			require.Equal(t, string(data), last.Text)
			require.Empty(t, last.Device)
		}
	})
}

// TestCapabilitiesAreTold: what the PBX cannot do is taken away, and given back
// when it says that it can.
func TestCapabilitiesAreTold(t *testing.T) {
	lost := []cti.Operation{cti.OpParkCall, cti.OpSetForwarding, cti.OpEscape, cti.OpListDevices}
	inBubbles(t, phase3(t), func(t *testing.T, p csta.Profile) {
		p.Register, p.AskCapabilities = true, true
		b := opened(t, p, cstatest.Options{}, func(_ *csta.Config, o *ctitest.LinkOptions) {
			o.Operations = cti.FullCTI().Without(lost...)
			o.GlobalCallIDs = true
		})
		all := b.session.Capabilities()
		for _, op := range lost {
			require.False(t, all.Operations.Has(op), op.String())
		}
		require.True(t, all.Operations.Has(cti.OpMakeCall))
		_, err := b.session.Do(t.Context(), driver.Request{Op: cti.OpListDevices})
		require.ErrorIs(t, err, ctikit.ErrUnsupported)
		require.True(t, cti.SafeToRetry(err), "nothing was sent")

		b.port.SetOperations(cti.FullCTI())
		synctest.Wait()
		require.Len(t, b.seen.of(cti.CapabilitiesChanged), 1)
		for _, op := range lost {
			require.True(t, b.session.Capabilities().Operations.Has(op), op.String())
		}
	})
}

// TestCapabilitiesNotTold: a PBX that is not asked, or knows no such service,
// leaves what the profile promises.
func TestCapabilitiesNotTold(t *testing.T) {
	inBubbles(t, profiles(t), func(t *testing.T, p csta.Profile) {
		p.AskCapabilities = false
		promised := opened(t, p, cstatest.Options{}, nil).session.Capabilities()
		p.AskCapabilities = true
		b := opened(t, p, cstatest.Options{}, func(_ *csta.Config, o *ctitest.LinkOptions) {
			o.Operations = cti.FullCTI().Without(cti.OpPing, cti.OpParkCall)
		})
		require.Equal(t, promised, b.session.Capabilities())
	})
}

// TestSilentAboutCapabilities: a PBX that answers all but that question opens
// after five seconds.
func TestSilentAboutCapabilities(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := csta.ProfileByName("OpenScape Business BER")
		begun := time.Now()
		network := ctitest.NewNetwork(ctitest.Options{})
		port := network.Link("csta", ctitest.LinkOptions{Protocol: cti.CSTA, User: "app", Password: "s3cret"})
		network.Inject(ctitest.Fault{Op: cti.OpPing, Action: ctitest.LoseRequest, Count: -1})
		listener := ctitest.Listen(ctitest.PipeOptions{})
		defer cstatest.Serve(listener, port, p).Close()
		s, err := csta.Config{Addr: "pbx", Profile: p, User: "app", Password: ctikit.NewSecret("s3cret"), Dial: listener.Dial}.Open(t.Context(), nowhere{})
		require.NoError(t, err)
		defer s.Close()
		require.Equal(t, 5*time.Second, time.Since(begun))
		require.True(t, s.Capabilities().Operations.Has(cti.OpEscape))
	})
}

// TestLeaveOut: what the host does not want is not sent, or at least not given.
func TestLeaveOut(t *testing.T) {
	inBubbles(t, profiles(t), func(t *testing.T, p csta.Profile) {
		b := opened(t, p, cstatest.Options{}, func(c *csta.Config, _ *ctitest.LinkOptions) {
			c.LeaveOut = []cti.Kind{cti.DoNotDisturb, cti.AgentReadyEvent, cti.AgentLoggedOn}
		})
		b.supervise(t, "4001")
		synctest.Wait()
		before := b.session.Counters().MessagesIn
		require.NoError(t, b.Set("4001").DoNotDisturb(true))
		require.NoError(t, b.Set("4001").Agent(cti.AgentReady))
		synctest.Wait()
		require.Equal(t, before, b.session.Counters().MessagesIn, "the PBX sends it all the same")
		require.NoError(t, b.Set("4001").Forward(cti.Forward{Active: true, To: "4002"}))
		require.NoError(t, b.Set("4003").Call("4001"))
		synctest.Wait()
		require.Empty(t, b.seen.of(cti.DoNotDisturb))
		require.Len(t, b.seen.of(cti.Forwarding), 1)
		require.NotEmpty(t, b.seen.of(cti.Diverted))
	})
}

// TestLeaveOutIsRefused: the picture of calls needs its events.
func TestLeaveOutIsRefused(t *testing.T) {
	for _, kind := range []cti.Kind{cti.Established, cti.CallCleared, cti.Transferred, cti.MonitorStopped, cti.LinkDown} {
		_, err := csta.Config{Addr: "pbx", LeaveOut: []cti.Kind{kind}}.Open(t.Context(), nowhere{})
		require.ErrorIs(t, err, ctikit.ErrUnsupported)
		require.ErrorContains(t, err, kind.String())
	}
}

// TestMonitorsEndWithTheSwitch: where the PBX says that events were lost or its
// monitors have ended, each supervision ends and can be started anew.
func TestMonitorsEndWithTheSwitch(t *testing.T) {
	inBubbles(t, profiles(t), func(t *testing.T, p csta.Profile) {
		for _, state := range []cstatest.SystemState{cstatest.MessagesLost, cstatest.Disabled} {
			b := opened(t, p, cstatest.Options{}, nil)
			b.supervise(t, "4001", "4002")
			b.server.Report(state)
			synctest.Wait()
			stopped := b.seen.of(cti.MonitorStopped)
			require.Len(t, stopped, 2)
			require.EqualValues(t, "4001", stopped[0].Device)
			b.supervise(t, "4001", "4002")
			require.NoError(t, b.Set("4001").Call("4002"))
			synctest.Wait()
			require.Len(t, b.seen.of(cti.Delivered), 2, "each monitor reports once")
			if state == cstatest.MessagesLost {
				require.Equal(t, 2, b.port.Used(), "the old monitors were stopped")
			}
		}
	})
}

// TestHeartbeatOfTheSwitch: it is answered, so that the PBX keeps the link.
func TestHeartbeatOfTheSwitch(t *testing.T) {
	inBubbles(t, profiles(t), func(t *testing.T, p csta.Profile) {
		b := opened(t, p, cstatest.Options{Heartbeat: 30 * time.Second}, nil)
		time.Sleep(5 * time.Minute)
		require.NoError(t, do(t.Context(), b.session, driver.Request{Op: cti.OpPing}))
		require.GreaterOrEqual(t, b.session.Counters().MessagesIn, uint64(10))
		require.Empty(t, b.seen.of(cti.MonitorStopped))
	})
}

// TestRegistration: it is taken back at the end, and renewed where the PBX gave it up.
func TestRegistration(t *testing.T) {
	inBubbles(t, phase3(t), func(t *testing.T, p csta.Profile) {
		p.Register = true
		b := opened(t, p, cstatest.Options{}, nil)
		b.supervise(t, "4001")
		b.server.AbortRegistrations()
		synctest.Wait()
		b.server.Report(cstatest.MessagesLost) // is told to those registered only
		synctest.Wait()
		require.Len(t, b.seen.of(cti.MonitorStopped), 1)
		require.NoError(t, b.session.Close())
	})
}

// TestPiecesAreChecked: a piece is missing, one comes for nobody, none come.
func TestPiecesAreChecked(t *testing.T) {
	const reference = "<GetSwitchingFunctionDevicesResponse><serviceCrossRefID>7</serviceCrossRefID></GetSwitchingFunctionDevicesResponse>"
	piece := func(ref string, n int, last bool, device string) string {
		return fmt.Sprintf("0001<SwitchingFunctionDevices><serviceCrossRefID>%s</serviceCrossRefID><segmentID>%d</segmentID><lastSegment>%t</lastSegment>"+
			"<deviceList><device><deviceID>%s</deviceID></device></deviceList></SwitchingFunctionDevices>", ref, n, last, device)
	}
	list := func(t *testing.T, ctx context.Context, pieces ...string) ([]cti.DeviceID, error) {
		s, _ := badPeer(t, func(id string) []string { return append([]string{id + reference}, pieces...) })
		reply, err := s.Do(ctx, driver.Request{Op: cti.OpListDevices})
		return reply.Devices, err
	}
	got, err := list(t, t.Context(), piece("8", 1, true, "4009"), piece("7", 1, false, "4001"), piece("7", 2, true, "4002"))
	require.NoError(t, err)
	require.Equal(t, []cti.DeviceID{"4001", "4002"}, got)
	_, err = list(t, t.Context(), piece("7", 1, false, "4001"), piece("7", 3, true, "4003"))
	require.ErrorIs(t, err, cti.ErrProtocol)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err = list(t, ctx, piece("7", 1, false, "4001"))
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

// TestSetAlready: what is set already is no error, because setting is idempotent.
func TestSetAlready(t *testing.T) {
	s, _ := badPeer(t, func(id string) []string {
		return []string{id + "<CSTAErrorCode><operation>featureAlreadySet</operation></CSTAErrorCode>"}
	})
	require.NoError(t, do(t.Context(), s, driver.Request{Op: cti.OpSetDoNotDisturb, Device: "4001", On: true}))
	_, err := s.Do(t.Context(), driver.Request{Op: cti.OpGetDoNotDisturb, Device: "4001"})
	require.ErrorIs(t, err, cti.ErrRefused)
}

// TestFilterRefused: a PBX that cannot filter is asked without.
func TestFilterRefused(t *testing.T) {
	asked := 0
	s, got := badPeerWith(t, func(c *csta.Config) { c.LeaveOut = []cti.Kind{cti.DoNotDisturb} }, func(id string) []string {
		switch asked++; asked {
		case 1:
			return []string{id + "<CSTAErrorCode><operation>invalidMonitorFilter</operation></CSTAErrorCode>"}
		case 2:
			return []string{id + "<MonitorStartResponse><monitorCrossRefID>1</monitorCrossRefID></MonitorStartResponse>"}
		}
		return []string{"9999<DoNotDisturbEvent><monitorCrossRefID>1</monitorCrossRefID><device><deviceIdentifier>4001</deviceIdentifier></device>" +
			"<doNotDisturbOn>true</doNotDisturbOn></DoNotDisturbEvent>", id + "<SnapshotDeviceResponse/>"}
	})
	_, err := s.Supervise(t.Context(), cti.Extension{Number: "4001"})
	require.NoError(t, err)
	require.Equal(t, 3, asked)
	require.Empty(t, got.events)
}

// TestMonitorEndedBeforeSnapshotFails: what the PBX has ended is not stopped once
// more; its cross reference may be that of another monitor by then.
func TestMonitorEndedBeforeSnapshotFails(t *testing.T) {
	asked := 0
	s, got := badPeerWith(t, func(*csta.Config) {}, func(id string) []string {
		switch asked++; asked {
		case 1:
			return []string{id + "<MonitorStartResponse><monitorCrossRefID>1</monitorCrossRefID></MonitorStartResponse>"}
		case 2:
			return []string{"0001<MonitorStop><monitorCrossRefID>1</monitorCrossRefID></MonitorStop>", id + "<CSTAErrorCode><operation>invalidDeviceID</operation></CSTAErrorCode>"}
		}
		return []string{id + "<GetDoNotDisturbResponse><doNotDisturbOn>true</doNotDisturbOn></GetDoNotDisturbResponse>"}
	})
	_, err := s.Supervise(t.Context(), cti.Extension{Number: "4001"})
	require.Error(t, err)
	require.Len(t, got.events, 1)
	require.Equal(t, cti.MonitorStopped, got.events[0].Kind)
	_, err = s.Do(t.Context(), driver.Request{Op: cti.OpGetDoNotDisturb, Device: "4001"})
	require.NoError(t, err)
	require.Equal(t, 4, asked, "monitor, snapshot, the answer to the PBX's stop, do-not-disturb")
}

// TestUnsendable: what cannot be put into a message is no fault of the link.
func TestUnsendable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := csta.A5000
		p.Devices = csta.DeviceNumber
		b := opened(t, p, cstatest.Options{}, nil)
		_, err := b.session.Supervise(t.Context(), cti.Extension{Number: "reception"})
		require.ErrorIs(t, err, cti.ErrInvalidDevice)
		require.True(t, cti.SafeToRetry(err))
		delimited := opened(t, csta.Generic2, cstatest.Options{}, nil)
		large := make([]byte, 70000) // two bytes of length are not enough
		_, err = delimited.session.Do(t.Context(), driver.Request{Op: cti.OpEscape, Private: large})
		require.ErrorIs(t, err, ctikit.ErrUnsupported)
		require.NotErrorIs(t, err, cti.ErrLinkDown)
		require.NoError(t, do(t.Context(), delimited.session, driver.Request{Op: cti.OpPing}))
		p.Devices = csta.Represented
		_, err = csta.Config{Addr: "pbx", Profile: p}.Open(t.Context(), nowhere{})
		require.ErrorIs(t, err, ctikit.ErrUnsupported)
	})
}

// TestOlderCapabilities: a PBX that knows only the older of the two services.
func TestOlderCapabilities(t *testing.T) {
	asked := 0
	s, _ := badPeerWith(t, func(c *csta.Config) { c.Profile.AskCapabilities = true }, func(id string) []string {
		if asked++; asked == 1 {
			return []string{id + "<CSTAErrorCode><operation>serviceNotSupported</operation></CSTAErrorCode>"}
		}
		return []string{id + "<GetSwitchingFunctionCapsResponse><callLinkageOptions><callLinkageFeatureSupported>false</callLinkageFeatureSupported></callLinkageOptions>" +
			"<connectionView>local</connectionView><servEvtsList><systemServList><systemStatus/></systemServList>" +
			"<callControlServList><makeCall><accountCode>true</accountCode></makeCall></callControlServList></servEvtsList></GetSwitchingFunctionCapsResponse>"}
	})
	require.Equal(t, 2, asked)
	can := s.Capabilities()
	require.Equal(t, cti.OperationsOf(cti.OpSupervise, cti.OpRelease, cti.OpPing, cti.OpMakeCall), can.Operations)
	require.False(t, can.GlobalCallIDs)
}

// TestAgentLogsOn: a PBX that wants an agent logged on before it is ready.
func TestAgentLogsOn(t *testing.T) {
	answers := []string{
		"<CSTAErrorCode><stateIncompatibility>invalidDeviceState</stateIncompatibility></CSTAErrorCode>",
		"<GetAgentStateResponse><agentStateList><agentStateEntry><loggedOnState>false</loggedOnState></agentStateEntry></agentStateList></GetAgentStateResponse>",
		"<SetAgentStateResponse/>", "<SetAgentStateResponse/>",
	}
	var record bytes.Buffer
	asked := 0
	s, _ := badPeerWith(t, func(c *csta.Config) { c.Record = &record }, func(id string) []string {
		asked++
		return []string{id + answers[asked-1]}
	})
	ready := driver.Request{Op: cti.OpSetAgentState, Device: "4001", Agent: cti.Agent{State: cti.AgentReady}}
	require.NoError(t, do(t.Context(), s, ready))
	require.Equal(t, 4, asked)
	require.NoError(t, s.Close())
	for _, state := range []string{"loggedOn", "ready"} {
		require.Contains(t, record.String(), hex.EncodeToString([]byte("<requestedAgentState>"+state+"<")))
	}
}

// TestExistingCallsAreSilent: the PBX says so where the profile promises more.
func TestExistingCallsAreSilent(t *testing.T) {
	inBubbles(t, phase3(t), func(t *testing.T, p csta.Profile) {
		p.ReportsExistingCalls = true
		b := opened(t, p, cstatest.Options{}, nil)
		require.True(t, b.session.Capabilities().ReportsExistingCalls)
		b.supervise(t, "4001", "4002")
		require.False(t, b.session.Capabilities().ReportsExistingCalls)
		synctest.Wait()
		require.Len(t, b.seen.of(cti.CapabilitiesChanged), 1)

		b = opened(t, p, cstatest.Options{}, func(_ *csta.Config, o *ctitest.LinkOptions) { o.ReportsExistingCalls = true })
		b.supervise(t, "4001")
		require.True(t, b.session.Capabilities().ReportsExistingCalls)
	})
}

// do performs a request whose reply does not matter.
func do(ctx context.Context, s driver.Session, r driver.Request) error {
	_, err := s.Do(ctx, r)
	return err
}
