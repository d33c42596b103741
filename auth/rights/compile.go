package rights

import (
	"slices"

	"github.com/ctikit/ctikit"
)

// compiler builds an index from grants and the directory as it is now.
type compiler struct {
	set       *Set
	ix        *index
	groups    map[string]int32    // group → number
	companies map[string]string   // subject → company
	ancestors map[string][]string // group → itself and all groups above it
}

func (s *Set) compileIndex(grants []Grant) *index {
	c := &compiler{
		set: s,
		ix: &index{users: map[string]int32{}, objects: map[object]*holders{},
			ofGroups: map[string][]*holders{}, licences: map[string]*licence{}},
		groups: map[string]int32{}, companies: map[string]string{}, ancestors: map[string][]string{},
	}
	for user, enabled := range s.cfg.Subjects.Users() {
		if _, twice := c.ix.users[user]; twice {
			continue
		}
		c.ix.users[user] = int32(len(c.ix.names))
		c.ix.names = append(c.ix.names, user)
		c.ix.companies = append(c.ix.companies, c.cachedCompany(user))
		c.ix.enabled = append(c.ix.enabled, enabled)
	}
	c.ix.groups = make([][]int32, len(c.ix.names))
	for u, user := range c.ix.names {
		for _, group := range c.groupsOf(user) {
			c.ix.groups[u] = append(c.ix.groups[u], c.groupNumber(group))
		}
		slices.Sort(c.ix.groups[u])
	}
	for _, g := range grants {
		c.addGrant(g)
	}
	for _, h := range c.ix.objects {
		h.sortNumbers()
	}
	for _, ofGroups := range c.ix.ofGroups {
		for _, h := range ofGroups {
			if h != nil {
				h.sortNumbers()
			}
		}
	}
	return c.ix
}

func (h *holders) sortNumbers() {
	slices.Sort(h.users)
	slices.Sort(h.groups)
}

// addGrant puts a grant into the index. One that in the meantime crosses companies gives
// nothing: subjects move.
func (c *compiler) addGrant(g Grant) {
	company, bound, err := c.set.objectCompany(g.On, nil)
	if err != nil || bound && ctikit.SameCompany("", c.cachedCompany(g.To.ID), "", company) != nil {
		return
	}
	h := c.holdersOf(g.On)
	if g.To.Group {
		h.groups = append(h.groups, c.groupNumber(g.To.ID))
	} else if u, ok := c.ix.users[g.To.ID]; ok {
		h.users = append(h.users, u)
	}
}

func (c *compiler) holdersOf(o Object) *holders {
	if o.Group {
		g := int(c.groupNumber(o.ID))
		list := c.ix.ofGroups[o.Type]
		if missing := len(c.groups) - len(list); missing > 0 {
			list = append(list, make([]*holders, missing)...)
			c.ix.ofGroups[o.Type] = list
		}
		if list[g] == nil {
			list[g] = &holders{}
		}
		return list[g]
	}
	h := c.ix.objects[object{o.Type, o.ID}]
	if h == nil {
		h = &holders{}
		c.ix.objects[object{o.Type, o.ID}] = h
	}
	return h
}

// groupsOf returns a user's groups, each once, with those above them; a group of
// another company counts for nothing.
func (c *compiler) groupsOf(user string) (all []string) {
	company := c.cachedCompany(user)
	seen := map[string]bool{}
	for _, own := range c.set.cfg.Subjects.Groups(user) {
		for _, group := range c.ancestorsOf(own) {
			if !seen[group] && c.cachedCompany(group) == company {
				seen[group] = true
				all = append(all, group)
			}
		}
	}
	return all
}

// ancestorsOf returns a group and all groups it is in, each once, whatever cycles there
// are.
func (c *compiler) ancestorsOf(group string) []string {
	if all, known := c.ancestors[group]; known {
		return all
	}
	all := []string{group}
	if c.set.cfg.Parents != nil {
		seen := map[string]bool{group: true}
		for i := 0; i < len(all); i++ {
			for _, parent := range c.set.cfg.Parents(all[i]) {
				if !seen[parent] {
					seen[parent] = true
					all = append(all, parent)
				}
			}
		}
	}
	c.ancestors[group] = all
	return all
}

func (c *compiler) cachedCompany(subject string) string {
	company, known := c.companies[subject]
	if !known {
		company = c.set.cfg.Subjects.Company(subject)
		c.companies[subject] = company
	}
	return company
}

func (c *compiler) groupNumber(group string) int32 {
	n, known := c.groups[group]
	if !known {
		n = int32(len(c.groups))
		c.groups[group] = n
	}
	return n
}
