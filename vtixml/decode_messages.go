package vtixml

import (
	"bytes"
	"fmt"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
)

func (r *reader) readOpen() {
	version := ""
	for i := range r.Attrs() {
		switch a := &r.Attrs()[i]; string(localName(a)) {
		case "version":
			version = r.readText(a)
		case "application":
			r.m.Open.Application = r.readText(a)
		default:
			r.countSkipped()
		}
	}
	r.checkVersion(version)
}

func (r *reader) checkVersion(version string) {
	if version != Version {
		r.setError(fmt.Errorf("dialect version must be %q, got %.80q", Version, version))
	}
}

func (r *reader) readCapabilities() {
	c, version := &r.m.Capabilities, ""
	for i := range r.Attrs() {
		switch a := &r.Attrs()[i]; string(localName(a)) {
		case "version":
			version = r.readText(a)
		case "operations":
			for name := range bytes.FieldsSeq(a.Value) {
				op, ok := operationOf[string(name)]
				if !ok {
					r.countSkipped()
					continue
				}
				c.Operations = c.Operations.With(op)
			}
		case "maxSupervisions":
			c.MaxSupervisions = int(r.readNumber(a))
		case "snapshotAtomic":
			c.SnapshotAtomic = r.readFlag(a)
		case "reportsExistingCalls":
			c.ReportsExistingCalls = r.readFlag(a)
		case "globalCallIDs":
			c.GlobalCallIDs = r.readFlag(a)
		default:
			r.countSkipped()
		}
	}
	if r.m.Type == OpenedMessage {
		r.checkVersion(version)
	}
}

func (r *reader) readLogons() {
	for i := range r.Attrs() {
		if a := &r.Attrs()[i]; string(localName(a)) != "place" || r.m.Place.UnmarshalText(a.Value) != nil {
			r.countSkipped()
		}
	}
	r.eachChild(func(name []byte) {
		if string(name) != "extension" {
			r.countSkipped()
			return
		}
		var l Logon
		for i := range r.Attrs() {
			switch a := &r.Attrs()[i]; string(localName(a)) {
			case "id":
				l.ID = r.readNumber(a)
			case "device":
				l.Device = cti.DeviceID(r.readText(a))
			case "setType":
				l.SetType = readName(r, a, setTypeOf)
			case "password":
				l.Password = ctikit.NewSecret(string(a.Value)) // not remembered
			default:
				r.countSkipped()
			}
		}
		if l.ID == 0 {
			r.setError(fmt.Errorf("logon of %.80q has no identifier", string(l.Device)))
			return
		}
		r.m.Logons = append(r.m.Logons, l)
	})
}

func (r *reader) readRequest() {
	m := r.m
	for i := range r.Attrs() {
		switch a := &r.Attrs()[i]; string(localName(a)) {
		case "id":
			m.ID = r.readNumber(a)
		case "device":
			m.Request.Device = cti.DeviceID(r.readText(a))
		case "call":
			m.Request.Call = cti.CallID(r.readText(a))
		case "held":
			m.Request.Held = cti.CallID(r.readText(a))
		case "number":
			m.Request.Number = r.readText(a)
		case "target":
			m.Request.Target = cti.DeviceID(r.readText(a))
		case "monitor":
			m.Request.Monitor = r.readNumber(a)
		case "on":
			m.Request.On = r.readFlag(a)
		case "agent":
			m.Request.Agent = readName(r, a, agentOf)
		case "data":
			m.Request.Data = r.readBase64(a)
		default:
			r.countSkipped()
		}
	}
}

func (r *reader) readRefusal() {
	m := r.m
	for i := range r.Attrs() {
		switch a := &r.Attrs()[i]; string(localName(a)) {
		case "id":
			m.ID = r.readNumber(a)
		case "code":
			m.Failure.Code = r.readText(a)
			m.Failure.Err = sentinelOf(m.Failure.Code)
		case "limit":
			m.Failure.Limit = int(r.readNumber(a))
		case "text":
			m.Failure.Text = r.readText(a)
		default:
			r.countSkipped()
		}
	}
}

func (r *reader) readAnswer() {
	m := r.m
	for i := range r.Attrs() {
		switch a := &r.Attrs()[i]; string(localName(a)) {
		case "id":
			m.ID = r.readNumber(a)
		case "monitor":
			m.Answer.Monitor = r.readNumber(a)
		case "device":
			m.Answer.Connection.Device = cti.DeviceID(r.readText(a))
		case "call":
			m.Answer.Connection.Call = cti.CallID(r.readText(a))
		case "on":
			m.Answer.On = r.readFlag(a)
		case "agent":
			m.Answer.Agent = readName(r, a, agentOf)
		case "data":
			m.Answer.Data = r.readBase64(a)
		default:
			r.countSkipped()
		}
	}
	r.eachChild(func(name []byte) {
		switch string(name) {
		case "snapshot":
			m.Answer.Snapshot = r.readSnapshot()
		case "call":
			c := r.readCall()
			m.Answer.Call = &c
		case "device":
			for i := range r.Attrs() {
				if a := &r.Attrs()[i]; string(localName(a)) == "number" {
					m.Answer.Devices = append(m.Answer.Devices, cti.DeviceID(r.readText(a)))
				} else {
					r.countSkipped()
				}
			}
		default:
			r.countSkipped()
		}
	})
}

func (r *reader) readSnapshot() *cti.Snapshot {
	s := new(cti.Snapshot)
	for i := range r.Attrs() {
		switch a := &r.Attrs()[i]; string(localName(a)) {
		case "device":
			s.Device = cti.DeviceID(r.readText(a))
		case "doNotDisturb":
			on := r.readFlag(a)
			s.Features.DoNotDisturb = &on
		case "messageWaiting":
			on := r.readFlag(a)
			s.Features.MessageWaiting = &on
		case "agent":
			s.Features.Agent = readName(r, a, agentOf)
		default:
			r.countSkipped()
		}
	}
	r.eachChild(func(name []byte) {
		if string(name) == "call" {
			s.Calls = append(s.Calls, r.readCall())
		} else {
			r.countSkipped()
		}
	})
	return s
}

func (r *reader) readCall() (c cti.Call) {
	for i := range r.Attrs() {
		switch a := &r.Attrs()[i]; string(localName(a)) {
		case "id":
			c.ID = cti.CallID(r.readText(a))
		case "global":
			c.Global = r.readText(a)
		case "state":
			c.State = r.readState(a)
		default:
			r.countSkipped()
		}
	}
	r.eachChild(func(name []byte) {
		p, state := r.readParty()
		switch string(name) {
		case "calling":
			c.Calling = p
		case "called":
			c.Called = p
		case "redirection":
			c.Redirection = p
		case "party":
			c.Parties = append(c.Parties, cti.CallParty{Device: p, State: state})
		default:
			r.countSkipped()
		}
	})
	return c
}
