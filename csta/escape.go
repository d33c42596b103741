package csta

import (
	"context"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// sendEscape passes private data through, and returns those of the answer, nil where
// there are none. In BER, data that is one element with its tag and length is sent
// unchanged, other octets as an OCTET STRING; in XML, elements are sent unchanged,
// octets as hexBinary.
func sendEscape(s *session, ctx context.Context, q *driver.Request, r *message.Request) (driver.Reply, error) {
	r.Escape = s.encoding.Private(q.Private)
	a, err := s.askService(ctx, q.Op, "", r)
	return driver.Reply{Private: a.private}, err
}

// reportEscape reports private data that the PBX sends unprompted: an event
// without a device, whose Text is the private data.
func (s *session) reportEscape(m *message.Message) error {
	ev := cti.Event{Kind: cti.Private, Text: string(s.encoding.PrivateData(m.Request.Escape))}
	if s.cfg.KeepRaw {
		ev.Raw = append([]byte(nil), s.frame...)
	}
	s.reportEvent(ev)
	return s.sendAcknowledgement(m.InvokeID, message.Escape)
}

// readPrivateData returns the vendor's data in an answer.
func (s *session) readPrivateData(r *message.Result) []byte {
	switch {
	case r.Escape != nil:
		return s.encoding.PrivateData(r.Escape)
	case r.Extensions.Set:
		return s.encoding.ExtensionData(&r.Extensions)
	}
	return nil
}
