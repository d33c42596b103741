package ldapsource

import (
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/ctikit/ctikit/directory"
)

// entryDecoder decodes search results into one entry that is used again for each.
type entryDecoder struct {
	key    string // lower-case name of the key attribute
	binary bool   // the key is an objectGUID
	entry  directory.Entry
	values [][]byte // of the attributes, one after the other
}

// decodeEntry fills the entry from a SearchResultEntry (RFC 4511 4.5.2).
func (d *entryDecoder) decodeEntry(body []byte) (*directory.Entry, error) {
	dn, rest, err := expectElement(body, tagOctet)
	if err != nil {
		return nil, err
	}
	list, _, err := expectElement(rest, tagSequence)
	if err != nil {
		return nil, err
	}
	d.entry = directory.Entry{Path: string(dn), Attrs: d.entry.Attrs[:0]}
	d.values = d.values[:0]
	for len(list) > 0 {
		var name, set, attr []byte
		if attr, list, err = expectElement(list, tagSequence); err != nil {
			return nil, err
		}
		if name, attr, err = expectElement(attr, tagOctet); err != nil {
			return nil, err
		}
		if set, _, err = expectElement(attr, tagSet); err != nil {
			return nil, err
		}
		from := len(d.values)
		for len(set) > 0 {
			var v []byte
			if v, set, err = expectElement(set, tagOctet); err != nil {
				return nil, err
			}
			d.values = append(d.values, v)
		}
		// Growth of d.values leaves earlier attributes on the old array, which still holds their values.
		values := d.values[from:len(d.values):len(d.values)]
		if len(values) == 0 {
			continue // typesOnly, or cleared
		}
		d.entry.Attrs = append(d.entry.Attrs, directory.Attr{Name: name, Values: values})
		if d.entry.Key == "" && len(name) == len(d.key) && strings.EqualFold(string(name), d.key) {
			d.entry.Key = d.formatKey(values[0])
		}
	}
	return &d.entry, nil
}

// visitor returns a visitor of messages that decodes the entries among them and
// skips all others.
func (d *entryDecoder) visitor(visit func(*directory.Entry) error) func(message) error {
	return func(m message) error {
		if m.op != opSearchEntry {
			return nil
		}
		e, err := d.decodeEntry(m.body)
		if err != nil {
			return err
		}
		return visit(e)
	}
}

func (d *entryDecoder) formatKey(value []byte) string {
	if d.binary {
		return formatGUID(value)
	}
	return string(value)
}

// formatGUID writes an objectGUID as Windows does ([MS-DTYP] 2.3.4.3): the first three
// groups are little-endian.
func formatGUID(b []byte) string {
	if len(b) != 16 {
		return hex.EncodeToString(b)
	}
	return formatUUID(append([]byte{b[3], b[2], b[1], b[0], b[5], b[4], b[7], b[6]}, b[8:]...))
}

// formatUUID writes 16 bytes as entryUUID does (RFC 4530).
func formatUUID(b []byte) string {
	if len(b) != 16 {
		return hex.EncodeToString(b)
	}
	var out [36]byte
	hex.Encode(out[0:8], b[0:4])
	out[8] = '-'
	hex.Encode(out[9:13], b[4:6])
	out[13] = '-'
	hex.Encode(out[14:18], b[6:8])
	out[18] = '-'
	hex.Encode(out[19:23], b[8:10])
	out[23] = '-'
	hex.Encode(out[24:36], b[10:16])
	return string(out[:])
}

// guidFilter is a filter for one objectGUID.
func guidFilter(raw string) string {
	var b strings.Builder
	b.WriteString("(objectGUID=")
	for i := range len(raw) {
		fmt.Fprintf(&b, `\%02x`, raw[i])
	}
	b.WriteByte(')')
	return b.String()
}
