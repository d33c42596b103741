package csta

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// The capabilities of a session are what its encoding carries and its profile does
// not lack. If Profile.AskCapabilities is set, the PBX narrows them: of an operation
// it must list every service. It can remove, not add. Its list is that of the
// complete switching sub-domain; a single device may do less, and then refuses.

// exchangePatience bounds the wait for an answer: a PBX that does not know
// these services should refuse them, but might stay silent.
const exchangePatience = 5 * time.Second

// always are the operations without which there is no link: a list that lacks
// their services is not believed.
var always = cti.OperationsOf(cti.OpSupervise, cti.OpRelease, cti.OpPing)

// promisedCapabilities returns what the profile promises.
func (s *session) promisedCapabilities() *driver.Capabilities {
	return &driver.Capabilities{
		Operations: possibleOperations(s.profile, s.codec), SnapshotAtomic: s.profile.SnapshotAtomic,
		ReportsExistingCalls: s.profile.ReportsExistingCalls && !s.silent.Load(),
		GlobalCallIDs:        s.profile.Encoding == BER3 || s.profile.Encoding.XML(),
	}
}

// Capabilities returns what the session can do.
func (s *session) Capabilities() driver.Capabilities { return *s.caps.Load() }

// askCapabilities asks the PBX, where the profile says so, and applies its
// answer. A PBX that refuses or does not answer leaves what the profile promises.
func (s *session) askCapabilities(ctx context.Context) error {
	if !s.profile.AskCapabilities {
		return nil
	}
	for _, service := range []message.Operation{message.GetCSTAFeatures, message.GetSwitchingFunctionCaps} {
		listed, err := s.askCapabilityService(ctx, service)
		switch {
		case s.Exchange.Err() != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil && listed != nil && len(listed.Services) > 0:
			s.caps.Store(narrowCapabilities(s.promisedCapabilities(), listed))
			return nil
		case errors.Is(err, context.DeadlineExceeded):
			return nil // nor would it answer the other
		}
	}
	return nil
}

func (s *session) askCapabilityService(ctx context.Context, service message.Operation) (*message.Capabilities, error) {
	ctx, cancel := context.WithTimeout(ctx, exchangePatience)
	defer cancel()
	a, err := s.askService(ctx, cti.OpOpen, "", &message.Request{Op: service})
	return a.capabilities, err
}

// narrowCapabilities removes what the PBX does not list.
func narrowCapabilities(c *driver.Capabilities, listed *message.Capabilities) *driver.Capabilities {
	out := *c
	for _, op := range c.Operations.List() {
		for _, service := range services[op].requiredServices() {
			if !listed.Has(service) && !always.Has(op) {
				out.Operations = out.Operations.Without(op)
			}
		}
	}
	if len(listed.Events) > 0 && !listed.Reports(cti.Forwarding) {
		out.Operations = out.Operations.Without(cti.OpMonitorFeatures, cti.OpReleaseFeatures)
	}
	if listed.Linkage.Set && !listed.Linkage.Has(0) {
		out.GlobalCallIDs = false
	}
	return &out
}

// noteExistingCalls applies what the PBX reports when a monitor starts: that calls
// which exist already report no events. It runs on the reader.
func (s *session) noteExistingCalls(report message.Opt[bool]) {
	if report.Set && !report.Value && s.Capabilities().ReportsExistingCalls {
		s.silent.Store(true)
		now := s.Capabilities()
		now.ReportsExistingCalls = false
		s.caps.Store(&now)
		s.reportEvent(cti.Event{Kind: cti.CapabilitiesChanged})
	}
}

// copyCapabilities copies of an answer what narrows, for it aliases the frame.
func copyCapabilities(c *message.Capabilities) *message.Capabilities {
	if c == nil {
		return nil
	}
	return &message.Capabilities{Services: slices.Clone(c.Services), Events: slices.Clone(c.Events), Linkage: c.Linkage}
}

// handleCapabilitiesChange: the capabilities of the PBX have changed. It is
// asked again; its answer is dealt with on the reader.
func (s *session) handleCapabilitiesChange(m *message.Message) error {
	if s.profile.AskCapabilities {
		s.askCapabilitiesAgain(message.GetCSTAFeatures, message.GetSwitchingFunctionCaps)
	}
	return s.sendAcknowledgement(m.InvokeID, m.Request.Op)
}

func (s *session) askCapabilitiesAgain(service message.Operation, others ...message.Operation) {
	s.postNoted(message.Request{Op: service}, request{onLate: func(a reply) {
		switch {
		case a.err == nil && a.capabilities != nil && len(a.capabilities.Services) > 0:
			before := s.caps.Swap(narrowCapabilities(s.promisedCapabilities(), a.capabilities))
			if *before != s.Capabilities() {
				s.reportEvent(cti.Event{Kind: cti.CapabilitiesChanged})
			}
		case len(others) > 0:
			s.askCapabilitiesAgain(others[0], others[1:]...)
		}
	}})
}
