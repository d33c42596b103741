package directory

import (
	"context"
	"fmt"

	"github.com/ctikit/ctikit"
)

// ReadContacts reads a source into contact cards of one directory, for an
// application that needs an index without a store. Entries without a telephone
// number (severity info) and entries that break a rule (severity error) are omitted
// and returned as problems, each with the entry's path or line; of two entries with
// the same key the first is used.
//
// The error wraps [ctikit.ErrInvalid] if the mapping or the directory is invalid, and
// [*Incomplete] or the source's own error if the reading was not complete; no
// contacts are returned then.
func ReadContacts(
	ctx context.Context, src Source, mapping Mapping, into Directory,
) ([]Contact, ctikit.Problems, error) {
	var ps ctikit.Problems
	mapping.addRuleProblems(&ps, "mapping")
	requireTexts(&ps, "directory.id", into.ID, "directory.company", into.Company)
	if err := ps.Err(); err != nil {
		return nil, nil, fmt.Errorf("read contacts: %w", err)
	}
	var (
		contacts []Contact
		problems ctikit.Problems
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
			c, reason := entryContact(m, item.Entry, into)
			if reason == "" && seen[c.ID] {
				reason = duplicateKey(item.Entry)
			}
			if reason != "" {
				problems = append(problems, entryProblem(item.Entry.location(), reason))
				continue
			}
			seen[c.ID] = true
			contacts = append(contacts, c)
		}
	}
	if !complete {
		return nil, nil, fmt.Errorf("read contacts: %w", errUnconfirmed)
	}
	return contacts, problems, nil
}

func entryContact(m *mapper, e *Entry, into Directory) (c Contact, problem string) {
	m.loadEntry(e)
	r, err := m.buildRecord(e, m.fingerprint(e))
	if err != nil {
		return c, err.Error()
	}
	if !r.hasNumber() {
		return c, ReasonNoNumber
	}
	c = Contact{ID: escapeSlash(into.ID) + "/" + r.key, Company: into.Company, Directory: into.ID,
		Origin: &Origin{Key: r.key, Path: r.path}}
	for i, f := range r.names {
		c.setFieldValues(f, r.values[i])
	}
	var ps ctikit.Problems
	if c.addProblems(&ps); len(ps) > 0 {
		return c, joinLines(ps)
	}
	return c, ""
}

// errUnconfirmed reports a reading that may have been cut short.
var errUnconfirmed = &Incomplete{Source: "source", Reason: "it ended without confirming completeness"}

func duplicateKey(e *Entry) string { return fmt.Sprintf("duplicate key %.80q", e.Key) }

// entryProblem is the problem of an entry that is ignored or failed.
func entryProblem(path, reason string) ctikit.Problem {
	severity := ctikit.SeverityError
	switch reason {
	case ReasonNoNumber, reasonNotInserted:
		severity = ctikit.SeverityInfo
	case ReasonNumberLost:
		severity = ctikit.SeverityWarning
	}
	return ctikit.Problem{Severity: severity, Path: path, Message: reason}
}

// ReasonNoNumber is why an entry without a telephone number is ignored (TWP
// guide 7.2.3).
const ReasonNoNumber = "no telephone number"

// ReasonNumberLost is why an entry without a telephone number is ignored if it was
// imported earlier. The stored object is not changed: to remove its number, clear
// it in the object, or give the entry another number.
const ReasonNumberLost = "no longer has a telephone number; the stored object and its number are unchanged"

const reasonNotInserted = "not imported earlier, and the mode only updates"
