package directory

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"slices"
	"strconv"
	"strings"
)

// Hash identifies the content that an import reads of an entry.
type Hash [16]byte

// record is an entry under a mapping, detached from the source's buffers.
type record struct {
	key, path string
	hash      Hash
	names     []Field    // those mapped, in the order of the mapping
	values    [][]string // of each
}

// mapper applies a mapping. The attributes of an entry are first sorted into
// slots, one per name that the mapping reads; most entries have not changed
// since the last run, so the hash is taken from the slots and only a changed
// entry is turned into strings. Not for concurrent use.
type mapper struct {
	rules   []compiledRule
	names   []Field        // of the rules
	slots   map[string]int // lower-case name → slot
	spelled map[string]int // name as the source spells it → slot, -1 for none: saves lower-casing each
	values  [][][]byte     // per slot, of the entry at hand
	seed    Hash           // of the mapping itself: a changed mapping changes every hash
	sum     hash.Hash
	scratch []byte
}

type compiledRule struct {
	Rule
	from  []int  // slots
	parts []part // of the template
}

type part struct {
	text string
	slot int // -1: text
}

func newMapper(m Mapping) *mapper {
	out := &mapper{slots: map[string]int{}, spelled: map[string]int{}, sum: sha256.New()}
	for _, name := range m.Attributes() {
		out.slots[strings.ToLower(name)] = len(out.slots)
	}
	out.values = make([][][]byte, len(out.slots))
	for _, r := range m {
		c := compiledRule{Rule: r}
		for _, name := range r.From {
			c.from = append(c.from, out.slots[strings.ToLower(name)])
		}
		c.parts = out.parseTemplate(r.Template)
		out.rules, out.names = append(out.rules, c), append(out.names, r.Field)
	}
	seed := sha256.Sum256([]byte(fmt.Sprintf("%+v", m)))
	out.seed = Hash(seed[:16])
	return out
}

func (m *mapper) parseTemplate(text string) []part {
	var out []part
	end := 0
	for _, at := range placeholder.FindAllStringSubmatchIndex(text, -1) {
		out = append(out, part{text[end:at[0]], -1}, part{"", m.slots[strings.ToLower(text[at[2]:at[3]])]})
		end = at[1]
	}
	if end < len(text) {
		out = append(out, part{text[end:], -1})
	}
	return out
}

// maxSpellings bounds what a source with ever new attribute names can make us keep.
const maxSpellings = 4096

// loadEntry sorts the entry's attributes into slots. Values without an order of
// their own (RFC 4512 2.2) get one, so that the same set gives the same hash.
func (m *mapper) loadEntry(e *Entry) {
	clear(m.values)
	for i := range e.Attrs {
		a := &e.Attrs[i]
		slot, ok := m.spelled[string(a.Name)]
		if !ok {
			name := string(a.Name)
			if slot, ok = m.slots[strings.ToLower(name)]; !ok {
				slot = -1
			}
			if len(m.spelled) < maxSpellings {
				m.spelled[name] = slot
			}
		}
		if slot < 0 {
			continue
		}
		m.values[slot] = a.Values
		if len(a.Values) > 1 {
			m.values[slot] = slices.Clone(a.Values)
			slices.SortFunc(m.values[slot], bytes.Compare)
		}
	}
}

// fingerprint hashes the slots and the path.
func (m *mapper) fingerprint(e *Entry) (out Hash) {
	b := append(m.scratch[:0], m.seed[:]...)
	b = binary.AppendUvarint(b, uint64(len(e.Path)))
	b = append(b, e.Path...)
	for _, values := range m.values {
		b = binary.AppendUvarint(b, uint64(len(values)))
		for _, v := range values {
			b = binary.AppendUvarint(b, uint64(len(v)))
			if len(v) > MaxText { // a photograph in a name's place: do not buffer it
				m.sum.Reset()
				m.sum.Write(v)
				v = m.sum.Sum(nil)
			}
			b = append(b, v...)
		}
	}
	m.scratch = b
	full := sha256.Sum256(b)
	copy(out[:], full[:])
	return out
}

// buildRecord turns the loaded entry into strings.
func (m *mapper) buildRecord(e *Entry, h Hash) (*record, error) {
	out := &record{key: strings.Clone(e.Key), path: strings.Clone(e.Path), hash: h,
		names: m.names, values: make([][]string, len(m.rules))}
	for i := range m.rules {
		r := &m.rules[i]
		values, err := m.applyRule(r)
		if err != nil {
			return nil, fmt.Errorf("field %s: %w", r.Field, err)
		}
		out.values[i] = values
	}
	return out, nil
}

func (m *mapper) applyRule(r *compiledRule) ([]string, error) {
	switch {
	case r.Field == FieldDisabled:
		return m.disabledValue(r)
	case r.Template != "":
		return m.expandTemplate(r)
	}
	var out []string
	one := !slices.Contains(several, r.Field)
	for _, slot := range r.from {
		for _, raw := range m.values[slot] {
			v, err := decodeText(raw)
			if err != nil {
				return nil, err
			}
			if v == "" || slices.Contains(out, v) {
				continue
			}
			if out = append(out, v); one {
				return out, nil
			}
		}
	}
	return out, nil
}

func (m *mapper) expandTemplate(r *compiledRule) ([]string, error) {
	var b strings.Builder
	for _, p := range r.parts {
		if p.slot < 0 {
			b.WriteString(p.text)
		} else if values := m.values[p.slot]; len(values) > 0 {
			v, err := decodeText(values[0])
			if err != nil {
				return nil, err
			}
			b.WriteString(v)
		}
	}
	if s := strings.Join(strings.Fields(b.String()), " "); s != "" {
		return []string{s}, nil
	}
	return nil, nil
}

func (m *mapper) disabledValue(r *compiledRule) ([]string, error) {
	for _, slot := range r.from {
		if len(m.values[slot]) == 0 {
			continue
		}
		v, err := decodeText(m.values[slot][0])
		if err != nil {
			return nil, err
		}
		off := slices.Contains([]string{"true", "yes", "1", "disabled"}, strings.ToLower(v))
		if r.Mask != 0 {
			n, err := strconv.ParseInt(v, 10, 64)
			if err != nil {
				return nil, fmt.Errorf("invalid integer %.40q", v)
			}
			off = n&r.Mask != 0
		}
		if off != r.Invert {
			return []string{"true"}, nil
		}
		return nil, nil
	}
	return nil, nil
}

// decodeText turns a raw value into a field's text.
func decodeText(raw []byte) (string, error) {
	text := string(bytes.TrimSpace(raw))
	return text, validateText(text)
}
