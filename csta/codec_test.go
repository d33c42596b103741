package csta_test

import (
	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/csta/internal/ecma323"
	"github.com/ctikit/ctikit/csta/internal/encoding"
	"github.com/ctikit/ctikit/csta/internal/message"
)

// newCodec returns a codec for the profile's encoding and its variant.
func newCodec(p csta.Profile) message.Codec {
	v := encoding.Variant{Wrapped: p.Variant.Wrapped, Codes: p.Variant.Codes, Login: ecma323.Login(p.Variant.Login)}
	return encoding.New(encoding.Encoding(p.Encoding), v, message.Options{})
}
