package framing_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta/internal/framing"
	"github.com/ctikit/ctikit/internal/testenv"
)

func frame(t *testing.T, f framing.Framing, messages ...[]byte) []byte {
	var out []byte
	for _, m := range messages {
		start := len(out)
		out = append(f.Begin(out), m...)
		require.NoError(t, f.End(out, start))
	}
	return out
}

var (
	short  = []byte{0xa4, 5, 5, 0, 0x80, 1, 0}
	long   = append([]byte{0xa1, 0x82, 1, 0}, make([]byte, 256)...)
	opened = []byte{0xa2, 0x80, 2, 1, 5, 0x30, 0x80, 2, 1, 71, 5, 0, 0, 0, 0, 0} // indefinite lengths
	xml    = []byte("0001<MonitorStop/>")
)

// TestFragments: however a stream is cut, the same messages come out.
func TestFragments(t *testing.T) {
	random := testenv.Rand(t)
	for f, messages := range map[framing.Framing][][]byte{
		framing.NonDelimited: {short, long, opened, short},
		framing.Delimited:    {short, {}, long, opened},
		framing.XML:          {xml, []byte("9999<Event/>"), xml},
	} {
		stream := frame(t, f, messages...)
		for name, from := range map[string]io.Reader{
			"whole":        bytes.NewReader(stream),
			"byte by byte": iotest.OneByteReader(bytes.NewReader(stream)),
			"with EOF":     iotest.DataErrReader(bytes.NewReader(stream)),
			"random":       &randomReader{from: stream, next: func(n int) int { return 1 + random.IntN(n) }},
		} {
			r := framing.NewReader(from, f, 0)
			for i, want := range messages {
				got, err := r.Next()
				require.NoError(t, err, "%v %s %d", f, name, i)
				require.Equal(t, fmt.Sprintf("%x", want), fmt.Sprintf("%x", got), "%v %s %d", f, name, i)
			}
			_, err := r.Next()
			require.ErrorIs(t, err, io.EOF, "%v %s", f, name)
		}
	}
}

type randomReader struct {
	from []byte
	next func(int) int
}

func (r *randomReader) Read(p []byte) (int, error) {
	if len(r.from) == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.from[:r.next(len(r.from))])
	r.from = r.from[n:]
	return n, nil
}

func TestBadStreams(t *testing.T) {
	for name, test := range map[string]struct {
		framing framing.Framing
		stream  []byte
		cause   error
	}{
		"cut off BER":             {framing.NonDelimited, short[:6], io.ErrUnexpectedEOF},
		"cut off length":          {framing.NonDelimited, []byte{0xa1, 0x82, 1}, io.ErrUnexpectedEOF},
		"huge BER":                {framing.NonDelimited, []byte{0xa1, 0x84, 0x7f, 0xff, 0xff, 0xff}, framing.ErrTooLong},
		"length of five":          {framing.NonDelimited, []byte{0xa1, 0x85, 0, 0, 0, 0, 1}, nil},
		"zeros":                   {framing.NonDelimited, make([]byte, 8), nil},
		"endless indefinite":      {framing.NonDelimited, append([]byte{0xa1, 0x80}, bytes.Repeat([]byte{5, 0}, 40000)...), framing.ErrTooLong},
		"nested indefinite":       {framing.NonDelimited, bytes.Repeat([]byte{0xa1, 0x80}, 100), nil},
		"cut off delimited":       {framing.Delimited, []byte{0, 9, 0xa4}, io.ErrUnexpectedEOF},
		"no XML header":           {framing.XML, []byte("<?xml"), nil},
		"placeholder XML header":  {framing.XML, []byte{0, 0, 0, 0, '0', '0', '0', '1', '<'}, nil},
		"XML header cut off":      {framing.XML, []byte{0, 0, 1}, io.ErrUnexpectedEOF},
		"XML length over its end": {framing.XML, []byte{0, 0, 1, 0, '0', '0', '0', '1', '<'}, io.ErrUnexpectedEOF},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := framing.NewReader(bytes.NewReader(test.stream), test.framing, 0).Next()
			var bad *framing.Error
			require.ErrorAs(t, err, &bad)
			require.Equal(t, test.framing, bad.Framing)
			if test.cause != nil {
				require.ErrorIs(t, err, test.cause)
			}
			require.NotEmpty(t, err.Error())
		})
	}
}

