package workplace

import "slices"

// Direction is seen from the system, or from the client for services in the cloud.
type Direction string

// The directions.
const (
	Inbound  Direction = "inbound"
	Outbound Direction = "outbound"
	BothWays Direction = "both"
)

// Port is one row of a port table.
type Port struct {
	Low, High int // equal for a single port
	Direction Direction
	Transport string // tcp or udp
	Protocol  string // HTTPS, SIP, RTP, ...
	Purpose   string
	Host      string // the other end, "" for any
	// Preferred: only with "use preferred phone ports"; then instead of 80 and 443.
	Preferred bool
	// Discouraged: SIP without TLS, at which Android clients warn.
	Discouraged bool
	// Media: the range is a setting of the system; the row is its default.
	Media bool
}

// SystemPorts are the ports of an IP Office system for its clients (notes ch. 2;
// the row of SIP with TLS and the one of RTP are one line there).
func SystemPorts() []Port {
	return []Port{
		{Low: 443, High: 443, Direction: Inbound, Transport: "tcp", Protocol: "HTTPS", Purpose: "client configuration, secure WebSocket"},
		{Low: 80, High: 80, Direction: Inbound, Transport: "tcp", Protocol: "HTTP", Purpose: "client configuration, WebSocket"},
		{Low: 8411, High: 8411, Direction: Inbound, Transport: "tcp", Protocol: "HTTP", Purpose: "client configuration, WebSocket", Preferred: true},
		{Low: 411, High: 411, Direction: Inbound, Transport: "tcp", Protocol: "HTTPS", Purpose: "client configuration, secure WebSocket", Preferred: true},
		{Low: 5060, High: 5060, Direction: BothWays, Transport: "tcp", Protocol: "SIP", Purpose: "signalling", Discouraged: true},
		{Low: 5060, High: 5060, Direction: BothWays, Transport: "udp", Protocol: "SIP", Purpose: "signalling", Discouraged: true},
		{Low: 5061, High: 5061, Direction: BothWays, Transport: "tcp", Protocol: "SIP over TLS", Purpose: "signalling"},
		{Low: 40750, High: 50750, Direction: Inbound, Transport: "udp", Protocol: "RTP, RTCP", Purpose: "media for SIP and H.323", Media: true},
	}
}

// SpacesPorts are what clients need towards Avaya Spaces (notes ch. 2).
func SpacesPorts() []Port {
	var ports []Port
	web := func(host, protocol, purpose string) {
		for _, n := range []int{80, 443} {
			ports = append(ports, Port{
				Low: n, High: n, Direction: Outbound, Transport: "tcp", Protocol: protocol, Purpose: purpose, Host: host,
			})
		}
	}
	media := func(host string) {
		for _, r := range [][2]int{{1025, 65535}, {3000, 3999}} {
			ports = append(ports, Port{
				Low: r[0], High: r[1], Direction: Outbound, Transport: "udp",
				Protocol: "WebRTC", Purpose: "audio and video", Host: host,
			})
		}
	}
	web("*.avayacloud.com", "HTTPS, WSS", "messages")
	media("*.avayacloud.com")
	web("*.googleapis.com", "HTTPS", "screen and file sharing")
	web("*.onesna.com", "WSS", "presence")
	media("*.onesna.com")
	web("*.esna.com", "HTTPS", "mobile authentication")
	for _, n := range []int{5228, 5229, 5230} {
		ports = append(ports, Port{
			Low: n, High: n, Direction: Outbound, Transport: "tcp",
			Protocol: "TCP", Purpose: "push notification", Host: "ASN 15169",
		})
	}
	for _, host := range []string{
		"accounts.google.com", "login.microsoftonline.com", "login.salesforce.com", "*.avaya.com",
	} {
		web(host, "HTTPS", "single sign-on")
	}
	web("*.gstatic.com", "HTTPS", "content delivery")
	return ports
}

// MeetingsPorts are what clients need towards Equinox Meetings Online (notes ch. 2).
func MeetingsPorts() []Port {
	return []Port{
		{Low: 443, High: 443, Direction: Outbound, Transport: "tcp", Protocol: "HTTPS", Purpose: "portal, signalling and collaboration"},
		{Low: 8443, High: 8443, Direction: Outbound, Transport: "tcp", Protocol: "HTTPS", Purpose: "portal, signalling and collaboration"},
		{Low: 35000, High: 40000, Direction: Outbound, Transport: "udp", Protocol: "SIP, RTP", Purpose: "SIP connection, media", Media: true},
		{Low: 3478, High: 3478, Direction: Outbound, Transport: "udp", Protocol: "STUN", Purpose: "connection of the web client"},
		{Low: 50000, High: 55000, Direction: Outbound, Transport: "udp", Protocol: "RTP", Purpose: "media of the web client", Media: true},
	}
}

// ExtensionPorts are what the Spaces Calling extension of Chrome needs (notes ch. 14).
func ExtensionPorts() []Port {
	return []Port{
		{Low: 80, High: 80, Direction: Inbound, Transport: "tcp", Protocol: "HTTP", Purpose: "synchronisation of users, single sign-on"},
		{Low: 443, High: 443, Direction: Inbound, Transport: "tcp", Protocol: "HTTPS", Purpose: "synchronisation of users, single sign-on"},
		{Low: 3478, High: 3478, Direction: Outbound, Transport: "udp", Protocol: "STUN, TURN", Purpose: "WebRTC gateway to its STUN server"},
		{Low: 9443, High: 9443, Direction: Inbound, Transport: "tcp", Protocol: "WebSocket", Purpose: "signalling to the WebRTC gateway"},
		{Low: 56000, High: 58000, Direction: Inbound, Transport: "udp", Protocol: "RTP", Purpose: "media to the WebRTC gateway", Media: true},
	}
}

// Site is what the ports of one system depend on.
type Site struct {
	// RTPLow and RTPHigh are the configured range of media; 0 for the table's.
	RTPLow, RTPHigh int
	// PreferredPorts: the system uses 411 and 8411 instead of 443 and 80.
	PreferredPorts bool
	// PlainSIP: SIP without TLS is in use.
	PlainSIP bool
}

// Ports returns the rows of [SystemPorts] that a system uses, media as configured.
func (s Site) Ports() []Port {
	ports := slices.DeleteFunc(SystemPorts(), func(p Port) bool {
		web := p.Protocol == "HTTP" || p.Protocol == "HTTPS"
		return web && p.Preferred != s.PreferredPorts || p.Discouraged && !s.PlainSIP
	})
	for i := range ports {
		if ports[i].Media && s.RTPHigh > 0 {
			ports[i].Low, ports[i].High = s.RTPLow, s.RTPHigh
		}
	}
	return ports
}
