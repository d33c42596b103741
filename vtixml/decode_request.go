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
		r.setError(fmt.Errorf("version %q of the dialect, want %q", version, Version))
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
			r.setError(fmt.Errorf("logon of %q without an identifier", l.Device))
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
