package message

// Cache remembers what was made from the bytes of an identifier, so that a
// known one costs a look-up and no allocation. It is bounded: when a generation
// is full, the one before it is forgotten, save what was used since. The zero
// Cache is not ready; one goroutine uses it at a time.
type Cache[T any] struct {
	size       int
	young, old map[string]T
}

// NewCache returns a cache of about size to twice size entries; 0 means 65536.
func NewCache[T any](size int) *Cache[T] {
	if size <= 0 {
		size = 65536
	}
	return &Cache[T]{size: size, young: make(map[string]T)}
}

// Get returns what key stands for.
func (c *Cache[T]) Get(key []byte) (T, bool) {
	if v, ok := c.young[string(key)]; ok {
		return v, true
	}
	if v, ok := c.old[string(key)]; ok {
		c.Put(key, v)
		return v, true
	}
	var none T
	return none, false
}

// Put remembers v under a copy of key.
func (c *Cache[T]) Put(key []byte, v T) {
	if len(c.young) >= c.size {
		c.old, c.young = c.young, make(map[string]T)
	}
	c.young[string(key)] = v
}

// Intern returns the one string that a cache of strings holds for b.
func Intern(c *Cache[string], b []byte) string {
	if len(b) == 0 {
		return ""
	}
	s, ok := c.Get(b)
	if !ok {
		s = string(b)
		c.Put(b, s)
	}
	return s
}
