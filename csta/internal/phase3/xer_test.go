package phase3_test

import (
	"encoding/asn1"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/testenv"
)

// xer renders values of the model as asn1c prints them (XER without white
// space). The names of structures stand here, those of enumerations are read
// from the published module: nothing of it is shared with the codec.
type xer struct{ enums map[string]map[int64]string }

func newXER(t testing.TB) xer {
	text, err := os.ReadFile(testenv.Standards(t, "csta", "CSTA3.asn1"))
	require.NoError(t, err)
	x := xer{map[string]map[int64]string{}}
	item := regexp.MustCompile(`([A-Za-z0-9-]+)\((\d+)\)`)
	for _, m := range regexp.MustCompile(`(?m)^(\S+) ::= (?:.* IMPLICIT )?ENUMERATED \{(.*)\}`).FindAllStringSubmatch(string(text), -1) {
		x.enums[m[1]] = map[int64]string{}
		for _, i := range item.FindAllStringSubmatch(m[2], -1) {
			n, _ := strconv.ParseInt(i[2], 10, 64)
			x.enums[m[1]][n] = i[1]
		}
	}
	require.Greater(t, len(x.enums), 40)
	return x
}

// el is an element, "" where there is no content and it may be absent.
func el(name, content string) string { return "<" + name + ">" + content + "</" + name + ">" }

func opt(set bool, name, content string) string {
	if !set {
		return ""
	}
	return el(name, content)
}

func (x xer) enum(kind string, v int64) string {
	name, ok := x.enums[kind][v]
	if !ok {
		return fmt.Sprintf("no %s %d", kind, v)
	}
	return "<" + name + "/>"
}

func boolean(v bool) string { return "<" + strconv.FormatBool(v) + "/>" }

func integer[T ~int8 | ~int16 | ~int64](v T) string { return strconv.FormatInt(int64(v), 10) }

// octets are digits in pairs, with between between them: XER has a blank
// there, canonical XER nothing.
func octets[T ~string | ~[]byte](b T) string {
	return strings.ReplaceAll(fmt.Sprintf("% X", []byte(b)), " ", between)
}

const between = "\x00"

func text[T ~string | ~[]byte](b T) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(string(b))
}

// octetsEl, textEl, bitsEl, enumEl, intEl and boolEl are optional elements.
func octetsEl[T ~[]byte](name string, b T) string { return opt(b != nil, name, octets(b)) }
func textEl[T ~[]byte](name string, b T) string   { return opt(b != nil, name, text(b)) }
func bitsEl(name string, b message.Bits) string   { return opt(b.Set, name, b.String()) }

func (x xer) enumEl(name, kind string, v message.Opt[int8]) string {
	return opt(v.Set, name, x.enum(kind, int64(v.Value)))
}

func intEl[T ~int8 | ~int16 | ~int64](name string, v message.Opt[T]) string {
	return opt(v.Set, name, integer(v.Value))
}

func boolEl(name string, v message.Opt[bool]) string { return opt(v.Set, name, boolean(v.Value)) }

func (x xer) causeEl(name string, c cti.Cause) string {
	return opt(c != 0, name, x.enum("EventCause", int64(c)))
}

func (x xer) stateEl(name string, s cti.LocalState) string {
	return opt(s != 0, name, x.enum("LocalConnectionState", int64(s)-1))
}

func list[T any](name string, items []T, each func(T) string) string {
	out := ""
	for _, i := range items {
		out += each(i)
	}
	return opt(items != nil, name, out)
}

// device is the content of a DeviceID.
func (x xer) device(d message.Device) string {
	public := []string{"unknown", "international", "national", "networkspecific", "subscriber", "abbreviated"}
	private := []string{"unknown", "level3RegionalNumber", "level2RegionalNumber", "level1RegionalNumber",
		"pTNSpecificNumber", "localNumber", "abbreviated"}
	number := ""
	switch f := d.Form; {
	case f == message.DialingNumber:
		number = el("dialingNumber", text(d.Number))
	case f == message.DeviceNumber:
		number = el("deviceNumber", d.Number)
	case f == message.ImplicitPublic:
		number = el("implicitPublic", text(d.Number))
	case f <= message.PublicAbbreviated:
		number = el("explicitPublic", el(public[f-message.PublicUnknown], text(d.Number)))
	case f == message.ImplicitPrivate:
		number = el("implicitPrivate", text(d.Number))
	case f <= message.PrivateAbbreviated:
		number = el("explicitPrivate", el(private[f-message.PrivateUnknown], text(d.Number)))
	default:
		number = el("other", octets(d.Number))
	}
	return el("deviceIdentifier", number) + opt(d.HasPrivate, "privateNumber", text(d.PrivateNumber)) +
		opt(d.HasName, "privateName", text(d.PrivateName)) + x.media("mediaCallCharacteristics", d.Media)
}

