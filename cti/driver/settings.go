package driver

import (
	"log/slog"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/internal/printable"
)

// LinkSettings are the settings of a [Connector] that are data (TWP guide 3.3.3
// and 3.3.4: host, port, type of PBX, user name and password). Certificates,
// codecs and dial functions are not among them: an application supplies those.
type LinkSettings struct {
	Address     string        `json:"address"`       // host:port
	PBX         string        `json:"pbx,omitempty"` // type of PBX, for a protocol that has several
	User        string        `json:"user,omitempty"`
	Password    ctikit.Secret `json:"-"`
	Application string        `json:"application,omitempty"` // the name by which the link presents itself
	TLS         bool          `json:"tls,omitempty"`         // the connection is encrypted
}

// String is one line without the password: "pbx:3211 as cti, TLS".
func (s LinkSettings) String() string {
	text := s.Address
	if s.User != "" {
		text += " as " + s.User
	}
	if s.PBX != "" {
		text += ", PBX " + s.PBX
	}
	if s.Application != "" {
		text += ", application " + s.Application
	}
	if s.TLS {
		text += ", TLS"
	}
	return printable.Text(text)
}

// LogValue is [LinkSettings.String], for log/slog.
func (s LinkSettings) LogValue() slog.Value { return slog.StringValue(s.String()) }

// Describer is an optional ability of a [Connector]: to return its settings. A
// link whose connector lacks it cannot be exported. [As] finds it under a
// wrapper.
type Describer interface {
	Settings() LinkSettings
}
