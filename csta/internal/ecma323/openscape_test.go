package ecma323_test

import (
	"encoding/hex"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/testenv"
)

// openscape decodes a message that a real switch or its client sent.
func openscape(t *testing.T, name string) *message.Message {
	doc, err := os.ReadFile(testenv.Vectors(t, "csta", "xml-openscape", name+".xml"))
	require.NoError(t, err)
	m := new(message.Message)
	require.NoError(t, codec(4).Decode(append([]byte("0002"), doc...), m))
	require.False(t, m.Unknown)
	return m
}

func TestOpenScapeEvents(t *testing.T) {
	e := openscape(t, "01-ServiceInitiatedEvent").Event
	require.Equal(t, cti.ServiceInitiated, e.Kind)
	require.Equal(t, "1169730059", string(e.CrossRef))
	require.Equal(t, message.ConnectionOf("FF000100000000002D65C85C1C750000", message.Number("302118840100")),
		e.Connection)
	require.Equal(t, message.Number("302118840100"), e.Subject)
	require.Equal(t, cti.Initiated, e.State)
	require.Equal(t, cti.CauseMakeCall, e.Cause)
	require.NotZero(t, e.Data.Services.CallControl.Mask)
	require.Contains(t, string(e.Extensions.Raw), "extendedServicesPermitted")

	e = openscape(t, "00-TransferedEvent").Event
	require.Equal(t, cti.Transferred, e.Kind)
	require.Equal(t, "1184300014", string(e.CrossRef))
	require.Equal(t, message.ConnectionOf("FF00010000000000CFB6706408000000", message.Number("+17867104700")),
		e.Connection)
	require.Equal(t, message.Number("+17867104700"), e.Subject)
	require.Equal(t, message.Device{Status: message.Known, Number: "+17867100001", PrivateName: "Line00001",
		HasName: true}, e.Target)
	require.Equal(t, cti.Null, e.State)
	require.Equal(t, cti.CauseSingleStepTransfer, e.Cause)
	require.Len(t, e.Connections, 2)
	require.Equal(t, message.ConnectionOf("0300010000000000CFB6706408000000", message.Number("+17867100001")),
		e.Connections[0].New)
	require.Equal(t, "+17867100000", e.Connections[1].Endpoint.Number)
	require.Equal(t, "+ 30(210)8216100", e.Connections[1].Endpoint.PrivateName)
	require.Equal(t, message.Dynamic, e.Connections[1].New.Device.Form)
	correlator, err := hex.DecodeString("75726E3A6E656E61")
	require.NoError(t, err)
	require.Equal(t, string(correlator), string(e.Data.Correlator[:8]))
	require.True(t, e.Data.Media.Class.Has(0))
	require.NotZero(t, e.Data.Characteristics.Mask)
}

func TestOpenScapeServices(t *testing.T) {
	m := openscape(t, "03-MonitorStop")
	require.Equal(t, message.MonitorStop, m.Request.Op)
	require.Equal(t, "1193240031", m.Request.CrossRef)

	s := openscape(t, "04-StartApplicationSessionPosResponse").Result
	require.Equal(t, message.StartApplicationSession, s.Op)
	require.Equal(t, "009968951", s.Session.ID)
	require.Equal(t, int64(600), s.Session.Duration.Value)

	m = openscape(t, "05-MonitorStart")
	require.Equal(t, message.Number("{user}"), m.Request.Device)
	require.Equal(t, message.Some(int8(1)), m.Request.MonitorType)
	require.Equal(t, message.Number("3021033"), openscape(t, "11-MonitorStart").Request.Device)

	require.Equal(t, "27ss", string(openscape(t, "06-SystemRegisterResponse").Result.Register))
	require.Equal(t, "1136370025", openscape(t, "07-MonitorStartResponse").Result.CrossRef)

	q := openscape(t, "08-StartApplicationSession").Request
	require.Equal(t, "pythontsm", q.Session.Application)
	require.Equal(t, []string{"http://www.ecma-international.org/standards/ecma-323/csta/ed4"}, q.Session.Protocols)

	require.Equal(t, message.Normal, openscape(t, "09-SystemStatus").Request.Status)
	require.Equal(t, message.SystemStatus, openscape(t, "10-SystemStatus").Request.Op)

	d := openscape(t, "12-DeflectCall").Request
	require.Equal(t, message.ConnectionOf("FF000100000000006BB1234C31000000", message.Number("SUB_C")), d.Connection)
	require.Equal(t, message.Number("SUB_D"), d.To)
}
