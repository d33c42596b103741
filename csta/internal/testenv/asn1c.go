// Package testenv builds what the tests of the codecs compare with: decoders and
// encoders that asn1c makes from published ASN.1, which share nothing with ours.
package testenv

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/internal/testenv"
)

// batch is the C program that reads and writes values with what asn1c made.
//
//go:embed batch.c.txt
var batch []byte

// PDU is a value of a type of the module.
type PDU struct {
	Type string
	DER  []byte
}

// Value is what asn1c makes of a PDU: the value as canonical XER, and the bytes
// of its own encoder; or why it makes nothing of it.
type Value struct {
	XER   string
	DER   []byte
	Error string
}

// ASN1C decodes values with asn1c. Its name in CTIKIT_REQUIRE is "asn1c".
func ASN1C(t testing.TB, module []byte, pdus []PDU) (values []Value) {
	var input bytes.Buffer
	for _, p := range pdus {
		fmt.Fprintf(&input, "%s %x\n", p.Type, p.DER)
	}
	cmd := exec.Command(buildHarness(t, module))
	cmd.Stdin = &input
	out, err := cmd.Output()
	require.NoError(t, err)
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		if text, failed := strings.CutPrefix(lines.Text(), "ERROR "); failed {
			values = append(values, Value{Error: text})
			continue
		}
		v := Value{XER: lines.Text()}
		require.True(t, lines.Scan())
		v.DER, err = hex.DecodeString(lines.Text())
		require.NoError(t, err)
		values = append(values, v)
	}
	require.NoError(t, lines.Err())
	require.Len(t, values, len(pdus))
	return values
}

// buildHarness returns the program. Building takes a while: it is kept in the folder
// for temporary files, under the hash of what it was made from.
func buildHarness(t testing.TB, module []byte) string {
	compiler, gcc := testenv.Tool(t, "asn1c", "asn1c"), testenv.Tool(t, "asn1c", "gcc")
	hash := sha256.Sum256(append(append([]byte{}, module...), batch...))
	program := filepath.Join(os.TempDir(), fmt.Sprintf("ctikit-asn1c-%x", hash[:8]))
	if _, err := os.Stat(program); err == nil {
		return program
	}
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "module.asn1"), module, 0o600))
	script := fmt.Sprintf(`set -e
%[1]s -fcompound-names -pdu=all module.asn1 >asn1c.log 2>&1 || { cat asn1c.log; exit 1; }
rm -f converter-sample.c
cat >batch.c
ls *.c | xargs -P 2 -n 40 %[2]s -w -O0 -I. -DASN_PDU_COLLECTION -c
%[2]s -o program *.o -lm`, compiler, gcc)
	cmd := exec.Command("sh", "-c", script)
	cmd.Dir, cmd.Stdin = dir, bytes.NewReader(batch)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	data, err := os.ReadFile(filepath.Join(dir, "program"))
	require.NoError(t, err)
	// Written aside and renamed, so that no other run sees half of it.
	aside, err := os.CreateTemp(os.TempDir(), "ctikit-asn1c-")
	require.NoError(t, err)
	_, err = aside.Write(data)
	require.NoError(t, err)
	require.NoError(t, aside.Chmod(0o700))
	require.NoError(t, aside.Close())
	require.NoError(t, os.Rename(aside.Name(), program))
	return program
}
