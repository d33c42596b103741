package csta

import "github.com/ctikit/ctikit/cti/driver"

// Settings tells what the link is made of, for the configuration document. A
// profile is told by its name only: changes to it are the host's to bring.
func (c Config) Settings() driver.LinkSettings {
	return driver.LinkSettings{Address: c.Address(), PBX: c.profile().Name, User: c.User, Password: c.Password, Application: c.Application, TLS: c.TLS != nil}
}
