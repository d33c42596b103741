package ecma323_test

import (
	"math/rand/v2"
	"reflect"
	"strings"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// filler makes random messages: every field that the model has, by its type
// and name.
type filler struct{ *rand.Rand }

func (f filler) string() string {
	return []string{"4001", "+4930123", "0", "a<b>&\"c'", "Zoë"}[f.IntN(5)]
}

func (f filler) device() message.Device {
	d := message.Device{Status: message.Known, Form: message.Form(f.IntN(int(message.OtherPlan))), Number: f.string()}
	if f.IntN(3) == 0 {
		d.Form, d.PrivateName, d.HasName = message.DialingNumber, "Ada & Bob", true
		d.Number = "4002"
	}
	return d
}

// without are fields that are no part of a message in XML, or that stand for
// another service than the one at hand.
var without = map[string]bool{"Session": true, "Kind": true, "Op": true, "Service": true, "Predictive": true,
	"Capabilities": true,
	"Presence":     true, "Locations": true}

func (f filler) fill(v reflect.Value, name string) {
	switch at := v.Addr().Interface().(type) {
	case *message.Device:
		*at = f.device()
		if name == "Redirection" || name == "Subject" {
			at.Status = []message.Status{message.Known, message.NotKnown, message.Restricted}[f.IntN(3)]
		}
	case *message.Connection:
		*at = message.ConnectionOf("FF00"+f.string(), message.Number(f.string()))
		if name == "Connection" && f.IntN(3) == 0 {
			at.Parts = message.CallOnly
		}
	case *message.Bits:
		*at = message.Bits{Set: true, Len: 12, Mask: f.Uint64()}
	case *message.Raw:
		*at = [][]byte{{1, 2, 3}, []byte("<private><a/></private>")}[f.IntN(2)]
		if name == "Security" {
			*at = []byte("<messageSequenceNumber>7</messageSequenceNumber>")
		}
	case *message.Extensions:
		at.Set = f.IntN(2) == 0
		at.Raw = []message.Raw{nil, {7, 8}, message.Raw("<privateData><private><a/></private></privateData>")}[f.IntN(3)]
	case *message.Filter:
		*at = message.Filter{}.Without(cti.Delivered, cti.Private, cti.RouteingMode)
	case *cti.Cause:
		*at = cti.CauseBusy + cti.Cause(f.IntN(20))
	case *cti.LocalState:
		*at = cti.Null + cti.LocalState(f.IntN(7))
	case *cti.AgentState:
		*at = []cti.AgentState{cti.AgentNull, cti.AgentNotReady, cti.AgentReady}[f.IntN(3)]
	default:
		f.plain(v, name)
	}
}

func (f filler) plain(v reflect.Value, name string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(strings.TrimSpace(f.string()))
	case reflect.Bool:
		v.SetBool(name == "Set" || f.IntN(2) == 0)
	case reflect.Int8, reflect.Int16:
		v.SetInt(int64(f.IntN(2)))
	case reflect.Uint8:
		v.SetUint(uint64(f.IntN(3)))
	case reflect.Int64:
		v.SetInt(f.Int64N(100))
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte(strings.TrimSpace(f.string())))
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 1+f.IntN(2), 3))
		for i := range v.Len() {
			f.fill(v.Index(i), "")
		}
	case reflect.Array:
		for i := range v.Len() {
			f.fill(v.Index(i), "")
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem(), "")
	case reflect.Struct:
		for i := range v.NumField() {
			if n := v.Type().Field(i).Name; !without[n] && (v.NumField() == 2 || f.IntN(5) > 0 || required[n]) {
				f.fill(v.Field(i), n)
			}
		}
	}
}

// required are fields that a service cannot do without.
var required = map[string]bool{"Device": true, "To": true, "Connection": true, "Held": true, "CrossRef": true,
	"New": true, "Register": true,
	"Escape": true, "Private": true, "Display": true, "ID": true, "Set": true,
	"Feature": true, "Failure": true, "Primary": true, "Digits": true,
	"Level": true, "Interval": true, "Charging": true, "Progress": true}

func (f filler) request(op message.Operation) *message.Request {
	r := new(message.Request)
	f.fill(reflect.ValueOf(r).Elem(), "")
	r.Op, r.Service = op, message.Octets("7")
	if r.Data.UserData == nil {
		r.Data.UserData = message.Octets("x")
	}
	if op == message.MonitorStart && f.IntN(2) == 0 {
		r.Connection = message.Connection{}
	}
	return r
}

func (f filler) result(op message.Operation) *message.Result {
	r := new(message.Result)
	f.fill(reflect.ValueOf(r).Elem(), "")
	r.Op, r.Capabilities = op, &message.Capabilities{Services: []message.Operation{message.MakeCall},
		Events: []cti.Kind{cti.Delivered, cti.Private}}
	if op == message.GetSwitchingFunctionDevices {
		r.Service = message.Octets("7")
	}
	return r
}

func (f filler) event(kind cti.Kind) *message.Event {
	e := new(message.Event)
	f.fill(reflect.ValueOf(e).Elem(), "")
	e.Kind = kind
	if kind == cti.CallerIDStatus {
		e.Subject = f.device()
	}
	return e
}
