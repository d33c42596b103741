package vtixml_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"io"
	"net"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/vtixml"
	"github.com/ctikit/ctikit/vtixml/vtixmltest"
)

// collector keeps what a session reports.
type collector struct {
	mu     sync.Mutex
	events []cti.Event
}

func (c *collector) Event(ev *cti.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.events = append(c.events, *ev)
}

func (c *collector) all() []cti.Event {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.events[:len(c.events):len(c.events)]
}

// scripted is a PBX that says what the test tells it to, over a pipe.
type scripted struct {
	t    *testing.T
	conn net.Conn
}

func (s scripted) say(text string) {
	frame, err := vtixml.LengthPrefixed{}.Append(nil, []byte(text))
	require.NoError(s.t, err)
	_, err = s.conn.Write(frame)
	require.NoError(s.t, err)
}

func (s scripted) hear() string {
	var head [4]byte
	_, err := io.ReadFull(s.conn, head[:])
	require.NoError(s.t, err)
	message := make([]byte, binary.BigEndian.Uint32(head[:]))
	_, err = io.ReadFull(s.conn, message)
	require.NoError(s.t, err)
	return string(message)
}

// dialScript gives a Config that reaches a scripted PBX.
func dialScript(t *testing.T, cfg vtixml.Config) (vtixml.Config, scripted) {
	ours, theirs := ctitest.Pipe(ctitest.PipeOptions{})
	t.Cleanup(func() { theirs.Close() })
	cfg.Addr = "pbx"
	cfg.Dial = func(context.Context, string, string) (net.Conn, error) { return ours, nil }
	return cfg, scripted{t, theirs}
}

const opened = `<opened version="ctikit-1" operations="supervise release makeCall snapshotDevice ping future" maxSupervisions="2"/>`

func open(t *testing.T, cfg vtixml.Config, sink cti.EventSink) cti.Session {
	s, err := cfg.Open(t.Context(), sink)
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

func TestOpening(t *testing.T) {
	for name, test := range map[string]struct {
		answer string
		want   error
		text   string
	}{
		"another version":     {`<opened version="ctikit-9"/>`, cti.ErrProtocol, "ctikit-9"},
		"our version refused": {`<refusal code="badVersion" text="want version ctikit-9"/>`, cti.ErrProtocol, "want version ctikit-9"},
		"credentials":         {`<refusal code="badCredentials"/>`, cti.ErrBadCredentials, "badCredentials"},
		"something else":      {`<ping id="1"/>`, cti.ErrProtocol, "another type"},
		"no XML":              {`hello`, cti.ErrProtocol, "outside the root"},
		"document type":       {`<!DOCTYPE x><opened version="ctikit-1"/>`, cti.ErrProtocol, "document type"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, pbx := dialScript(t, vtixml.Config{Application: "crm"})
			pbx.say(test.answer)
			_, err := cfg.Open(t.Context(), &collector{})
			require.ErrorIs(t, err, test.want)
			require.ErrorContains(t, err, test.text)
			require.Equal(t, `<open version="ctikit-1" application="crm"/>`, pbx.hear())
		})
	}
}

func TestConfiguration(t *testing.T) {
	for addr, want := range map[string]string{"pbx": "pbx:3199", "pbx:4000": "pbx:4000", "10.0.0.1": "10.0.0.1:3199", "::1": "[::1]:3199", "[::1]": "[::1]:3199", "[::1]:5": "[::1]:5"} {
		require.Equal(t, want, vtixml.Config{Addr: addr}.Address())
	}
	_, err := vtixml.Config{MaxMessage: -1, MaxInFlight: 1 << 20}.Open(t.Context(), &collector{})
	require.ErrorContains(t, err, "addr: ")
	require.ErrorContains(t, err, "maxMessage: ")
	require.ErrorContains(t, err, "maxInFlight: ")
	require.True(t, cti.SafeToRetry(err))
	_, err = vtixml.Config{Addr: "pbx:http"}.Open(t.Context(), &collector{})
	require.ErrorContains(t, err, "addr: port")
}

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
				ext := cti.Extension{Number: number, Location: cti.Location{Site: int(number[0] - '0'), Cluster: 1}, SetType: cti.DECT, Password: cti.NewSecret("p" + string(number))}
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

// TestUnknownIsCounted: what the driver does not understand harms nothing.
func TestUnknownIsCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg, pbx := dialScript(t, vtixml.Config{})
		pbx.say(opened)
		sink := &collector{}
		s := open(t, cfg, sink)
		pbx.hear()
		for _, text := range []string{`<news/>`, `<answer id="77"/>`, `<event monitor="5" kind="Sunrise"/>`, `<makeCall id="3" device="1" number="2"/>`,
			`<event monitor="9" kind="Delivered" device="4001" call="1"/>`, `<capabilities operations="ping" shoeSize="44"/>`} {
			pbx.say(text)
		}
		require.Equal(t, `<refusal id="3" code="unsupported"/>`, pbx.hear())
		pbx.say(`<ping id="4"/>`)
		require.Equal(t, `<answer id="4"/>`, pbx.hear())
		synctest.Wait()
		events := sink.all()
		require.Len(t, events, 1, "an event of no monitor goes to nobody")
		require.Equal(t, cti.CapabilitiesChanged, events[0].Kind)
		require.Equal(t, cti.OperationsOf(cti.OpPing), s.Capabilities().Operations)
		require.EqualValues(t, 6, s.(cti.Counter).Counters().Skipped, "future, news, the answer, Sunrise, makeCall, shoeSize")
		_, err := s.(cti.CallMaker).MakeCall(t.Context(), "4001", "1")
		require.ErrorIs(t, err, cti.ErrUnsupported)
	})
}

