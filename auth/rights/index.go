package rights

import "slices"

// index answers whether a user may. It never changes once published. Users and
// groups are numbers, lists of them sorted.
type index struct {
	users     map[string]int32
	names     []string  // of users
	companies []string  // by user
	enabled   []bool    // by user
	groups    [][]int32 // by user: all groups, also by nesting, of the user's own company
	objects   map[object]*holders
	ofGroups  map[string][]*holders // by type about users, then by group; nil where nothing is granted
	licences  map[string]*licence   // by application that is counted
}

// object is an [Object] that is not a group.
type object struct{ kind, id string }

// holders are those to whom one object is granted.
type holders struct {
	users, groups []int32
	licence       *licence // nil where nothing is counted
}

// Can reports whether an enabled user may, directly or by a group. For types about
// users, id is the user whose statistics or recordings are meant. It allocates
// nothing.
func (s *Set) Can(user, objectType, id string) bool {
	ix := s.index.Load()
	u, ok := ix.users[user]
	if !ok || !ix.enabled[u] {
		return false
	}
	if h := ix.objects[object{objectType, id}]; h != nil && ix.hasHolder(h, u) {
		return h.licence == nil || !h.licence.refuses(u)
	}
	ofGroups := ix.ofGroups[objectType]
	if ofGroups == nil {
		return false
	}
	target, ok := ix.users[id]
	if !ok {
		return false
	}
	for _, g := range ix.groups[target] {
		if h := ofGroups[g]; h != nil && ix.hasHolder(h, u) {
			return true
		}
	}
	return false
}

func (ix *index) hasHolder(h *holders, u int32) bool {
	if _, direct := slices.BinarySearch(h.users, u); direct {
		return true
	}
	return intersect(h.groups, ix.groups[u])
}

// intersect reports whether two sorted lists share a number: those of the shorter
// are looked up in the longer.
func intersect(a, b []int32) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	for _, n := range a {
		i, found := slices.BinarySearch(b, n)
		if found {
			return true
		}
		b = b[i:]
	}
	return false
}

// View answers for one type about users.
type View struct {
	set        *Set
	objectType string
}

// View returns the view of one type about users, for packages that ask "may this
// one see that one?".
func (s *Set) View(objectType string) View { return View{s, objectType} }

// CanSee reports whether viewer may see target; every user sees himself.
func (v View) CanSee(viewer, target string) bool {
	return viewer == target || v.set.Can(viewer, v.objectType, target)
}
