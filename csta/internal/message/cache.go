package message

import "encoding/binary"

// Cache remembers what was made from the bytes of an identifier, so that a
// known one costs a look-up and no allocation. It is bounded: when a generation
// is full, the one before it is forgotten, save what was used since. The zero
// Cache is not ready; one goroutine uses it at a time.
type Cache[T any] struct {
	size       int
	young, old map[string]*entry[T]
	generation int
	// recent is in front of the maps, one place for each hash: on a link most
	// identifiers are those of the last few messages, and to find them there
	// takes a third of the time.
	recent [256]*entry[T]
}

type entry[T any] struct {
	key        string
	value      T
	generation int // in which it was put into young
}

// PassingCacheSize is the size of a cache of what, unlike a device, is new with
// every call and soon of no more use: connections, call data.
const PassingCacheSize = 4096

// NewCache returns a cache of about size to twice size entries; 0 means 65536.
func NewCache[T any](size int) *Cache[T] {
	if size <= 0 {
		size = 65536
	}
	return &Cache[T]{size: size, young: make(map[string]*entry[T])}
}

// Get returns what key stands for, and whether that is known.
func (c *Cache[T]) Get(key []byte) (v T, ok bool) {
	if at := c.Find(key); at != nil {
		return *at, true
	}
	return v, false
}

// Find is Get without a copy: nil where key is not known. What it points to is
// to be copied, not changed.
func (c *Cache[T]) Find(key []byte) *T {
	at := &c.recent[place(key)]
	if e := *at; e != nil && e.key == string(key) {
		if e.generation != c.generation {
			c.remember(e)
		}
		return &e.value
	}
	e, ok := c.young[string(key)]
	if !ok {
		if e, ok = c.old[string(key)]; !ok {
			return nil
		}
		c.remember(e)
	}
	*at = e
	return &e.value
}

// place is where a key goes among the recent ones. Its last eight bytes and its
// first ones tell identifiers apart; those that share a place are found in the maps.
func place(key []byte) uint8 {
	const mix = 0x9e3779b97f4a7c15 // 2^64 divided by the golden ratio
	h := uint64(len(key))
	if len(key) >= 8 {
		h ^= binary.LittleEndian.Uint64(key)*mix ^ binary.LittleEndian.Uint64(key[len(key)-8:])
	} else {
		for _, b := range key {
			h = h<<8 ^ uint64(b)
		}
	}
	return uint8(h * mix >> 56)
}

// Put remembers v under a copy of key.
func (c *Cache[T]) Put(key []byte, v T) { c.remember(&entry[T]{key: string(key), value: v}) }

func (c *Cache[T]) remember(e *entry[T]) {
	if len(c.young) >= c.size {
		c.old, c.young = c.young, make(map[string]*entry[T])
		c.generation++
	}
	e.generation = c.generation
	c.young[e.key] = e
}

// Intern returns the one string that a cache of strings holds for b.
func Intern(c *Cache[string], b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if s := c.Find(b); s != nil {
		return *s
	}
	s := string(b)
	c.remember(&entry[string]{key: s, value: s})
	return s
}
