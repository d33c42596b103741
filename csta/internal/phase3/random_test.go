package phase3_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strconv"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// filler makes random messages: it fills a structure of the model by the types
// and names of its fields, every field that an encoding could want.
type filler struct{ *rand.Rand }

func (f filler) digits() string {
	out := make([]byte, f.IntN(12)+1)
	for i := range out {
		out[i] = "0123456789*#+"[f.IntN(13)]
	}
	return string(out)
}

func (f filler) bytes(printable bool) []byte {
	n := []int{0, 1, 4, 9, 130, 300}[f.IntN(6)]
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(f.IntN(256))
		if printable {
			out[i] = byte(' ' + f.IntN('~'-' '))
		}
	}
	return out
}

func (f filler) integer() int64 {
	return []int64{0, 1, -1, 127, 128, -128, -129, 255, 256, 32767, 32768, -32769, 1<<31 - 1, -1 << 31}[f.IntN(14)]
}

// statuses that a device field may have, by its name; any other is known.
var statuses = map[string][]message.Status{
	"Subject": {message.Known, message.NotKnown, message.Restricted}, "Calling": {message.Known, message.NotKnown},
	"Called": {message.Known, message.Restricted}, "Target": {message.Known, message.NotKnown},
	"Redirection":    {message.Known, message.NotKnown, message.NotRequired, message.NotSpecified, message.Restricted},
	"NetworkCalling": {message.Known, message.Absent, message.NotKnown}, "NetworkCalled": {message.Known, message.Restricted},
	"AssociatedCalling": {message.Known, message.Absent}, "AssociatedCalled": {message.NotKnown, message.Absent},
	"Endpoint": {message.Known, message.NotKnown, message.Restricted}, "Associated": {message.Known, message.NotKnown, message.Absent},
}

// mandatory are the strings that some message must have.
var mandatory = map[string]bool{"Digits": true, "Contents": true, "Ruleset": true, "Provider": true, "Tel": true,
	"URL": true, "Register": true, "Service": true, "UserData": true, "ID": true, "GML": true, "Currency": true}

// optionalConnections are the connections that may be absent.
var optionalConnections = map[string]bool{"OriginatingNID": true, "Secondary": true, "New": true, "Old": true}

func (f filler) device(name string) message.Device {
	d := message.Device{Status: message.Known, Form: message.Form(f.IntN(int(message.Dynamic))), Number: f.digits()}
	if allowed, ok := statuses[name]; ok {
		d.Status = allowed[f.IntN(len(allowed))]
	}
	if d.Status != message.Known {
		return message.Device{Status: d.Status}
	}
	if d.Form == message.DeviceNumber {
		d.Number = strconv.FormatInt(f.integer(), 10)
	}
	if f.IntN(3) == 0 {
		d.HasName, d.PrivateName = true, string(f.bytes(true))
	}
	if f.IntN(3) == 0 {
		d.HasPrivate, d.PrivateNumber = true, f.digits()
	}
	if f.IntN(4) == 0 {
		d.Media = new(message.Media)
		f.fill(reflect.ValueOf(d.Media).Elem(), "Media")
	}
	return d
}

func (f filler) connection(name string) message.Connection {
	if optionalConnections[name] && f.IntN(2) == 0 {
		return message.Connection{}
	}
	c := message.Connection{Parts: message.ConnectionParts(1 + f.IntN(3))}
	if c.Parts != message.DeviceOnly {
		c.Call = string(f.bytes(false))
	}
	if c.Parts != message.CallOnly {
		c.Device = f.device("")
		if f.IntN(2) == 0 {
			c.Device = message.Device{Status: message.Known, Form: message.Dynamic, Number: string(f.bytes(false))}
		}
	}
	return c
}

func (f filler) extensions() message.Extensions {
	contents := []message.Raw{{}, {0xa1, 2, 5, 0}, {0xa0, 3, 0x80, 1, 7},
		{0xa0, 6, 0x80, 1, 0xff, 4, 1, 9, 0xa1, 5, 4, 1, 8, 5, 0}}
	if f.IntN(3) == 0 {
		return message.Extensions{}
	}
	return message.Extensions{Set: true, Raw: contents[f.IntN(len(contents))]}
}

