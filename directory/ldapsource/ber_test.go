package ldapsource

import (
	"bytes"
	"context"
	"net"
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/directory"
	"github.com/ctikit/ctikit/internal/testenv"
)

// Integers and elements as another implementation writes and reads them.
func TestBEREqualsAnother(t *testing.T) {
	rng := testenv.Rand(t)
	for range 2000 {
		n := int(int32(rng.Uint32())) >> rng.IntN(32)
		ours := appendInteger(nil, tagInteger, n)
		require.Equal(t, ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, int64(n), "").Bytes(), ours)
		body, rest, err := expectElement(ours, tagInteger)
		require.NoError(t, err)
		require.Empty(t, rest)
		back, err := decodeInteger(body)
		require.NoError(t, err)
		require.Equal(t, n, back)
	}
	for _, size := range []int{0, 1, 127, 128, 255, 256, 65535, 65536, 1 << 20} {
		text := bytes.Repeat([]byte("x"), size)
		ours := appendElement(nil, tagOctet, text)
		packet, err := ber.DecodePacketErr(ours)
		require.NoError(t, err)
		require.Equal(t, text, packet.ByteValue)
		body, rest, err := expectElement(append(ours, 1), tagOctet)
		require.NoError(t, err)
		require.Equal(t, text, body)
		require.Equal(t, []byte{1}, rest)
	}
}

func TestBERRefuses(t *testing.T) {
	for _, b := range []string{"\x30\x80", "\x30\x85\x01\x01\x01\x01\x01", "\x1f\x81\x01", "\x30\x84\xff\xff\xff\xff", "\x30\x05a", "\x30", ""} {
		_, _, _, err := splitElement([]byte(b))
		require.ErrorIs(t, err, errBER, "%x", b)
	}
	for _, b := range []string{"", "\x01\x02\x03\x04\x05"} {
		_, err := decodeInteger([]byte(b))
		require.ErrorIs(t, err, errBER)
	}
}

// FuzzAnswer feeds whatever to a search: it ends, with few bytes of memory.
func FuzzAnswer(f *testing.F) {
	entry := appendString(nil, tagOctet, "cn=a")
	attr := appendElement(nil, tagSequence, append(appendString(nil, tagOctet, "cn"), appendElement(nil, tagSet, appendString(nil, tagOctet, "a"))...))
	entry = appendElement(entry, tagSequence, attr)
	done := appendString(appendString(appendInteger(nil, tagEnumerated, 0), tagOctet, ""), tagOctet, "")
	answer := appendMessage(nil, 1, appendElement(nil, opSearchEntry, entry), nil)
	answer = appendMessage(answer, 1, appendElement(nil, opSearchDone, done), []control{{controlPaged, false, appendElement(nil, tagSequence, append(appendInteger(nil, tagInteger, 0), tagOctet, 0))}})
	f.Add(answer)
	f.Add([]byte("\x30\x84\x7f\xff\xff\xff"))
	f.Add(appendMessage(nil, 0, appendElement(nil, opExtendedResponse, done), nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		client, server := net.Pipe()
		defer client.Close()
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			server.Read(make([]byte, 4096))
			server.Write(data)
			server.Close()
		}()
		c := newConn(client, time.Second, 1<<20)
		d := &entryDecoder{key: "cn"}
		controls, err := c.runSearch(context.Background(), &search{filter: "(cn=*)"}, func(m message) error {
			_, err := d.decodeEntry(m.body)
			return err
		})
		if err == nil {
			pageCookie(controls)
			controlValue(controls, controlSyncDone)
		}
		require.LessOrEqual(t, len(c.buf), 1<<20+readSize+16)
		client.Close()
		<-ended
	})
}

// FuzzSyncInfo decodes what a server may say in a refresh.
func FuzzSyncInfo(f *testing.F) {
	set := appendElement(nil, tagSet, appendElement(nil, tagOctet, make([]byte, 16)))
	info := appendElement(nil, infoIDSet, append(appendBoolean(appendString(nil, tagOctet, "cookie"), true), set...))
	f.Add(append(appendString(nil, 0x80, intermediateSyncInfo), appendElement(nil, 0x81, info)...))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := &reading{settings: &settings{}}
		r.yield = func(directory.Item) error { return nil }
		p := &syncRefresh{reading: r, entries: &entryDecoder{}}
		p.handleSyncInfo(data)
		p.decodeSyncDone(data)
		p.handleMessage(message{op: opSearchEntry, body: data, controls: data})
	})
}

func TestGUIDText(t *testing.T) {
	raw := []byte{0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff}
	require.Equal(t, "00112233-4455-6677-8899-aabbccddeeff", formatGUID(raw))
	require.Equal(t, "33221100-5544-7766-8899-aabbccddeeff", formatUUID(raw))
	require.Equal(t, "3322", formatGUID(raw[:2]))
	require.Equal(t, `(objectGUID=\33\28\29)`, guidFilter("3()"))
	require.Len(t, guidFilter(string(make([]byte, 16))), len("(objectGUID=)")+16*3)
}
