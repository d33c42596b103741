package directory

import (
	"context"
	"fmt"
)

// Problem is an entry of a source that could not be used.
type Problem struct {
	Path   string `json:"path"` // where the entry stands: a DN, a line
	Reason string `json:"reason"`
}

// ReadContacts reads a whole source into contact cards of one directory, for a
// host that wants an index without a store. Entries without a telephone number
// and entries that break a rule are left out and reported; of two entries with
// one key the first stands. An error means that the reading was incomplete.
func ReadContacts(ctx context.Context, src Source, mapping Mapping, into Directory) ([]Contact, []Problem, error) {
	var mistakes Mistakes
	mapping.check(&mistakes, "mapping")
	mistakes.require("directory.id", into.ID)
	mistakes.require("directory.company", into.Company)
	if err := mistakes.Err(); err != nil {
		return nil, nil, fmt.Errorf("read contacts: %w", err)
	}
	var (
		contacts []Contact
		problems []Problem
		seen     = map[string]bool{}
		m        = newMapper(mapping)
		complete bool
	)
	for item, err := range src.Read(ctx, "") {
		switch {
		case err != nil:
			return nil, nil, fmt.Errorf("read contacts: %w", err)
		case item.End != nil:
			complete = true
		case item.Entry != nil:
			c, reason := contactOf(m, item.Entry, into)
			if reason == "" && seen[c.ID] {
				reason = fmt.Sprintf("key %.80q stands twice", item.Entry.Key)
			}
			if reason != "" {
				problems = append(problems, Problem{Path: item.Entry.where(), Reason: reason})
				continue
			}
			seen[c.ID] = true
			contacts = append(contacts, c)
		}
	}
	if !complete {
		return nil, nil, fmt.Errorf("read contacts: %w", &Incomplete{Source: "source", Reason: "it stopped without saying that it had told everything"})
	}
	return contacts, problems, nil
}

func contactOf(m *mapper, e *Entry, into Directory) (c Contact, problem string) {
	m.load(e)
	r, err := m.record(e, m.fingerprint(e))
	if err != nil {
		return c, err.Error()
	}
	if !r.hasNumber() {
		return c, ReasonNoNumber
	}
	c = Contact{ID: slashless(into.ID) + "/" + r.key, Company: into.Company, Directory: into.ID, Origin: &Origin{Key: r.key, Path: r.path}}
	for i, f := range r.names {
		c.setField(f, r.values[i])
	}
	var mistakes Mistakes
	if c.check(&mistakes); mistakes.Err() != nil {
		return c, mistakes.Err().Error()
	}
	return c, ""
}

// ReasonNoNumber is why an entry without a telephone number is ignored (TWP
// guide 7.2.3).
const ReasonNoNumber = "no telephone number"

// ReasonNumberLost is the same of one who is known here. Nothing of the entry is
// taken over; whoever wants the number gone clears it here, or gives the entry
// another one.
const ReasonNumberLost = "no telephone number any more: what is stored here stays, its number too"
