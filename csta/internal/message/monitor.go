package message

import "github.com/ctikit/ctikit/cti"

// Filter is the events that a monitor omits, in the bits of ECMA-285: a
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

// bitOf gives the list of a filter that holds the bit of kind, and the bit.
func (f *Filter) bitOf(kind cti.Kind) (list *Bits, bit, length int) {
	for _, l := range []struct {
		list  *Bits
		kinds []cti.Kind
	}{{&f.CallControl, callControlBits}, {&f.CallAssociated, callAssociatedBits}, {&f.Media, mediaBits},
		{&f.Physical, physicalBits}, {&f.Logical, logicalBits}, {&f.Maintenance, maintenanceBits},
		{&f.Private, privateBits}} {
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
		list, bit, length := f.bitOf(k)
		if list != nil {
			list.Set, list.Len, list.Mask = true, max(list.Len, uint8(length)), list.Mask|1<<bit
		}
	}
	return f
}

// Passes reports whether events of the kind come through.
func (f *Filter) Passes(kind cti.Kind) bool {
	list, bit, _ := f.bitOf(kind)
	return list == nil || !list.Has(bit)
}
