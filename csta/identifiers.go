package csta

import (
	"encoding/hex"
	"strings"
	"sync"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// A call identifier is octets in BER. Hosts print and store it, so octets that
// are not plain text are shown as "x" and hexadecimal digits. The text that
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

// parseCallID is the inverse of formatCallID.
func parseCallID(id cti.CallID) string {
	digits, hexed := strings.CutPrefix(string(id), "x")
	if !hexed {
		return string(id)
	}
	raw, err := hex.DecodeString(digits)
	if err != nil {
		return string(id) // not in our form; the switch will refuse it as unknown
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

// knownConnections remembers the connections whose device part is the switch's own short-lived
// identifier: to act on one, that is what must be sent. A connection whose
// device part is a number needs no memory.
type knownConnections struct {
	mu    sync.Mutex
	calls map[cti.CallID]map[cti.DeviceID]message.Connection
}

// maxKnown bounds the calls remembered.
const maxKnown = 65536

// rememberConnection remembers which connection of a call is device's.
func (k *knownConnections) rememberConnection(id cti.ConnectionID, c *message.Connection) {
	if c.Device.Form != message.Dynamic || id.Call == "" || id.Device == "" {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	of := k.calls[id.Call]
	if of == nil {
		if k.calls == nil || len(k.calls) >= maxKnown {
			// Calls whose end never came: start afresh, memory is bounded.
			k.calls = make(map[cti.CallID]map[cti.DeviceID]message.Connection)
		}
		of = make(map[cti.DeviceID]message.Connection, 2)
		k.calls[id.Call] = of
	}
	of[id.Device] = *c
}

func (k *knownConnections) forgetCall(call cti.CallID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.calls, call)
}

// findConnection returns the remembered connection.
func (k *knownConnections) findConnection(id cti.ConnectionID) (message.Connection, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	c, ok := k.calls[id.Call][id.Device]
	return c, ok
}

// messageConnection returns what to send for a connection.
func (s *session) messageConnection(id cti.ConnectionID) message.Connection {
	if c, ok := s.known.findConnection(id); ok {
		return c
	}
	return message.ConnectionOf(parseCallID(id.Call), s.messageDevice(id.Device))
}

// messageDevice returns what to send for a device of the PBX.
func (s *session) messageDevice(id cti.DeviceID) message.Device {
	return message.Device{Status: message.Known, Form: message.Form(s.profile.Devices), Number: string(id)}
}
