package ecma323_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta/internal/ecma323"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/internal/testenv"
)

// TestSchema: every message that can be written is valid against the schema of
// its edition. Those of the 4th and 5th are checked with that of the 6th, which
// contains them.
func TestSchema(t *testing.T) {
	xmllint := testenv.Tool(t, "xmllint", "xmllint")
	for edition := uint8(3); edition <= 6; edition++ {
		schema := uint8(6)
		if edition == 3 {
			schema = 3
		}
		args := []string{"--noout", "--nonet", "--schema", mended(t,
			testenv.Standards(t, "csta", fmt.Sprintf("ecma323-ed%d.xsd", schema)))}
		dir, n := t.TempDir(), 0
		c := codec(edition)
		each(t, edition, 5, func(name string, encode func(message.Codec) ([]byte, error)) {
			out, err := encode(c)
			require.NoError(t, err)
			if bytes.Contains(out, []byte("ecma-354")) {
				require.NoError(t, sessionLint(t, out[4:]), "%s: %s", name, out)
				return
			}
			out = bytes.Replace(out[4:], []byte(ecma323.Namespace(edition)), []byte(ecma323.Namespace(schema)), 1)
			path := filepath.Join(dir, fmt.Sprintf("%04d.xml", n))
			require.NoError(t, os.WriteFile(path, out, 0o600))
			args = append(args, path)
			n++
		})
		out, err := exec.Command(xmllint, args...).CombinedOutput()
		require.NoError(t, err, "%s", tail(out))
	}
}

// mended is a schema with one mistake of its reconstruction taken out: in that
// of the 6th edition SnapshotCallData has the type of the list inside it. It
// gets the elements that it has in the 3rd, those of its sibling.
func mended(t *testing.T, file string) string {
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	const wrong = `<xs:element name="SnapshotCallData" type="c:SnapshotCallDataList"/>`
	if !bytes.Contains(text, []byte(wrong)) {
		return file
	}
	const right = `<xs:element name="SnapshotCallData"><xs:complexType><xs:sequence>` +
		`<xs:element name="serviceCrossRefID" type="xs:string" minOccurs="0"/><xs:element name="segmentID" type="xs:long" minOccurs="0"/>` +
		`<xs:element name="lastSegment" type="xs:boolean" minOccurs="0"/><xs:element name="snapshotData" type="c:SnapshotCallDataList" minOccurs="0"/>` +
		`<xs:element name="extensions" type="c:CSTACommonArguments" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>`
	out := filepath.Join(t.TempDir(), filepath.Base(file))
	require.NoError(t, os.WriteFile(out, bytes.Replace(text, []byte(wrong), []byte(right), 1), 0o600))
	return out
}

// tail is the part of xmllint's output that is not of valid files.
func tail(out []byte) []byte {
	var bad [][]byte
	for _, line := range bytes.Split(out, []byte("\n")) {
		if !bytes.HasSuffix(line, []byte(" validates")) {
			bad = append(bad, line)
		}
	}
	return bytes.Join(bad[:min(len(bad), 20)], []byte("\n"))
}
