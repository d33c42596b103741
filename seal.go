package ctikit

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/ctikit/ctikit/internal/printable"
)

// ErrSealed reports a sealed text that cannot be opened: another key, another
// [Binding], or bytes that were changed.
var ErrSealed = errors.New("sealed secret does not open with this key")

const sealPrefix = "sealed:v1:"

// IsSealed reports whether text has the form of a sealed secret.
func IsSealed(text string) bool { return strings.HasPrefix(text, sealPrefix) }

// Binding says which secret a sealed text holds: whose it is and where it may
// be sent. It is authenticated with the text, so a sealed text that is moved to
// another place does not open there. A field that does not apply is empty.
//
// Sealed texts of version 1 (sealed:v1:) authenticate Kind, ID, User and Name
// only; the other fields are taken so that a later version needs no other call.
type Binding struct {
	Installation string // of the host, where several share a key
	Company      string
	Domain       string
	Kind         string // one of the Bind constants
	ID           string // of the object: a link's name, an extension's number, an import's or a user's ID
	Protocol     string // "csta", "ldap"
	Host         string // without port
	Port         string
	Security     string // "none", "starttls", "tls"
	User         string // who signs in with the secret, or the user that owns it
	Name         string // which of several secrets of the object: "password"
}

// The kinds of a [Binding].
const (
	BindLink      = "link"      // password of a link; ID is the link's name
	BindExtension = "extension" // password of a set; ID is the number, User its owner in a directory
	BindImport    = "import"    // password of a source; ID is the import's, Name "password"
	BindVoiceMail = "voicemail" // voice-mail password; User owns it
	BindAccount   = "account"   // password hash of a local account; ID is the login
)

// String is what version 1 authenticates, for example "link/paris".
func (b Binding) String() string {
	switch {
	case b.Kind == BindExtension && b.User != "":
		return "user/" + b.User + "/extension/" + b.ID
	case b.Kind == BindVoiceMail:
		return "user/" + b.User + "/voiceMail"
	case b.Name != "":
		return b.Kind + "/" + b.ID + "/" + b.Name
	}
	return b.Kind + "/" + b.ID
}

// SealKey seals secrets that must be replayed (extension and bind passwords) at
// rest and in configuration exports. The zero value is no key: it neither seals
// nor opens. It prints, logs and encodes as "[redacted]", also inside structs:
// the bytes sit behind a pointer that package fmt does not follow. Copies share
// them. Compare with [SealKey.Equal], not with ==.
type SealKey struct {
	bytes *string // of keySize; fmt follows a pointer to an array for a verb that does not fit
}

const keySize = 32

// errNoKey reports that there is no key.
var errNoKey = errors.New("the seal key is empty; make one with NewSealKey")

// errNotEncoded reports an encoding that nothing could be read back from.
var errNotEncoded = errors.New("a seal key is not encoded with other data; store what Encode returns")

// NewSealKey returns a random key.
func NewSealKey() SealKey {
	var bytes [keySize]byte
	rand.Read(bytes[:]) // never fails (crypto/rand)
	return SealKeyOf(bytes)
}

// SealKeyOf returns the key of these bytes, for one from elsewhere. Bytes that
// are all zero are no key.
func SealKeyOf(bytes [32]byte) SealKey {
	if bytes == [keySize]byte{} {
		return SealKey{}
	}
	text := string(bytes[:])
	return SealKey{&text}
}

// ParseSealKey reads a key from 64 hexadecimal digits or from 44 characters of
// standard base64; blanks around it are ignored. No error text holds a part of
// the key.
func ParseSealKey(text string) (SealKey, error) {
	text = strings.TrimSpace(text)
	var raw []byte
	var err error
	switch len(text) {
	case hex.EncodedLen(keySize):
		raw, err = hex.DecodeString(text)
	case base64.StdEncoding.EncodedLen(keySize):
		raw, err = base64.StdEncoding.Strict().DecodeString(text)
	}
	if err != nil || len(raw) != keySize {
		return SealKey{}, fmt.Errorf(
			"seal key: must be 64 hexadecimal digits or 44 characters of base64, got %d characters", len(text))
	}
	k := SealKeyOf([keySize]byte(raw))
	if k.bytes == nil {
		return SealKey{}, errNoKey
	}
	return k, nil
}

func (k SealKey) reveal() (bytes [keySize]byte) {
	if k.bytes != nil {
		copy(bytes[:], *k.bytes)
	}
	return bytes
}

// Encode returns the key as 64 hexadecimal digits, for the application's own
// store. [ParseSealKey] reads it.
func (k SealKey) Encode() string {
	bytes := k.reveal()
	return hex.EncodeToString(bytes[:])
}

