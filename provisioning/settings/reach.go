package settings

// Reach lists which statements some telephone can come to, taking every IF as
// both true and false; Dead holds the others, in order of lines. After a GET
// nothing is reached in a dialect that replaces, unless the file is not there,
// so those lines are in AfterGet, not in Dead.
type Reach struct {
	Dead     []*Node
	AfterGet []*Node
}

// Reach follows the GOTOs of f in dialect d.
func (f *File) Reach(d Dialect) Reach {
	sure := f.reachableNodes(d, !d.Include)
	perhaps := sure
	if !d.Include {
		perhaps = f.reachableNodes(d, false)
	}
	var reach Reach
	for i := range f.Nodes {
		switch {
		case !perhaps[i]:
			reach.Dead = append(reach.Dead, &f.Nodes[i])
		case !sure[i]:
			reach.AfterGet = append(reach.AfterGet, &f.Nodes[i])
		}
	}
	return reach
}

// reachableNodes marks the nodes that can be come to from the start.
func (f *File) reachableNodes(d Dialect, stopAtGet bool) []bool {
	seen := make([]bool, len(f.Nodes))
	todo := []int{0}
	for len(todo) > 0 {
		i := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for ; i < len(f.Nodes) && !seen[i]; i++ {
			seen[i] = true
			n := &f.Nodes[i]
			if n.Kind == Get && stopAtGet {
				break
			}
			if n.Kind != Goto && n.Kind != If {
				continue
			}
			if next := f.jumpTarget(d, i); next >= 0 {
				todo = append(todo, next)
			}
			if n.Kind == Goto {
				break
			}
		}
	}
	return seen
}
