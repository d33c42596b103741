package dissect_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta/dissect"
	"github.com/ctikit/ctikit/internal/testenv"
)

func read(t *testing.T, in io.Reader) (out []*dissect.PDU) {
	r, err := dissect.NewReader(in)
	require.NoError(t, err)
	for {
		p, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		require.NoError(t, err)
		out = append(out, p)
	}
}

// TestVectors: every published message is found out and is one line of JSON.
func TestVectors(t *testing.T) {
	// Location values without an envelope, and a capture that its author marks as malformed.
	const locations, malformed = 3, 1
	bad := map[string]int{"asn1c/VECTORS.txt": locations, "hex-captured/alcatel-oxe-phase2.txt": malformed}
	for file, encoding := range map[string]string{"asn1c/VECTORS.txt": "CSTA III BER", "hex-captured/alcatel-oxe-phase2.txt": "CSTA II BER",
		"hex-captured/panasonic-phase3.txt": "CSTA III BER", "hex-captured/acse.txt": "CSTA III BER"} {
		t.Run(file, func(t *testing.T) {
			b, err := os.ReadFile(testenv.Vectors(t, append([]string{"csta"}, strings.Split(file, "/")...)...))
			require.NoError(t, err)
			lines := 0
			for s := bufio.NewScanner(bytes.NewReader(b)); s.Scan(); {
				if l := strings.TrimSpace(s.Text()); l != "" && l[0] != '#' {
					lines++
				}
			}
			pdus := read(t, bytes.NewReader(b))
			require.Len(t, pdus, lines)
			failed := 0
			for _, p := range pdus {
				require.Equal(t, encoding, p.Encoding)
				if p.Err != nil {
					failed++
				}
				line, err := json.Marshal(p)
				require.NoError(t, err)
				require.NotContains(t, string(line), "\n")
				require.NoError(t, p.WriteTree(io.Discard))
			}
			require.Equal(t, bad[file], failed)
		})
	}
}

func TestXMLFrame(t *testing.T) {
	f, err := os.Open(testenv.Vectors(t, "csta", "xml-openscape", "01-ServiceInitiatedEvent.frame"))
	require.NoError(t, err)
	defer f.Close()
	pdus := read(t, f)
	require.Len(t, pdus, 1)
	var out strings.Builder
	require.NoError(t, pdus[0].WriteTree(&out))
	require.Contains(t, out.String(), "CSTA III XML invoke 9999")
	require.Contains(t, out.String(), "Number: 302118840100")
}

// TestBad: what cannot be decoded is one PDU, with the place; the others go on.
func TestBad(t *testing.T) {
	pdus := read(t, strings.NewReader("a10d02010102010930056b03800182\nzz no digits\na10d0201010201093005ff03800182\n"))
	require.Len(t, pdus, 3)
	require.NoError(t, pdus[0].Err)
	require.ErrorContains(t, pdus[1].Err, "no hexadecimal digits")
	require.Error(t, pdus[2].Err)
	var out strings.Builder
	require.NoError(t, pdus[2].WriteTree(&out))
	require.Contains(t, out.String(), ">>")
	line, err := json.Marshal(pdus[2])
	require.NoError(t, err)
	require.Contains(t, string(line), `"error":"csta: `)

	_, err = dissect.NewReader(bytes.NewReader([]byte{1, 2, 3}))
	require.ErrorContains(t, err, "no CSTA stream")

	cut := read(t, bytes.NewReader([]byte{0xa1, 0x0d, 2, 1, 1}))
	require.Len(t, cut, 1)
	require.ErrorIs(t, cut[0].Err, io.ErrUnexpectedEOF)
}

func FuzzReader(f *testing.F) {
	f.Add([]byte("a10d02010102010930056b03800182\n"))
	f.Add([]byte{0, 9, 0xa4, 5, 5, 0, 0x80, 1, 0})
	f.Add([]byte("# csta recording of x\n2026-01-02T15:04:05.123456Z > a40505008001\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		r, err := dissect.NewReader(bytes.NewReader(in))
		if err != nil {
			return
		}
		for {
			p, err := r.Next()
			if err != nil {
				return
			}
			line, err := json.Marshal(p)
			require.NoError(t, err)
			require.True(t, json.Valid(line))
			require.NoError(t, p.WriteTree(io.Discard))
		}
	})
}
