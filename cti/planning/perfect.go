package planning

// flow is an assignment of extensions to links by row and link, regardless of the
// lists: only capacity, protocol and reachability count.
type flow struct {
	table  *index
	placed [][]int // by row and link
	left   []int   // extensions of a row not placed
	free   []int   // slots of a link not used
}

// countPlaceable returns how many extensions a perfect assignment places.
func (x *index) countPlaceable() int {
	f := x.maximumFlow()
	n := x.countExtensions()
	for _, left := range f.left {
		n -= left
	}
	return n
}

// maximumFlow places as many extensions as can be placed: a maximum flow from rows
// to links, found along shortest augmenting paths.
func (x *index) maximumFlow() *flow {
	f := &flow{
		table: x, left: make([]int, len(x.Rows)), free: make([]int, len(x.Links)), placed: make([][]int, len(x.Rows)),
	}
	for i := range x.Rows {
		f.left[i], f.placed[i] = x.Rows[i].countExtensions(), make([]int, len(x.Links))
	}
	for j, l := range x.Links {
		f.free[j] = l.Capacity
	}
	for f.augmentFlow() {
	}
	return f
}

// augmentFlow finds a way for more extensions: from a row that has some left to a
// link with a free slot, where extensions of other rows step aside.
func (f *flow) augmentFlow() bool {
	const unseen, start = -2, -1
	rowFrom, linkFrom := make([]int, len(f.left)), make([]int, len(f.free)) // the step before
	var queue []int                                                         // rows
	for i := range rowFrom {
		rowFrom[i] = unseen
		if f.left[i] > 0 {
			rowFrom[i] = start
			queue = append(queue, i)
		}
	}
	for j := range linkFrom {
		linkFrom[j] = unseen
	}
	for len(queue) > 0 {
		row := queue[0]
		queue = queue[1:]
		for link := range linkFrom {
			if linkFrom[link] != unseen || !f.table.canSupervise(row, link) {
				continue
			}
			linkFrom[link] = row
			if f.free[link] > 0 {
				f.pushFlow(link, rowFrom, linkFrom)
				return true
			}
			for other := range rowFrom {
				if rowFrom[other] == unseen && f.placed[other][link] > 0 {
					rowFrom[other] = link
					queue = append(queue, other)
				}
			}
		}
	}
	return false
}

// pushFlow moves as many extensions as fit along the way that ends at a link.
func (f *flow) pushFlow(end int, rowFrom, linkFrom []int) {
	n := f.free[end]
	for link := end; ; link = rowFrom[linkFrom[link]] {
		row := linkFrom[link]
		if rowFrom[row] < 0 {
			n = min(n, f.left[row])
			break
		}
		n = min(n, f.placed[row][rowFrom[row]])
	}
	f.free[end] -= n
	for link := end; ; link = rowFrom[linkFrom[link]] {
		row := linkFrom[link]
		f.placed[row][link] += n
		if rowFrom[row] < 0 {
			f.left[row] -= n
			return
		}
		f.placed[row][rowFrom[row]] -= n
	}
}
