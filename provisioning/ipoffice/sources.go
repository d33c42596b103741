package ipoffice

import "strings"

// SourceRule makes a source number NAME=value into SET Parameter value.
type SourceRule struct {
	Name      string `json:"name"`
	Parameter string `json:"parameter"`
}

// Confidence says how sure a fact is.
type Confidence string

// Stated facts are from a manual; Reported ones are from installers.
const (
	Stated   Confidence = "stated"
	Reported Confidence = "reported"
	Unknown  Confidence = "unknown"
)

// SourceNumber is one NoUser source number, taken apart.
type SourceNumber struct {
	Name  string // before "="
	Value string // after it
	// Meaning says what it does; "" for one that is unknown, which is kept and
	// has no effect on the generated file.
	Meaning    string
	Confidence Confidence
	// Remote: it changes values for remote requesters only.
	Remote bool
}

// source is a source number that this package understands.
type source struct {
	SourceNumber
	apply func(*effects, SourceNumber) error
}

var known = []source{
	{SourceNumber{Name: "EQNX_CONTACT_MATCHING_MIN_DIGITS", Meaning: "digits compared when callers are matched with contacts", Confidence: Stated}, (*effects).setMatchDigits},
	{SourceNumber{Name: "SET_CDNL", Meaning: "numbers that mobile clients leave to the native dialler", Confidence: Stated}, (*effects).addCellularDirect},
	{SourceNumber{Name: "SET_HEADSYS_1", Meaning: "headset stays on after the far end hangs up", Confidence: Reported}, setHeadsys},
	{SourceNumber{Name: "SET_46xx_PROCPSWD", Meaning: "craft password of H.323 telephones", Confidence: Reported}, setParameter("PROCPSWD")},
	{SourceNumber{Name: "SET_96xx_SIG", Meaning: "signalling of 96xx telephones", Confidence: Reported}, setParameter("SIG")},
	{SourceNumber{Name: "SET_ADMINPSWD", Meaning: "administration password of telephones", Confidence: Reported}, setParameter("ADMIN_PASSWORD")},
	{SourceNumber{Name: "RW_SBC_REG", Meaning: "public SIP address of the border controller", Confidence: Reported, Remote: true}, (*effects).setRemoteRegistrar},
	{SourceNumber{Name: "RW_SBC_PROV", Meaning: "address from which the border controller fetches files", Confidence: Reported, Remote: true}, (*effects).checkRemoteSource},
	{SourceNumber{Name: "RW_SBC_TLS", Meaning: "public TLS port of the border controller", Confidence: Reported, Remote: true}, setRemotePort("tls")},
	{SourceNumber{Name: "RW_SBC_TCP", Meaning: "public TCP port of the border controller", Confidence: Reported, Remote: true}, setRemotePort("tcp")},
	{SourceNumber{Name: "RW_SBC_UDP", Meaning: "public UDP port of the border controller", Confidence: Reported, Remote: true}, setRemotePort("udp")},
	{SourceNumber{Name: "PUBLIC_HTTP", Meaning: "public address of the file server", Confidence: Reported, Remote: true}, (*effects).setRemoteFiles},
}

// Sources returns the configured source numbers taken apart, those that are not
// known included.
func (c *Config) Sources() []SourceNumber {
	out := make([]SourceNumber, len(c.SourceNumbers))
	for i, entry := range c.SourceNumbers {
		name, value, _ := strings.Cut(strings.TrimSpace(entry), "=")
		out[i] = SourceNumber{Name: name, Value: value, Confidence: Unknown}
		for _, k := range known {
			if k.Name == name {
				out[i] = k.SourceNumber
				out[i].Value = value
			}
		}
		for _, r := range c.SourceRules {
			if r.Name == name {
				out[i].Meaning, out[i].Confidence = "sets "+r.Parameter, Stated
			}
		}
	}
	return out
}