func (x xer) deviceEl(name string, d message.Device) string { return opt(d.IsSet(), name, x.device(d)) }

func (x xer) listedDevice(d message.Device) string { return el("DeviceID", x.device(d)) }

// party is the content of an ExtendedDeviceID; known is the name of its first
// alternative.
func (x xer) party(known string, d message.Device) string {
	if d.Status == message.Known {
		return el(known, x.device(d))
	}
	return el(d.Status.String(), "")
}

func (x xer) partyEl(name string, d message.Device) string {
	return opt(d.IsSet(), name, x.party("deviceIdentifier", d))
}

func (x xer) connection(c message.Connection) string {
	device := el("staticID", x.device(c.Device))
	if c.Device.Form == message.Dynamic {
		device = el("dynamicID", octets(c.Device.Number))
	}
	call, device := el("callID", octets(c.Call)), el("deviceID", device)
	return map[message.ConnectionParts]string{message.CallOnly: call, message.DeviceOnly: device,
		message.CallAndDevice: el("both", call+device)}[c.Parts]
}

func (x xer) connectionEl(name string, c message.Connection) string {
	return opt(c.IsSet(), name, x.connection(c))
}

func (x xer) media(name string, m *message.Media) string {
	if m == nil {
		return ""
	}
	return el(name, bitsEl("mediaClass", m.Class)+intEl("connectionRate", m.Rate)+
		x.enumEl("bitRate", "MediaCallCharacteristics-bitRate", m.BitRate)+intEl("delayTolerance", m.DelayTolerance)+
		x.enumEl("switchingSubDomainCCIEType", "MediaCallCharacteristics-switchingSubDomainCCIEType", m.CCIE)+
		octetsEl("switchingSubDomainInformationElements", m.Elements))
}

func (x xer) info(name string, c *message.ConnectionInfo) string {
	if c == nil {
		return ""
	}
	return el(name, x.enumEl("flowDirection", "ConnectionInformation-flowDirection", c.Flow)+
		intEl("numberOfChannels", c.Channels)+textEl("mediaSessionInformation", c.Session))
}

func services(name string, s *message.ServicesPermitted) string {
	if s == nil {
		return ""
	}
	return el(name, bitsEl("callControlServices", s.CallControl)+bitsEl("callAssociatedServices", s.CallAssociated)+
		bitsEl("mediaAttachmentServices", s.MediaAttachment)+bitsEl("routeingServices", s.Routeing)+
		bitsEl("voiceUnitServices", s.VoiceUnit))
}

func linkage(name string, l *message.Linkage) string {
	if l == nil {
		return ""
	}
	part := func(outer, domain, id, sub, global, time string, v message.LinkageID) string {
		kind := sub
		if v.Unique {
			kind = global
		}
		return opt(v.Set, outer, textEl(domain, v.Domain)+el(id, el(kind, octets(v.ID)))+textEl(time, v.Time))
	}
	return el(name, part("globalCallData", "globalCallSwitchingSubDomainName", "globalCallLinkageID",
		"subDomainCallLinkageID", "globallyUniqueCallLinkageID", "callLinkageIDTimestamp", l.Call)+
		part("threadData", "threadSwitchingSubDomainName", "threadLinkageID", "subDomainThreadID",
			"globallyUniqueThreadID", "threadIDTimeStamp", l.Thread))
}

func linkages(name string, d message.CallData) string {
	if d.OldLinkage == nil {
		return ""
	}
	return el(name, linkage("newCallLinkageData", d.Linkage)+linkage("oldCallLinkageData", d.OldLinkage))
}

func messageInfo(name string, m *message.MessageInfo) string {
	if m == nil {
		return ""
	}
	return el(name, textEl("contents", m.Contents)+textEl("contentTypeAndSubtype", m.Type)+intEl("contentsLength", m.Length))
}

func (x xer) history(name string, h *message.History) string {
	if h == nil {
		return ""
	}
	return el(name, x.deviceEl("oldDeviceID", h.Device)+x.causeEl("eventCause", h.Cause)+
		x.connectionEl("oldConnectionID", h.Connection))
}

func (x xer) locations(name string, l []message.Location) string {
	return list(name, l, func(l message.Location) string {
		return list("LocationInfo", l, x.geoPriv)
	})
}

