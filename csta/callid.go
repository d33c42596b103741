package csta

import (
	"encoding/hex"
	"strings"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// A call identifier is octets in BER. Hosts print and store it, so octets that
// are no plain text are shown as "x" and hexadecimal digits. The text that
// could be taken for that form is shown in it too, so that each call identifier
// has one form and the way back is certain.

// identifiers turns the switch's identifiers into ours and remembers them.
// The reader goroutine alone uses it.
type identifiers struct {
	calls *message.Cache[cti.CallID]
	buf   []byte
}

func newIdentifiers() *identifiers {
	return &identifiers{calls: message.NewCache[cti.CallID](0)}
}

// translateCallID returns our form of a call identifier; a known one costs no allocation.
func (d *identifiers) translateCallID(raw string) cti.CallID {
	if raw == "" {
		return ""
	}
	d.buf = append(d.buf[:0], raw...)
	if id := d.calls.Find(d.buf); id != nil {
		return *id
	}
	id := formatCallID(raw)
	d.calls.Put(d.buf, id)
	return id
}

func formatCallID(raw string) cti.CallID {
	if isPlainText(raw) && !strings.HasPrefix(raw, "x") {
		return cti.CallID(raw)
	}
	return cti.CallID("x" + hex.EncodeToString([]byte(raw)))
}

// parseCallID is the way back.
func parseCallID(id cti.CallID) string {
	digits, hexed := strings.CutPrefix(string(id), "x")
	if !hexed {
		return string(id)
	}
	raw, err := hex.DecodeString(digits)
	if err != nil {
		return string(id) // none of ours; the switch will say that it knows no such call
	}
	return string(raw)
}

func isPlainText(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// translateParty translates a device of a message.
func translateParty(d *message.Device) (p cti.Party) {
	fillParty(&p, d)
	return p
}

// fillParty is party into an empty one.
func fillParty(p *cti.Party, d *message.Device) {
	p.Status = partyStatuses[d.Status]
	if d.Status == message.Known {
		p.Number, p.Name = cti.DeviceID(d.Number), d.PrivateName
	}
}

// partyStatuses are those of cti; that a call was not redirected is no party.
var partyStatuses = [...]cti.PartyStatus{
	message.Absent: cti.NotSpecified, message.Known: cti.Known, message.NotKnown: cti.NotKnown,
	message.Restricted: cti.Restricted, message.NotRequired: cti.NotSpecified, message.NotSpecified: cti.NotSpecified,
}
