package ecma323

import (
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

var servicesPermitted = structure[message.ServicesPermitted]{
	bitsField("callControlServices", callControlServices,
		func(s *message.ServicesPermitted) *message.Bits { return &s.CallControl }),
	bitsField("callAssociatedServices", callAssociatedServices,
		func(s *message.ServicesPermitted) *message.Bits { return &s.CallAssociated }),
	also("mediaAttachmentServices", bitsField("mediaAttachementServices", mediaServices,
		func(s *message.ServicesPermitted) *message.Bits { return &s.MediaAttachment })),
	bitsField("routeingServices", routeingServices,
		func(s *message.ServicesPermitted) *message.Bits { return &s.Routeing }),
	bitsField("voiceServices", voiceServices, func(s *message.ServicesPermitted) *message.Bits { return &s.VoiceUnit }),
}

var mediaCharacteristics = structure[message.Media]{
	bitsField("mediaClass", mediaClasses, func(m *message.Media) *message.Bits { return &m.Class }),
	numberField("connectionRate", func(m *message.Media) *message.Opt[int64] { return &m.Rate }),
	enumField("bitRate", bitRateNames, func(m *message.Media) *message.Opt[int8] { return &m.BitRate }),
	numberField("delayTolerance", func(m *message.Media) *message.Opt[int64] { return &m.DelayTolerance }),
	enumField("switchingSubDomainCCIEType", ccieNames, func(m *message.Media) *message.Opt[int8] { return &m.CCIE }),
	octetsField("switchingSubDomainInformationElements", func(m *message.Media) *message.Octets { return &m.Elements }),
}

var connectionInformation = structure[message.ConnectionInfo]{
	enumField("flowDirection", flowNames, func(c *message.ConnectionInfo) *message.Opt[int8] { return &c.Flow }),
	numberField("numberOfChannels", func(c *message.ConnectionInfo) *message.Opt[int64] { return &c.Channels }),
	textField("mediaSessionInfo", func(c *message.ConnectionInfo) *message.Text { return &c.Session }),
}

var globalID = structure[message.LinkageID]{
	linkageID("globallyUniqueCallLinkageID", true), linkageID("subDomainCallLinkageID", false),
}

var threadID = structure[message.LinkageID]{
	linkageID("globallyUniqueThreadID", true), linkageID("subDomainThreadID", false),
}

func linkageID(name string, unique bool) field[message.LinkageID] {
	return field[message.LinkageID]{name: name,
		read: func(r *reader, l *message.LinkageID) { l.Set, l.Unique, l.ID = true, unique, present(r.readText()) },
		write: func(w *writer, name string, l *message.LinkageID) {
			if l.Unique == unique {
				w.writeBytes(name, l.ID)
			}
		}}
}

var globalCall = structure[message.LinkageID]{
	textField("globalCallSwitchingSubDomainName", func(l *message.LinkageID) *message.Text { return &l.Domain }),
	groupField("globalCallLinkageID", isLinked, globalID),
	textField("callLinkageIDTimestamp", func(l *message.LinkageID) *message.Text { return &l.Time }),
}

var threadData = structure[message.LinkageID]{
	textField("threadSwitchingSubDomainName", func(l *message.LinkageID) *message.Text { return &l.Domain }),
	groupField("threadLinkageID", isLinked, threadID),
	textField("threadIDTimeStamp", func(l *message.LinkageID) *message.Text { return &l.Time }),
}

func isLinked(l *message.LinkageID) bool { return l.Set }

var linkages = structure[message.Linkage]{
	linked("globalCallData", globalCall, func(l *message.Linkage) *message.LinkageID { return &l.Call }),
	linked("threadData", threadData, func(l *message.Linkage) *message.LinkageID { return &l.Thread }),
}

func linked(name string, s structure[message.LinkageID],
	of func(*message.Linkage) *message.LinkageID) field[message.Linkage] {
	return field[message.Linkage]{name: name,
		read: func(r *reader, l *message.Linkage) { s.readChildren(r, of(l)) },
		write: func(w *writer, name string, l *message.Linkage) {
			if id := of(l); id.Set {
				w.openElement(name)
				s.writeChildren(w, id)
				w.closeElement(name)
			}
		}}
}

// part is nested in room that the reader keeps for it: one that most events
// have costs no allocation.
func part[T, U any](name string, of func(*T) **U, s structure[U], room func(*scratch) *U) field[T] {
	f := nestedField(name, of, s)
	f.read = func(r *reader, v *T) {
		var zero U
		u := room(&r.scratch)
		*u = zero
		s.readChildren(r, u)
		*of(v) = u
	}
	return f
}

// The fields of CallData, in any message that has one.

type of[T any] func(*T) *message.CallData

func (d of[T]) correlator() field[T] {
	return octetsOrPrivate("correlatorData", func(v *T) *message.Octets { return &d(v).Correlator })
}

func (d of[T]) userData() field[T] {
	return octetsOrPrivate("userData", func(v *T) *message.Octets { return &d(v).UserData })
}

func (d of[T]) account() field[T] {
	return octetsField("accountCode", func(v *T) *message.Octets { return &d(v).Account })
}

func (d of[T]) authorization() field[T] {
	return octetsField("authCode", func(v *T) *message.Hidden { return &d(v).Authorization })
}

func (d of[T]) qualifying() field[T] {
	return octetsField("callQualifyingData", func(v *T) *message.Octets { return &d(v).Qualifying })
}

func (d of[T]) characteristics() field[T] {
	return bitsField("callCharacteristics", callCharacteristics, func(v *T) *message.Bits { return &d(v).Characteristics })
}

func (d of[T]) mediaCharacteristics() field[T] {
	return part("mediaCallCharacteristics", func(v *T) **message.Media { return &d(v).Media }, mediaCharacteristics,
		func(s *scratch) *message.Media { return &s.media })
}

func (d of[T]) info(name string) field[T] {
	return part(name, func(v *T) **message.ConnectionInfo { return &d(v).Info }, connectionInformation,
		func(s *scratch) *message.ConnectionInfo { return &s.info })
}

func (d of[T]) services() field[T] {
	return part("servicesPermitted", func(v *T) **message.ServicesPermitted { return &d(v).Services }, servicesPermitted,
		func(s *scratch) *message.ServicesPermitted { return &s.services })
}

func (d of[T]) linkageData(name string) field[T] {
	return part(name, func(v *T) **message.Linkage { return &d(v).Linkage }, linkages,
		func(s *scratch) *message.Linkage { return &s.linkage })
}

// linkageList is CallLinkageDataList: the new call's and the old one's.
func (d of[T]) linkageList() field[T] {
	old := part("oldCallLinkageData", func(v *T) **message.Linkage { return &d(v).OldLinkage }, linkages,
		func(s *scratch) *message.Linkage { return &s.old })
	return groupField("callLinkageDataList", func(v *T) bool { return d(v).Linkage != nil || d(v).OldLinkage != nil },
		structure[T]{d.linkageData("newCallLinkageData"), old})
}

func (d of[T]) subjectOfCall() field[T] {
	return textField("subjectOfCall", func(v *T) *message.Text { return &d(v).Subject })
}

func (d of[T]) languages() field[T] {
	return textField("languagePreferences", func(v *T) *message.Text { return &d(v).Languages })
}

// messageInfo is the text message of a call. The model has one; of several the last counts.
func (d of[T]) messageInfo() field[T] {
	return groupField("messageInfo", func(v *T) bool { return d(v).Message != nil }, structure[T]{
		nestedField("messageInfoItem", func(v *T) **message.MessageInfo { return &d(v).Message }, messageInfo)})
}

var messageInfo = structure[message.MessageInfo]{
	textField("contentTypeAndSubtype", func(m *message.MessageInfo) *message.Text { return &m.Type }),
	textField("contents", func(m *message.MessageInfo) *message.Text { return &m.Contents }),
	numberField("contentsLength", func(m *message.MessageInfo) *message.Opt[int64] { return &m.Length }),
}

// history is where the call was before; of several the last counts.
func (d of[T]) history() field[T] {
	return groupField("deviceHistory", func(v *T) bool { return d(v).History != nil }, structure[T]{
		nestedField("DeviceHistoryListItem", func(v *T) **message.History { return &d(v).History }, deviceHistory)})
}

var deviceHistory = structure[message.History]{
	redirection("oldDeviceID", func(h *message.History) *message.Device { return &h.Device }),
	causeField("eventCause", false, func(h *message.History) *cti.Cause { return &h.Cause }),
	connectionField("oldConnectionID", false, func(h *message.History) *message.Connection { return &h.Connection }),
}

// connectionList is the connections that a conference or transfer results in.
func connectionList[T any](name string, of func(*T) *[]message.Connected) field[T] {
	return listField(name, "connectionListItem", of, item(connectionItem))
}

var connectionItem = structure[message.Connected]{
	connectionField("newConnection", false, func(c *message.Connected) *message.Connection { return &c.New }),
	connectionField("oldConnection", false, func(c *message.Connected) *message.Connection { return &c.Old }),
	endpointField("endpoint", func(c *message.Connected) *message.Device { return &c.Endpoint }),
	endpointField("associatedNID", func(c *message.Connected) *message.Device { return &c.Associated }),
	nestedField("resultingConnectionInfo", func(c *message.Connected) **message.ConnectionInfo { return &c.Info },
		connectionInformation),
}

// endpointField is an optional choice of a device and the reason for not naming it.
func endpointField(name string, of func(*message.Connected) *message.Device) field[message.Connected] {
	f := partyField(name, false, of)
	f.write = func(w *writer, name string, c *message.Connected) {
		if d := of(c); d.IsSet() {
			w.writeExtended(name, d, message.NotKnown, "deviceID")
		}
	}
	return f
}
