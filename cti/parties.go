package cti

// Filled says which parties of an [Event] the gateway filled in. VTI-XML names
// the parties in every event of a call, CSTA only in events about a new
// connection. The gateway takes parties that the PBX did not name from the state
// of the call before the event.
type Filled uint8

// The parties that may be filled in.
const (
	FilledCalling Filled = 1 << iota
	FilledCalled
	FilledRedirection
)

// Has reports whether all parties in which were filled in.
func (f Filled) Has(which Filled) bool { return f&which == which }

// fillParty sets a party that the PBX did not report. A party that is reported
// as unknown or withheld is left unchanged.
func (ev *Event) fillParty(which Filled, to *Party, from Party) {
	if to.Status == NotSpecified && from.Status != NotSpecified {
		*to = from
		ev.Filled |= which
	}
}

// Complete fills in the parties that an event of a call does not name. It derives
// them from the kind of the event, else from the state of the call. Call it
// before [CallModel.Apply], while the model still holds a call that the event
// ends or merges.
func (m *CallModel) Complete(ev *Event) {
	switch {
	case ev.Kind == Transferred:
		m.completeTransfer(ev) // the parties of the old calls are not those of the new one
		return
	case ev.Kind.Class() != CallClass || ev.namesAll():
		return
	case ev.Kind == ServiceInitiated:
		m.completeInitiation(ev)
	}
	c := m.findCallOf(ev)
	if c == nil {
		return
	}
	ev.fillParty(FilledCalling, &ev.Calling, c.Calling)
	ev.fillParty(FilledCalled, &ev.Called, c.Called)
	if !redirects(ev.Kind) {
		ev.fillParty(FilledRedirection, &ev.Redirection, c.Redirection)
	}
	if other, _ := ev.OtherParty(); other.Status == NotSpecified {
		ev.noteOther(c.onlyParty()) // in neither role: the snapshot lists parties only
	}
}

func (ev *Event) namesAll() bool {
	return ev.Calling.Status != NotSpecified && ev.Called.Status != NotSpecified &&
		(redirects(ev.Kind) || ev.Redirection.Status != NotSpecified)
}

// redirects reports whether events of the kind carry the redirection in every
// phase of CSTA. If such an event has none, the call was not redirected.
func redirects(k Kind) bool {
	return k == Delivered || k == Established || k == CallQueued || k == Offered
}

// findCallOf returns the call of an event, or the first of the calls that were
// merged into it.
func (m *CallModel) findCallOf(ev *Event) *Call {
	for _, id := range [...]CallID{ev.Call, ev.OldCall, ev.OtherCall} {
		if c := m.findCall(id); c != nil && id != "" {
			return c
		}
	}
	return nil
}

// completeInitiation fills in the parties of ServiceInitiated: the device that
// initiates service is the calling device (ECMA-269 17.2.17), even if it is
// prompted to go off hook, unless it is prompted to enter a call of others.
func (m *CallModel) completeInitiation(ev *Event) {
	switch ev.Cause {
	case CauseCallPickup, CauseJoinCall, CauseIntrude, CauseSingleStepConference, CauseActiveParticipation,
		CauseSilentParticipation:
		return
	}
	from := ev.Subject
	if from.Status != Known {
		from = PartyOf(m.Device)
	}
	ev.fillParty(FilledCalling, &ev.Calling, from)
}

// completeTransfer fills in the parties of Transferred. In the resulting call the
// transferred party is the calling one, and the party that it was transferred to
// the called one. The transferring device has left the call.
func (m *CallModel) completeTransfer(ev *Event) {
	from, to := m.ownParty(ev), ev.Target
	switch {
	case ev.takesOut(m.Device) || to.Status == Known && to.Number == m.Device:
		from = m.transferredParty(ev)
	case to.Status != Known:
		to = m.transferredParty(ev)
	}
	ev.fillParty(FilledCalling, &ev.Calling, from)
	ev.fillParty(FilledCalled, &ev.Called, to)
	ev.dialled = m.isDialled(ev)
}

// isDialled reports whether the calling party of a transferred call is one that
// this device had called.
func (m *CallModel) isDialled(ev *Event) bool {
	for _, id := range [...]CallID{ev.OldCall, ev.OtherCall} {
		if c := m.findCall(id); c != nil && c.Outgoing(m.Device) && c.Called.Status == Known &&
			c.Called.Number == ev.Calling.Number {
			return true
		}
	}
	return false
}

// takesOut reports whether a transfer takes device out of the call.
func (ev *Event) takesOut(device DeviceID) bool {
	return ev.State == Null || ev.State == StateUnknown && ev.Kind == Transferred && ev.Subject.Number == device
}

// transferredParty returns the only party of a transferred call that is neither
// the transferring device nor the target, from the list in the event, else from
// the old calls.
func (m *CallModel) transferredParty(ev *Event) Party {
	if len(ev.Parties) > 0 {
		return onlyOf(ev.Parties, ev.Subject, ev.Target)
	}
	var found Party
	for _, id := range [...]CallID{ev.OldCall, ev.OtherCall} {
		c := m.findCall(id)
		if c == nil || id == "" {
			continue
		}
		switch p := onlyOf(c.Parties, ev.Subject, ev.Target); {
		case p.Status == NotSpecified:
		case found.Status != NotSpecified:
			return Party{}
		default:
			found = p
		}
	}
	return found
}

// ownParty returns the device itself as a party, with its name if a call of the
// event has it.
func (m *CallModel) ownParty(ev *Event) Party {
	for _, id := range [...]CallID{ev.OldCall, ev.OtherCall} {
		if c := m.findCall(id); c != nil && id != "" {
			for _, p := range [...]Party{c.Calling, c.Called} {
				if p.Status == Known && p.Number == m.Device {
					return p
				}
			}
		}
	}
	return PartyOf(m.Device)
}

// onlyParty returns the other party of a call that has exactly one.
func (c *Call) onlyParty() Party { return onlyOf(c.Parties) }

// onlyOf returns the only party in a list that is not in besides; none if there
// are several.
func onlyOf(list []CallParty, besides ...Party) (found Party) {
	for i := range list {
		p := list[i].Device
		if p.Status == NotSpecified || isOneOf(p, besides) {
			continue
		}
		if found.Status != NotSpecified {
			return Party{}
		}
		found = p
	}
	return found
}

func isOneOf(p Party, list []Party) bool {
	for _, q := range list {
		if p.Number == q.Number && p.Status == q.Status {
			return true
		}
	}
	return false
}

// OtherParty returns the other side of the call from the parties of the event:
// the calling party, or the called one if the device itself calls. dialled
// reports whether this side dialled it. [Event.Other] holds the same party
// resolved to a contact.
func (ev *Event) OtherParty() (p Party, dialled bool) {
	if ev.Calling.Status != NotSpecified && ev.Calling.Number != ev.Device {
		return ev.Calling, ev.dialled
	}
	if ev.Called.Number == ev.Device {
		return Party{}, false
	}
	return ev.Called, true
}

// noteOther records the other side of the call; the gateway resolves it later.
func (ev *Event) noteOther(p Party) {
	if p.Status == Known && p.Number != ev.Device {
		ev.Other.Number, ev.Other.Name = p.Number, p.Name
	}
}
