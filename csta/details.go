package csta

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// Elements of an event beyond the fields of cti.Event go into its Details and
// Permitted. The others are about media streams, locations,
// presence and the geometry of displays: the raw message has it (Config.KeepRaw).

// reuseDetails returns the details of an event, nil if it has none. Those of the
// events of a call are usually alike: then the monitor's last ones are used again.
// Usually they are of the public network only, which is checked without making them.
func (s *session) reuseDetails(b *lastEvent, e *message.Event) *cti.Details {
	more := hasOtherDetails(e)
	switch {
	case more:
	case !hasNetworkParties(e):
		return nil
	case b.details != nil && b.networkOnly && isSameParty(&b.details.NetworkCalling, &e.NetworkCalling) &&
		isSameParty(&b.details.NetworkCalled, &e.NetworkCalled) &&
		isSameParty(&b.details.AssociatedCalling, &e.AssociatedCalling) &&
		isSameParty(&b.details.AssociatedCalled, &e.AssociatedCalled):
		return b.details
	}
	b.networkOnly = !more
	if now := s.buildDetails(e); b.details == nil || *b.details != *now {
		b.details = now
	}
	return b.details
}

// isSameParty reports whether p is what party makes of d.
func isSameParty(p *cti.Party, d *message.Device) bool {
	if d.Status == message.Known {
		return p.Status == cti.Known && string(p.Number) == d.Number && p.Name == d.PrivateName
	}
	return p.Status == partyStatuses[d.Status]
}

func (s *session) buildDetails(e *message.Event) *cti.Details {
	f, d := &e.Feature, &e.Data
	out := &cti.Details{
		NetworkCalling: translateParty(&e.NetworkCalling), NetworkCalled: translateParty(&e.NetworkCalled),
		AssociatedCalling: translateParty(&e.AssociatedCalling), AssociatedCalled: translateParty(&e.AssociatedCalled),
		Device:  translateParty(&e.Device),
		Account: string(d.Account), Subject: string(d.Subject), Data: string(d.Qualifying),
		NumberQueued: int(e.NumberQueued.Value), CallsInFront: int(e.CallsInFront.Value),
		Rings: int(f.Rings.Value), RingTime: int(max(f.RingTime.Value, f.Interval.Value)),
		Pending: f.Pending, Origin: callOrigin(f.Origin),
		ID: string(f.ID), Label: string(f.Label),
	}
	if d.Message != nil {
		out.Message = string(d.Message.Contents)
	}
	if d.History != nil {
		out.Previous = translateParty(&d.History.Device)
	}
	if d.Linkage != nil && d.Linkage.Thread.Set {
		out.Thread = string(formatCallID(string(d.Linkage.Thread.ID)))
	}
	if e.Extensions.Set {
		out.Private = string(s.encoding.ExtensionData(&e.Extensions))
	}
	return out
}

func hasNetworkParties(e *message.Event) bool {
	return e.NetworkCalling.IsSet() || e.NetworkCalled.IsSet() || e.AssociatedCalling.IsSet() || e.AssociatedCalled.IsSet()
}

// hasOtherDetails reports whether there are details beyond the public network's.
func hasOtherDetails(e *message.Event) bool {
	f, d := &e.Feature, &e.Data
	return e.Device.IsSet() && e.Kind != cti.Forwarding && e.Kind != cti.DigitsDialed || // those are reported elsewhere
		d.Account != nil || d.Subject != nil || d.Qualifying != nil || d.Message != nil || d.History != nil ||
		d.Linkage != nil && d.Linkage.Thread.Set ||
		e.Extensions.Set || e.NumberQueued.Set || e.CallsInFront.Set || f.Rings.Set || f.RingTime.Set || f.Interval.Set ||
		f.Pending != cti.AgentUnknown || f.Origin.Set || f.ID != nil || f.Label != nil
}

// callOrigin returns the origin of calls: bit 0 is internal, 1 external.
func callOrigin(b message.Bits) cti.Origin {
	switch {
	case b.Has(0) && !b.Has(1):
		return cti.InternalCalls
	case b.Has(1) && !b.Has(0):
		return cti.ExternalCalls
	}
	return cti.AllCalls
}

// permittedCallControl are the operations by their bit in ECMA-285
// CallControlServices; zero ones are not operations of cti.
var permittedCallControl = [...]cti.Operation{1: cti.OpAlternateCall, cti.OpAnswerCall, cti.OpCallBack, cti.OpNone,
	cti.OpCampOnCall, cti.OpClearCall, cti.OpClearConnection, cti.OpConferenceCall, cti.OpConsultationCall,
	cti.OpDeflectCall, cti.OpDialDigits, cti.OpDirectedPickup, cti.OpGroupPickup, cti.OpHoldCall, cti.OpIntrudeCall,
	cti.OpJoinCall, cti.OpMakeCall, cti.OpNone, cti.OpParkCall, cti.OpReconnectCall, cti.OpRetrieveCall,
	cti.OpSingleStepConference, cti.OpSingleStepTransfer, cti.OpTransferCall}

const permittedDigits = 2 // generateDigits in CallAssociatedServices

// permittedOperations returns what may be requested next.
func permittedOperations(p *message.ServicesPermitted) (ops cti.Operations) {
	if p == nil {
		return ops
	}
	for m := p.CallControl.Mask; m != 0; m &= m - 1 {
		if bit := bits.TrailingZeros64(m); bit < len(permittedCallControl) && permittedCallControl[bit] != cti.OpNone {
			ops = ops.With(permittedCallControl[bit])
		}
	}
	if p.CallAssociated.Has(permittedDigits) {
		ops = ops.With(cti.OpGenerateDigits)
	}
	return ops
}

// formatCharge in words: "3 units", "125 x 10^-2 EUR, sub-total".
func formatCharge(c *message.Charging) string {
	if c == nil {
		return ""
	}
	var parts []string
	for _, u := range c.Units {
		parts = append(parts, strings.TrimSpace(fmt.Sprintf("%d units %s", u.Units, u.Type)))
	}
	if c.Units == nil {
		parts = append(parts, strings.TrimSpace(fmt.Sprintf("%d x 10^%d %s", c.Amount, int(c.Multiplier)-3, c.Currency)))
	}
	if !c.Total {
		parts = append(parts, "sub-total")
	}
	return strings.Join(parts, ", ")
}

// formatProgress returns the progress of a call in another network: location and
// description as ISDN numbers them.
func formatProgress(p message.Opt[[2]int8]) string {
	if !p.Set {
		return ""
	}
	return fmt.Sprintf("location %d, description %d", p.Value[0], p.Value[1])
}

// formatTone returns a telephony tone: its number in ECMA-285, or its frequency.
func formatTone(f *message.Feature) string {
	switch {
	case f.Tone.Set:
		return "tone " + strconv.Itoa(int(f.Tone.Value))
	case f.Frequency.Set:
		return strconv.FormatInt(f.Frequency.Value, 10) + " Hz"
	}
	return ""
}
