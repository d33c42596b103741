package driver

import "github.com/ctikit/ctikit"

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

// Describer is an optional ability of a [Connector]: to return its settings. A
// link whose connector lacks it cannot be exported. [As] finds it under a
// wrapper.
type Describer interface {
	Settings() LinkSettings
}