// TestOpenScape: of the published frames only the first has its length right;
// the others carry the length of some other message.
func TestOpenScape(t *testing.T) {
	for name, good := range map[string]bool{"01-ServiceInitiatedEvent": true, "03-MonitorStop": false,
		"04-StartApplicationSessionPosResponse": false, "06-SystemRegisterResponse": false, "07-MonitorStartResponse": false} {
		stream, err := os.ReadFile(testenv.Vectors(t, "csta", "xml-openscape", name+".frame"))
		require.NoError(t, err)
		r := framing.NewReader(bytes.NewReader(stream), framing.XML, 0)
		message, err := r.Next()
		if !good {
			require.ErrorIs(t, err, io.ErrUnexpectedEOF, name)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, "9999<", string(message[:5]))
		_, err = r.Next()
		require.ErrorIs(t, err, io.EOF)
	}
}

func TestLimits(t *testing.T) {
	_, err := framing.NewReader(bytes.NewReader(frame(t, framing.Delimited, long)), framing.Delimited, 100).Next()
	require.ErrorIs(t, err, framing.ErrTooLong)
	big := make([]byte, 70000)
	for _, f := range []framing.Framing{framing.Delimited, framing.XML} {
		require.ErrorIs(t, f.End(append(f.Begin(nil), big...), 0), framing.ErrTooLong, f.String())
	}
	broken := errors.New("reset by peer")
	_, err = framing.NewReader(iotest.ErrReader(broken), framing.XML, 0).Next()
	require.ErrorIs(t, err, broken)
}

func TestDetect(t *testing.T) {
	for _, f := range []framing.Framing{framing.NonDelimited, framing.Delimited, framing.XML} {
		message := short
		if f == framing.XML {
			message = xml
		}
		got, ok := framing.Detect(frame(t, f, message))
		require.True(t, ok)
		require.Equal(t, f, got)
	}
	for _, none := range []string{"", "\x00", "GET / HTTP/1.1", "\x00\x00\x00\x0bABCD"} {
		_, ok := framing.Detect([]byte(none))
		require.False(t, ok, none)
	}
}

func TestOXOStart(t *testing.T) {
	client, server := net.Pipe()
	done := make(chan error, 1)
	go func() { done <- framing.AcceptOXO(server) }()
	require.NoError(t, framing.StartOXO(client))
	require.NoError(t, <-done)

	go func() { done <- framing.AcceptOXO(server) }()
	_, err := client.Write([]byte("X"))
	require.NoError(t, err)
	require.ErrorContains(t, <-done, `expected 'B'`)
	require.NoError(t, client.Close())
	require.Error(t, framing.StartOXO(client))
	require.ErrorIs(t, framing.AcceptOXO(server), io.EOF)
}

func FuzzReader(f *testing.F) {
	f.Add(uint8(0), append(short, opened...))
	f.Add(uint8(1), []byte{0, 7, 0xa4, 5, 5, 0, 0x80, 1, 0})
	f.Add(uint8(2), []byte("\x00\x00\x00\x090001<"))
	f.Fuzz(func(t *testing.T, kind uint8, stream []byte) {
		f := framing.Framing(kind % 3)
		whole := read(framing.NewReader(bytes.NewReader(stream), f, 0))
		bits := read(framing.NewReader(iotest.OneByteReader(bytes.NewReader(stream)), f, 0))
		require.Equal(t, whole, bits)
	})
}

// read returns the messages up to the first error.
func read(r *framing.Reader) (out []string) {
	for {
		m, err := r.Next()
		if err != nil {
			return out
		}
		out = append(out, string(m))
	}
}
