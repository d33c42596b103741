package framing

// Detect finds from the first bytes of a stream how it is framed, for switches
// that serve several framings on one port and for captures of unknown origin.
// Eight bytes are enough; false means that there are too few, or that it is not a framing.
func Detect(start []byte) (Framing, bool) {
	switch {
	case len(start) == 0:
		return 0, false
	case envelope(start[0]), len(start) > 1 && abort(start):
		return NonDelimited, true
	case len(start) >= 8 && start[0] == 0 && start[1] == 0 && allDigits(start[4:8]):
		return XML, true
	case len(start) >= 3 && envelope(start[2]), len(start) > 3 && start[0] == 0 && start[1] == bareAbort &&
		abort(start[2:]):
		return Delimited, true
	}
	return 0, false
}

// bareAbort is how long an ABRT of ACSE is that comes without its envelope, as
// Panasonic's does: the source alone.
const bareAbort = 3

// abort reports whether buf begins like one.
func abort(buf []byte) bool { return buf[0] == 0x80 && (len(buf) < 2 || buf[1] == 1) }

// envelope: the tags of ROSE and ACSE messages.
func envelope(tag byte) bool { return tag >= 0xa1 && tag <= 0xa4 || tag >= 0x60 && tag <= 0x64 }

func allDigits(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}
