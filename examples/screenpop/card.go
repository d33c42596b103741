package main

import (
	"cmp"
	"fmt"
	"io"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/examples/internal/report"
)

// card is what is shown of a call.
type card struct {
	Time      time.Time `json:"time"`
	State     string    `json:"state"` // rings, answered, ended
	Extension string    `json:"extension"`
	Number    string    `json:"number,omitempty"`
	E164      string    `json:"e164,omitempty"`
	Internal  bool      `json:"internal,omitempty"`
	Withheld  bool      `json:"withheld,omitempty"`
	Name      string    `json:"name,omitempty"`
	Contacts  []contact `json:"contacts,omitempty"` // several where the number is of several
}

type contact struct {
	Name    string   `json:"name"`
	Email   string   `json:"email,omitempty"`
	Numbers []string `json:"numbers"`
}

// cardOf asks the directory who calls.
func (p *popper) cardOf(device cti.DeviceID, c cti.Call) card {
	other := p.Gateway.Other(device, c)
	match := p.Names.Lookup(other.Lookup, other.E164)
	out := card{State: "rings", Extension: string(device),
		Number: string(other.Number), E164: other.E164, Internal: other.Internal,
		Withheld: c.Other(device).Status == cti.Restricted, Name: match.Name}
	if out.Name == "" {
		out.Name = other.Name // as the PBX sent it
	}
	for _, found := range match.Contacts {
		person := contact{Name: found.Name(), Email: found.Email, Numbers: []string{}}
		for _, n := range found.Numbers {
			person.Numbers = append(person.Numbers, fmt.Sprintf("%s %s", n.Kind, n.Value))
		}
		out.Contacts = append(out.Contacts, person)
	}
	return out
}

// printText draws a card when a call begins, and one line for what becomes of it.
func printText(w io.Writer) func(card) error {
	return func(c card) error {
		if c.State != "rings" {
			_, err := fmt.Fprintf(w, "  %s: %s %s\n", c.Extension, c.callerText(), c.State)
			return err
		}
		lines := []string{c.Extension + " rings", c.callerText()}
		if c.E164 != "" && c.callerText() != c.E164 {
			lines = append(lines, c.E164)
		}
		for _, person := range c.Contacts {
			if person.Name != c.callerText() {
				lines = append(lines, "perhaps "+person.Name)
			}
			if person.Email != "" {
				lines = append(lines, person.Email)
			}
			lines = append(lines, person.Numbers...)
		}
		return report.Box(w, lines)
	}
}

// callerText is the best that is known of the caller.
func (c card) callerText() string {
	withheld := ""
	if c.Withheld {
		withheld = "number withheld"
	}
	return cmp.Or(c.Name, withheld, c.E164, c.Number, "unknown caller")
}
