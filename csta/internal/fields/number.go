package fields

import (
	"strconv"
	"unicode/utf8"

	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/message"
)

// Number is the CHOICE of the ways to name a device, [0] to [6]: in phases I
// and II it is all of a DeviceID, in III the first field of one.
func Number(w *ber.Walker, strings *message.Cache[string], d *message.Device) {
	if w.Writing() {
		writeNumber(w, d)
		return
	}
	d.Status = message.Known
	readNumber(w, strings, d)
	if d.Form != message.OtherPlan { // that is octets
		Readable(w, &d.Number)
	}
}

// Readable makes text of what was read as an IA5String and is not one: the octets
// are taken as ISO 8859-1, which switches put there, and counted.
func Readable(w *ber.Walker, s *string) {
	if w.Writing() || utf8.ValidString(*s) {
		return
	}
	*s = message.ReadableText(*s)
	w.Skipped++
}

// Text is a string that must be there and that is worth remembering.
func Text(w *ber.Walker, strings *message.Cache[string], tag ber.Tag, s *string) {
	if w.Writing() {
		w.PutString(tag, *s)
	} else if b, ok := w.Take(tag, true); ok {
		*s = message.Intern(strings, b)
	}
}

// writeNumber writes the CHOICE of a DeviceID.
func writeNumber(w *ber.Walker, d *message.Device) {
	switch f := d.Form; {
	case f == message.DialingNumber:
		w.PutString(0x80, d.Number)
	case f == message.DeviceNumber:
		n, err := strconv.ParseInt(d.Number, 10, 64)
		if err != nil {
			w.Failf("invalid device number %q: must be an integer", d.Number)
		}
		ber.Int(w, 0x81, &n)
	case f == message.ImplicitPublic:
		w.PutString(0x82, d.Number)
	case f >= message.PublicUnknown && f <= message.PublicAbbreviated:
		m := w.Require(0xa3)
		w.PutString(0x80+ber.Tag(f-message.PublicUnknown), d.Number)
		w.Leave(m)
	case f == message.ImplicitPrivate:
		w.PutString(0x84, d.Number)
	case f >= message.PrivateUnknown && f <= message.PrivateAbbreviated:
		m := w.Require(0xa5)
		w.PutString(0x80+ber.Tag(f-message.PrivateUnknown), d.Number)
		w.Leave(m)
	case f == message.OtherPlan:
		w.PutString(0x86, d.Number)
	default:
		w.Failf("device form %v is only valid in connections", f)
	}
}

// readNumber reads it.
func readNumber(w *ber.Walker, strings *message.Cache[string], d *message.Device) {
	switch tag := w.Tag(); tag {
	case 0x80:
		d.Form = message.DialingNumber
	case 0x81:
		d.Form, d.Number = message.DeviceNumber, strconv.FormatInt(w.ReadInt(), 10)
		return
	case 0x82:
		d.Form = message.ImplicitPublic
	case 0xa3:
		typedNumber(w, strings, d, message.PublicUnknown, message.PublicAbbreviated)
		return
	case 0x84:
		d.Form = message.ImplicitPrivate
	case 0xa5:
		typedNumber(w, strings, d, message.PrivateUnknown, message.PrivateAbbreviated)
		return
	case 0x86:
		d.Form = message.OtherPlan
	default:
		w.Failf("expected a device identifier [0] to [6], got %v", tag)
		return
	}
	Text(w, strings, w.Tag(), &d.Number)
}

func typedNumber(w *ber.Walker, strings *message.Cache[string], d *message.Device, first, last message.Form) {
	m := w.Require(w.Tag())
	d.Form = first + message.Form(w.Tag()-0x80)
	if w.Tag() < 0x80 || d.Form > last {
		w.Failf("unknown type of number %v", w.Tag())
		return
	}
	Text(w, strings, w.Tag(), &d.Number)
	w.Leave(m)
}
