package message

import (
	"encoding/binary"
	"math/bits"
)

// Cache remembers what was made from the bytes of an identifier, so that a
// known one costs a look-up and no allocation. It is bounded: each time that it
// is full, what was not used since the time before is forgotten. One goroutine
// uses it at a time.
//
// It is a hash table of its own because identifiers are looked up several times
// for each event, and a Go map takes three times as long. A peer that chooses
// identifiers which collide loses the benefit of the cache, no more: only some
// places are tried.
type Cache[T any] struct {
	size       int
	table      []slot[T] // open addressing; a power of two, at most a quarter full
	used       int
	generation int
	fresh      int // entries used in this generation
}

type slot[T any] struct {
	hash uint64
	*entry[T]
}

type entry[T any] struct {
	key        string
	value      T
	generation int // in which it was used last
}

// tries is how many places of the table are tried.
const tries = 16

// PassingCacheSize is the size of a cache of what, unlike a device, is new with
// every call and soon of no more use: connections, call data.
const PassingCacheSize = 4096

// NewCache returns a cache of about size to twice size entries; 0 means 65536.
func NewCache[T any](size int) *Cache[T] {
	if size <= 0 {
		size = 65536
	}
	return &Cache[T]{size: size, table: make([]slot[T], 64)}
}

// Get returns the value of key, and whether key is known.
func (c *Cache[T]) Get(key []byte) (v T, ok bool) {
	if at := c.Find(key); at != nil {
		return *at, true
	}
	return v, false
}

// Find is Get without a copy: nil if key is unknown. What it points to is
// to be copied, not changed.
func (c *Cache[T]) Find(key []byte) *T {
	h := hashKey(key)
	s := &c.table[h&uint64(len(c.table)-1)]
	if s.hash == h && s.key == string(key) && s.generation == c.generation { // as mostly
		return &s.value
	}
	return c.findSlot(h, key)
}

func (c *Cache[T]) findSlot(h uint64, key []byte) *T {
	last := uint64(len(c.table) - 1)
	for i := h; i-h < tries; i++ {
		s := &c.table[i&last]
		if s.entry == nil {
			return nil
		}
		if s.hash == h && s.key == string(key) {
			if s.generation != c.generation {
				c.keepEntry(s.entry)
			}
			return &s.value
		}
	}
	return nil
}

// hashKey multiplies the first and the last bytes of a key, and what is between. It
// is not 0, the hash of an empty slot.
func hashKey(key []byte) uint64 {
	n := len(key)
	switch {
	case n >= 8:
		h := mixHash(binary.LittleEndian.Uint64(key), binary.LittleEndian.Uint64(key[n-8:]), n)
		for i := 8; i+8 < n; i += 8 {
			h = mixHash(h, binary.LittleEndian.Uint64(key[i:]), n)
		}
		return h
	case n >= 4:
		return mixHash(uint64(binary.LittleEndian.Uint32(key)), uint64(binary.LittleEndian.Uint32(key[n-4:])), n)
	}
	h := uint64(0)
	for _, b := range key {
		h = h<<8 | uint64(b)
	}
	return mixHash(h, 0, n)
}

// mixHash makes each bit depend on all of a and b. The factors are digits of the
// golden ratio and of pi. The upper half goes onto the lower, which chooses the
// place: numbers differ in their last digits, the upper bytes of a and b, and
// consecutive ones would share a place up to three times as often as random ones
// (an event takes 2 % longer then).
func mixHash(a, b uint64, n int) uint64 {
	high, low := bits.Mul64(a^0x9e3779b97f4a7c15, b^0x243f6a8885a308d3^uint64(n))
	h := high ^ low
	return h ^ h>>32 | 1<<63
}

// keepEntry notes that an entry was used in this generation; of more than size
// entries only the first ones count.
func (c *Cache[T]) keepEntry(e *entry[T]) {
	if c.fresh < c.size {
		e.generation = c.generation
		c.fresh++
	}
}

// Put remembers v under a copy of key.
func (c *Cache[T]) Put(key []byte, v T) {
	switch {
	case c.fresh >= c.size: // the generation is full: what was not used in it is forgotten
		c.rebuild(len(c.table), func(e *entry[T]) bool { return e.generation == c.generation })
		c.generation++
		c.fresh = 0
	case 4*c.used >= len(c.table):
		c.rebuild(2*len(c.table), func(*entry[T]) bool { return true })
	}
	c.fresh++
	c.insertSlot(slot[T]{hashKey(key), &entry[T]{key: string(key), value: v, generation: c.generation}})
}

// insertSlot uses the first free slot; if none is free, the slot of another entry.
func (c *Cache[T]) insertSlot(new slot[T]) {
	last := uint64(len(c.table) - 1)
	for i := new.hash; i-new.hash < tries; i++ {
		s := &c.table[i&last]
		if s.entry == nil {
			c.used++
		}
		if s.entry == nil || s.key == new.key {
			*s = new
			return
		}
	}
	c.table[new.hash&last] = new
}

func (c *Cache[T]) rebuild(size int, keep func(*entry[T]) bool) {
	old := c.table
	c.table, c.used = make([]slot[T], size), 0
	for _, s := range old {
		if s.entry != nil && keep(s.entry) {
			c.insertSlot(s)
		}
	}
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
	c.Put(b, s)
	return s
}
