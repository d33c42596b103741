package vtixml_test

import (
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/cti/driver/drivertest"
	"github.com/ctikit/ctikit/vtixml"
)

// vendor is a codec of another vocabulary, written with encoding/xml: what an
// integrator would write who holds a specification. It is an invention, and
// keeps what it does not translate as values of package cti.
type vendor struct{}

type telegram struct {
	XMLName xml.Name      `xml:"Telegramme"`
	Kind    string        `xml:"Genre,attr"`
	Ref     uint32        `xml:"Ref,omitempty"`
	Can     *ability      `xml:"Capacites"`
	Place   *cti.Location `xml:"SiteGrappe"`
	Posts   []post        `xml:"Poste"`
	Ask     *order        `xml:"Demande"`
	Result  *outcome      `xml:"Reponse"`
	Refusal *refusal      `xml:"Refus"`
	Watch   uint32        `xml:"Supervision,omitempty"`
	Event   *vendorEvent  `xml:"Evenement"`
}

type ability struct {
	Operations []int `xml:"Operation"`
	Max        int   `xml:"Max"`
	Atomic     bool  `xml:"Atomique"`
	Existing   bool  `xml:"Existants"`
	Global     bool  `xml:"Global"`
}

type post struct {
	Ref    uint32       `xml:"Ref"`
	Number cti.DeviceID `xml:"Numero"`
	Set    cti.SetType  `xml:"Type"`
	Code   string       `xml:"MotDePasse"`
}

type order struct {
	Operation uint8 `xml:"Code,attr"`
	vtixml.Request
	Private blob `xml:"Donnees"` // in the place of Request.Data
}

type outcome struct {
	Monitor uint32         `xml:"Supervision"`
	Call    cti.CallID     `xml:"Appel"`
	Device  cti.DeviceID   `xml:"Poste"`
	On      bool           `xml:"Actif"`
	Agent   cti.AgentState `xml:"Agent"`
	State   *cti.Snapshot  `xml:"Etat"`
	One     *cti.Call      `xml:"UnAppel"`
	Posts   []cti.DeviceID `xml:"Numero"`
	Data    blob           `xml:"Donnees"`
}

// blob is what may be no text, in base64.
type blob []byte

func (b blob) MarshalText() ([]byte, error) {
	return base64.StdEncoding.AppendEncode(nil, b), nil
}

func (b *blob) UnmarshalText(text []byte) (err error) {
	*b, err = base64.StdEncoding.AppendDecode(nil, text)
	return err
}

type refusal struct {
	Number int    `xml:"Numero"`
	Limit  int    `xml:"Limite"`
	Text   string `xml:"Texte"`
}

type vendorEvent struct {
	Kind                                          uint8
	State                                         cti.LocalState
	Cause                                         uint8
	Call, OldCall, OtherCall                      cti.CallID
	Global, Agent, Text                           string
	On                                            bool
	Level                                         int
	Subject, Calling, Called, Redirection, Target cti.Party
	Parties                                       []cti.CallParty
	UserData, Correlator                          blob
}

var kinds = map[vtixml.MessageType]string{
	vtixml.OpenMessage: "Ouverture", vtixml.OpenedMessage: "Ouvert", vtixml.CapabilitiesMessage: "Capacites", vtixml.LogonMessage: "Connexion",
	vtixml.RequestMessage: "Demande", vtixml.AnswerMessage: "Reponse", vtixml.RefusalMessage: "Refus", vtixml.EventMessage: "Evenement",
	vtixml.CloseMessage: "Fermeture",
}

// reasons are the numbers of refusals.
var reasons = []error{cti.ErrRefused, cti.ErrBadPassword, cti.ErrInvalidDevice, cti.ErrUnsupportedSet, cti.ErrCapacity, cti.ErrUnreachable,
	cti.ErrBusy, cti.ErrInvalidState, cti.ErrInvalidCall, cti.ErrInvalidDestination, ctikit.ErrUnsupported, cti.ErrProtocol}

