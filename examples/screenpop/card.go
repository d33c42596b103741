package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/ctikit/ctikit/directory"
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

func contactOf(c *directory.Contact) contact {
	out := contact{Name: c.Name(), Email: c.Email, Numbers: []string{}}
	for _, n := range c.Numbers {
		out.Numbers = append(out.Numbers, fmt.Sprintf("%s %s", n.Kind, n.Value))
	}
	return out
}

func printJSON(w io.Writer, c card) error { return json.NewEncoder(w).Encode(c) }

// width of a card, within its border.
const width = 46

// printText draws a card when a call begins, and one line for what becomes of it.
func printText(w io.Writer, c card) error {
	if c.State != "rings" {
		_, err := fmt.Fprintf(w, "  %s: %s %s\n", c.Extension, c.who(), c.State)
		return err
	}
	lines := []string{fmt.Sprintf("%s rings", c.Extension), c.who()}
	if c.E164 != "" && c.who() != c.E164 {
		lines = append(lines, c.E164)
	}
	for _, person := range c.Contacts {
		if person.Name != c.who() {
			lines = append(lines, "perhaps "+person.Name)
		}
		if person.Email != "" {
			lines = append(lines, person.Email)
		}
		lines = append(lines, person.Numbers...)
	}
	var b strings.Builder
	b.WriteString("┌" + strings.Repeat("─", width) + "┐\n")
	for _, line := range lines {
		if text := []rune(line); len(text) > width-2 {
			line = string(text[:width-3]) + "…"
		}
		fmt.Fprintf(&b, "│ %-*s│\n", width-1, line)
	}
	b.WriteString("└" + strings.Repeat("─", width) + "┘\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// who is the best that is known of the caller.
func (c card) who() string {
	switch {
	case c.Name != "":
		return c.Name
	case c.Withheld:
		return "number withheld"
	case c.E164 != "":
		return c.E164
	case c.Number != "":
		return c.Number
	}
	return "unknown caller"
}
