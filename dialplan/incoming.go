package dialplan

import "strings"

// Kind says where a presented number comes from.
type Kind uint8

// Kinds of callers.
const (
	Anonymous Kind = iota // withheld, or nothing that could be looked up
	Internal              // no longer than ReverseInternalLength
	External
)

// String gives the kind in lower case.
func (k Kind) String() string { return [...]string{"anonymous", "internal", "external"}[k] }

// Caller is what a presented number says about the caller. The zero value is an
// anonymous caller.
type Caller struct {
	Kind     Kind
	Lookup   string // what to look up first
	E164     string // with +, "" where the number has no such form
	National string // with trunk prefix, "" where it is not of this country
}

// String gives the kind and the numbers.
func (c Caller) String() string {
	return strings.TrimSpace(strings.Join([]string{c.Kind.String(), c.Lookup, c.E164}, " "))
}

// Forms gives the numbers to look up, in order, each once.
func (c Caller) Forms() []string {
	forms := make([]string, 0, 3)
	for i, number := range []string{c.Lookup, c.E164, c.National} {
		if number != "" && (i == 0 || number != c.Lookup) && (i < 2 || number != c.E164) {
			forms = append(forms, number)
		}
	}
	return forms
}

// Incoming transforms a number that the PBX presents. lookup is what to look
// up in the directory, "" for an anonymous caller; e164 has a leading + and is
// "" where the number has no such form; internal reports that it is an internal
// number. It is [Plan.Identify] in built-in types.
func (p *Plan) Incoming(presented string) (lookup, e164 string, internal bool) {
	c := p.Identify(presented)
	return c.Lookup, c.E164, c.Kind == Internal
}

// Identify transforms a number that the PBX presents: a number without + no
// longer than ReverseInternalLength is internal and stays; from others Remove
// is removed and Add is put before them. A number without a digit, or with more
// than 32 dialable characters, is anonymous.
func (p *Plan) Identify(presented string) Caller {
	var f forms
	if f.reduceNumber(presented) != nil {
		return Caller{}
	}
	number := string(f.strictForm())
	if !strings.ContainsAny(number, "0123456789") {
		return Caller{}
	}
	if !f.plus && len(number) <= p.config.ReverseInternalLength {
		return Caller{Kind: Internal, Lookup: number}
	}
	number = strings.TrimPrefix(number, p.config.Remove)
	if !strings.HasPrefix(number, "+") {
		number = p.config.Add + number
	}
	if strings.Trim(number, "+") == "" { // Remove was all of it
		return Caller{}
	}
	e164 := p.toE164(number)
	return Caller{Kind: External, Lookup: number, E164: e164, National: p.toNational(e164)}
}

// toE164 gives the E.164 form of a number, "" where it has none.
func (p *Plan) toE164(number string) string {
	c := &p.config
	if strings.HasPrefix(number, "+") {
		return number
	}
	if strings.ContainsAny(number, "#*") {
		return ""
	}
	if rest, ok := strings.CutPrefix(number, c.InternationalPrefix); ok && c.InternationalPrefix != "" && rest != "" {
		return "+" + rest
	}
	if c.CountryPrefix == "" {
		return ""
	}
	if rest, ok := strings.CutPrefix(number, c.NationalPrefix); ok && c.NationalLength.Contains(len(rest)) {
		return "+" + c.CountryPrefix + rest
	}
	if c.NationalLength.Contains(len(number)) {
		return "+" + c.CountryPrefix + number
	}
	return ""
}

// toNational gives the national form of an E.164 number of the plan's country.
func (p *Plan) toNational(e164 string) string {
	rest, ok := strings.CutPrefix(e164, "+"+p.config.CountryPrefix)
	if !ok || p.config.CountryPrefix == "" || !p.config.NationalLength.Contains(len(rest)) {
		return ""
	}
	return p.config.NationalPrefix + rest
}

// Dialled transforms a number that the PBX reports as called: as it was dialled,
// so with ExternalPrefix in front where it left the PBX. That is taken off a
// number longer than InternalLength; the rest is read as written by a person of
// this country, international prefix included. The results are those of
// [Plan.Incoming]; Add and Remove, which are about presented callers, play no
// part.
func (p *Plan) Dialled(number string) (lookup, e164 string, internal bool) {
	var f forms
	if f.reduceNumber(number) != nil {
		return "", "", false
	}
	digits := string(f.strictForm())
	if !f.plus && len(digits) <= p.config.InternalLength {
		return digits, "", digits != ""
	}
	if !f.plus {
		digits = strings.TrimPrefix(digits, p.config.ExternalPrefix)
	}
	return digits, p.toE164(digits), false
}
