package vtixml

import "github.com/ctikit/ctikit/cti/driver"

// Settings tells what the link is made of, for the configuration document.
func (c Config) Settings() driver.LinkSettings {
	return driver.LinkSettings{Address: c.Address(), Application: c.Application, TLS: c.TLS != nil}
}
