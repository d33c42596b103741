package auth

import (
	"github.com/ctikit/ctikit/internal/incident"
	"github.com/ctikit/ctikit/internal/secret"
	"github.com/ctikit/ctikit/internal/section"
)

// Secret is a password or token that prints and logs as "[redacted]".
type Secret = secret.Secret

// NewSecret wraps a text.
func NewSecret(text string) Secret { return secret.New(text) }

// SealKey seals secrets in a configuration export; the host keeps it.
type SealKey = secret.Key

// Incident is one entry of the incident log.
type Incident = incident.Incident

// Section is one part of the configuration document.
type Section = section.Section
