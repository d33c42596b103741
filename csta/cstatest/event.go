package cstatest

import (
	"errors"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
)

// sendEvent puts an event on the wire.
func (c *conn) sendEvent(m ctitest.MonitorID, ev *cti.Event) error {
	switch {
	case ev.Kind == cti.MonitorStopped:
		c.filters.removeFilter(m)
		c.sendRequest(message.Request{Op: message.MonitorStop, CrossRef: formatCrossRef(m)})
		return nil
	case ev.Kind == cti.CapabilitiesChanged:
		c.announceCapabilities()
		return nil
	case ev.Kind.Class() == cti.SessionClass, !c.filters.passesFilter(m, ev.Kind):
		return nil
	}
	e := c.buildEvent(m, ev)
	id := c.nextInvokeID()
	err := c.writeMessage(func(dst []byte) ([]byte, error) { return c.codec.AppendEvent(dst, id, &e) })
	if errors.Is(err, message.ErrNotCarried) {
		return nil // a real switch has no such event either
	}
	return err
}

func (c *conn) buildEvent(m ctitest.MonitorID, ev *cti.Event) message.Event {
	e := message.Event{
		Kind: ev.Kind, CrossRef: message.Text(formatCrossRef(m)), State: ev.State, Cause: ev.Cause,
		Subject: c.messageParty(ev.Subject), Calling: c.messageParty(ev.Calling), Called: c.messageParty(ev.Called),
		Redirection: c.messageParty(ev.Redirection), Target: c.messageParty(ev.Target),
	}
	if ev.Kind.Class() == cti.FeatureClass {
		fillFeature(&e, ev)
		return e
	}
	e.Connection = c.messageConnection(cti.ConnectionID{Call: ev.Call, Device: ev.Subject.Number})
	e.Data.Linkage = linkageOf(ev.Global)
	e.Data.UserData, e.Data.Correlator = optionalOctets(ev.UserData), optionalOctets(ev.Correlator)
	switch ev.Kind {
	case cti.Conferenced, cti.Transferred:
		c.fillMergedCalls(&e, ev)
	case cti.DigitsGenerated:
		e.Feature.Digits = message.Text(ev.Text)
	case cti.DigitsDialed:
		e.Device = message.Number(ev.Text)
	}
	return e
}

// fillMergedCalls names the old calls, and the new one in the list of connections.
func (c *conn) fillMergedCalls(e *message.Event, ev *cti.Event) {
	e.Data.OldLinkage = e.Data.Linkage // both or neither (ECMA-285 CallLinkageDataList)
	e.Connection = c.messageConnection(cti.ConnectionID{Call: ev.OldCall, Device: ev.Subject.Number})
	if ev.OtherCall != "" {
		e.Secondary = c.messageConnection(cti.ConnectionID{Call: ev.OtherCall, Device: ev.Subject.Number})
	}
	list := append([]cti.CallParty{{Device: cti.PartyOf(ev.Device)}}, ev.Parties...)
	for _, p := range list {
		if ev.State == cti.Null && p.Device.Number == ev.Device {
			continue // it has left
		}
		e.Connections = append(e.Connections, message.Connected{
			New:      c.messageConnection(cti.ConnectionID{Call: ev.Call, Device: p.Device.Number}),
			Endpoint: c.messageParty(p.Device),
		})
	}
}

func optionalOctets(s string) message.Octets {
	if s == "" {
		return nil
	}
	return message.Octets(s)
}

func fillFeature(e *message.Event, ev *cti.Event) {
	e.Feature.On = ev.On
	switch ev.Kind {
	case cti.Forwarding:
		e.Feature.On = ev.Forward.Active
		e.Feature.Forward = message.Some(message.ForwardingTypeOf(ev.Forward))
		e.Device = message.Number(ev.Forward.To)
	case cti.AgentLoggedOn, cti.AgentLoggedOff, cti.AgentReadyEvent, cti.AgentNotReadyEvent, cti.AgentBusyEvent,
		cti.AgentWorkingAfterCallEvent:
		e.Feature.AgentID = message.Octets(ev.Agent)
	}
}
