package vtixml_test

import (
	"bytes"
	"io"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/internal/testenv"
	"github.com/ctikit/ctikit/vtixml"
	"github.com/ctikit/ctikit/vtixml/internal/frames"
)

var framers = map[string]vtixml.Framer{"length": vtixml.LengthPrefixed{}, "NUL": vtixml.NULTerminated{}}

// TestFraming: messages of any size come out as they went in, however the
// stream is cut.
func TestFraming(t *testing.T) {
	for name, framer := range framers {
		t.Run(name, func(t *testing.T) {
			r := testenv.Rand(t)
			var stream []byte
			var want [][]byte
			for range 50 {
				message := bytes.Repeat([]byte{'a' + byte(r.IntN(26))}, 1+r.IntN(1<<r.IntN(17)))
				want = append(want, message)
				var err error
				stream, err = framer.Append(stream, message)
				require.NoError(t, err)
			}
			for _, in := range []io.Reader{bytes.NewReader(stream), iotest.OneByteReader(bytes.NewReader(stream)), iotest.HalfReader(bytes.NewReader(stream)), iotest.DataErrReader(bytes.NewReader(stream))} {
				frames := frames.NewReader(in, framer.Split, 1<<17)
				for i := range want {
					got, err := frames.Next()
					require.NoError(t, err)
					require.Equal(t, string(want[i]), string(got))
				}
				_, err := frames.Next()
				require.ErrorIs(t, err, io.EOF)
			}
			frames := frames.NewReader(bytes.NewReader(stream[:len(stream)-1]), framer.Split, 1<<17)
			var err error
			for err == nil {
				_, err = frames.Next()
			}
			require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		})
	}
}

// TestFramingIsBounded: what is announced or goes on for ever is not read.
func TestFramingIsBounded(t *testing.T) {
	for name, test := range map[string]struct {
		framer vtixml.Framer
		in     io.Reader
	}{
		"2 GiB announced":   {vtixml.LengthPrefixed{}, bytes.NewReader([]byte{0x80, 0, 0, 0})},
		"4 GiB announced":   {vtixml.LengthPrefixed{}, bytes.NewReader([]byte{0xff, 0xff, 0xff, 0xff})},
		"one too many":      {vtixml.LengthPrefixed{}, bytes.NewReader([]byte{0, 0, 0x10, 1})},
		"empty":             {vtixml.LengthPrefixed{}, bytes.NewReader(make([]byte, 4))},
		"no end":            {vtixml.NULTerminated{}, endless{}},
		"too long":          {vtixml.NULTerminated{}, bytes.NewReader(append(bytes.Repeat([]byte("a"), 0x1001), 0))},
		"empty, terminated": {vtixml.NULTerminated{}, bytes.NewReader([]byte{0})},
	} {
		_, err := frames.NewReader(test.in, test.framer.Split, 0x1000).Next()
		var frame *frames.FrameError
		require.ErrorAs(t, err, &frame, name)
	}
	never := func([]byte, int) ([]byte, int, error) { return nil, 0, nil } // a framer without bounds
	_, err := frames.NewReader(endless{}, never, 0x1000).Next()
	require.ErrorContains(t, err, "no end of frame")
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

func TestFramersRefuseToWrite(t *testing.T) {
	for name, framer := range framers {
		_, err := framer.Append(nil, nil)
		require.ErrorContains(t, err, "empty", name)
	}
	_, err := vtixml.NULTerminated{}.Append(nil, []byte("a\x00b"))
	require.ErrorContains(t, err, "zero byte")
}

func FuzzFraming(f *testing.F) {
	f.Add([]byte{0, 0, 0, 1, 'a', 0, 0, 0, 2, 'b', 'c'})
	f.Add([]byte("a\x00bc\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, framer := range framers {
			frames := frames.NewReader(bytes.NewReader(data), framer.Split, 64)
			var out []byte
			for {
				message, err := frames.Next()
				if err != nil {
					break
				}
				require.NotEmpty(t, message)
				require.LessOrEqual(t, len(message), 64)
				out, err = framer.Append(out, message)
				require.NoError(t, err)
			}
			require.True(t, bytes.HasPrefix(data, out), "what was read is not what was there")
		}
	})
}
