package ecma323_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/csta/internal/ecma323"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/testenv"
)

func codec(edition uint8) message.Codec {
	return ecma323.New(ecma323.Config{Edition: edition}, message.Options{})
}

// each calls do with rounds of every message that the codec can write.
func each(t *testing.T, edition uint8, rounds int, do func(name string, encode func(message.Codec) ([]byte, error))) {
	f := filler{testenv.Rand(t)}
	c := codec(edition)
	carried := 0
	try := func(name string, encode func(message.Codec) ([]byte, error)) {
		if _, err := encode(c); err != nil {
			require.ErrorIs(t, err, message.ErrNotCarried, name)
			return
		}
		carried++
		do(name, encode)
	}
	for i := range rounds {
		for _, op := range message.Operations() {
			r, a := f.request(op), f.result(op)
			try(op.String(), func(c message.Codec) ([]byte, error) { return c.AppendRequest(nil, 12, r) })
			try(op.String()+" result", func(c message.Codec) ([]byte, error) { return c.AppendResult(nil, 9998, a) })
		}
		for kind := cti.Bridged; kind <= cti.Private; kind++ {
			e := f.event(kind)
			try(kind.String(), func(c message.Codec) ([]byte, error) { return c.AppendEvent(nil, 0, e) })
		}
		for class := message.OperationError; class <= message.UnspecifiedError; class++ {
			failed := message.Failure{Class: class, Number: int64(i % 60)}
			try(failed.String(), func(c message.Codec) ([]byte, error) { return c.AppendFailure(nil, 1, &failed) })
		}
	}
	require.Greater(t, carried, 150*rounds)
}

// TestRoundTrip: what is read is written again to the same bytes, so nothing
// that was written was lost in reading.
func TestRoundTrip(t *testing.T) {
	for edition := uint8(3); edition <= 6; edition++ {
		c := codec(edition)
		each(t, edition, 20, func(name string, encode func(message.Codec) ([]byte, error)) {
			first, err := encode(c)
			require.NoError(t, err, name)
			var m message.Message
			require.NoError(t, c.Decode(first, &m), "%s %s", name, first)
			require.Zero(t, m.Skipped, "%s %s", name, first)
			require.False(t, m.Unknown, name)
			again, err := encodeAgain(c, &m)
			require.NoError(t, err, name)
			require.Equal(t, string(first), string(again), name)
		})
	}
}

func encodeAgain(c message.Codec, m *message.Message) ([]byte, error) {
	switch m.Kind {
	case message.RequestKind:
		return c.AppendRequest(nil, m.InvokeID, &m.Request)
	case message.ResultKind:
		return c.AppendResult(nil, m.InvokeID, &m.Result)
	case message.EventKind:
		return c.AppendEvent(nil, m.InvokeID, &m.Event)
	case message.FailureKind:
		return c.AppendFailure(nil, m.InvokeID, &m.Failure)
	}
	return nil, fmt.Errorf("kind %v", m.Kind)
}

// TestFields: what goes in comes out, field by field.
func TestFields(t *testing.T) {
	c := codec(6)
	want := message.Event{
		Kind: cti.Delivered, CrossRef: message.Text("117"), State: cti.Alerting, Cause: cti.CauseNewCall,
		Connection: message.ConnectionOf("FF01", message.Number("4001")),
		Subject:    message.Number("4001"), Calling: message.Device{Status: message.Known, Number: "0612",
			Form: message.PublicNational},
		Called: message.Device{Status: message.Restricted}, Redirection: message.Device{Status: message.NotRequired},
		Data: message.CallData{UserData: message.Octets{0, 255}, Correlator: message.Octets("order 7"),
			Subject:  message.Text("a < b"),
			Services: &message.ServicesPermitted{CallControl: message.Bits{Set: true, Len: 26, Mask: 1 << 3}},
			Linkage:  &message.Linkage{Call: message.LinkageID{Set: true, Unique: true, ID: message.Octets("g-1")}}},
	}
	out, err := c.AppendEvent(nil, 0, &want)
	require.NoError(t, err)
	var m message.Message
	require.NoError(t, c.Decode(out, &m))
	require.Equal(t, message.EventKind, m.Kind)
	require.Equal(t, ecma323.EventID, m.InvokeID)
	want.Data.Services.CallControl.Len = m.Event.Data.Services.CallControl.Len
	require.Equal(t, want, m.Event)
}

