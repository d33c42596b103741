package ctikit

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
)

// Redacted is what every printed, logged or encoded secret shows.
const Redacted = "[redacted]"

// ErrRedacted reports that the text "[redacted]" was given where a password is
// needed and none is stored that could be kept.
var ErrRedacted = errors.New(`"[redacted]" is a placeholder, not a secret; supply the secret`)

// Secret is a password or key. The zero value is the empty secret. It prints,
// logs and encodes as "[redacted]" (the empty one as ""), also inside structs
// and under %#v: the text sits behind a pointer that package fmt does not
// follow. Copies share the text. Compare with [Secret.Equal], not with ==.
type Secret struct{ text *string }

// NewSecret wraps text.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{&text}
}

// Reveal returns the text itself, for the moment it goes on the wire.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// IsZero reports whether the secret is empty.
func (s Secret) IsZero() bool { return s.text == nil }

// Equal compares two secrets in time that depends on their lengths only.
func (s Secret) Equal(o Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(o.Reveal())) == 1
}

// String returns "[redacted]", or "" for the empty secret.
func (s Secret) String() string {
	if s.text == nil {
		return ""
	}
	return Redacted
}

// GoString is String in quotes, for %#v.
func (s Secret) GoString() string { return fmt.Sprintf("%q", s.String()) }

// LogValue redacts the secret in log/slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText redacts the secret in JSON, XML and every other text encoding.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a password in plain text. The text "[redacted]" keeps the
// value that the receiver already holds; if it holds none, the error is
// [ErrRedacted]. It never becomes a password.
func (s *Secret) UnmarshalText(text []byte) error {
	if string(text) == Redacted {
		if s.text == nil {
			return ErrRedacted
		}
		return nil
	}
	*s = NewSecret(string(text))
	return nil
}
