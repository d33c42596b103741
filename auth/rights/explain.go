package rights

import "slices"

// Path describes how a user came by a right.
type Path struct {
	Grant Grant
	// Via are the groups from the user's own to the one that holds the grant;
	// empty where the user holds it directly.
	Via []string
	// Of are the groups from the target's own to the one that the grant is
	// about; empty where it is about the target itself, or about no user.
	Of []string
	// NoLicence says that the right is of no use for want of a licence.
	NoLicence bool
}

// Explain returns every path by which a user has a right, in the order of the
// grants; none means that [Set.Can] is false. A disabled user has none.
func (s *Set) Explain(user, objectType, id string) []Path {
	target := map[string][]string{}
	if s.aboutUsers[objectType] {
		target = s.groupPaths(id)
	}
	return s.findPaths(user, func(o Object) (of []string, matches bool) {
		switch {
		case o.Type != objectType:
			return nil, false
		case o.Group:
			of, matches = target[o.ID]
			return of, matches
		}
		return nil, o.ID == id
	})
}

// Effective returns all rights of a user with their paths, in the order of the
// grants.
func (s *Set) Effective(user string) []Path {
	return s.findPaths(user, func(Object) ([]string, bool) { return nil, true })
}

func (s *Set) findPaths(user string, about func(Object) ([]string, bool)) (paths []Path) {
	ix := s.index.Load()
	u, ok := ix.users[user]
	if !ok || !ix.enabled[u] {
		return nil
	}
	groups := s.groupPaths(user)
	for _, g := range s.Grants() {
		of, matches := about(g.On)
		if !matches || s.checkCompany(g, nil) != nil {
			continue
		}
		p := Path{Grant: g, Of: of}
		if g.To.Group {
			if p.Via, ok = groups[g.To.ID]; !ok {
				continue
			}
		} else if g.To.ID != user {
			continue
		}
		if l := ix.licences[g.On.ID]; l != nil && g.On.Type == Application {
			p.NoLicence = l.refuses(u)
		}
		paths = append(paths, p)
	}
	return paths
}

// groupPaths returns for each group of a user the shortest way there.
func (s *Set) groupPaths(user string) map[string][]string {
	company := s.cfg.Subjects.Company(user)
	ways := map[string][]string{}
	var queue []string
	enter := func(group string, way []string) {
		if _, known := ways[group]; !known {
			ways[group] = append(slices.Clone(way), group)
			queue = append(queue, group)
		}
	}
	for _, group := range s.cfg.Subjects.Groups(user) {
		enter(group, nil)
	}
	for i := 0; i < len(queue) && s.cfg.Parents != nil; i++ {
		for _, parent := range s.cfg.Parents(queue[i]) {
			enter(parent, ways[queue[i]])
		}
	}
	for group := range ways {
		if s.cfg.Subjects.Company(group) != company {
			delete(ways, group)
		}
	}
	return ways
}
