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
	"testing/iotest"

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
		"hex-captured/panasonic-phase3.txt": "CSTA III BER", "hex-captured/acse.txt": "CSTA I BER"} {
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
	require.ErrorContains(t, err, "expected a CSTA stream")

	cut := read(t, bytes.NewReader([]byte{0xa1, 0x0d, 2, 1, 1}))
	require.Len(t, cut, 1)
	require.ErrorIs(t, cut[0].Err, io.ErrUnexpectedEOF)
}

// TestOXO: the bytes around the messages of an OmniPCX Office are found, in a
// stream of either side or both, and in lines.
func TestOXO(t *testing.T) {
	const aarq, start = "\x00\x0c\x60\x0a\xa1\x08\x06\x06\x2b\x0c\x00\x81\x34\x01", "\x00\x10\xa1\x0e\x02\x01\x01\x02\x01\x47\x30\x06\x80\x04\x33\x30\x30\x31"
	for in, want := range map[string][]string{
		"B" + aarq + start + "EXIT": {"start B", "CSTA I BER AARQ", "CSTA I BER monitorStart", "start EXIT"},
		"P" + start:                 {"start P", "CSTA I BER monitorStart"},
		"BP" + aarq + start:         {"start B", "start P", "CSTA I BER AARQ", "CSTA I BER monitorStart"},
		"42\n50\na10e0201010201473006800433303031\n45584954\n": {"start B", "start P", "CSTA I BER monitorStart", "start EXIT"},
		"B" + aarq + "EXI": {"start B", "CSTA I BER AARQ", "error"},
	} {
		var got []string
		for _, p := range read(t, strings.NewReader(in)) {
			got = append(got, short(t, p))
		}
		require.Equal(t, want, got, "%q", in)
	}
}

// short is the encoding and the first value of a message.
func short(t *testing.T, p *dissect.PDU) string {
	line, err := json.Marshal(p)
	require.NoError(t, err)
	var m struct {
		Encoding, Start, Error string
		Request                struct{ Op string }
		Event                  struct{ Kind string }
		Association            struct{ Step string }
	}
	require.NoError(t, json.Unmarshal(line, &m))
	switch {
	case m.Error != "":
		return "error"
	case m.Start != "":
		return "start " + m.Start
	}
	return m.Encoding + " " + m.Request.Op + m.Event.Kind + m.Association.Step
}

// TestDocuments: XML without headers, one document behind the other or one a line.
func TestDocuments(t *testing.T) {
	const held, stop = "<HeldEvent>\n <monitorCrossRefID>1</monitorCrossRefID>\n</HeldEvent>", "<c:MonitorStop><c:monitorCrossRefID>Zoë</c:monitorCrossRefID></c:MonitorStop>"
	for in, want := range map[string][]string{
		"<?xml version=\"1.0\"?>" + held + "\n" + stop: {"CSTA III XML Held", "CSTA III XML monitorStop"},
		stop:                       {"CSTA III XML monitorStop"},
		held + "<a><b></a>" + held: {"CSTA III XML Held", "error"},
		held + "<a>\xff</a>":       {"CSTA III XML Held", "error"},
		"<!DOCTYPE a><a/>":         {"error"},
		"1011<?xml version=\"1.0\"?><MonitorStop/>\na10d02010102010930056b03800182": {"CSTA III XML monitorStop", "CSTA III BER holdCall"},
	} {
		var got []string
		for _, p := range read(t, strings.NewReader(in)) {
			got = append(got, short(t, p))
		}
		require.Equal(t, want, got, "%q", in)
	}
}

