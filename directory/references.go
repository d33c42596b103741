package directory

import "context"

// Contacts and users come and go with imports while lists refer to them. A reference to what is gone stays, since an undo may bring it
// back; an export leaves it out, so that it can be imported anywhere.

func (r *Registry) exists(ctx context.Context, kind, id string) (bool, error) {
	_, found, err := firstOf(r.store.Objects(ctx, Query{Kind: kind, IDs: []string{id}, Headers: true}))
	return found, err
}

// tidyList is false for the list of a user who is gone.
func (r *Registry) tidyList(ctx context.Context, l *ContactList) (bool, error) {
	owned, err := r.exists(ctx, kindUser, l.User)
	if err != nil || !owned {
		return false, err
	}
	var alive []string
	for _, ref := range l.Contacts {
		kind, id := cardOf(ref)
		found, err := r.exists(ctx, kind, id)
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

// listsOf are a user's lists, to be deleted with the user.
func (r *Registry) listsOf(ctx context.Context, u *User) (out []Object, err error) {
	for o, err := range r.store.Objects(ctx, Query{Kind: kindList, Company: u.Company}) {
		if err != nil {
			return nil, err
		}
		l, err := r.Lists.decode(o)
		if err != nil {
			return nil, err
		}
		if l.User == u.ID {
			out = append(out, Object{Kind: o.Kind, ID: o.ID, Version: o.Version})
		}
	}
	return out, nil
}

// freeDirectories lets other imports have the directories of one that is deleted.
func (r *Registry) freeDirectories(ctx context.Context, imp string) error {
	var owned []string
	for d, err := range r.Directories.All(ctx) {
		if err != nil {
			return err
		}
		if d.Import == imp {
			owned = append(owned, d.ID)
		}
	}
	for _, id := range owned {
		if err := r.Directories.Update(ctx, id, func(d *Directory) error { d.Import = ""; return nil }); err != nil {
			return err
		}
	}
	return nil
}
