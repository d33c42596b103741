package vtixml

import (
	"github.com/ctikit/ctikit/cti/gateway"
)

// Settings tells what the link is made of, for the configuration document.
func (c Config) Settings() gateway.LinkSettings {
	return gateway.LinkSettings{Address: c.Address(), Application: c.Application, TLS: c.TLS != nil}
}
