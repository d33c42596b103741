package vtixml

import (
	"bytes"
	"fmt"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
)

func (r *reader) open() {
	version := ""
	for i := range r.Attrs() {
		switch a := &r.Attrs()[i]; string(own(a)) {
		case "version":
			version = r.text(a)
		case "application":
			r.m.Open.Application = r.text(a)
		default:
			r.skipped()
		}
	}
	r.checkVersion(version)
}

func (r *reader) checkVersion(version string) {
	if version != Version {
		r.fail(fmt.Errorf("version %q of the dialect, want %q", version, Version))
	}
}

func (r *reader) capabilities() {
	c, version := &r.m.Capabilities, ""
	for i := range r.Attrs() {
		switch a := &r.Attrs()[i]; string(own(a)) {
		case "version":
			version = r.text(a)
		case "operations":
			for name := range bytes.FieldsSeq(a.Value) {
				op, ok := operationOf[string(name)]
				if !ok {
					r.skipped()
					continue
				}
				c.Operations = c.Operations.With(op)
			}
		case "maxSupervisions":
			c.MaxSupervisions = int(r.number(a))
		case "snapshotAtomic":
			c.SnapshotAtomic = r.flag(a)
		case "reportsExistingCalls":
			c.ReportsExistingCalls = r.flag(a)
		case "globalCallIDs":
			c.GlobalCallIDs = r.flag(a)
		default:
			r.skipped()
		}
	}
	if r.m.Type == OpenedMessage {
		r.checkVersion(version)
	}
}

func (r *reader) logons() {
	for i := range r.Attrs() {
		if a := &r.Attrs()[i]; string(own(a)) != "place" || r.m.Place.UnmarshalText(a.Value) != nil {
			r.skipped()
		}
	}
	r.children(func(name []byte) {
		if string(name) != "extension" {
			r.skipped()
			return
		}
		var l Logon
		for i := range r.Attrs() {
			switch a := &r.Attrs()[i]; string(own(a)) {
			case "id":
				l.ID = r.number(a)
			case "device":
				l.Device = cti.DeviceID(r.text(a))
			case "setType":
				l.SetType = named(r, a, setTypeOf)
			case "password":
				l.Password = ctikit.NewSecret(string(a.Value)) // not remembered
			default:
				r.skipped()
			}
		}
		if l.ID == 0 {
			r.fail(fmt.Errorf("logon of %q without an identifier", l.Device))
			return
		}
		r.m.Logons = append(r.m.Logons, l)
	})
}

func (r *reader) request() {
	m := r.m
	for i := range r.Attrs() {
		switch a := &r.Attrs()[i]; string(own(a)) {
		case "id":
			m.ID = r.number(a)
		case "device":
			m.Request.Device = cti.DeviceID(r.text(a))
		case "call":
			m.Request.Call = cti.CallID(r.text(a))
		case "held":
			m.Request.Held = cti.CallID(r.text(a))
		case "number":
			m.Request.Number = r.text(a)
		case "target":
			m.Request.Target = cti.DeviceID(r.text(a))
		case "monitor":
			m.Request.Monitor = r.number(a)
		case "on":
			m.Request.On = r.flag(a)
		case "agent":
			m.Request.Agent = named(r, a, agentOf)
		case "data":
			m.Request.Data = r.bytes(a)
		default:
			r.skipped()
		}
	}
}