// TestBroken: what is left of a stream that makes no sense is shown.
func TestBroken(t *testing.T) {
	pdus := read(t, strings.NewReader("\x00\x07\xa4\x05\x05\x00\x80\x01\x00\x00\x05hello"))
	require.Len(t, pdus, 2)
	require.NoError(t, pdus[0].Err)
	require.Equal(t, "delimited", pdus[0].Framing)
	require.Error(t, pdus[1].Err)
	require.Equal(t, "\x00\x05hello", string(pdus[1].Bytes))
	cut := read(t, strings.NewReader("\xa4\x05\x05\x00"))
	require.Len(t, cut, 1)
	require.Equal(t, "\xa4\x05\x05\x00", string(cut[0].Bytes))
	require.Equal(t, 4, cut[0].Offset)
}

// TestHalves: of an input that is cut off, or has a line that is none, every
// message is one line, and none is said twice.
func TestHalves(t *testing.T) {
	const recorded = "# csta recording of CSTA III BER\n2026-01-02T15:04:05.123456Z > a10d02010102010930056b03800131\n2026-01-02T15:04:05.223456Z < a4050500800101"
	frame := "\x00\x00\x00\x160001<HeldEvent/>xx"
	for _, whole := range []string{recorded, strings.Repeat(frame, 3), strings.Repeat("\x00\x07\xa4\x05\x05\x00\x80\x01\x00", 3),
		strings.Repeat("\xa4\x05\x05\x00\x80\x01\x00", 3), "\x80\x01\x00\xa4\x05\x05\x00\x80\x01\x00"} {
		for n := 1; n <= len(whole); n++ {
			r, err := dissect.NewReader(strings.NewReader(whole[:n]))
			if err != nil {
				require.Less(t, n, 4, "%q: %v", whole[:n], err)
				continue
			}
			read := 0
			for ; ; read++ {
				if _, err = r.Next(); err != nil {
					break
				}
				require.Less(t, read, 4, "%q", whole[:n])
			}
			require.ErrorIs(t, err, io.EOF)
		}
	}
	long := strings.Repeat("a", 1<<21)
	for in, want := range map[string]int{
		long + "\na40505008001\n": 2,
		recorded + "\n2026-01-02T15:04:05.123456Z > " + long + "\n2026-01-02T15:04:05.123456Z > a40505008001\n": 4,
	} {
		pdus := read(t, strings.NewReader(in))
		require.Len(t, pdus, want)
		require.Contains(t, pdus[want-2].Err.Error(), "line")
	}
	r, err := dissect.NewReader(io.MultiReader(strings.NewReader(recorded+"\n"), iotest.ErrReader(io.ErrClosedPipe)))
	require.NoError(t, err)
	for range 2 {
		p, err := r.Next()
		require.NoError(t, err)
		_ = p
	}
	p, err := r.Next()
	require.NoError(t, err)
	require.ErrorIs(t, p.Err, io.ErrClosedPipe)
	_, err = r.Next()
	require.ErrorIs(t, err, io.EOF)
}

// TestOff: what is off or zero is told where it is what the message is about.
func TestOff(t *testing.T) {
	for in, want := range map[string]string{
		"a1140201010202013c300b3006800434303031010100": "On: false",
		"<DoNotDisturbEvent><monitorCrossRefID>1</monitorCrossRefID><doNotDisturbOn>false</doNotDisturbOn></DoNotDisturbEvent>": "On: false",
		"600aa10806062b0c00813401": "Step: AARQ",
		"612f80020780a10706052b0c00815aa203020100a305a103020101be14281206072b0c00821d8148a007a0050303000800": "Result: accepted",
	} {
		var out strings.Builder
		for _, p := range read(t, strings.NewReader(in)) {
			require.NoError(t, p.WriteTree(&out))
		}
		require.Contains(t, out.String(), want, in)
	}
}

func FuzzReader(f *testing.F) {
	f.Add([]byte("a10d02010102010930056b03800182\n"))
	f.Add([]byte{0, 9, 0xa4, 5, 5, 0, 0x80, 1, 0})
	f.Add([]byte("B\x00\x07\xa4\x05\x05\x00\x80\x01\x00EXIT"))
	f.Add([]byte("<HeldEvent/><a>&x;</a>"))
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
