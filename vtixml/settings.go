package vtixml

import "github.com/ctikit/ctikit/cti"

// Settings tells what the link is made of, for the configuration document.
func (c Config) Settings() cti.LinkSettings {
	return cti.LinkSettings{Address: c.Address(), Application: c.Application, TLS: c.TLS != nil}
}