func (x xer) geoPriv(g message.GeoPriv) string {
	parts := strings.Fields("country a1 a2 a3 a4 a5 a6 prd pod sts hno hns lmk loc flr nam pc")
	out := list("gpLocationInfo", g.Places, func(c message.Civic) string {
		address := ""
		for i, part := range parts {
			address += textEl(part, c.Address[i])
		}
		return el("GpLocationInfo", el("civicLocGml", el("gmlFormat", octets(c.GML))+
			opt(c.Address[0] != nil, "civicLoc", address)))
	})
	if u := g.Usage; u != nil {
		out += el("usageRules", el("retransmissionAllowed", boolean(u.Retransmit))+textEl("retentionExpires", u.Expires)+
			textEl("rulesetReference", u.Ruleset)+textEl("noteWell", u.NoteWell))
	}
	out += x.enumEl("method", "Method", g.Method)
	if p := g.Providers; p != nil {
		out += el("providedBy", textEl("dataproviderID", p.Provider)+textEl("telUri", p.Tel)+textEl("uRL", p.URL))
	}
	return el("GeoPriv", out)
}

func (x xer) connected(c message.Connected) string {
	endpoint := func(name string, d message.Device) string {
		return opt(d.IsSet(), name, x.party("deviceID", d))
	}
	return el("ConnectionList-Item", x.connectionEl("newConnection", c.New)+x.connectionEl("oldConnection", c.Old)+
		endpoint("endpoint", c.Endpoint)+endpoint("associatedNID", c.Associated)+x.info("resultingConnectionInfo", c.Info))
}

func (x xer) charging(name string, c *message.Charging) string {
	if c == nil {
		return ""
	}
	units := list("numberOfChargeUnits", c.Units, func(u message.ChargeUnit) string {
		return el("NumberOfChargingUnits-Item", el("chargingUnits", integer(u.Units))+octetsEl("typeOfUnits", u.Type))
	})
	if c.Units == nil {
		units = el("numberOfCurrencyUnits", el("currencyType", octets(c.Currency))+
			el("currencyAmount", integer(c.Amount))+
			el("currencyMultiplier", x.enum("NumberOfCurrencyUnits-currencyMultiplier", int64(c.Multiplier))))
	}
	kind := int64(0)
	if c.Total {
		kind = 1
	}
	return el(name, el("numberUnits", units)+el("typeOfChargingInfo", x.enum("ChargingInfo-typeOfChargingInfo", kind)))
}

func filter(name string, f message.Filter) string {
	return opt(f.Set, name, bitsEl("callControl", f.CallControl)+bitsEl("callAssociated", f.CallAssociated)+
		bitsEl("mediaAttachment", f.Media)+bitsEl("physicalDeviceFeature", f.Physical)+
		bitsEl("logicalDeviceFeature", f.Logical)+bitsEl("maintenance", f.Maintenance)+
		bitsEl("voiceUnit", f.VoiceUnit)+bitsEl("private", f.Private))
}

// extensions is parsed with the standard library: the model passes it through.
func extensions(name string, e message.Extensions) string {
	if !e.Set {
		return ""
	}
	out := ""
	for rest := []byte(e.Raw); len(rest) > 0; {
		var v asn1.RawValue
		rest, _ = asn1.Unmarshal(rest, &v)
		if v.Tag == 0 {
			out += el("security", security(v.Bytes))
		} else {
			out += el("privateData", securityAndPrivateData(v.Bytes))
		}
	}
	return el(name, out)
}

// security is the content of CSTASecurityData.
func security(b []byte) (out string) {
	for len(b) > 0 {
		var v asn1.RawValue
		b, _ = asn1.Unmarshal(b, &v)
		switch {
		case v.Class == asn1.ClassContextSpecific:
			var n int64
			_, _ = asn1.UnmarshalWithParams(v.FullBytes, &n, "tag:0")
			out += el("messageSequenceNumber", integer(n))
		case v.Tag == asn1.TagGeneralizedTime:
			out += el("timestamp", string(v.Bytes))
		default:
			out += el("securityInfo", securityAndPrivateData(v.FullBytes))
		}
	}
	return out
}

// securityAndPrivateData is a row of CSTAPrivateData.
func securityAndPrivateData(b []byte) (out string) {
	for len(b) > 0 {
		var v asn1.RawValue
		b, _ = asn1.Unmarshal(b, &v)
		if v.Tag == asn1.TagNull {
			out += el("private", "")
		} else {
			out += el("string", octets(v.Bytes))
		}
	}
	return out
}
