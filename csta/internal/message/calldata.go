package message

import "github.com/ctikit/ctikit/cti"

// CallData is what many services and events carry about a call besides its
// parties (ECMA-269 12.2). All of it is optional everywhere.
type CallData struct {
	Correlator      Octets // the application's own data on the call
	UserData        Octets // sent from user to user
	Account         Octets
	Authorization   Hidden // authorization code
	Qualifying      Octets // call qualifying data
	Characteristics Bits   // acdCall, priorityCall, ...: ECMA-285 CallCharacteristics
	Subject         Text   // subject of the call
	Languages       Text   // language preferences
	Media           *Media
	Info            *ConnectionInfo
	Services        *ServicesPermitted
	Linkage         *Linkage // the call's, or the new call's
	OldLinkage      *Linkage // conferenced, transferred: the old call's
	Message         *MessageInfo
	History         *History
	Locations       []Location
}

// Media are the media call characteristics (ECMA-285 MediaCallCharacteristics).
type Media struct {
	Class          Bits
	Rate           Opt[int64] // connection rate, bit/s
	BitRate        Opt[int8]  // 0 constant, 1 variable
	DelayTolerance Opt[int64]
	CCIE           Opt[int8] // 0 isdn, 1 atm, 2 isoEthernet, 3 rsvp, 4 other, 5 sip
	Elements       Octets    // information elements of the switching sub-domain
}

// ConnectionInfo is ECMA-285 ConnectionInformation.
type ConnectionInfo struct {
	Flow     Opt[int8] // 0 transmit, 1 receive, 2 both, 3 none
	Channels Opt[int64]
	Session  Text // media session information
}

// ServicesPermitted is the services that may be requested next, in the bits of ECMA-285.
type ServicesPermitted struct {
	CallControl, CallAssociated, MediaAttachment, Routeing, VoiceUnit Bits
}

// Linkage identifies a call across switches, and the thread that it belongs to.
type Linkage struct {
	Call   LinkageID
	Thread LinkageID // Set is false where absent
}

// LinkageID is a global call or thread identifier.
type LinkageID struct {
	Set    bool
	Unique bool // globally unique, not only within the sub-domain
	Domain Text // switching sub-domain
	ID     Octets
	Time   Text // GeneralizedTime in BER
}

// MessageInfo is the text message that a call carries.
type MessageInfo struct {
	Contents Text
	Type     Text // MIME type and subtype
	Length   Opt[int64]
}

// History is where a call was before (ECMA-285 DeviceHistory).
type History struct {
	Device     Device
	Cause      cti.Cause
	Connection Connection
}

// Location is one LocationInfo: a list of places of one device.
type Location []GeoPriv

// GeoPriv is one place with the rules for telling it on (RFC 4119).
type GeoPriv struct {
	Places    []Civic
	Usage     *UsageRules
	Method    Opt[int8]
	Providers *ProvidedBy
}

// Civic is a geometry and a civic address. Address[0] is the country (nil: no address), then a1
// to a6, prd, pod, sts, hno, hns, lmk, loc, flr, nam, pc.
type Civic struct {
	GML     Octets
	Address [17]Text
}

// UsageRules say what may be done with a place.
type UsageRules struct {
	Retransmit bool
	Expires    Text
	Ruleset    Text
	NoteWell   Text
}

// ProvidedBy is the provider of a location.
type ProvidedBy struct{ Provider, Tel, URL Text }

// Charging is what a call cost so far.
type Charging struct {
	Total      bool         // the whole charge, else a sub-total
	Units      []ChargeUnit // nil where charged in currency
	Currency   Octets
	Amount     int64
	Multiplier int8 // 0 one thousandth ... 3 one ... 6 thousand
}

// ChargeUnit is one kind of charge units.
type ChargeUnit struct {
	Units int64
	Type  Octets
}
