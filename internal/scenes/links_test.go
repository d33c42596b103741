package scenes

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/csta/cstatest"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/cti/gateway"
	"github.com/ctikit/ctikit/vtixml"
	"github.com/ctikit/ctikit/vtixml/vtixmltest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// spoken is a protocol in one of its encodings.
type spoken struct {
	name     string
	protocol cti.Protocol
	profile  csta.Profile
	// hidesDialled: who is called is not told when service is initiated, but after.
	hidesDialled bool
}

// all are the encodings that differ in what they tell.
func all(t *testing.T) []spoken {
	edition3, ok := csta.ProfileByName("Avaya AES")
	require.True(t, ok)
	edition3.Login = false
	return []spoken{
		{name: "VTI-XML", protocol: cti.VTIXML},
		{"CSTA I", cti.CSTA, csta.Generic1, true}, {"CSTA II", cti.CSTA, csta.Generic2, true}, {"CSTA II (A5000)", cti.CSTA, csta.A5000, true},
		{"CSTA III", cti.CSTA, csta.Generic3, false}, {"CSTA XML ed3", cti.CSTA, edition3, true}, {"CSTA XML ed6", cti.CSTA, csta.GenericXML, false},
	}
}

// stage is where a scene is played.
type stage struct {
	pbx *ctitest.Network
	gw  *gateway.Gateway
	ctx context.Context
}

// extensions are those of every scene.
var extensions = []cti.DeviceID{"4001", "4002", "4003"}

// play supervises the extensions over a link that speaks s, after what was before,
// plays the scene, and returns what a host was told.
func play(t *testing.T, s spoken, before, scene []act) (told []cti.Event) {
	synctest.Test(t, func(t *testing.T) {
		network := ctitest.NewNetwork(ctitest.Options{})
		cfg := gateway.Config{Name: "domain"}
		for _, n := range extensions {
			e := cti.Extension{Number: n, Protocol: s.protocol, SetType: cti.Digital}
			network.Add(e)
			cfg.Extensions = append(cfg.Extensions, e)
		}
		connector, end := serve(network, s)
		defer end()
		cfg.Links = []gateway.Link{{Name: "pbx", Capacity: len(extensions), Connector: connector}}
		on := &stage{pbx: network, ctx: t.Context()}
		for i, a := range before {
			require.NoError(t, a(on), "act %d before", i)
		}
		gw, err := gateway.New(cfg)
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- gw.Run(ctx) }()
		defer func() { cancel(); require.NoError(t, <-ended) }()
		require.NoError(t, gw.Settled(ctx))

		sub := gw.Subscribe(gateway.WithoutInitial(), gateway.Buffer(1000))
		on.gw, on.ctx = gw, ctx
		for i, a := range scene {
			require.NoError(t, a(on), "act %d", i)
			synctest.Wait()
		}
		sub.Close()
		for ev, err := range sub.Events(ctx) {
			if err == nil {
				told = append(told, ev)
			}
		}
	})
	return told
}

// act is something that somebody does.
type act func(*stage) error

func at(device cti.DeviceID, do func(*ctitest.Set) error) act {
	return func(s *stage) error { return do(s.pbx.Set(device)) }
}

func dials(device cti.DeviceID, number string) act {
	return at(device, func(set *ctitest.Set) error { return set.Call(number) })
}

func consults(device cti.DeviceID, number string) act {
	return at(device, func(set *ctitest.Set) error { return set.Consult(number) })
}

// comesIn is a call from outside.
func comesIn(from, to cti.DeviceID) act {
	return func(s *stage) error { _, err := s.pbx.Dial(from, to); return err }
}

func answersOutside(number cti.DeviceID) act {
	return func(s *stage) error { return s.pbx.Outside(number).Answer() }
}

// asks has the host ask the PBX for something about a device's only call.
func asks(device cti.DeviceID, do func(ctx context.Context, line *gateway.Line, call cti.CallID) error) act {
	return func(s *stage) error {
		var call cti.CallID
		if calls, _ := s.gw.Line(device).Calls(); len(calls) > 0 {
			call = calls[0].ID
		}
		return do(s.ctx, s.gw.Line(device), call)
	}
}

var (
	answer, hold, retrieve   = (*ctitest.Set).Answer, (*ctitest.Set).Hold, (*ctitest.Set).Retrieve
	transfer, conference     = (*ctitest.Set).Transfer, (*ctitest.Set).Conference
	hangUp, pickUp, prompted = (*ctitest.Set).HangUp, (*ctitest.Set).PickUp, func(s *ctitest.Set) error { return s.Prompting(true) }
	inGroup                  = func(s *ctitest.Set) error { return s.Group("g") }
)

// serve puts a server of the protocol in front of the network.
func serve(network *ctitest.Network, s spoken) (driver.Connector, func()) {
	listener := ctitest.Listen(ctitest.PipeOptions{})
	port := network.Link("pbx", ctitest.LinkOptions{Protocol: s.protocol, ReportsExistingCalls: true})
	if s.protocol == cti.VTIXML {
		server := vtixmltest.Serve(listener, port, vtixmltest.Options{})
		return vtixml.Config{Addr: "pbx", Dial: listener.Dial}, func() { server.Close() }
	}
	server := cstatest.Serve(listener, port, s.profile)
	return csta.Config{Addr: "pbx", Profile: s.profile, Dial: listener.Dial}, func() { server.Close() }
}
