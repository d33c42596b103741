package directory

import (
	"context"
	"strings"
)

// ContactList is a list that a user keeps: references to cards of directories
// in the user's order, and personal contacts of this user alone.
type ContactList struct {
	ID       string   `json:"id"`
	Company  string   `json:"company"`
	User     string   `json:"user"`
	Name     string   `json:"name"`
	Contacts []string `json:"contacts,omitempty"` // IDs of cards; "user:ID" for a user's own card
	// Personal are contacts of this user alone. Their Directory is
	// [PersonalDirectory], which the application's rights grant to that user only.
	Personal []Contact `json:"personal,omitempty"`

	kept []string // references of the stored list: the cards may have been deleted since
}

// userCard precedes the user's ID in the ID of a user's card.
const userCard = "user:"

// PersonalDirectory returns the directory of a user's personal contacts.
func PersonalDirectory(user string) string { return "personal:" + user }

// parseCardReference returns whose card a reference of a list means.
func parseCardReference(ref string) (kind, id string) {
	if user, ok := strings.CutPrefix(ref, userCard); ok {
		return kindUser, user
	}
	return kindContact, ref
}

// Contacts and users come and go with imports while lists refer to them. A
// reference to a removed object stays, since an undo may restore it; an export
// omits it, so it can be imported anywhere.

// prepareListExport returns false for the list of a deleted user.
func (r *Registry) prepareListExport(ctx context.Context, l *ContactList) (bool, error) {
	_, owned, err := r.lookUpHeader(ctx, kindUser, l.User)
	if err != nil || !owned {
		return false, err
	}
	var alive []string
	for _, ref := range l.Contacts {
		kind, id := parseCardReference(ref)
		_, found, err := r.lookUpHeader(ctx, kind, id)
		if err != nil {
			return false, err
		}
		if found {
			alive = append(alive, ref)
		}
	}
	l.Contacts = alive
	return true, nil
}
