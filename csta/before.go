package csta

import "github.com/ctikit/ctikit/cti"

// lastEvent is what the last event of a monitor had. The next one is mostly of the
// same call, and what it has alike is not made anew. The reader alone uses it.
type lastEvent struct {
	rawCall, rawGlobal   string
	callID               cti.CallID
	globalID             string
	userData, correlator string
	details              *cti.Details
	networkOnly          bool // details are of the public network only
}

func (b *lastEvent) reuseCallID(ids *identifiers, raw string) cti.CallID {
	if b.rawCall != raw {
		b.rawCall, b.callID = raw, ids.translateCallID(raw)
	}
	return b.callID
}

func (b *lastEvent) reuseGlobalID(raw []byte) string {
	if b.rawGlobal != string(raw) {
		b.rawGlobal = string(raw)
		b.globalID = string(formatCallID(b.rawGlobal))
	}
	return b.globalID
}

// longestKept bounds what is kept for each monitor.
const longestKept = 256

// reuseString is now as a string, which is that of before if that says the same.
func reuseString(before *string, now []byte) string {
	switch {
	case len(now) > longestKept:
		return string(now)
	case *before != string(now):
		*before = string(now)
	}
	return *before
}
