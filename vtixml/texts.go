package vtixml

import "strings"

// texts makes strings out of bytes. Strings seen lately are not made again, and
// new ones are cut from chunks: one allocation for some hundred of them.
type texts struct {
	latest     [64]string // by slot, in front of the maps: 7 % of the time of an event
	young, old map[string]string
	chunk      strings.Builder
}

const (
	generation = 4096 // texts remembered: twice this many at most
	chunkSize  = 4096
	longText   = 128 // longer ones are not expected again
)

func (t *texts) internText(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if len(b) > longText {
		return string(b)
	}
	slot := &t.latest[(b[len(b)-1]+b[len(b)/2]*4)%64]
	if *slot != string(b) {
		*slot = t.lookupText(b)
	}
	return *slot
}

func (t *texts) lookupText(b []byte) string {
	if s, ok := t.young[string(b)]; ok {
		return s
	}
	s, ok := t.old[string(b)]
	if !ok {
		s = t.cutText(b)
	}
	if t.young == nil || len(t.young) == generation {
		t.old, t.young = t.young, make(map[string]string)
	}
	t.young[s] = s
	return s
}

// cutText stores new text behind the one before. A Builder never moves what it has
// given out as long as it does not grow.
func (t *texts) cutText(b []byte) string {
	if t.chunk.Cap()-t.chunk.Len() < len(b) {
		t.chunk = strings.Builder{}
		t.chunk.Grow(chunkSize)
	}
	begin := t.chunk.Len()
	t.chunk.Write(b)
	return t.chunk.String()[begin:]
}
