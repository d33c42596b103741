package csta

import (
	"slices"
	"strings"
)

// A5000 is the Mitel (Aastra) 5000, the default. The manual gives port 3211 and
// "non-delimited mode"; that the dialect is phase II, as its family suggests, is
// an inference without a public confirmation.
var A5000 = Profile{
	Name: "Mitel 5000", Encoding: BER2, Framing: NonDelimited, Port: 3211,
	Heartbeat: SystemStatus, SnapshotCalls: true, Version: -1,
	Basis: "port and framing sourced (TWP guide 3.3); phase II, no association and heartbeat assumed",
}

// The profiles of a phase in general.
var (
	Generic3 = Profile{
		Name: "Generic CSTA III", Encoding: BER3, Framing: NonDelimited, Port: 3211,
		Heartbeat: SystemStatus, SnapshotCalls: true, AskCapabilities: true, Version: -1,
		Basis: "ECMA-285 4th edition; the port is the A5000's",
	}
	Generic2 = Profile{
		Name: "Generic CSTA II", Encoding: BER2, Framing: Delimited, Port: 2555,
		Association: true, Context: "1.3.12.0.218", Version: 1,
		Heartbeat: SystemStatus, SnapshotCalls: true,
		Basis: "ECMA-218, of which no module is public: see package comment",
	}
	Generic1 = Profile{
		Name: "Generic CSTA I", Encoding: BER1, Framing: Delimited, Port: 2555,
		Association: true, Context: "1.3.12.0.180.1", Version: 0,
		Heartbeat: SystemStatus, SnapshotCalls: true,
		Basis: "ECMA-180; application context sourced from captures",
	}
	GenericXML = xmlProfile(Profile{
		Name: "Generic XML", Encoding: XML6, Port: 1040,
		Basis: "ECMA-323 6th edition over TCP without SOAP; the port is OpenScape Voice's",
	})
)

var profiles = []Profile{
	A5000,
	Generic1, Generic2, Generic3,
	{
		Name: "Alcatel OmniPCX Office", Encoding: BER1, Framing: Delimited, Port: 2555, Start: OXOStart,
		Association: true, Context: "1.3.12.0.180.1", Version: -1,
		Heartbeat: SystemStatus, SnapshotCalls: true,
		Basis: "sourced: manual 3EH21000, CSTA link (phase I, B/P start, systemStatus every 30 s, 28 sessions)",
	},
	{
		Name: "Alcatel OmniPCX Enterprise", Encoding: BER2, Framing: Delimited, Port: 2555,
		Association: true, Context: "1.3.12.0.218", Version: -1,
		Heartbeat: SystemStatus, SnapshotCalls: true,
		Basis: "encoding and framing sourced (capture); port from a client of the Office family, association assumed",
	},
	{
		Name: "Panasonic KX-TDA/TDE/NS", Encoding: BER3, Framing: Delimited, Port: 33333,
		Association: true, Context: "1.3.12.0.218", Version: 4,
		Heartbeat: SystemStatus, SnapshotCalls: true, AskCapabilities: true,
		Basis: "sourced: captures and an open client (context 1.3.12.0.218, version five, no password); " +
			"capability exchange assumed",
	},
	{
		Name: "HiPath 3000", Encoding: BER3, Framing: Delimited, Port: 7001, Version: -1,
		Heartbeat: SystemStatus, SnapshotCalls: true, AskCapabilities: true,
		Basis: "port sourced (vendor wiki); phase III rather than II, framing and capability exchange assumed",
	},
	{
		Name: "OpenScape Business BER", Encoding: BER3, Framing: Delimited, Port: 8800,
		Association: true, Login: true, Context: "1.3.12.0.285", Version: 4,
		Heartbeat: SystemStatus, SnapshotCalls: true, AskCapabilities: true,
		Basis: "port, framing and login in the association sourced (clients); " +
			"its place there and capability exchange assumed",
	},
	{
		Name: "Ericsson MD110 Application Link", Encoding: BER1, Framing: Delimited, Port: 2555, Version: -1,
		Variant:   Variant{Wrapped: true},
		Heartbeat: SystemStatus, SnapshotCalls: true,
		Basis: "encoding and framing sourced (Net::CSTA); the port is assumed",
	},
	GenericXML,
	xmlProfile(Profile{
		Name: "OpenScape Business XML", Encoding: XML4, Port: 8800, Session: true, Login: true, Register: true,
		Basis: "port, namespace, header and login in the session sourced (clients, captures); " +
			"heartbeat, registration and capability exchange assumed",
	}),
	xmlProfile(Profile{
		Name: "OpenScape Voice", Encoding: XML4, Port: 1040, Session: true, Register: true,
		Basis: "port, namespace, header, session and registration sourced (a client and captures, without a password); " +
			"heartbeat and capability exchange assumed",
	}),
	xmlProfile(Profile{
		Name: "Mitel MX-ONE", Encoding: XML4, Port: 8882,
		Basis: "sourced: port and XML over TCP without ASN.1 " +
			"(the vendor's list of ports: 8882, with TLS 8883; both can be set); " +
			"edition, header and the lack of a session assumed (TCP 2599 is a protocol between Mitel's own products)",
	}),
	xmlProfile(Profile{
		Name: "MiVoice Office 400", Encoding: XML5, Port: 1080, Devices: Represented, // N<4001>
		Basis: "edition, header, form of devices and the error at the monitor limit sourced (a driver's log); " +
			"port and the lack of a session assumed",
	}),
	xmlProfile(Profile{
		Name: "Avaya AES", Encoding: XML3, Port: 4721, Session: true, Login: true, Register: true,
		Variant: Variant{Login: LoginAvaya},
		Basis: "edition, header, login and both ports, 4721 and with TLS 4722, sourced (open clients, a driver's manual); " +
			"registration and capability exchange assumed",
	}),
}

// xmlProfile completes a profile by what those in XML have in common.
func xmlProfile(p Profile) Profile {
	p.Framing, p.Version, p.Heartbeat = XMLHeader, -1, RequestSystemStatus
	p.SnapshotCalls, p.AskCapabilities = true, true
	return p
}

// Profiles returns the known types of PBX, ordered by name.
func Profiles() []Profile {
	out := slices.Clone(profiles)
	slices.SortFunc(out, func(a, b Profile) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// ProfileByName finds a profile by its name, ignoring case.
func ProfileByName(name string) (Profile, bool) {
	i := slices.IndexFunc(profiles, func(p Profile) bool { return strings.EqualFold(p.Name, name) })
	if i < 0 {
		return Profile{}, false
	}
	return profiles[i], true
}
