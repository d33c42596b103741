package auth

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Cost is the work of one argon2id hash (RFC 9106).
type Cost struct {
	Memory  uint32 // KiB
	Time    uint32 // passes
	Threads uint8
}

// defaultCost is 19 MiB, two passes, one thread: the minimum of OWASP's password
// storage guide, about 40 ms.
var defaultCost = Cost{Memory: 19 * 1024, Time: 2, Threads: 1}

// Bounds of hashes that are taken from elsewhere. RFC 9106's second
// recommendation (64 MiB, three passes, four threads) is inside.
const (
	mostMemory  = 64 * 1024
	mostTime    = 10
	mostThreads = 16
)

const (
	saltLength = 16
	keyLength  = 32
)

func (c Cost) checkBounds() error {
	switch {
	case c.Time < 1 || c.Time > mostTime:
		return fmt.Errorf("argon2id: t must be between 1 and %d, got %d", mostTime, c.Time)
	case c.Threads < 1 || c.Threads > mostThreads:
		return fmt.Errorf("argon2id: p must be between 1 and %d, got %d", mostThreads, c.Threads)
	case c.Memory < 8*uint32(c.Threads) || c.Memory > mostMemory:
		return fmt.Errorf("argon2id: m must be between 8*p and %d KiB, got %d", mostMemory, c.Memory)
	}
	return nil
}

// argonHash is a password hash in the PHC string format:
// $argon2id$v=19$m=19456,t=2,p=1$salt$hash.
type argonHash struct {
	cost      Cost
	salt, key []byte
}

// newArgonHash hashes password under a fresh salt.
func newArgonHash(password string, cost Cost) argonHash {
	h := dummyHash(cost)
	h.key = h.derive(password)
	return h
}

// dummyHash returns a hash that no password matches: checking a password against
// it takes the normal time and fails.
func dummyHash(cost Cost) argonHash {
	h := argonHash{cost, make([]byte, saltLength), make([]byte, keyLength)}
	rand.Read(h.salt) // never fails (crypto/rand)
	rand.Read(h.key)
	return h
}

func (h argonHash) derive(password string) []byte {
	return argon2.IDKey([]byte(password), h.salt, h.cost.Time, h.cost.Memory, h.cost.Threads, uint32(len(h.key)))
}

func (h argonHash) matches(password string) bool {
	return subtle.ConstantTimeCompare(h.derive(password), h.key) == 1
}

func (h argonHash) String() string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		h.cost.Memory, h.cost.Time, h.cost.Threads, b64.EncodeToString(h.salt), b64.EncodeToString(h.key))
}

// parseArgonHash reads a PHC string, and refuses one that would cost too much
// to check.
func parseArgonHash(text string) (argonHash, error) {
	if len(text) > 512 {
		return argonHash{}, errors.New("password hash is longer than 512 bytes")
	}
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" {
		return argonHash{}, errors.New("password hash is not $argon2id$v=19$m=…,t=…,p=…$salt$hash")
	}
	if parts[2] != "v="+strconv.Itoa(argon2.Version) {
		return argonHash{}, errors.New("password hash: unknown version, must be v=19")
	}
	var h argonHash
	if err := h.cost.readParameters(parts[3]); err != nil {
		return argonHash{}, err
	}
	if h.salt = decodeField(parts[4], 8); h.salt == nil {
		return argonHash{}, errors.New("password hash: salt is not 8 to 64 bytes of base64 without padding")
	}
	if h.key = decodeField(parts[5], 16); h.key == nil {
		return argonHash{}, errors.New("password hash: hash is not 16 to 64 bytes of base64 without padding")
	}
	return h, nil
}

// decodeField returns nil for a field that is not least to 64 bytes of base64.
func decodeField(text string, least int) []byte {
	field, err := base64.RawStdEncoding.Strict().DecodeString(text)
	if err != nil || len(field) < least || len(field) > 64 {
		return nil
	}
	return field
}

// readParameters reads m=19456,t=2,p=1, in this order as the PHC format demands.
func (c *Cost) readParameters(text string) error {
	fields := strings.Split(text, ",")
	if len(fields) != 3 {
		return errors.New("password hash: parameters must be m=…,t=…,p=…")
	}
	var values [3]uint64
	for i, name := range [...]string{"m=", "t=", "p="} {
		digits, ok := strings.CutPrefix(fields[i], name)
		value, err := strconv.ParseUint(digits, 10, 32)
		if !ok || err != nil {
			return fmt.Errorf("password hash: parameter %d must be %s and a number", i+1, name)
		}
		values[i] = value
	}
	if values[2] > mostThreads {
		return fmt.Errorf("argon2id: p must be between 1 and %d, got %d", mostThreads, values[2])
	}
	*c = Cost{uint32(values[0]), uint32(values[1]), uint8(values[2])}
	return c.checkBounds()
}
