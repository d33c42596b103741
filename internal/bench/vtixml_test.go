package bench

import (
	"encoding/xml"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/vtixml"
)

// vtixmlEvent is the event of the dialect as encoding/xml reads it.
type vtixmlEvent struct {
	Monitor     uint32      `xml:"monitor,attr"`
	Kind        cti.Kind    `xml:"kind,attr"`
	Device      string      `xml:"device,attr"`
	Call        string      `xml:"call,attr"`
	State       string      `xml:"state,attr"`
	Cause       string      `xml:"cause,attr"`
	Global      string      `xml:"global,attr"`
	Subject     vtixmlParty `xml:"subject"`
	Calling     vtixmlParty `xml:"calling"`
	Called      vtixmlParty `xml:"called"`
	Redirection vtixmlParty `xml:"redirection"`
}

type vtixmlParty struct {
	Number string `xml:"number,attr"`
	Name   string `xml:"name,attr"`
	Status string `xml:"status,attr"`
}

func (p vtixmlParty) party() cti.Party {
	out := cti.Party{Number: cti.DeviceID(p.Number), Name: p.Name}
	switch {
	case p.Status == "restricted":
		out.Status = cti.Restricted
	case p.Status == "unknown":
		out.Status = cti.NotKnown
	case p.Number != "":
		out.Status = cti.Known
	}
	return out
}

// peerEvent reads an event with encoding/xml.
func peerEvent(data []byte) (ev cti.Event, err error) {
	var x vtixmlEvent
	if err := xml.Unmarshal(data, &x); err != nil {
		return ev, err
	}
	if err := ev.State.UnmarshalText([]byte(x.State)); err != nil {
		return ev, err
	}
	if err := ev.Cause.UnmarshalText([]byte(x.Cause)); err != nil {
		return ev, err
	}
	ev.Kind, ev.Device, ev.Call, ev.Global = x.Kind, cti.DeviceID(x.Device), cti.CallID(x.Call), x.Global
	ev.Subject, ev.Calling, ev.Called, ev.Redirection = x.Subject.party(), x.Calling.party(), x.Called.party(), x.Redirection.party()
	return ev, nil
}

func vtixmlSample(t testing.TB) (data []byte, want cti.Event) {
	want = cti.Event{Kind: cti.Delivered, Device: "4001", Call: "c1712", State: cti.Alerting, Cause: cti.CauseNewCall, Global: "g99",
		Subject: cti.PartyOf("4001"), Calling: cti.Party{Number: "0612345678", Name: "Ada Lovelace", Status: cti.Known},
		Called: cti.PartyOf("4001"), Redirection: cti.Party{Status: cti.NotKnown}}
	data, err := vtixml.Dialect{}.Append(nil, &vtixml.Message{Type: vtixml.EventMessage, Monitor: 12, Event: want})
	require.NoError(t, err)
	return data, want
}

// TestVTIXMLEvent: both readers find the same.
func TestVTIXMLEvent(t *testing.T) {
	data, want := vtixmlSample(t)
	theirs, err := peerEvent(data)
	require.NoError(t, err)
	require.Equal(t, want, theirs)
	var m vtixml.Message
	require.NoError(t, vtixml.Dialect{}.Decode(data, &m))
	require.Equal(t, want, m.Event)
}

// BenchmarkVTIXMLEvent: figures holds its ratio.
func BenchmarkVTIXMLEvent(b *testing.B) {
	data, _ := vtixmlSample(b)
	b.Run("vtixml", func(b *testing.B) {
		var m vtixml.Message
		best(b, func() error {
			m.Reset()
			return vtixml.Dialect{}.Decode(data, &m)
		})
	})
	b.Run("encoding/xml", func(b *testing.B) {
		best(b, func() error {
			_, err := peerEvent(data)
			return err
		})
	})
}
