package csta

import (
	"slices"
	"strings"

	"github.com/ctikit/ctikit/cti"
)

// neverOverCSTA: IntrudeCall of ECMA-269 acts on the intruding device's own
// blocked connection, not on a call of others; JoinCall does that. Private data
// and lists of devices differ from PBX to PBX.
var neverOverCSTA = cti.OperationsOf(cti.OpIntrudeCall, cti.OpEscape, cti.OpListDevices)

// A5000 is the Mitel (Aastra) 5000, the default. The manual gives port 3211 and
// "non-delimited mode"; that the dialect is phase II, as its family suggests, is
// an inference that nobody has confirmed in public.
var A5000 = Profile{
	Name: "Mitel 5000", Encoding: BER2, Framing: NonDelimited, Port: 3211,
	Heartbeat: SystemStatus, SnapshotCalls: true, Version: -1, Lacks: neverOverCSTA,
	Basis: "port and framing sourced (TWP guide 3.3); phase II, no association and heartbeat assumed",
}

// The profiles that stand for a phase and nothing else.
var (
	Generic3 = Profile{
		Name: "Generic CSTA III", Encoding: BER3, Framing: NonDelimited, Port: 3211,
		Heartbeat: SystemStatus, SnapshotCalls: true, Version: -1, Lacks: neverOverCSTA,
		Basis: "ECMA-285 4th edition; the port is the A5000's",
	}
	Generic2 = Profile{
		Name: "Generic CSTA II", Encoding: BER2, Framing: Delimited, Port: 2555,
		Association: true, Context: "1.3.12.0.218", Version: 1,
		Heartbeat: SystemStatus, SnapshotCalls: true, Lacks: neverOverCSTA,
		Basis: "ECMA-218, of which no module is public: see package comment",
	}
	Generic1 = Profile{
		Name: "Generic CSTA I", Encoding: BER1, Framing: Delimited, Port: 2555,
		Association: true, Context: "1.3.12.0.180.1", Version: 0,
		Heartbeat: SystemStatus, SnapshotCalls: true, Lacks: neverOverCSTA,
		Basis: "ECMA-180; application context sourced from captures",
	}
	GenericXML = inXML("Generic XML", XML6, 1040, "ECMA-323 6th edition over TCP without SOAP; the port is OpenScape Voice's")
)

var profiles = []Profile{
	A5000,
	Generic1, Generic2, Generic3,
	{
		Name: "Alcatel OmniPCX Office", Encoding: BER1, Framing: Delimited, Port: 2555, Start: OXOStart,
		Association: true, Context: "1.3.12.0.180.1", Version: -1,
		Heartbeat: SystemStatus, SnapshotCalls: true, Lacks: neverOverCSTA,
		Basis: "sourced: manual 3EH21000, CSTA link (phase I, B/P start, systemStatus every 30 s, 28 sessions)",
	},
	{
		Name: "Alcatel OmniPCX Enterprise", Encoding: BER2, Framing: Delimited, Port: 2555,
		Association: true, Context: "1.3.12.0.218", Version: -1,
		Heartbeat: SystemStatus, SnapshotCalls: true, Lacks: neverOverCSTA,
		Basis: "encoding and framing sourced (capture); port from a client of the Office family, association assumed",
	},
	{
		Name: "Panasonic KX-TDA/TDE/NS", Encoding: BER3, Framing: Delimited, Port: 33333,
		Association: true, Context: "1.3.12.0.218", Version: 4,
		Heartbeat: SystemStatus, SnapshotCalls: true, Lacks: neverOverCSTA,
		Basis: "sourced: captures and an open client (context 1.3.12.0.218, version five, no password)",
	},
	{
		Name: "HiPath 3000", Encoding: BER3, Framing: Delimited, Port: 7001, Version: -1,
		Heartbeat: SystemStatus, SnapshotCalls: true, Lacks: neverOverCSTA,
		Basis: "port sourced (vendor wiki); phase III rather than II and framing assumed",
	},
	{
		Name: "OpenScape Business BER", Encoding: BER3, Framing: Delimited, Port: 8800,
		Association: true, Login: true, Context: "1.3.12.0.285", Version: 4,
		Heartbeat: SystemStatus, SnapshotCalls: true, Lacks: neverOverCSTA,
		Basis: "port, framing and login in the association sourced (clients); its place there assumed",
	},
	{
		Name: "Ericsson MD110 Application Link", Encoding: BER1, Framing: Delimited, Port: 2555, Version: -1,
		Variant:   Variant{Wrapped: true},
		Heartbeat: SystemStatus, SnapshotCalls: true, Lacks: neverOverCSTA,
		Basis: "encoding and framing sourced (Net::CSTA); the port is assumed",
	},
	GenericXML,
	inSession(inXML("OpenScape Business XML", XML4, 8800,
		"port, namespace, header and login in the session sourced (clients, captures); heartbeat assumed"), true),
	inSession(inXML("OpenScape Voice", XML4, 1040,
		"port, namespace, header and session sourced (a client and captures, without a password); heartbeat assumed"), false),
	inXML("Mitel MX-ONE", XML4, 8882, "XML over TCP is known; port, edition, header and the lack of a session are assumed"),
	inXML("MiVoice Office 400", XML5, 1080, "edition and header sourced (a driver's log); port and the lack of a session assumed"),
	avaya(),
}

// avaya logs in with an element of its own.
func avaya() Profile {
	p := inSession(inXML("Avaya AES", XML3, 4721,
		"header and login sourced (open clients); port assumed: 4721, 4722 with TLS"), true)
	p.Variant.Login = LoginAvaya
	return p
}

// inXML is what the profiles in XML have in common.
func inXML(name string, e Encoding, port int, basis string) Profile {
	return Profile{Name: name, Encoding: e, Framing: XMLHeader, Port: port, Version: -1,
		Heartbeat: RequestSystemStatus, SnapshotCalls: true, Lacks: neverOverCSTA, Basis: basis}
}

// inSession is a profile whose links begin with an application session.
func inSession(p Profile, login bool) Profile {
	p.Session, p.Login = true, login
	return p
}

// Profiles returns the types of PBX known, by name.
func Profiles() []Profile {
	out := slices.Clone(profiles)
	slices.SortFunc(out, func(a, b Profile) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// ProfileByName finds a profile, in any case.
func ProfileByName(name string) (Profile, bool) {
	i := slices.IndexFunc(profiles, func(p Profile) bool { return strings.EqualFold(p.Name, name) })
	if i < 0 {
		return Profile{}, false
	}
	return profiles[i], true
}
