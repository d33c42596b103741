package message

import "github.com/ctikit/ctikit/cti"

// Filter tells which events a monitor leaves out, in the bits of ECMA-285: a
// set bit is an event that is not wanted. The zero Filter is an absent one.
type Filter struct {
	Set            bool // the filter is present, though perhaps empty
	CallControl    Bits
	CallAssociated Bits
	Media          Bits
	Physical       Bits
	Logical        Bits
	Maintenance    Bits
	VoiceUnit      Bits
	Private        Bits
}

// The bits of each list, in order (ECMA-285 CSTA-status-reporting). They are
// not the numbers of the events themselves.
var (
	callControlBits = []cti.Kind{cti.CallCleared, cti.Conferenced, cti.ConnectionCleared, cti.Delivered, cti.Diverted,
		cti.Established, cti.CallFailed, cti.Held, cti.NetworkReached, cti.Originated, cti.CallQueued, cti.Retrieved,
		cti.ServiceInitiated, cti.Transferred, cti.DigitsDialed, cti.Bridged, cti.NetworkCapabilitiesChanged, cti.Offered}
	callAssociatedBits = []cti.Kind{cti.CallInformation, cti.Charging, cti.DigitsGenerated, cti.TelephonyTonesGenerated,
		cti.ServiceCompletionFailure}
	mediaBits    = []cti.Kind{cti.MediaAttached, cti.MediaDetached}
	physicalBits = []cti.Kind{cti.ButtonInformation, cti.ButtonPress, cti.DisplayUpdated, cti.Hookswitch, cti.LampMode,
		cti.MessageWaiting, cti.MicrophoneGain, cti.MicrophoneMute, cti.RingerStatus, cti.SpeakerMute, cti.SpeakerVolume}
	logicalBits = []cti.Kind{cti.AgentBusyEvent, cti.AgentLoggedOn, cti.AgentLoggedOff, cti.AgentNotReadyEvent,
		cti.AgentReadyEvent, cti.AgentWorkingAfterCallEvent, cti.AutoAnswer, cti.AutoWorkMode, cti.CallBackChanged,
		cti.CallBackMessageChanged, cti.CallerIDStatus, cti.DoNotDisturb, cti.Forwarding, cti.RouteingMode, cti.PresenceState}
	maintenanceBits = []cti.Kind{cti.BackInService, cti.OutOfService, cti.DeviceCapabilitiesChanged, cti.PartiallyInService}
	privateBits     = []cti.Kind{cti.Private}
)

// list gives the list of a filter that holds the bit of kind, and the bit.
func (f *Filter) list(kind cti.Kind) (list *Bits, bit, length int) {
	for _, l := range []struct {
		list  *Bits
		kinds []cti.Kind
	}{{&f.CallControl, callControlBits}, {&f.CallAssociated, callAssociatedBits}, {&f.Media, mediaBits},
		{&f.Physical, physicalBits}, {&f.Logical, logicalBits}, {&f.Maintenance, maintenanceBits}, {&f.Private, privateBits}} {
		for i, k := range l.kinds {
			if k == kind {
				return l.list, i, len(l.kinds)
			}
		}
	}
	return nil, 0, 0
}

// Without adds kinds to what the filter leaves out.
func (f Filter) Without(kinds ...cti.Kind) Filter {
	f.Set = true
	for _, k := range kinds {
		list, bit, length := f.list(k)
		if list != nil {
			list.Set, list.Len, list.Mask = true, max(list.Len, uint8(length)), list.Mask|1<<bit
		}
	}
	return f
}

// Passes reports whether events of the kind come through.
func (f *Filter) Passes(kind cti.Kind) bool {
	list, bit, _ := f.list(kind)
	return list == nil || !list.Has(bit)
}
