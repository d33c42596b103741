package vtixml_test

import (
	"bytes"
	"flag"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/testenv"
	"github.com/ctikit/ctikit/vtixml"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(name string) string {
	return filepath.Join("testdata", "golden", strings.ReplaceAll(name, " ", "-")+".xml")
}

// TestGolden holds every message to the bytes that were agreed, and back.
func TestGolden(t *testing.T) {
	all := samples()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		m := all[name]
		out, err := vtixml.Dialect{}.Append(nil, &m)
		require.NoError(t, err, name)
		if *update {
			require.NoError(t, os.MkdirAll(filepath.Dir(golden(name)), 0o755))
			require.NoError(t, os.WriteFile(golden(name), append(out, '\n'), 0o644))
		}
		want, err := os.ReadFile(golden(name))
		require.NoError(t, err)
		require.Equal(t, string(bytes.TrimSpace(want)), string(out), name)

		var back vtixml.Message
		require.NoError(t, vtixml.Dialect{}.Decode(want, &back), name)
		require.Zero(t, back.Skipped, name)
		require.Equal(t, m.Type, back.Type, name)
		again, err := vtixml.Dialect{}.Append(nil, &back)
		require.NoError(t, err, name)
		require.Equal(t, string(out), string(again), name)
		require.Equal(t, m.Event, back.Event, name)
		require.Equal(t, m.Request, back.Request, name)
		require.Equal(t, m.Answer, back.Answer, name)
		require.Equal(t, m.Capabilities, back.Capabilities, name)
		if m.Type == vtixml.RefusalMessage {
			require.ErrorIs(t, back.Failure.Err, m.Failure.Err, name)
		}
	}
	files, err := filepath.Glob(golden("*"))
	require.NoError(t, err)
	require.Len(t, files, len(all), "a golden file without a message")
}

// TestGoldenFilesAreXML has somebody else read them.
func TestGoldenFilesAreXML(t *testing.T) {
	xmllint := testenv.Tool(t, "xmllint", "xmllint")
	files, err := filepath.Glob(golden("*"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	out, err := exec.Command(xmllint, append([]string{"--noout", "--nonet"}, files...)...).CombinedOutput()
	require.NoError(t, err, "%s", out)
}

func decode(text string) (*vtixml.Message, error) {
	m := new(vtixml.Message)
	err := vtixml.Dialect{}.Decode([]byte(text), m)
	return m, err
}

// TestPassesOver: what is not understood is passed over and counted.
func TestPassesOver(t *testing.T) {
	for text, skipped := range map[string]int{
		`<event kind="Delivered" device="4001" new="x"/>`:                                     1,
		`<event kind="Delivered" device="4001"><new a="1"><deep/>text</new></event>`:          2,
		`<event kind="Delivered" device="4001" cause="of the moon"/>`:                         1,
		`<event kind="Delivered" device="4001" state="astray" on="perhaps"/>`:                 2,
		`<event kind="Delivered" device="4001" userData="?"/>`:                                1,
		`<event kind="Delivered" device="4001"><calling status="shy" number="4001"/></event>`: 1,
		`<!-- c --><event kind="Delivered" device="4001"> <![CDATA[x]]> </event>`:             0,
		`<event kind="Delivered" device="4001" xmlns:x="u" x:device="4002"/>`:                 2,
		`<event kind="Delivered" device="4001"><x:calling number="1"/></event>`:               1,
	} {
		m, err := decode(text)
		require.NoError(t, err, text)
		require.Equal(t, vtixml.EventMessage, m.Type, text)
		require.Equal(t, cti.Delivered, m.Event.Kind, text)
		require.EqualValues(t, "4001", m.Event.Device, text)
		require.Equal(t, skipped, m.Skipped, text)
	}
	for _, text := range []string{`<news/>`, `<x:event kind="Held" device="4001"/>`, `<event kind="Sunrise" device="4001"/>`, `<event/>`, `<event kind="Forwarding"/>`, `<event kind="LinkUp"/>`} {
		m, err := decode(text)
		require.NoError(t, err, text)
		require.Equal(t, vtixml.UnknownMessage, m.Type, text)
	}
	m, err := decode(`<refusal id="3" code="eclipse"/>`)
	require.NoError(t, err)
	require.ErrorIs(t, m.Failure.Err, cti.ErrRefused)
	require.Equal(t, "eclipse", m.Failure.Code)
}

func TestRefusesBrokenMessages(t *testing.T) {
	for text, why := range map[string]string{
		"":                                       "no element",
		"<event":                                 "blank or end",
		`<!DOCTYPE event><event/>`:               "document type",
		`<answer/>`:                              "has no identifier",
		`<answer id="0"/>`:                       "has no identifier",
		`<answer id="x"/>`:                       "invalid number",
		`<answer id="-1"/>`:                      "invalid number",
		`<answer id="2147483648"/>`:              "invalid number",
		`<answer id="99999999999999999999"/>`:    "invalid number",
		`<ping/>`:                                "has no identifier",
		`<logon><extension device="1"/></logon>`: "has no identifier",
		`<opened version="ctikit-2"/>`:           "ctikit-2",
		`<open/>`:                                "version",
		`<event kind="Held"></ping>`:             "another element",
	} {
		_, err := decode(text)
		require.ErrorContains(t, err, why, text)
	}
}

func TestLatin1(t *testing.T) {
	m, err := decode("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><event kind=\"Delivered\" device=\"4001\"><calling number=\"1\" name=\"Andr\xe9\"/></event>")
	require.NoError(t, err)
	require.Equal(t, "André", m.Event.Calling.Name)
}

// TestNumbersAreNotNegative: the dialect has no sign, and a reader closes the
// link at one.
func TestNumbersAreNotNegative(t *testing.T) {
	m := vtixml.Message{Type: vtixml.EventMessage, Event: cti.Event{Kind: cti.SpeakerVolume, Device: "4001", Level: -1}}
	out, err := vtixml.Dialect{}.Append(nil, &m)
	require.NoError(t, err)
	back, err := decode(string(out))
	require.NoError(t, err)
	require.Zero(t, back.Event.Level)
}

func TestCannotSay(t *testing.T) {
	for name, m := range map[string]vtixml.Message{
		"forwarding":       {Type: vtixml.RequestMessage, ID: 1, Op: cti.OpSetForwarding},
		"forwarding event": {Type: vtixml.EventMessage, Event: cti.Event{Kind: cti.Forwarding}},
		"gap":              {Type: vtixml.EventMessage, Event: cti.Event{Kind: cti.GapFound}},
	} {
		out, err := vtixml.Dialect{}.Append([]byte("kept"), &m)
		require.ErrorIs(t, err, ctikit.ErrUnsupported, name)
		require.Equal(t, "kept", string(out), name)
	}
}

// FuzzDecode: any input is read or refused, and what is read can be written and
// read again to the same.
func FuzzDecode(f *testing.F) {
	all := samples()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		m := all[name]
		out, err := vtixml.Dialect{}.Append(nil, &m)
		require.NoError(f, err)
		f.Add(out)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var m, back vtixml.Message
		if (vtixml.Dialect{}).Decode(data, &m) != nil || m.Type == vtixml.UnknownMessage {
			return
		}
		out, err := vtixml.Dialect{}.Append(nil, &m)
		require.NoError(t, err)
		require.NoError(t, vtixml.Dialect{}.Decode(out, &back), "%s", out)
		require.Zero(t, back.Skipped, "%s", out)
		again, err := vtixml.Dialect{}.Append(nil, &back)
		require.NoError(t, err)
		require.Equal(t, string(out), string(again))
	})
}