func (vendor) Append(dst []byte, m *vtixml.Message) ([]byte, error) {
	t := telegram{Kind: kinds[m.Type], Ref: m.ID}
	switch m.Type {
	case vtixml.OpenedMessage, vtixml.CapabilitiesMessage:
		c := m.Capabilities
		t.Can = &ability{nil, c.MaxSupervisions, c.SnapshotAtomic, c.ReportsExistingCalls, c.GlobalCallIDs}
		for _, op := range c.Operations.List() {
			t.Can.Operations = append(t.Can.Operations, int(op))
		}
	case vtixml.LogonMessage:
		t.Place = &m.Place
		for _, l := range m.Logons {
			t.Posts = append(t.Posts, post{l.ID, l.Device, l.SetType, l.Password.Reveal()})
		}
	case vtixml.RequestMessage:
		t.Ask = &order{uint8(m.Op), m.Request, m.Request.Data}
		t.Ask.Data = nil
	case vtixml.AnswerMessage:
		a := m.Answer
		t.Result = &outcome{a.Monitor, a.Connection.Call, a.Connection.Device, a.On, a.Agent, a.Snapshot, a.Call, a.Devices, a.Data}
	case vtixml.RefusalMessage:
		t.Refusal = &refusal{Limit: m.Failure.Limit, Text: m.Failure.Text}
		for i, err := range reasons {
			if errors.Is(m.Failure.Err, err) {
				t.Refusal.Number = i
			}
		}
	case vtixml.EventMessage:
		ev := &m.Event
		t.Watch = m.Monitor
		t.Event = &vendorEvent{uint8(ev.Kind), ev.State, uint8(ev.Cause), ev.Call, ev.OldCall, ev.OtherCall, ev.Global, ev.Agent, ev.Text,
			ev.On, ev.Level, ev.Subject, ev.Calling, ev.Called, ev.Redirection, ev.Target, ev.Parties, blob(ev.UserData), blob(ev.Correlator)}
	}
	out, err := xml.Marshal(&t)
	return append(dst, out...), err
}

func (vendor) Decode(data []byte, m *vtixml.Message) error {
	var t telegram
	if err := xml.Unmarshal(data, &t); err != nil {
		return err
	}
	for typ, name := range kinds {
		if name == t.Kind {
			m.Type = typ
		}
	}
	m.ID, m.Monitor = t.Ref, t.Watch
	switch {
	case t.Can != nil:
		m.Capabilities = driver.Capabilities{MaxSupervisions: t.Can.Max,
			SnapshotAtomic: t.Can.Atomic, ReportsExistingCalls: t.Can.Existing, GlobalCallIDs: t.Can.Global}
		for _, op := range t.Can.Operations {
			m.Capabilities.Operations = m.Capabilities.Operations.With(cti.Operation(op))
		}
	case t.Place != nil:
		m.Place = *t.Place
		for _, p := range t.Posts {
			m.Logons = append(m.Logons, vtixml.Logon{ID: p.Ref, Device: p.Number, SetType: p.Set, Password: ctikit.NewSecret(p.Code)})
		}
	case t.Ask != nil:
		m.Op, m.Request = cti.Operation(t.Ask.Operation), t.Ask.Request
		m.Request.Data = t.Ask.Private
	case t.Result != nil:
		r := t.Result
		m.Answer = vtixml.Answer{Monitor: r.Monitor, Connection: cti.ConnectionID{Call: r.Call, Device: r.Device}, On: r.On,
			Agent: r.Agent, Snapshot: r.State, Call: r.One, Devices: r.Posts, Data: r.Data}
	case t.Refusal != nil:
		if t.Refusal.Number < 0 || t.Refusal.Number >= len(reasons) {
			t.Refusal.Number = 0
		}
		m.Failure = vtixml.Failure{Code: fmt.Sprint("refus ", t.Refusal.Number), Err: reasons[t.Refusal.Number], Limit: t.Refusal.Limit, Text: t.Refusal.Text}
	case t.Event != nil:
		v := t.Event
		m.Event = cti.Event{Kind: cti.Kind(v.Kind), State: v.State, Cause: cti.Cause(v.Cause), Call: v.Call, OldCall: v.OldCall, OtherCall: v.OtherCall,
			Global: v.Global, Agent: v.Agent, Text: v.Text, On: v.On, Level: v.Level,
			Subject: v.Subject, Calling: v.Calling, Called: v.Called, Redirection: v.Redirection, Target: v.Target,
			Parties: v.Parties, UserData: string(v.UserData), Correlator: string(v.Correlator)}
	}
	return nil
}

// TestAnotherCodecLosesNothing: every message but for its vocabulary comes
// back as it was.
func TestAnotherCodecLosesNothing(t *testing.T) {
	for name, m := range samples() {
		data, err := vendor{}.Append(nil, &m)
		require.NoError(t, err, name)
		var back vtixml.Message
		require.NoError(t, vendor{}.Decode(data, &back), "%s: %s", name, data)
		require.Equal(t, m.Type, back.Type, name)
		require.Equal(t, m.ID, back.ID, name)
		require.Equal(t, m.Logons, back.Logons, name)
		require.Equal(t, m.Request, back.Request, name)
		require.Equal(t, m.Answer, back.Answer, name)
		require.Equal(t, m.Monitor, back.Monitor, name)
		require.Equal(t, m.Capabilities, back.Capabilities, name)
		if m.Type == vtixml.EventMessage {
			back.Event.Device = m.Event.Device // the monitor tells it
			require.Equal(t, m.Event, back.Event, name)
		}
	}
}

// TestAnotherCodec: the driver is the same whatever the vocabulary.
func TestAnotherCodec(t *testing.T) {
	drivertest.TestConnector(t, inMemory(ctitest.LinkOptions{GlobalCallIDs: true}, vtixml.Config{Codec: vendor{}, Framer: vtixml.NULTerminated{}}))
}
