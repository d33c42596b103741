package ber_test

import (
	"bytes"
	"encoding/asn1"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/internal/testenv"
)

func unhex(t testing.TB, s string) []byte {
	b, err := hex.DecodeString(s)
	require.NoError(t, err)
	return b
}

// record is a structure with a field of every kind.
type record struct {
	number  int64
	small   int8
	hasTiny bool
	tiny    uint8
	on      bool
	name    []byte
	extra   []byte
	mask    uint64
	bits    uint8
	oid     string
}

func describe(w *ber.Walker, r *record) {
	m := w.Require(ber.TagSequence)
	ber.Int(w, ber.TagInteger, &r.number)
	ber.Int(w, ber.TagEnumerated, &r.small)
	ber.OptInt(w, 0x80, &r.tiny, &r.hasTiny)
	w.Bool(ber.TagBoolean, &r.on)
	ber.Octets(w, ber.TagIA5String, &r.name)
	inner, ok := w.Enter(0xa1, r.extra != nil)
	if ok {
		ber.Octets(w, ber.TagOctetString, &r.extra)
		w.Leave(inner)
	}
	w.Bits(ber.TagBitString, &r.mask, &r.bits)
	w.OID(&r.oid)
	w.Leave(m)
}

// TestDirections: what is written is read again, whatever its length.
func TestDirections(t *testing.T) {
	random := testenv.Rand(t)
	for _, n := range []int{0, 1, 127, 128, 255, 256, 65535, 65536, 1 << 24} {
		want := record{number: random.Int64() >> random.IntN(64), small: int8(random.IntN(256)), hasTiny: n%2 == 0, tiny: 9,
			on: n%3 == 0, name: make([]byte, n), mask: 0b1011, bits: 11, oid: "1.3.12.0.285.200"}
		if !want.hasTiny {
			want.tiny = 0
		} else {
			want.extra = []byte{}
		}
		var w ber.Walker
		w.Write([]byte("kept"))
		describe(&w, &want)
		require.Nil(t, w.Err())
		require.Equal(t, "kept", string(w.Bytes()[:4]))
		pdu := w.Bytes()[4:]

		var sequence asn1.RawValue // the standard library reads DER only
		rest, err := asn1.Unmarshal(pdu, &sequence)
		require.NoError(t, err)
		require.Empty(t, rest)

		var got record
		w.Read(pdu)
		describe(&w, &got)
		require.Nil(t, w.Err())
		require.Zero(t, w.Skipped)
		require.Equal(t, want, got)
	}
}

// TestIntegers: the standard library writes the same bytes.
func TestIntegers(t *testing.T) {
	random := testenv.Rand(t)
	for range 1000 {
		v := random.Int64() >> random.IntN(64)
		if random.IntN(2) == 0 {
			v = -v
		}
		want, err := asn1.Marshal(v)
		require.NoError(t, err)
		var w ber.Walker
		w.Write(nil)
		ber.Int(&w, ber.TagInteger, &v)
		require.Equal(t, want, w.Bytes())
	}
}

// TestLiberal: other lengths, and elements that nobody described.
func TestLiberal(t *testing.T) {
	want := record{number: 5, small: 1, on: true, name: []byte("x"), mask: 1, bits: 1, oid: "1.2"}
	for name, text := range map[string]string{
		"plain":          "3013 020105 0a0101 0101ff 160178 03020780 06012a",
		"long lengths":   "30820016 02810105 0a0101 0101ff 1682000178 03020780 06012a",
		"indefinite":     "3080 020105 0a0101 0101ff 160178 03020780 06012a 0000",
		"true is not ff": "3013 020105 0a0101 010101 160178 03020780 06012a",
	} {
		var got record
		var w ber.Walker
		w.Read(unhex(t, strings.ReplaceAll(text, " ", "")))
		describe(&w, &got)
		require.Nil(t, w.Err(), name)
		require.Equal(t, want, got, name)
	}
}

// TestUnknown: unknown elements are passed over and counted, in front of what
// must be there and behind everything.
func TestUnknown(t *testing.T) {
	body := "30800201010000" + "020105" + "9f8101017f" + "0a0101" + "0101ff" + "160178" + "03020780" + "06012a" +
		"bf8101020500" + "8c00"
	pdu := append([]byte{0x30, byte(len(body) / 2)}, unhex(t, body)...)
	var got record
	var w ber.Walker
	w.Read(pdu)
	describe(&w, &got)
	require.Nil(t, w.Err())
	require.Equal(t, 4, w.Skipped)
	require.Equal(t, record{number: 5, small: 1, on: true, name: []byte("x"), mask: 1, bits: 1, oid: "1.2"}, got)
}

