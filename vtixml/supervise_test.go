package vtixml_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/cti/gateway"
	"github.com/ctikit/ctikit/vtixml"
)

// TestCapacityOnOurSide: the PBX is not asked for more than it announced.
func TestCapacityOnOurSide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := inMemory(ctitest.LinkOptions{AnnounceLimit: true, MaxSupervisions: 1}, vtixml.Config{})(t)
		h.Network.Add(cti.Extension{Number: "4001"}, cti.Extension{Number: "4002"})
		s := open(t, h.Connector.(vtixml.Config), &collector{})
		_, err := s.Supervise(t.Context(), cti.Extension{Number: "4001"})
		require.NoError(t, err)
		_, err = s.Supervise(t.Context(), cti.Extension{Number: "4002"})
		var e *cti.Error
		require.ErrorAs(t, err, &e)
		require.ErrorIs(t, err, cti.ErrCapacity)
		require.Equal(t, 1, e.Limit)
		require.True(t, cti.SafeToRetry(err))
		h.Link.SetMaxSupervisions(2)
		synctest.Wait()
		_, err = s.Supervise(t.Context(), cti.Extension{Number: "4002"})
		require.NoError(t, err)
	})
}

// TestLogonsOfASite: extensions of one place are logged on together, and those
// of another in a message of their own.
func TestLogonsOfASite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg, pbx := dialScript(t, vtixml.Config{})
		pbx.say(`<opened version="ctikit-1" operations="supervise snapshotDevice"/>`)
		s := open(t, cfg, &collector{})
		pbx.hear()
		var wg sync.WaitGroup
		for i, number := range []cti.DeviceID{"1001", "1002", "2001", "1003"} {
			wg.Go(func() {
				time.Sleep(time.Duration(i) * time.Microsecond)
				ext := cti.Extension{Number: number, Location: cti.Location{Site: int(number[0] - '0'), Cluster: 1}, SetType: cti.DECT, Password: ctikit.NewSecret("p" + string(number))}
				_, err := s.Supervise(t.Context(), ext)
				require.ErrorIs(t, err, cti.ErrBadPassword)
			})
		}
		require.Equal(t, `<logon place="1.1"><extension id="1" device="1001" setType="DECT" password="p1001"/>`+
			`<extension id="2" device="1002" setType="DECT" password="p1002"/><extension id="4" device="1003" setType="DECT" password="p1003"/></logon>`, pbx.hear())
		require.Equal(t, `<logon place="2.1"><extension id="3" device="2001" setType="DECT" password="p2001"/></logon>`, pbx.hear())
		for _, id := range []string{"4", "3", "1", "2"} {
			pbx.say(`<refusal id="` + id + `" code="badPassword"/>`)
		}
		wg.Wait()
	})
}

// TestBadPassword: that extension alone stays unsupervised, with the reason,
// and is not tried again.
func TestBadPassword(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := inMemory(ctitest.LinkOptions{}, vtixml.Config{})(t)
		extensions := []cti.Extension{{Number: "4001", Protocol: cti.VTIXML, Password: ctikit.NewSecret("right")}, {Number: "4002", Protocol: cti.VTIXML, Password: ctikit.NewSecret("wrong")}}
		h.Network.Add(extensions[0], cti.Extension{Number: "4002", Password: ctikit.NewSecret("right")})
		tried := h.Network.Inject(ctitest.Fault{Op: cti.OpSupervise, Device: "4002", Count: -1, Action: ctitest.DelayRequest, Delay: time.Millisecond})
		gw, err := gateway.New(gateway.Config{Extensions: extensions, Links: []gateway.Link{{Name: "a", Capacity: 10, Connector: h.Connector}}})
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- gw.Run(ctx) }()
		time.Sleep(24 * time.Hour)
		require.Equal(t, 1, tried.Hits())
		good, _ := gw.Extension("4001")
		require.Equal(t, gateway.StateSupervised, good.State)
		bad, _ := gw.Extension("4002")
		require.Equal(t, cti.ReasonBadPassword, bad.Reason)
		cancel()
		require.NoError(t, <-ended)
	})
}

