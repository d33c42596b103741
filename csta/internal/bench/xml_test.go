package bench

import (
	"encoding/xml"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/csta/internal/testenv/incoming"
)

// xmlDelivered is the parts of a DeliveredEvent that a cti.Event has, as
// encoding/xml reads them.
type xmlDelivered struct {
	XMLName    xml.Name `xml:"DeliveredEvent"`
	CrossRef   string   `xml:"monitorCrossRefID"`
	Call       string   `xml:"connection>callID"`
	Device     string   `xml:"connection>deviceID"`
	Alerting   string   `xml:"alertingDevice>deviceIdentifier"`
	Calling    string   `xml:"callingDevice>deviceIdentifier"`
	Called     string   `xml:"calledDevice>deviceIdentifier"`
	Redirected string   `xml:"lastRedirectionDevice>numberDialed"`
	State      string   `xml:"localConnectionInfo"`
	Correlator string   `xml:"correlatorData>string"`
	UserData   string   `xml:"userData>string"`
	Cause      string   `xml:"cause"`
	Global     string   `xml:"callLinkageData>globalCallData>globalCallLinkageID>globallyUniqueCallLinkageID"`
}

// xmlEvents are those of the middle size, which in XML have about 900 bytes.
func xmlEvents(t testing.TB) (events, documents [][]byte) {
	for i, e := range encoded(t, csta.XML4) {
		if i%3 == 1 {
			events, documents = append(events, e), append(documents, e[4:]) // without the invoke identifier
		}
	}
	return events, documents
}

// TestXMLEvents: both readers find the same.
func TestXMLEvents(t *testing.T) {
	_, documents := xmlEvents(t)
	for i, d := range documents {
		require.Greater(t, len(d), 800)
		require.Less(t, len(d), 1100)
		var x xmlDelivered
		require.NoError(t, xml.Unmarshal(d, &x))
		want := incoming.Delivered(3*i + 1)
		require.Equal(t, want.Calling.Number, x.Calling)
		require.Equal(t, string(want.CrossRef), x.CrossRef)
		require.Equal(t, "N<"+want.Subject.Number+">Martin", x.Alerting)
		require.Equal(t, "newCall", x.Cause)
	}
}

// BenchmarkXMLEvent is the way of an event in XML from its bytes: ours to the
// cti.Event that a host sees, that of encoding/xml to a structure of texts.
func BenchmarkXMLEvent(b *testing.B) {
	events, documents := xmlEvents(b)
	b.Run("ctikit", func(b *testing.B) { benchmarkLink(b, csta.XML4, events) })
	b.Run("encoding/xml", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			var x xmlDelivered
			if err := xml.Unmarshal(documents[i%len(documents)], &x); err != nil {
				b.Fatal(err)
			}
		}
	})
}
