package directory

import "fmt"

// ContactList is a list that a user keeps: references to cards of directories
// in the user's order, and personal contacts that are nobody else's.
type ContactList struct {
	ID       string   `json:"id"`
	Company  string   `json:"company"`
	User     string   `json:"user"`
	Name     string   `json:"name"`
	Contacts []string `json:"contacts,omitempty"` // IDs of cards; "user:ID" for a user's own card
	// Personal are contacts of this user alone. Their Directory is "personal:"
	// and the user's ID, which a host's rights grant to that user only.
	Personal []Contact `json:"personal,omitempty"`

	kept []string // references of the stored list: what they mean may be gone since
}

// userCard stands before the user's ID in the ID of a user's card.
const userCard = "user:"

// PersonalDirectory is the directory of a user's personal contacts.
func PersonalDirectory(user string) string { return "personal:" + user }

func (l *ContactList) check(m *Mistakes) {
	m.require("id", l.ID)
	m.require("company", l.Company)
	m.require("user", l.User)
	m.require("name", l.Name)
	for i := range l.Personal {
		c := &l.Personal[i]
		var inner Mistakes
		c.check(&inner)
		for _, mistake := range inner.list {
			m.list = append(m.list, fmt.Sprintf("personal[%d].%s", i, mistake))
		}
		if c.Company != l.Company || c.Directory != PersonalDirectory(l.User) {
			m.Add(fmt.Sprintf("personal[%d]", i), "its company and directory must be %q and %q", l.Company, PersonalDirectory(l.User))
		}
	}
}