// TestTransit: a link supervises extensions of other sites as far as it reaches.
func TestTransit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := inMemory(ctitest.LinkOptions{Location: cti.Location{Site: 3, Cluster: 1}, Reach: []cti.Pattern{{Site: 3, Cluster: cti.Any}, {Site: 4, Cluster: cti.Any}}}, vtixml.Config{})(t)
		near, transit, far := at("3001", 3), at("4001", 4), at("5001", 5)
		h.Network.Add(near, transit, far)
		s := open(t, h.Connector.(vtixml.Config), &collector{})
		for _, ext := range []cti.Extension{near, transit} {
			_, err := s.Supervise(t.Context(), ext)
			require.NoError(t, err)
		}
		_, err := s.Supervise(t.Context(), far)
		require.ErrorIs(t, err, cti.ErrUnreachable)
		require.ErrorContains(t, err, "5.1")
	})
}

func at(number cti.DeviceID, site int) cti.Extension {
	return cti.Extension{Number: number, Location: cti.Location{Site: site, Cluster: 1}}
}

// TestStoppedAtOnce: the PBX may end a supervision right behind the answer that
// started it; the extension can be supervised again.
func TestStoppedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg, pbx := dialScript(t, vtixml.Config{})
		pbx.say(opened)
		sink := &collector{}
		s := open(t, cfg, sink)
		pbx.hear()
		go func() {
			for _, script := range [][]string{
				{`<answer id="1" monitor="5"/>`, `<event monitor="5" kind="MonitorStopped" device="4001"/>`},
				{`<answer id="2"><snapshot device="4001"/></answer>`},
				{`<answer id="3" monitor="6"/>`},
				{`<answer id="4"><snapshot device="4001"/></answer>`},
			} {
				pbx.hear()
				for _, text := range script {
					pbx.say(text)
				}
			}
		}()
		for range 2 {
			_, err := s.Supervise(t.Context(), cti.Extension{Number: "4001"})
			require.NoError(t, err)
		}
		require.Len(t, sink.all(), 1)
		require.Equal(t, cti.MonitorStopped, sink.all()[0].Kind)
	})
}

// TestReleaseThatCannotBeSent: the host has given up, but the slot of the PBX
// is freed as soon as the window lets it.
func TestReleaseThatCannotBeSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg, pbx := dialScript(t, vtixml.Config{MaxInFlight: 1})
		pbx.say(opened)
		s := open(t, cfg, &collector{})
		pbx.hear()
		go func() {
			pbx.hear()
			pbx.say(`<answer id="1" monitor="5"/>`)
			pbx.hear()
			pbx.say(`<answer id="2"><snapshot device="4001"/></answer>`)
		}()
		_, err := s.Supervise(t.Context(), cti.Extension{Number: "4001"})
		require.NoError(t, err)
		ping := make(chan error, 1)
		go func() { ping <- do(t.Context(), s, driver.Request{Op: cti.OpPing}) }()
		require.Equal(t, `<ping id="3"/>`, pbx.hear())
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err = s.Release(ctx, "4001")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.True(t, cti.SafeToRetry(err))
		pbx.say(`<answer id="3"/>`)
		require.NoError(t, <-ping)
		require.Equal(t, `<release id="4" device="4001" monitor="5"/>`, pbx.hear())
	})
}

// TestAnswersThatLackTheirContent are the PBX's fault, and no success.
func TestAnswersThatLackTheirContent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg, pbx := dialScript(t, vtixml.Config{})
		pbx.say(opened)
		s := open(t, cfg, &collector{})
		pbx.hear()
		answer := func(text string) {
			pbx.hear()
			pbx.say(text)
		}
		go answer(`<answer id="1"/>`)
		_, err := s.Do(t.Context(), driver.Request{Op: cti.OpMakeCall, Device: "4001", Number: "2"})
		require.ErrorIs(t, err, cti.ErrProtocol)
		go answer(`<answer id="2"><snapshot device="4002"/></answer>`)
		_, err = s.Do(t.Context(), driver.Request{Op: cti.OpSnapshotDevice, Device: "4001"})
		require.ErrorIs(t, err, cti.ErrProtocol)
		require.False(t, cti.SafeToRetry(err))
	})
}

