package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// Key seals secrets that must be replayed (extension and bind passwords) at
// rest and in configuration exports. The host keeps it.
type Key [32]byte

// ErrSealed reports a sealed text that this key does not open: another key, or
// bytes that were changed.
var ErrSealed = errors.New("sealed secret does not open with this key")

const sealPrefix = "sealed:v1:"

// IsSealed reports whether text is the output of [Key.Seal].
func IsSealed(text string) bool { return strings.HasPrefix(text, sealPrefix) }

// Seal encrypts s with AES-256-GCM under a fresh nonce. context (for example
// "extension/4001") is authenticated: a sealed text moved to another place does
// not open there. The empty secret seals to "".
func (k Key) Seal(s Secret, context string) (string, error) {
	if s.IsZero() {
		return "", nil
	}
	aead, err := k.aead()
	if err != nil {
		return "", err
	}
	nonce := make([]byte, aead.NonceSize())
	rand.Read(nonce) // never fails (crypto/rand)
	sealed := aead.Seal(nonce, nonce, []byte(s.Reveal()), []byte(context))
	return sealPrefix + base64.RawStdEncoding.EncodeToString(sealed), nil
}

// Open reverses [Key.Seal]; context must be the one that was sealed with.
func (k Key) Open(sealed, context string) (Secret, error) {
	if sealed == "" {
		return Secret{}, nil
	}
	body, ok := strings.CutPrefix(sealed, sealPrefix)
	if !ok {
		return Secret{}, fmt.Errorf("open secret of %s: no %q in front: %w", context, sealPrefix, ErrSealed)
	}
	raw, err := base64.RawStdEncoding.Strict().DecodeString(body) // strict: bits that mean nothing may not change either
	if err != nil {
		return Secret{}, fmt.Errorf("open secret of %s: not base64: %w", context, ErrSealed)
	}
	aead, err := k.aead()
	if err != nil {
		return Secret{}, err
	}
	if len(raw) < aead.NonceSize() {
		return Secret{}, fmt.Errorf("open secret of %s: too short: %w", context, ErrSealed)
	}
	text, err := aead.Open(nil, raw[:aead.NonceSize()], raw[aead.NonceSize():], []byte(context))
	if err != nil {
		return Secret{}, fmt.Errorf("open secret of %s: %w", context, ErrSealed)
	}
	return New(string(text)), nil
}

func (k Key) aead() (cipher.AEAD, error) {
	block, err := aes.NewCipher(k[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// String keeps a key out of logs.
func (k Key) String() string { return Redacted }

// GoString keeps a key out of %#v.
func (k Key) GoString() string { return `"` + Redacted + `"` }
