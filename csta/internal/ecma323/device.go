package ecma323

import (
	"bytes"
	"strings"

	"github.com/ctikit/ctikit/csta/internal/message"
)

// The names of enumerations that package message has as well.
var (
	formNames         = namesUpTo(message.Dynamic)
	forwardingNames   = namesUpTo(message.ForwardDNDExternal)
	agentRequestNames = namesUpTo(message.SetWorkingAfterCall)
	systemStates      = namesUpTo(message.PartiallyDisabled)
)

// namesUpTo returns the names of the values of an enumeration, by number.
func namesUpTo[T interface {
	~uint8
	String() string
}](last T) []string {
	names := make([]string, last+1)
	for v := range names {
		names[v] = T(v).String()
	}
	return names
}

// readDevice reads the DeviceID at hand. A known one costs no allocation.
func (r *reader) readDevice(d *message.Device) {
	form := r.form()
	t := r.readText()
	if form == message.DialingNumber && len(t) <= longest {
		known := r.devices.Find(t)
		if known == nil {
			r.devices.Put(t, r.parseDevice(t, form))
			known = r.devices.Find(t)
		}
		*d = *known
		return
	}
	*d = r.parseDevice(t, form)
}

// form is the type of number of the element at hand.
func (r *reader) form() message.Form {
	return message.Form(max(0, nameIndex(formNames, r.attr("typeOfNumber"))))
}

func (r *reader) parseDevice(t []byte, form message.Form) message.Device {
	d := message.Device{Status: message.Known, Form: form}
	number, name, ok := represented(t)
	if !ok {
		d.Number = r.intern(t)
		return d
	}
	d.Number, d.PrivateName, d.HasName = r.intern(number), string(name), len(name) > 0
	return d
}

// represented takes the switching function representation apart (ECMA-269
// 12.3.11): N<number>name;parameters, where the number may have further parts
// behind one of the marks that the standard reserves.
func represented(t []byte) (number, name []byte, ok bool) {
	if !bytes.HasPrefix(t, []byte("N<")) {
		return nil, nil, false
	}
	number, rest, ok := bytes.Cut(t[2:], []byte(">"))
	if !ok {
		return nil, nil, false
	}
	name, _, _ = bytes.Cut(rest, []byte(";"))
	return number, name, true
}

// writeDevice writes a DeviceID or LocalDeviceID.
func (w *writer) writeDevice(name string, d *message.Device) {
	w.out = append(append(w.out, '<'), name...)
	if d.Form != message.DialingNumber && d.Form != message.Represented {
		w.out = append(append(append(w.out, ` typeOfNumber="`...), d.Form.String()...), '"')
	}
	w.out = append(w.out, '>')
	named := d.PrivateName != "" && !strings.ContainsAny(d.PrivateName, ";<>") &&
		(d.Form == message.DialingNumber || d.Form == message.Represented)
	if named || d.Form == message.Represented {
		w.writeText("N<")
		w.writeText(d.Number)
		w.writeText(">")
		if named {
			w.writeText(d.PrivateName)
		}
	} else {
		w.writeText(d.Number)
	}
	w.closeElement(name)
}

// deviceField is a DeviceID; must says that it has to be there.
func deviceField[T any](name string, must bool, of func(*T) *message.Device) field[T] {
	return field[T]{name: name,
		read: func(r *reader, v *T) { r.readDevice(of(v)) },
		write: func(w *writer, name string, v *T) {
			d := of(v)
			if d.Status == message.Known {
				w.writeDevice(name, d)
			} else if must {
				w.failf("%s is missing", name)
			}
		}}
}

// partyField is an ExtendedDeviceID; one that has to be there and is absent is
// written as not known.
func partyField[T any](name string, must bool, of func(*T) *message.Device) field[T] {
	return field[T]{name: name,
		read: func(r *reader, v *T) { r.readExtended(of(v)) },
		write: func(w *writer, name string, v *T) {
			if d := of(v); must || d.IsSet() {
				w.writeExtended(name, d, message.NotKnown, "deviceIdentifier")
			}
		}}
}

// redirection is a RedirectionDeviceID that has to be there.
func redirection[T any](name string, of func(*T) *message.Device) field[T] {
	return field[T]{name: name,
		read:  func(r *reader, v *T) { r.readExtended(of(v)) },
		write: func(w *writer, name string, v *T) { w.writeExtended(name, of(v), message.NotSpecified, "numberDialed") }}
}

// readExtended reads the choices of a device and the reasons for not naming it.
// Where there is neither, the text itself is taken for the device.
func (r *reader) readExtended(d *message.Device) {
	*d = message.Device{Status: message.NotKnown}
	for r.child() {
		switch string(r.scan.Name()) {
		case "deviceIdentifier", "numberDialed", "deviceID":
			r.readDevice(d)
			continue
		case "restricted":
			d.Status = message.Restricted
		case "notRequired":
			d.Status = message.NotRequired
		case "notSpecified":
			d.Status = message.NotSpecified
		case "notKnown":
		default:
			r.skipped++
		}
		r.scan.Skip()
	}
}

func (w *writer) writeExtended(name string, d *message.Device, absent message.Status, known string) {
	w.openElement(name)
	status := d.Status
	if status == message.Absent {
		status = absent
	}
	if status == message.Known {
		w.writeDevice(known, d)
	} else if absent != message.NotSpecified && status > message.Restricted {
		w.writeEmpty("notKnown")
	} else {
		w.writeEmpty(status.String())
	}
	w.closeElement(name)
}

// connectionField is a ConnectionID; must says that it has to be there.
func connectionField[T any](name string, must bool, of func(*T) *message.Connection) field[T] {
	return field[T]{name: name,
		read: func(r *reader, v *T) { r.readConnection(of(v)) },
		write: func(w *writer, name string, v *T) {
			c := of(v)
			if !c.IsSet() {
				if must {
					w.failf("%s is missing", name)
				}
				return
			}
			w.openElement(name)
			if c.Parts != message.DeviceOnly {
				w.writeElement("callID", c.Call)
			}
			if c.Parts != message.CallOnly {
				w.writeLocalDevice(&c.Device)
			}
			w.closeElement(name)
		}}
}

// writeLocalDevice writes the device part of a connection. A dynamic one that was
// read as a switching function representation goes back as it came.
func (w *writer) writeLocalDevice(d *message.Device) {
	if d.Form == message.Dynamic && strings.HasPrefix(d.Number, "N<") {
		w.writeElement("deviceID", d.Number)
		return
	}
	w.writeDevice("deviceID", d)
}

func (r *reader) readConnection(c *message.Connection) {
	*c = message.Connection{}
	for r.child() {
		switch string(r.scan.Name()) {
		case "callID":
			c.Call = r.intern(r.readText())
			c.Parts |= message.CallOnly
		case "deviceID":
			r.readLocalDevice(&c.Device)
			c.Parts |= message.DeviceOnly
		default:
			r.skipElement()
		}
	}
}

func (r *reader) readLocalDevice(d *message.Device) {
	form := r.form()
	t := r.readText()
	if _, _, ok := represented(t); ok {
		form = message.Dynamic
	}
	*d = message.Device{Status: message.Known, Form: form, Number: r.intern(t)}
}