func TestMalformed(t *testing.T) {
	deep := bytes.Repeat([]byte{0x30, 0x80}, 10000)
	for name, test := range map[string]struct {
		in        []byte
		structure bool
	}{
		"empty":                     {nil, false},
		"one byte":                  {[]byte{0x30}, true},
		"wrong tag":                 {unhex(t, "3100"), false},
		"field missing":             {unhex(t, "3003020105"), false},
		"length beyond":             {unhex(t, "3004020105"), true},
		"inner length beyond":       {unhex(t, "3003020205"), true},
		"long length cut off":       {unhex(t, "3081"), true},
		"long length beyond":        {unhex(t, "308104020105"), true},
		"inner long length beyond":  {unhex(t, "300302810505050505"), true},
		"inner long length cut off": {unhex(t, "300202810105"), true},
		"length of length":          {unhex(t, "3085000000000100"), true},
		"huge length":               {unhex(t, "3084ffffffff00"), true},
		"tag without end":           {unhex(t, "bfffffffffff01"), true},
		"no end of contents":        {unhex(t, "3080020105"), true},
		"primitive indefinite":      {unhex(t, "30060280050000000000"), true},
		"end of contents":           {unhex(t, "30020000"), true},
		"integer of nothing":        {unhex(t, "30020200"), false},
		"integer too long":          {unhex(t, "300b0209010203040506070809"), false},
		"enumeration too big":       {unhex(t, "30080201050a03010000"), false},
		"boolean of two":            {unhex(t, "300a0201050a01010102ffff"), false},
		"deep":                      {deep, true},
		"deep inside":               {append([]byte{0x30, 0x80, 0x02, 1, 5}, deep...), true},
	} {
		var got record
		var w ber.Walker
		w.Read(test.in)
		describe(&w, &got)
		require.NotNil(t, w.Err(), name)
		require.Equal(t, test.structure, w.Err().Structure, "%s: %v", name, w.Err())
		require.NotEmpty(t, w.Err().Error())
		require.LessOrEqual(t, w.Err().Offset, len(test.in), name)
	}
}

func TestBitStrings(t *testing.T) {
	for text, ok := range map[string]bool{"030100": true, "0300": false, "03020800": false, "030107": false, "0302077f": true} {
		var mask uint64
		var n uint8
		var w ber.Walker
		w.Read(unhex(t, text))
		w.Bits(ber.TagBitString, &mask, &n)
		require.Equal(t, ok, w.Err() == nil, text)
	}
	long := append([]byte{3, 21, 0}, bytes.Repeat([]byte{0xff}, 20)...)
	var mask uint64
	var n uint8
	var w ber.Walker
	w.Read(long)
	w.Bits(ber.TagBitString, &mask, &n)
	require.Equal(t, uint64(1<<64-1), mask)
	require.Equal(t, uint8(64), n)
}

func TestObjectIdentifiers(t *testing.T) {
	for dotted, content := range map[string]string{"1.3.12.0.180.1": "2b0c00813401", "1.3.12.0.285.200": "2b0c00821d8148",
		"2.999": "8837", "0.9": "09", "2.5.4.3": "550403"} {
		b, ok := ber.AppendOID(nil, dotted)
		require.True(t, ok)
		require.Equal(t, content, hex.EncodeToString(b))
		back, ok := ber.OIDString(b)
		require.True(t, ok)
		require.Equal(t, dotted, back)
	}
	for _, bad := range []string{"", "1", "3.1", "1.40", "1..2", "a.b"} {
		_, ok := ber.AppendOID(nil, bad)
		require.False(t, ok, bad)
	}
	for _, bad := range []string{"", "81", "8001", "ffffffffffffffffffff7f"} {
		_, ok := ber.OIDString(unhex(t, bad))
		require.False(t, ok, bad)
	}
}

// FuzzWalker: nothing that arrives panics, hangs or leaves the input; what is
// read comes out the same when it is written and read again.
func FuzzWalker(f *testing.F) {
	f.Add([]byte("\x30\x13\x02\x01\x05\x0a\x01\x01\x01\x01\xff\x16\x01x\x03\x02\x07\x80\x06\x01*"))
	f.Add([]byte("\x30\x80\x30\x80\x00\x00\x02\x01\x05\x00\x00"))
	f.Fuzz(func(t *testing.T, in []byte) {
		var got, again record
		var w ber.Walker
		w.Read(in)
		describe(&w, &got)
		if w.Err() != nil {
			require.LessOrEqual(t, w.Err().Offset, len(in))
			return
		}
		w.Write(nil)
		describe(&w, &got)
		require.Nil(t, w.Err())
		w.Read(w.Bytes())
		describe(&w, &again)
		require.Equal(t, got, again)
	})
}
