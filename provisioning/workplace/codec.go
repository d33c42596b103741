package workplace

import "github.com/ctikit/ctikit/provisioning"

// Codec is one row of the codec table (notes ch. 1).
type Codec struct {
	Name    string
	Mobile  bool // Android and iOS
	Desktop bool // macOS and Windows
	IP500V2 bool
	Server  bool                 // every other system
	Since   provisioning.Version // of IP Office
}

var codecs = []Codec{
	{Name: "Opus", Mobile: true, Desktop: true, Server: true, Since: provisioning.OpusCodec.Since()},
	{Name: "G.722", Mobile: true, Desktop: true, IP500V2: true, Server: true},
	{Name: "G.711 A-law", Mobile: true, Desktop: true, IP500V2: true, Server: true},
	{Name: "G.711 µ-law", Mobile: true, Desktop: true, IP500V2: true, Server: true},
	{Name: "G.726", Mobile: true, Desktop: true},
	{Name: "G.729A", Mobile: true, Desktop: true, IP500V2: true, Server: true},
	{Name: "G.729B", Mobile: true, IP500V2: true},
}

// CodecTable returns all rows.
func CodecTable() []Codec { return append([]Codec(nil), codecs...) }

// Codecs returns the names of the codecs that a client and a system have in common.
func Codecs(os provisioning.OS, system provisioning.System, release provisioning.Version) (names []string) {
	for _, c := range codecs {
		client, server := c.Desktop, c.Server
		if os.Mobile() {
			client = c.Mobile
		}
		if system.IP500V2 {
			server = c.IP500V2
		}
		if client && server && !release.Before(c.Since) {
			names = append(names, c.Name)
		}
	}
	return names
}
