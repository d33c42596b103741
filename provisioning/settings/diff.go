package settings

// matchLines pairs the lines of two files: pair[i] is the line of b that line i of a
// is, or -1. The pairs keep the order of both files. Lines that occur once in
// each file are the anchors (patience diff): a template has many equal lines
// ("##", "GOTO END"), and those must not pair across statements.
func matchLines(a, b []string) []int {
	pair := make([]int, len(a))
	for i := range pair {
		pair[i] = -1
	}
	m := matcher{a: a, b: b, pair: pair}
	m.todo = append(m.todo, span{0, len(a), 0, len(b)})
	for len(m.todo) > 0 {
		s := m.todo[len(m.todo)-1]
		m.todo = m.todo[:len(m.todo)-1]
		m.matchSpan(s)
	}
	return pair
}

// span is a part of a and a part of b.
type span struct{ a0, a1, b0, b1 int }

type matcher struct {
	a, b []string
	pair []int
	todo []span
}

// maxTable bounds the comparisons of one part without anchors.
const maxTable = 1 << 20

func (m *matcher) matchSpan(s span) {
	for s.a0 < s.a1 && s.b0 < s.b1 && m.a[s.a0] == m.b[s.b0] {
		m.pair[s.a0] = s.b0
		s.a0, s.b0 = s.a0+1, s.b0+1
	}
	for s.a0 < s.a1 && s.b0 < s.b1 && m.a[s.a1-1] == m.b[s.b1-1] {
		m.pair[s.a1-1] = s.b1 - 1
		s.a1, s.b1 = s.a1-1, s.b1-1
	}
	if s.a0 == s.a1 || s.b0 == s.b1 {
		return
	}
	anchors := m.findAnchors(s)
	if len(anchors) == 0 {
		if (s.a1-s.a0)*(s.b1-s.b0) <= maxTable {
			m.matchByTable(s)
		}
		return
	}
	a0, b0 := s.a0, s.b0
	for _, i := range anchors {
		m.todo = append(m.todo, span{a0, i, b0, m.pair[i]})
		a0, b0 = i+1, m.pair[i]+1
	}
	m.todo = append(m.todo, span{a0, s.a1, b0, s.b1})
}

// findAnchors pairs the lines that occur once in both parts, as far as they keep
// their order, and returns them (of a).
func (m *matcher) findAnchors(s span) []int {
	type count struct{ inA, inB, atB int }
	counts := make(map[string]count, s.a1-s.a0)
	for i := s.a0; i < s.a1; i++ {
		c := counts[m.a[i]]
		c.inA++
		counts[m.a[i]] = c
	}
	for j := s.b0; j < s.b1; j++ {
		if c, ok := counts[m.b[j]]; ok {
			c.inB, c.atB = c.inB+1, j
			counts[m.b[j]] = c
		}
	}
	var unique, at []int
	for i := s.a0; i < s.a1; i++ {
		if c := counts[m.a[i]]; c.inA == 1 && c.inB == 1 {
			unique, at = append(unique, i), append(at, c.atB)
		}
	}
	var anchors []int
	for _, k := range longestRising(at) {
		m.pair[unique[k]] = at[k]
		anchors = append(anchors, unique[k])
	}
	return anchors
}

// longestRising returns the indices of a longest rising subsequence.
func longestRising(values []int) []int {
	previous := make([]int, len(values))
	var tails []int // index of the smallest last value of each length
	for i, v := range values {
		lo, hi := 0, len(tails)
		for lo < hi {
			if mid := (lo + hi) / 2; values[tails[mid]] < v {
				lo = mid + 1
			} else {
				hi = mid
			}
		}
		previous[i] = -1
		if lo > 0 {
			previous[i] = tails[lo-1]
		}
		if lo == len(tails) {
			tails = append(tails, i)
		} else {
			tails[lo] = i
		}
	}
	if len(tails) == 0 {
		return nil
	}
	out := make([]int, len(tails))
	for i, k := len(tails)-1, tails[len(tails)-1]; i >= 0; i, k = i-1, previous[k] {
		out[i] = k
	}
	return out
}

// matchByTable pairs a longest common subsequence of a small part.
func (m *matcher) matchByTable(s span) {
	width := s.b1 - s.b0 + 1
	longest := make([]int32, (s.a1-s.a0+1)*width)
	for i := s.a1 - 1; i >= s.a0; i-- {
		row := (i - s.a0) * width
		for j := s.b1 - 1; j >= s.b0; j-- {
			at := row + j - s.b0
			if m.a[i] == m.b[j] {
				longest[at] = longest[at+width+1] + 1
			} else {
				longest[at] = max(longest[at+1], longest[at+width])
			}
		}
	}
	for i, j := s.a0, s.b0; i < s.a1 && j < s.b1; {
		at := (i-s.a0)*width + j - s.b0
		switch {
		case m.a[i] == m.b[j]:
			m.pair[i] = j
			i, j = i+1, j+1
		case longest[at+1] >= longest[at+width]:
			j++
		default:
			i++
		}
	}
}