// TestLiberal: the same message in the ways that switches write it.
func TestLiberal(t *testing.T) {
	for name, doc := range map[string]string{
		"no declaration, no namespace": `<HeldEvent><monitorCrossRefID>7</monitorCrossRefID><heldConnection><deviceID>4001</deviceID><callID>A</callID></heldConnection><localConnectionInfo>hold</localConnectionInfo></HeldEvent>`,
		"prefixes, blanks":             "<?xml version='1.0'?>\n<c:HeldEvent xmlns:c='http://www.ecma-international.org/standards/ecma-323/csta/ed4'>\n <c:monitorCrossRefID> 7 </c:monitorCrossRefID><c:heldConnection><c:callID>A</c:callID> <c:deviceID>4001</c:deviceID></c:heldConnection><c:localConnectionInfo>Hold</c:localConnectionInfo></c:HeldEvent>",
		"foreign elements":             `<HeldEvent xmlns="http://www.ecma.ch/standards/ecma-323/csta/ed2" xmlns:v="urn:v"><v:monitorCrossRefID>8</v:monitorCrossRefID><more>x</more><monitorCrossRefID>7</monitorCrossRefID><heldConnection><callID>A</callID><deviceID>4001</deviceID></heldConnection><localConnectionInfo>hold</localConnectionInfo></HeldEvent>`,
		"prefix not declared":          `<x:HeldEvent><x:monitorCrossRefID>7</x:monitorCrossRefID><x:heldConnection><x:callID>A</x:callID><x:deviceID>4001</x:deviceID></x:heldConnection><x:localConnectionInfo>hold</x:localConnectionInfo></x:HeldEvent>`,
	} {
		t.Run(name, func(t *testing.T) {
			var m message.Message
			require.NoError(t, codec(4).Decode([]byte("9999"+doc), &m))
			require.Equal(t, message.Event{Kind: cti.Held, CrossRef: message.Text("7"), State: cti.Hold,
				Connection: message.ConnectionOf("A", message.Number("4001"))}, m.Event)
			if name == "foreign elements" {
				require.Equal(t, 2, m.Skipped)
			}
		})
	}
}

// TestSwitchingFunctionForm: N<number>name;parameters.
func TestSwitchingFunctionForm(t *testing.T) {
	var m message.Message
	doc := `9999<OriginatedEvent><monitorCrossRefID>7</monitorCrossRefID><originatedConnection><callID>A</callID><deviceID>N&lt;302&gt;;uid=FF</deviceID></originatedConnection>` +
		`<callingDevice><deviceIdentifier>N&lt;302&gt;Ada L;displayNumber=2;uid=FF</deviceIdentifier></callingDevice></OriginatedEvent>`
	c := codec(4)
	require.NoError(t, c.Decode([]byte(doc), &m))
	require.Equal(t, message.Device{Status: message.Known, Number: "302", PrivateName: "Ada L", HasName: true},
		m.Event.Subject)
	out, err := c.AppendRequest(nil, 1, &message.Request{Op: message.ClearConnection, Connection: m.Event.Connection})
	require.NoError(t, err)
	require.Contains(t, string(out), "<deviceID>N&lt;302&gt;;uid=FF</deviceID>") // goes back as it came
}

func TestSessions(t *testing.T) {
	for login, want := range map[ecma323.Login]string{
		ecma323.LoginUser:  "<applicationSpecificInfo><user>u&amp;1</user><password>p&lt;2</password></applicationSpecificInfo>",
		ecma323.LoginAvaya: `<SessionLoginInfo xmlns="http://www.avaya.com/csta"><userName>u&amp;1</userName><password>p&lt;2</password>`,
	} {
		c := ecma323.New(ecma323.Config{Edition: 4, Login: login}, message.Options{})
		s := &message.Session{Application: "a", User: "u&1", Password: ctikit.NewSecret("p<2"),
			Protocols: []string{ecma323.Namespace(4)}, Duration: message.Some(int64(600))}
		out, err := c.AppendRequest(nil, 1, &message.Request{Op: message.StartApplicationSession, Session: s})
		require.NoError(t, err)
		require.Contains(t, string(out), want)
		var m message.Message
		require.NoError(t, c.Decode(out, &m))
		require.Equal(t, s, m.Request.Session)
	}
	c := codec(4)
	out, err := c.AppendResult(nil, 1, &message.Result{Op: message.StartApplicationSession,
		Session: &message.Session{Reason: "invalidApplicationInfo"}})
	require.NoError(t, err)
	require.Contains(t, string(out), "StartApplicationSessionNegResponse")
	var m message.Message
	require.NoError(t, c.Decode(out, &m))
	require.Equal(t, "invalidApplicationInfo", m.Result.Session.Reason)
}

