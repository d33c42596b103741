package phase3_test

import (
	"encoding/xml"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/csta/internal/phase3"
	"github.com/ctikit/ctikit/internal/testenv"
)

// element is one element of XER with its own text, markup included.
type element struct{ name, whole, inner string }

// children splits the content of an element.
func children(t testing.TB, content string) (out []element) {
	d := xml.NewDecoder(strings.NewReader(content))
	depth, from, name := 0, int64(0), ""
	contentFrom := int64(0)
	for {
		before := d.InputOffset()
		token, err := d.Token()
		if err == io.EOF {
			return out
		}
		require.NoError(t, err, content)
		switch token := token.(type) {
		case xml.StartElement:
			if depth == 0 {
				from, contentFrom, name = before, d.InputOffset(), token.Name.Local
			}
			depth++
		case xml.EndElement:
			if depth--; depth == 0 {
				out = append(out, element{name, content[from:d.InputOffset()], content[contentFrom:max(before, contentFrom)]})
			}
		}
	}
}

// values are the fields of the message in a ROSE PDU as XER gives them, and
// the name of the service or event.
func values(t testing.TB, name, text string) (operation string, fields []element) {
	parts := strings.Split(name, "-")
	pdu := children(t, strings.TrimSpace(text))
	require.Len(t, pdu, 1)
	inner := children(t, pdu[0].inner)
	argument := inner[len(inner)-1]
	if parts[0] == "res" {
		inner = children(t, argument.inner)
		argument = inner[len(inner)-1]
	}
	if parts[0] != "evt" {
		return parts[1], children(t, argument.inner)
	}
	report := children(t, argument.inner)
	event := children(t, children(t, report[1].inner)[0].inner)[0]
	return event.name, append(children(t, event.inner), element{name: "MonitorCrossRefID", inner: report[0].inner})
}

// compare renders every field that XER has from the model and compares. blank
// is what the XER at hand has between octets.
func compare(t testing.TB, x xer, name, text, blank string, m *message.Message) (compared int) {
	operation, fields := values(t, name, text)
	for _, field := range fields {
		if field.name == "MonitorCrossRefID" {
			require.Equal(t, field.inner, strings.ReplaceAll(octets(string(m.Event.CrossRef)), between, blank), name)
			continue
		}
		got, ok := "", false
		switch m.Kind {
		case message.RequestKind:
			got, ok = rendered(x, requests, operation, field.name, &m.Request)
		case message.ResultKind:
			got, ok = rendered(x, results, operation, field.name, &m.Result)
		case message.EventKind:
			got, ok = rendered(x, events, operation, field.name, &m.Event)
		}
		require.True(t, ok, "%s: no field of the model is told to hold %s", name, field.name)
		require.Equal(t, field.whole, strings.ReplaceAll(got, between, blank), "%s: %s", name, field.name)
		compared++
	}
	return compared
}

var requests, results, events = requestFields(), resultFields(), eventFields()

func rendered[T any](x xer, table map[string]func(xer, string, *T) string, operation, name string, from *T) (string, bool) {
	field, ok := table[operation+"/"+name]
	if !ok {
		field, ok = table[name]
	}
	if !ok {
		return "", false
	}
	return field(x, name, from), true
}

// TestValues: what is decoded is what asn1c says the PDU holds, field by field.
func TestValues(t *testing.T) {
	codec, x, compared := phase3.New(message.Options{}), newXER(t), 0
	for name, pdu := range vectors(t) {
		var m message.Message
		if strings.HasPrefix(name, "acse-") || codec.Decode(pdu, &m) != nil || m.Unknown {
			continue // TestVectors tells
		}
		text, err := os.ReadFile(testenv.Vectors(t, "csta", "asn1c", name+".xer"))
		require.NoError(t, err)
		switch m.Kind {
		case message.FailureKind:
			class, number := m.Failure.Class.String(), m.Failure.Name()
			require.Contains(t, string(text), "<"+class+">", name)
			require.True(t, number == "" && class == "unspecified" || strings.Contains(string(text), "<"+number+"/>"), name)
		case message.RejectKind:
			require.Contains(t, string(text), el(strings.Split(name, "-")[2], integer(m.Reject.Problem)), name)
		default:
			compared += compare(t, x, name, string(text), " ", &m)
		}
	}
	require.Greater(t, compared, 1200)
	t.Logf("%d fields compared", compared)
}
