package acse_test

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/csta/internal/acse"
	"github.com/ctikit/ctikit/csta/internal/ber"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/internal/testenv"
)

func unhex(t testing.TB, s string) []byte {
	b, err := hex.DecodeString(s)
	require.NoError(t, err)
	return b
}

func read(pdu []byte) (a message.Association, err *ber.Error) {
	var w ber.Walker
	w.Read(pdu)
	acse.Read(&w, &a)
	return a, w.Err()
}

func write(t testing.TB, a *message.Association) []byte {
	var w ber.Walker
	w.Write(nil)
	acse.Write(&w, a)
	require.Nil(t, w.Err())
	return w.Bytes()
}

// TestCaptured: the association of real switches and clients.
func TestCaptured(t *testing.T) {
	f, err := os.Open(testenv.Vectors(t, "csta", "hex-captured", "acse.txt"))
	require.NoError(t, err)
	defer f.Close()
	var pdus [][]byte
	for lines := bufio.NewScanner(f); lines.Scan(); {
		_, text, ok := strings.Cut(lines.Text(), ": ")
		require.True(t, ok)
		pdus = append(pdus, unhex(t, strings.Fields(text)[0]))
	}
	require.Len(t, pdus, 2)

	request, bad := read(pdus[0])
	require.Nil(t, bad)
	require.Equal(t, message.Association{Step: message.Associate, Context: "1.3.12.0.180.1"}, request)
	require.Equal(t, hex.EncodeToString(pdus[0]), hex.EncodeToString(write(t, &request)))

	answer, bad := read(pdus[1])
	require.Nil(t, bad)
	require.Equal(t, message.Association{Step: message.Associated, Context: "1.3.12.0.218", Result: message.Accepted,
		Diagnostic: message.Some(int64(1)), Versions: message.BitsOf(16, 4)}, answer)
	// Our answer leaves out the protocol version, which is the default.
	require.Equal(t, strings.Replace(hex.EncodeToString(pdus[1]), "612f80020780", "612b", 1), hex.EncodeToString(write(t, &answer)))
}

// TestUserInformation: what asn1c encoded.
func TestUserInformation(t *testing.T) {
	f, err := os.Open(testenv.Vectors(t, "csta", "asn1c", "VECTORS.txt"))
	require.NoError(t, err)
	defer f.Close()
	lines, seen := bufio.NewScanner(f), 0
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		name, text, _ := strings.Cut(lines.Text(), ": ")
		if !strings.HasPrefix(name, "acse-") {
			continue
		}
		seen++
		var a message.Association
		var w ber.Walker
		w.Read(unhex(t, text))
		acse.UserInformation(&w, &a)
		require.Nil(t, w.Err(), name)
		value, err := os.ReadFile(testenv.Vectors(t, "csta", "asn1c", name+".xer"))
		require.NoError(t, err)
		require.Contains(t, string(value), "<cSTAVersion>"+a.Versions.String()+"</cSTAVersion>", name)
		list := ""
		for _, v := range a.PrivateVersions {
			list += fmt.Sprintf("<INTEGER>%d</INTEGER>", v)
		}
		require.Equal(t, list != "", strings.Contains(string(value), "cSTAPrivateDataVersionList"), name)
		require.Contains(t, string(value), list, name)
	}
	require.Equal(t, 3, seen)
}

func TestRoundTrip(t *testing.T) {
	for name, want := range map[string]message.Association{
		"AARQ": {Step: message.Associate, Context: "1.3.12.0.218", Versions: message.BitsOf(19, 2, 4, 14, 18),
			PrivateVersions: []int64{1, 70000}},
		"AARQ with login": {Step: message.Associate, Context: "1.3.12.0.218", User: "cti", Password: ctikit.NewSecret("Straße"),
			Versions: message.BitsOf(3, 2)},
		"AARQ with other information": {Step: message.Associate, UserInformation: message.Raw{0x28, 5, 6, 3, 0x2a, 3, 4}},
		"AARE refused": {Step: message.Associated, Context: "1.3.12.0.218", Result: message.RejectedPermanently,
			Diagnostic: message.Some(int64(14))},
		"AARE by the provider": {Step: message.Associated, Result: message.RejectedTransiently, ByProvider: true,
			Diagnostic: message.Some(int64(2))},
		"RLRQ":       {Step: message.Release, Reason: message.Some(int64(0))},
		"RLRQ empty": {Step: message.Release},
		"RLRE":       {Step: message.Released, Reason: message.Some(int64(0))},
		"ABRT":       {Step: message.Abort, Reason: message.Some(int64(1))},
	} {
		got, bad := read(write(t, &want))
		require.Nil(t, bad, name)
		require.Equal(t, want, got, name)
	}
}

// TestForeign: fields of X.227 that we do not use are passed over; a password
// may stand alone; an abort may come without its envelope.
func TestForeign(t *testing.T) {
	a, bad := read(unhex(t, "602f80020780a10806062b0c00813401a2050603550403a60406022a038a0207808b022a03ac07800568656c6c6f9d0178"))
	require.Nil(t, bad)
	require.Equal(t, message.Association{Step: message.Associate, Context: "1.3.12.0.180.1", Password: ctikit.NewSecret("hello")}, a)
	a, bad = read(unhex(t, "800100"))
	require.Nil(t, bad)
	require.Equal(t, message.Association{Step: message.Abort, Reason: message.Some(int64(0))}, a)
}

func FuzzRead(f *testing.F) {
	f.Add(unhex(f, "600aa10806062b0c00813401"))
	f.Add(unhex(f, "612f80020780a10706052b0c00815aa203020100a305a103020101be14281206072b0c00821d8148a007a0050303000800"))
	f.Add(unhex(f, "800100"))
	f.Fuzz(func(t *testing.T, pdu []byte) {
		if len(pdu) == 0 || !acse.Is(ber.Tag(pdu[0])) {
			return
		}
		a, bad := read(pdu)
		if bad != nil {
			return
		}
		// What X.227 demands is written even where it was missing.
		a.Diagnostic.Set = a.Diagnostic.Set || a.Step == message.Associated
		again, bad := read(write(t, &a))
		require.Nil(t, bad)
		require.Equal(t, a, again)
	})
}