// fill fills v, a field called name.
func (f filler) fill(v reflect.Value, name string) {
	switch p := v.Addr().Interface().(type) {
	case *message.Device:
		*p = f.device(name)
	case *message.Connection:
		*p = f.connection(name)
	case *message.Extensions:
		*p = f.extensions()
	case *message.Bits:
		n := uint8(f.IntN(20) + 1)
		*p = message.Bits{Len: n, Mask: f.Uint64() & (1<<n - 1), Set: f.IntN(2) == 0}
	case *message.Raw:
		*p = message.Raw{4, 2, 0xab, byte(f.IntN(256))}
		if name == "Security" {
			*p = message.Raw{0x30, 3, 0x80, 1, byte(f.IntN(128))}
		}
	case *message.Text:
		if name == "Time" || name == "Expires" || name == "From" || name == "Until" {
			*p = message.Text("20261124120000Z")
		} else if f.IntN(4) > 0 || mandatory[name] {
			*p = f.bytes(true)
		}
	case *message.Hidden:
		if f.IntN(2) == 0 {
			*p = f.bytes(false)
		}
	case *message.Octets:
		if f.IntN(4) > 0 || mandatory[name] {
			*p = f.bytes(false)
		}
	case *cti.Cause:
		if *p = cti.Cause(f.IntN(121) + 1); *p == 34 {
			*p = cti.CauseBusy
		}
	case *cti.LocalState:
		*p = cti.LocalState(f.IntN(7) + 1)
	case *cti.AgentState:
		*p = cti.AgentState(f.IntN(5) + 1)
		if name == "Pending" {
			*p = []cti.AgentState{cti.AgentNotReady, cti.AgentNull, cti.AgentReady}[f.IntN(3)]
		}
	case *message.ForwardingType:
		*p = message.ForwardingType(f.IntN(12))
	case *message.SystemState:
		*p = message.SystemState(f.IntN(9))
	case *message.AgentRequest:
		*p = message.AgentRequest(f.IntN(5))
	case *message.Location:
		*p = make(message.Location, 1)
		f.fill(reflect.ValueOf(&(*p)[0]).Elem(), name)
	default:
		f.fillKind(v, name)
	}
}

func (f filler) fillKind(v reflect.Value, name string) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			f.fill(v.Field(i), v.Type().Field(i).Name)
		}
		f.repair(v)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem(), name)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), f.IntN(3), 3))
		f.fillAll(v, name)
	case reflect.Array:
		f.fillAll(v, name)
	case reflect.Bool:
		v.SetBool(f.IntN(2) == 0)
	case reflect.Int64:
		v.SetInt(f.integer())
	case reflect.Int8, reflect.Int16:
		v.SetInt(int64(f.IntN(2)))
	case reflect.String:
		v.SetString(f.digits())
	case reflect.Uint8, reflect.Uint16: // kinds and operations stand fast
	default:
		panic(fmt.Sprintf("no random value for %v %s", v.Type(), name))
	}
}

func (f filler) fillAll(v reflect.Value, name string) {
	for i := range v.Len() {
		f.fill(v.Index(i), name)
	}
}

// repair takes away what excludes one another.
func (f filler) repair(v reflect.Value) {
	switch p := v.Addr().Interface().(type) {
	case *message.Feature:
		p.Level.Set = p.Level.Set || !p.Step.Set
		p.Step.Set = p.Step.Set && !p.Level.Set
		p.Interval.Set = true
	case *message.DeviceCall:
		if f.IntN(2) == 0 {
			p.States, p.Simple = nil, message.Some[int16](0x23)
		} else {
			p.Simple.Set = false
			if p.States == nil {
				p.States = []cti.LocalState{}
			}
		}
	case *message.LinkageID:
		p.Set = true
	case *message.Filter:
		p.Set = true
	case *message.Request:
		p.Types.Set = true
	case *message.Presence:
		p.State.Set = true
	case *message.Civic:
		if f.IntN(4) == 0 {
			p.Address = [17]message.Text{}
		} else if p.Address[0] == nil {
			p.Address[0] = message.Text("FR")
		}
	case *message.Charging:
		if f.IntN(2) == 0 {
			p.Units = nil
		}
	case *message.Media:
		p.Class.Set = true
	case *message.ServicesPermitted:
		p.CallControl.Set, p.CallAssociated.Set, p.MediaAttachment.Set, p.Routeing.Set, p.VoiceUnit.Set = true, true, true, true, true
	case *message.Result:
		if f.IntN(2) == 0 {
			p.Service = nil
		} else if p.Service == nil {
			p.Service = message.Octets{1}
		}
		if p.Service != nil {
			p.Calls, p.Parties = nil, nil
		}
	}
}