// TestCallsOfTwoDevices are not joined: the request names one device.
func TestCallsOfTwoDevices(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, inMemory(ctitest.LinkOptions{}, vtixml.Config{})(t).Connector.(vtixml.Config), &collector{})
		held, active := cti.ConnectionID{Call: "1", Device: "4001"}, cti.ConnectionID{Call: "2", Device: "4002"}
		_, err := s.Do(t.Context(), driver.Request{Op: cti.OpTransferCall, Held: held, Connection: active})
		require.ErrorIs(t, err, cti.ErrInvalidCall)
		alternate := driver.Request{Op: cti.OpAlternateCall, Held: held, Connection: active}
		require.ErrorIs(t, do(t.Context(), s, alternate), cti.ErrInvalidCall)
	})
}

// TestLogonsThatCannotBeSaid: what the codec has no words for concerns that
// extension alone; those gathered with it are logged on.
func TestLogonsThatCannotBeSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := inMemory(ctitest.LinkOptions{}, vtixml.Config{Codec: shortNumbers{}})(t)
		var wg sync.WaitGroup
		s := open(t, h.Connector.(vtixml.Config), &collector{})
		for _, number := range []cti.DeviceID{"4001", "123456", "4002"} {
			h.Network.Add(cti.Extension{Number: number})
			wg.Go(func() {
				_, err := s.Supervise(t.Context(), cti.Extension{Number: number})
				if number != "123456" {
					require.NoError(t, err)
					return
				}
				require.ErrorIs(t, err, ctikit.ErrUnsupported)
				require.ErrorContains(t, err, "123456")
				require.True(t, cti.SafeToRetry(err))
			})
		}
		wg.Wait()
		require.Equal(t, 2, h.Link.Used())
		require.NoError(t, do(t.Context(), s, driver.Request{Op: cti.OpPing}))
	})
}

// shortNumbers is a codec of a vocabulary with four digits for an extension.
type shortNumbers struct{ vtixml.Dialect }

func (c shortNumbers) Append(dst []byte, m *vtixml.Message) ([]byte, error) {
	for _, l := range m.Logons {
		if len(l.Device) > 4 {
			return dst, fmt.Errorf("%w: number %s is too long", ctikit.ErrUnsupported, l.Device)
		}
	}
	return c.Dialect.Append(dst, m)
}

// TestAnswersWithoutAMonitorOfTheirOwn: a logon is answered with the number of
// a monitor that is no other extension's, else it has not been answered at all.
func TestAnswersWithoutAMonitorOfTheirOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg, pbx := dialScript(t, vtixml.Config{})
		pbx.say(`<opened version="ctikit-1" operations="supervise snapshotDevice"/>`)
		sink := &collector{}
		s := open(t, cfg, sink)
		pbx.hear()
		supervise := func(device cti.DeviceID, answers ...string) error {
			go func() {
				for _, text := range answers {
					pbx.hear()
					pbx.say(text)
				}
			}()
			_, err := s.Supervise(t.Context(), cti.Extension{Number: device})
			return err
		}
		require.NoError(t, supervise("4001", `<answer id="1" monitor="5"/>`, `<answer id="2"><snapshot device="4001"/></answer>`))
		require.ErrorIs(t, supervise("4002", `<answer id="3"/>`), cti.ErrProtocol)
		require.ErrorIs(t, supervise("4003", `<answer id="4" monitor="5"/>`), cti.ErrProtocol)
		pbx.say(`<event monitor="5" kind="MessageWaiting" device="4001" on="true"/>`)
		synctest.Wait()
		require.Len(t, sink.all(), 1)
		require.Equal(t, cti.DeviceID("4001"), sink.all()[0].Device, "the monitor is still that of the first")
		require.NoError(t, supervise("4002", `<answer id="5" monitor="6"/>`, `<answer id="6"><snapshot device="4002"/></answer>`))
	})
}