func TestCloseByThePBX(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg, pbx := dialScript(t, vtixml.Config{})
		pbx.say(opened)
		s := open(t, cfg, &collector{})
		pbx.say(`<close/>`)
		<-s.Done()
		require.ErrorIs(t, s.Err(), cti.ErrLinkDown)
		require.ErrorContains(t, s.Err(), "the PBX closed the link")
	})
}

func TestKeepRaw(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := inMemory(ctitest.LinkOptions{}, vtixml.Config{KeepRaw: true})(t)
		h.Network.Add(cti.Extension{Number: "4001"})
		sink := &collector{}
		s := open(t, h.Connector.(vtixml.Config), sink)
		_, err := s.Supervise(t.Context(), cti.Extension{Number: "4001"})
		require.NoError(t, err)
		require.NoError(t, h.Network.Set("4001").MessageWaiting(true))
		synctest.Wait()
		require.Equal(t, `<event monitor="1" kind="MessageWaiting" device="4001" on="true"><subject number="4001"/></event>`, string(sink.all()[0].Raw))
	})
}

// TestServerRefusesOtherVersions: the test server is no yes-man.
func TestServerRefusesOtherVersions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		listener := ctitest.Listen(ctitest.PipeOptions{})
		port := ctitest.NewNetwork(ctitest.Options{}).Link("a", ctitest.LinkOptions{})
		server := vtixmltest.Serve(listener, port, vtixmltest.Options{})
		defer server.Close()
		conn, err := listener.Dial(t.Context(), "", "")
		require.NoError(t, err)
		defer conn.Close()
		pbx := scripted{t, conn}
		pbx.say(`<open version="ctikit-0"/>`)
		require.Contains(t, pbx.hear(), `code="badVersion"`)
		require.Zero(t, port.Associations())
	})
}

// TestBadPassword: that extension alone stays unsupervised, with the reason,
// and is not tried again.
func TestBadPassword(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := inMemory(ctitest.LinkOptions{}, vtixml.Config{})(t)
		extensions := []cti.Extension{{Number: "4001", Protocol: cti.VTIXML, Password: cti.NewSecret("right")}, {Number: "4002", Protocol: cti.VTIXML, Password: cti.NewSecret("wrong")}}
		h.Network.Add(extensions[0], cti.Extension{Number: "4002", Password: cti.NewSecret("right")})
		tried := h.Network.Inject(ctitest.Fault{Op: cti.OpSupervise, Device: "4002", Count: -1, Action: ctitest.DelayRequest, Delay: time.Millisecond})
		gw, err := cti.New(cti.Config{Extensions: extensions, Links: []cti.Link{{Name: "a", Capacity: 10, Connector: h.Connector}}})
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- gw.Run(ctx) }()
		time.Sleep(24 * time.Hour)
		require.Equal(t, 1, tried.Hits())
		good, _ := gw.Extension("4001")
		require.Equal(t, cti.StateSupervised, good.State)
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

func TestTLS(t *testing.T) {
	donor := httptest.NewTLSServer(nil) // for its certificate of example.com
	donor.Close()
	authorities := x509.NewCertPool()
	authorities.AddCert(donor.Certificate())
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	port := ctitest.NewNetwork(ctitest.Options{}).Link("a", ctitest.LinkOptions{})
	server := vtixmltest.Serve(tls.NewListener(listener, &tls.Config{Certificates: donor.TLS.Certificates}), port, vtixmltest.Options{})
	defer server.Close()
	cfg := vtixml.Config{Addr: listener.Addr().String(), TLS: &tls.Config{RootCAs: authorities, ServerName: "example.com"}}
	s := open(t, cfg, &collector{})
	require.NoError(t, s.(cti.Pinger).Ping(t.Context()))
	require.NoError(t, s.Close())

	other := cfg
	other.TLS = &tls.Config{RootCAs: authorities, ServerName: "elsewhere.example"}
	require.NotEqual(t, cfg.Identity(), other.Identity())
	_, err = other.Open(t.Context(), &collector{})
	require.ErrorIs(t, err, cti.ErrLinkDown)
	require.ErrorContains(t, err, "TLS")
	stranger := cfg
	stranger.TLS = nil
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	_, err = stranger.Open(ctx, &collector{})
	require.Error(t, err, "a server that wants TLS")
}

// TestLongMessage: the limit is the configuration's.
func TestLongMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg, pbx := dialScript(t, vtixml.Config{MaxMessage: 200})
		pbx.say(opened)
		s := open(t, cfg, &collector{})
		pbx.say(`<event monitor="1" kind="DisplayUpdated" text="` + strings.Repeat("x", 200) + `"/>`)
		<-s.Done()
		require.ErrorIs(t, s.Err(), cti.ErrProtocol)
		require.ErrorContains(t, s.Err(), "200 are allowed")
	})
}