// Equal compares two keys in constant time.
func (k SealKey) Equal(o SealKey) bool {
	a, b := k.reveal(), o.reveal()
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

// Seal encrypts s with AES-256-GCM under a fresh nonce, bound to b. The empty
// secret seals to "".
func (k SealKey) Seal(s Secret, b Binding) (string, error) {
	if s.IsZero() {
		return "", nil
	}
	aead, err := k.aead()
	if err != nil {
		return "", err
	}
	nonce := make([]byte, aead.NonceSize())
	rand.Read(nonce) // never fails (crypto/rand)
	sealed := aead.Seal(nonce, nonce, []byte(s.Reveal()), []byte(b.String()))
	return sealPrefix + base64.RawStdEncoding.EncodeToString(sealed), nil
}

// Open reverses [SealKey.Seal]; b must be the binding that it was sealed with.
// "" opens to the empty secret. Errors wrap [ErrSealed].
func (k SealKey) Open(sealed string, b Binding) (Secret, error) {
	if sealed == "" {
		return Secret{}, nil
	}
	fail := func(why string) (Secret, error) {
		return Secret{}, fmt.Errorf("open secret of %s: %s%w", printable.Text(b.String()), why, ErrSealed)
	}
	body, ok := strings.CutPrefix(sealed, sealPrefix)
	if !ok {
		return fail(fmt.Sprintf("missing prefix %q: ", sealPrefix))
	}
	raw, err := base64.RawStdEncoding.Strict().DecodeString(body) // strict: unused bits may not change either
	if err != nil {
		return fail("invalid base64: ")
	}
	aead, err := k.aead()
	if err != nil {
		return Secret{}, err
	}
	if len(raw) < aead.NonceSize() {
		return fail("too short: ")
	}
	text, err := aead.Open(nil, raw[:aead.NonceSize()], raw[aead.NonceSize():], []byte(b.String()))
	if err != nil {
		return fail("")
	}
	return NewSecret(string(text)), nil
}

func (k SealKey) aead() (cipher.AEAD, error) {
	if k.bytes == nil {
		return nil, errNoKey
	}
	block, err := aes.NewCipher([]byte(*k.bytes))
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// String keeps the key out of logs.
func (k SealKey) String() string { return Redacted }

// Format keeps the key out of every verb of package fmt, %d and %x included.
func (k SealKey) Format(out fmt.State, verb rune) {
	if verb == 'q' || verb == 'v' && out.Flag('#') {
		io.WriteString(out, `"`+Redacted+`"`)
		return
	}
	io.WriteString(out, Redacted)
}

// MarshalText keeps the key out of JSON, XML and every other text encoding.
func (k SealKey) MarshalText() ([]byte, error) { return []byte(Redacted), nil }

// MarshalBinary refuses: neither the key nor a placeholder for it gets into
// encoding/gob and other binary encodings.
func (k SealKey) MarshalBinary() ([]byte, error) { return nil, errNotEncoded }

// Keyring seals with one key and opens what that key or an older one sealed, so
// that a key can be replaced while texts of the old one are still stored. A nil
// or zero Keyring holds no key: it neither seals nor opens. A Keyring prints as
// a [SealKey] does, and is safe for concurrent use.
type Keyring struct{ keys []SealKey } // the current one first

// NewKeyring returns a keyring that seals with current and also opens what the
// old keys sealed.
func NewKeyring(current SealKey, old ...SealKey) *Keyring {
	return &Keyring{append([]SealKey{current}, old...)}
}

// list is never empty.
func (r *Keyring) list() []SealKey {
	if r == nil || len(r.keys) == 0 {
		return []SealKey{{}}
	}
	return r.keys
}

// Seal seals with the current key, as [SealKey.Seal] does.
func (r *Keyring) Seal(s Secret, b Binding) (string, error) { return r.list()[0].Seal(s, b) }

// Open opens with the key that sealed the text, as [SealKey.Open] does.
func (r *Keyring) Open(sealed string, b Binding) (s Secret, err error) {
	for _, k := range r.list() {
		if s, err = k.Open(sealed, b); err == nil {
			return s, nil
		}
	}
	return s, err
}

// String keeps the keys out of logs.
func (r Keyring) String() string { return Redacted }

// Format keeps the keys out of every verb of package fmt.
func (r Keyring) Format(out fmt.State, verb rune) { SealKey{}.Format(out, verb) }

// MarshalText keeps the keys out of JSON, XML and every other text encoding.
func (r Keyring) MarshalText() ([]byte, error) { return []byte(Redacted), nil }

// MarshalBinary refuses, as [SealKey.MarshalBinary] does.
func (r Keyring) MarshalBinary() ([]byte, error) { return nil, errNotEncoded }
