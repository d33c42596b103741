package cti

import (
	"fmt"
	"log/slog"
	"strings"

	"github.com/ctikit/ctikit/internal/printable"
)

// How values show in logs and errors: readable, on one line, and without
// control characters, whatever a PBX or a caller sent.

// String is one line: `Delivered 4001 call 17 alerting 0123456789 → 4001 (new call)`.
func (ev Event) String() string {
	var b strings.Builder
	b.WriteString(ev.Kind.String())
	if ev.Device != "" {
		b.WriteString(" " + string(ev.Device))
	}
	switch ev.Kind.Class() {
	case CallClass:
		fmt.Fprintf(&b, " call %s %s", ev.Call, ev.State)
		b.WriteString(describeParties(ev.Calling, ev.Called))
		if ev.Cause != CauseNone {
			b.WriteString(" (" + ev.Cause.String() + ")")
		}
	case FeatureClass:
		if ev.Kind == Forwarding {
			b.WriteString(" " + ev.Forward.String())
		}
	case SnapshotClass:
		if ev.Snapshot != nil {
			b.WriteString(": " + ev.Snapshot.describeCalls())
		}
	case GapClass:
		if ev.Kind == GapFound {
			b.WriteString(" " + ev.Gap.Reason.String())
			if ev.Gap.Count > 0 {
				fmt.Fprintf(&b, ", %d lost", ev.Gap.Count)
			}
		}
		if ev.Reason != ReasonNone {
			b.WriteString(": " + ev.Reason.String())
		}
	case LinkClass, SessionClass:
		if ev.Link != "" {
			b.WriteString(" " + ev.Link)
		}
	}
	if ev.Text != "" {
		fmt.Fprintf(&b, " %q", ev.Text)
	}
	return printable.Text(b.String())
}

// LogValue is [Event.String], for log/slog.
func (ev Event) LogValue() slog.Value { return slog.StringValue(ev.String()) }

func describeParties(calling, called Party) string {
	if calling.Status == NotSpecified && called.Status == NotSpecified {
		return ""
	}
	return " " + calling.String() + " → " + called.String()
}

// String is the number and, if there is one, the name, or "unknown",
// "withheld", "-".
func (p Party) String() string {
	switch p.Status {
	case NotSpecified:
		return "-"
	case NotKnown:
		return "unknown"
	case Restricted:
		return "withheld"
	}
	if p.Name != "" {
		return printable.Text(string(p.Number) + " " + p.Name)
	}
	return printable.Text(string(p.Number))
}

// LogValue is [Party.String], for log/slog.
func (p Party) LogValue() slog.Value { return slog.StringValue(p.String()) }

// String is the party and the state of its connection: "4002 connected".
func (p CallParty) String() string { return p.Device.String() + " " + p.State.String() }

// String is one line: "call 17 connected 0123456789 → 4001, with 0123456789 connected".
func (c Call) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "call %s %s%s", c.ID, c.State, describeParties(c.Calling, c.Called))
	for i, p := range c.Parties {
		b.WriteString([]string{", with ", " and "}[min(i, 1)] + p.String())
	}
	if c.Stale {
		b.WriteString(" (stale)")
	}
	return printable.Text(b.String())
}

// LogValue is [Call.String], for log/slog.
func (c Call) LogValue() slog.Value { return slog.StringValue(c.String()) }

// String is one line: "4001: no call", "4001: call 17 alerting …; call 18 hold …".
func (s Snapshot) String() string { return printable.Text(string(s.Device) + ": " + s.describeCalls()) }

// LogValue is [Snapshot.String], for log/slog.
func (s Snapshot) LogValue() slog.Value { return slog.StringValue(s.String()) }

func (s *Snapshot) describeCalls() string {
	list := make([]string, 0, len(s.Calls)+1)
	for _, c := range s.Calls {
		list = append(list, c.String())
	}
	if len(list) == 0 {
		list = append(list, "no call")
	}
	return strings.Join(append(list, s.Features.describeKnown()...), "; ")
}

// String lists what is known: "forward immediate to 4009; do not disturb".
func (f Features) String() string { return printable.Text(strings.Join(f.describeKnown(), "; ")) }

func (f *Features) describeKnown() (known []string) {
	for _, forward := range f.Forwards {
		known = append(known, "forward "+forward.String())
	}
	if f.DoNotDisturb != nil && *f.DoNotDisturb {
		known = append(known, "do not disturb")
	}
	if f.MessageWaiting != nil && *f.MessageWaiting {
		known = append(known, "message waiting")
	}
	if f.Agent != AgentUnknown {
		known = append(known, "agent "+f.Agent.String())
	}
	return known
}

// String is the forward in words: "busy, external calls, to 4009", "immediate off".
func (f Forward) String() string {
	s := f.Type.String()
	if f.Origin != AllCalls {
		s += ", " + f.Origin.String() + " calls,"
	}
	switch {
	case !f.Active:
		s += " off"
	case f.To != "":
		s += " to " + f.To
	}
	return printable.Text(s)
}

// String is the other side as a person would name it: "4002 Bob", "unknown".
func (o Other) String() string {
	switch {
	case o.Number == "" && o.Name == "":
		return "unknown"
	case o.Name == "":
		return printable.Text(string(o.Number))
	}
	return printable.Text(string(o.Number) + " " + o.Name)
}

// String is the form used in errors and logs: "call/device".
func (c ConnectionID) String() string {
	return printable.Text(string(c.Call)) + "/" + printable.Text(string(c.Device))
}
