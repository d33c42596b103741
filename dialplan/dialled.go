package dialplan

import "strings"

// Dialled transforms a number that the PBX reports as called: as it was dialled,
// so with ExternalPrefix in front where it left the PBX. That is taken off a
// number longer than InternalLength; the rest is read as written by somebody of
// this country, international prefix included. The results are those of
// [Plan.Incoming]; Add and Remove, which are about presented callers, play no
// part.
func (p *Plan) Dialled(number string) (lookup, e164 string, internal bool) {
	var f forms
	if f.read(number) != nil {
		return "", "", false
	}
	digits := string(f.strictForm())
	if !f.plus && len(digits) <= p.config.InternalLength {
		return digits, "", digits != ""
	}
	if !f.plus {
		digits = strings.TrimPrefix(digits, p.config.ExternalPrefix)
	}
	return digits, p.e164(digits), false
}
