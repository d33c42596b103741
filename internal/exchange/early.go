package exchange

import "sync"

// Early keeps what a peer says of something, a monitor, under a reference that
// nobody knows yet, because it overtakes the answer that tells the reference.
// Only what comes behind a request that is still to be answered can be of what
// that request starts, and nothing that is said under a reference being given
// up: a peer may use it again at once.
//
// Start and End belong to those who ask, the other methods to the reader. K is
// a reference, M what is kept.
type Early[K comparable, M any] struct {
	mu      sync.Mutex
	started uint64 // starts so far
	open    int    // of them, not ended
	size    int
	kept    map[K][]kept[M]
	leaving map[K]uint64 // by what Leave returned
	left    uint64
}

type kept[M any] struct {
	m      M
	size   int
	behind uint64 // how many had been started then
}

// Start is called before a request that starts something is sent; its number is
// for Take.
func (e *Early[K, M]) Start() uint64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.open++
	e.started++
	return e.started
}

// End is called when such a request has been answered or given up. With the
// last of them all that is kept is forgotten.
func (e *Early[K, M]) End() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.open--; e.open == 0 {
		e.kept, e.size = nil, 0
	}
}

// Awaited reports whether an unknown reference may become known by an answer
// that is still to come.
func (e *Early[K, M]) Awaited(k K) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	_, leaving := e.leaving[k]
	return e.open > 0 && !leaving
}

// Keep keeps what was said under an awaited reference, unless more than limit
// would be kept then. size is that of m in bytes.
func (e *Early[K, M]) Keep(k K, m M, size, limit int) bool {
	size += 64 // for each, roughly
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.size+size > limit {
		return false
	}
	if e.kept == nil {
		e.kept = make(map[K][]kept[M])
	}
	e.size += size
	e.kept[k] = append(e.kept[k], kept[M]{m, size, e.started})
	return true
}

// Take returns what was said, in its order, under the reference that the answer
// to a start tells, and forgets it. The reader calls it before that start ends.
func (e *Early[K, M]) Take(k K, start uint64) (said []M) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, m := range e.kept[k] {
		e.size -= m.size
		if m.behind >= start {
			said = append(said, m.m)
		}
	}
	delete(e.kept, k)
	return said
}

// Leave notes that a request is sent by which a reference is given up; its
// answer is to be told to Left with the number returned.
func (e *Early[K, M]) Leave(k K) uint64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.leaving == nil {
		e.leaving = make(map[K]uint64)
	}
	e.left++
	e.leaving[k] = e.left
	return e.left
}

// Left ends what Leave began, unless it began anew since.
func (e *Early[K, M]) Left(k K, number uint64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.leaving[k] == number {
		delete(e.leaving, k)
	}
}