func TestRefused(t *testing.T) {
	deep := strings.Repeat("<a>", 10000)
	for name, test := range map[string]struct {
		frame   string
		problem message.Problem
	}{
		"cut off":      {"0001<MakeCall><callingDevice>", message.MistypedContent},
		"nothing":      {"", message.BadlyStructured},
		"no digits":    {"<?xml version='1.0'?>", message.Unrecognized},
		"no document":  {"0001", message.MistypedContent},
		"DTD":          {"0001<!DOCTYPE x><MakeCall/>", message.MistypedContent},
		"entity":       {`0001<!DOCTYPE x [<!ENTITY a "b">]><MakeCall>&a;</MakeCall>`, message.MistypedContent},
		"undeclared":   {"0001<MakeCall><callingDevice>&a;</callingDevice></MakeCall>", message.MistypedContent},
		"10,000 deep":  {"9999" + deep, message.MistypedContent},
		"deep inside":  {"9999<HeldEvent>" + deep, message.MistypedContent},
		"not UTF-8":    {"0001<MakeCall><callingDevice>\xff</callingDevice></MakeCall>", message.MistypedContent},
		"two roots":    {"0001<MakeCall/><MakeCall/>", message.MistypedContent},
		"not a number": {"9999<QueuedEvent><numberQueued>many</numberQueued></QueuedEvent>", message.MistypedContent},
		"number too long": {"9999<QueuedEvent><numberQueued>99999999999999999999</numberQueued></QueuedEvent>",
			message.MistypedContent},
		"not a boolean": {"0001<SetDoNotDisturb><doNotDisturbOn>maybe</doNotDisturbOn></SetDoNotDisturb>",
			message.MistypedContent},
	} {
		t.Run(name, func(t *testing.T) {
			var m message.Message
			err := codec(4).Decode([]byte(test.frame), &m)
			var e *message.DecodeError
			require.ErrorAs(t, err, &e)
			require.Equal(t, test.problem, e.Problem, err.Error())
			require.Less(t, len(err.Error()), 200)
		})
	}
}

// TestUnknown: messages that nobody knows are no errors.
func TestUnknown(t *testing.T) {
	for doc, kind := range map[string]message.Kind{"9999<NewThingEvent/>": message.EventKind,
		"0001<DoNewThing a='b'/>":   message.RequestKind,
		"0002<DoNewThingResponse/>": message.ResultKind} {
		var m message.Message
		require.NoError(t, codec(4).Decode([]byte(doc), &m))
		require.Equal(t, kind, m.Kind, doc)
		require.True(t, m.Unknown)
		require.Equal(t, doc[4:], string(m.Raw))
	}
}

func TestNotCarried(t *testing.T) {
	c := codec(3)
	_, err := c.AppendAssociation(nil, &message.Association{})
	require.ErrorIs(t, err, message.ErrNotCarried)
	_, err = c.AppendRequest(nil, 10000, &message.Request{Op: message.GetCSTAFeatures})
	require.ErrorIs(t, err, message.ErrNotCarried)
	dst := []byte("kept")
	out, err := c.AppendRequest(dst, 1, &message.Request{Op: message.MakeCall, Device: message.Number("\x01"),
		To: message.Number("1")})
	require.Error(t, err)
	require.False(t, errors.Is(err, message.ErrNotCarried))
	require.Equal(t, "kept", string(out))
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("9999<DeliveredEvent><connection><callID>1</callID></connection></DeliveredEvent>"))
	f.Add([]byte("0001<StartApplicationSession><applicationInfo><applicationSpecificInfo><a/></applicationSpecificInfo></applicationInfo></StartApplicationSession>"))
	f.Add([]byte("0001<Escape><privateData><string>0102</string></privateData></Escape>"))
	c := codec(4)
	f.Fuzz(func(t *testing.T, frame []byte) {
		var m message.Message
		if c.Decode(frame, &m) != nil || m.Unknown {
			return
		}
		out, err := encodeAgain(c, &m)
		if err != nil {
			return // lacks what a sender must give
		}
		var again message.Message
		require.NoError(t, c.Decode(out, &again))
		twice, err := encodeAgain(c, &again)
		require.NoError(t, err)
		require.Equal(t, string(out), string(twice))
	})
}
