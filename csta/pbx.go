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
	GenericXML = xmlProfile("Generic XML", XML6, 1040,
		"ECMA-323 6th edition over TCP without SOAP; the port is OpenScape Voice's")
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
		Basis: "sourced: captures and an open client (context 1.3.12.0.218, version five, no password); capability exchange assumed",
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
		Basis: "port, framing and login in the association sourced (clients); its place there and capability exchange assumed",
	},
	{
		Name: "Ericsson MD110 Application Link", Encoding: BER1, Framing: Delimited, Port: 2555, Version: -1,
		Variant:   Variant{Wrapped: true},
		Heartbeat: SystemStatus, SnapshotCalls: true,
		Basis: "encoding and framing sourced (Net::CSTA); the port is assumed",
	},
	GenericXML,
	withRegistration(withSession(xmlProfile("OpenScape Business XML", XML4, 8800,
		"port, namespace, header and login in the session sourced (clients, captures); heartbeat, registration and capability exchange assumed"), true)),
	withRegistration(withSession(xmlProfile("OpenScape Voice", XML4, 1040,
		"port, namespace, header, session and registration sourced (a client and captures, without a password); heartbeat and capability exchange assumed"), false)),
	xmlProfile("Mitel MX-ONE", XML4, 8882, "sourced: port and XML over TCP without ASN.1 (the vendor's list of ports: 8882, with TLS 8883; both can be set); edition, header and the lack of a session assumed (TCP 2599 is a protocol between Mitel's own products)"),
	withRepresentedDevices(xmlProfile("MiVoice Office 400", XML5, 1080,
		"edition, header, form of devices and the error at the monitor limit sourced (a driver's log); port and the lack of a session assumed")),
	avayaProfile(),
}

// avayaProfile logs in with a separate element.
func avayaProfile() Profile {
	p := withRegistration(withSession(xmlProfile("Avaya AES", XML3, 4721,
		"edition, header, login and both ports, 4721 and with TLS 4722, sourced (open clients, a driver's manual); registration and capability exchange assumed"), true))
	p.Variant.Login = LoginAvaya
	return p
}

// withRepresentedDevices is a profile whose PBX has its devices as N<4001>.
func withRepresentedDevices(p Profile) Profile {
	p.Devices = Represented
	return p
}

// withRegistration is a profile whose PBX reports its state to applications that registered for it.
func withRegistration(p Profile) Profile {
	p.Register = true
	return p
}

// xmlProfile is what the profiles in XML have in common.
func xmlProfile(name string, e Encoding, port int, basis string) Profile {
	return Profile{Name: name, Encoding: e, Framing: XMLHeader, Port: port, Version: -1,
		Heartbeat: RequestSystemStatus, SnapshotCalls: true, AskCapabilities: true, Basis: basis}
}

// withSession is a profile whose links begin with an application session.
func withSession(p Profile, login bool) Profile {
	p.Session, p.Login = true, login
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
