package vtixml_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/vtixml"
)

// TestProtocolIsDocumented: every element, attribute, kind of event and code
// that the dialect writes stands in PROTOCOL.md.
func TestProtocolIsDocumented(t *testing.T) {
	page, err := os.ReadFile("PROTOCOL.md")
	require.NoError(t, err)
	words := map[string]bool{}
	for _, w := range regexp.MustCompile(`[A-Za-z0-9]+`).FindAllString(string(page), -1) {
		words[w] = true
	}
	element, attribute := regexp.MustCompile(`<([A-Za-z]+)`), regexp.MustCompile(` ([A-Za-z]+)="`)
	for name, m := range samples() {
		out, err := vtixml.Dialect{}.Append(nil, &m)
		require.NoError(t, err)
		for _, found := range append(element.FindAllStringSubmatch(string(out), -1), attribute.FindAllStringSubmatch(string(out), -1)...) {
			require.True(t, words[found[1]], "%s: PROTOCOL.md does not say what %s is", name, found[1])
		}
		if m.Type == vtixml.EventMessage {
			require.True(t, words[m.Event.Kind.String()], "%s", m.Event.Kind)
		}
		if m.Type == vtixml.RefusalMessage {
			code := regexp.MustCompile(`code="([a-zA-Z]+)"`).FindStringSubmatch(string(out))[1]
			require.Contains(t, string(page), "| `"+code+"` |")
		}
	}
	for state := cti.Null; state <= cti.Failed; state++ {
		require.Contains(t, string(page), "`"+state.String()+"`")
	}
}

// TestProtocolTables: the page lists just what the dialect has, no less and no more.
func TestProtocolTables(t *testing.T) {
	var operations, kinds, codes []string
	for name, m := range samples() {
		out, err := vtixml.Dialect{}.Append(nil, &m)
		require.NoError(t, err, name)
		switch m.Type {
		case vtixml.RequestMessage:
			operations = append(operations, regexp.MustCompile(`^<([A-Za-z]+)`).FindStringSubmatch(string(out))[1])
		case vtixml.EventMessage:
			kinds = append(kinds, m.Event.Kind.String())
		case vtixml.RefusalMessage:
			codes = append(codes, regexp.MustCompile(`code="([a-zA-Z]+)"`).FindStringSubmatch(string(out))[1])
		}
	}
	codes = append(codes, "badVersion") // means ErrProtocol, like the sample of it
	requests := section(t, "## 6.", "Calls are named")
	require.ElementsMatch(t, unique(operations), quoted(firstColumn(requests)), "requests")
	require.ElementsMatch(t, unique(kinds), quoted(section(t, "- of a call:", "States:")), "kinds of events")
	require.ElementsMatch(t, unique(codes), quoted(firstColumn(section(t, "## 8.", "## 9."))), "codes")
	require.ElementsMatch(t, names(func(i int) string { return cti.Cause(i).String() }), quoted(section(t, "event causes of ECMA-269:", "## 8.")), "causes")
	require.ElementsMatch(t, names(func(i int) string { return cti.SetType(i).String() }), quoted(section(t, "Set types are", "; the last")), "set types")
	require.ElementsMatch(t, names(func(i int) string { return cti.AgentState(i).String() }), quoted(section(t, "Agent states:", "Call forwards")), "agent states")
}

// section is the page from one text to another.
func section(t *testing.T, from, to string) string {
	page, err := os.ReadFile("PROTOCOL.md")
	require.NoError(t, err)
	_, rest, ok := strings.Cut(string(page), from)
	require.True(t, ok, from)
	part, _, ok := strings.Cut(rest, to)
	require.True(t, ok, to)
	return part
}

// firstColumn is the first column of the tables in a text, without their heads.
func firstColumn(text string) (column string) {
	for line := range strings.Lines(text) {
		if cells := strings.Split(line, "|"); len(cells) > 2 {
			column += cells[1]
		}
	}
	return column
}

// quoted are the words between backquotes.
func quoted(text string) (words []string) {
	for _, found := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(text, -1) {
		words = append(words, found[1])
	}
	return words
}

func unique(words []string) []string {
	slices.Sort(words)
	return slices.Compact(words)
}

// names are those of an enumeration, but its zero value.
func names(name func(int) string) (all []string) {
	for i := 1; i < 256; i++ {
		if text := name(i); !strings.Contains(text, "(") {
			all = append(all, text)
		}
	}
	return all
}

// TestProtocolTranscript: the link in chapter 9 is what the driver says and
// understands.
func TestProtocolTranscript(t *testing.T) {
	var lines []string
	for _, line := range regexp.MustCompile(`(?m)^    ([DP] <.*)$`).FindAllStringSubmatch(section(t, "## 9.", "<close/>")+"<close/>\n", -1) {
		lines = append(lines, line[1])
	}
	require.Greater(t, len(lines), 20)
	synctest.Test(t, func(t *testing.T) {
		cfg, pbx := dialScript(t, vtixml.Config{Application: "crm"})
		played := make(chan struct{})
		go func() {
			defer close(played)
			for _, line := range lines {
				if who, text := line[0], line[2:]; who == 'P' {
					pbx.say(text)
				} else {
					require.Equal(t, text, pbx.hear())
				}
			}
		}()
		sink := &collector{}
		s, err := cfg.Open(t.Context(), sink)
		require.NoError(t, err)
		extension := cti.Extension{Number: "4001", Location: cti.Location{Site: 1, Cluster: 1}, SetType: cti.Digital, Password: ctikit.NewSecret("1234")}
		_, err = s.Supervise(t.Context(), extension)
		require.NoError(t, err)
		made, err := s.Do(t.Context(), driver.Request{Op: cti.OpMakeCall, Device: "4001", Number: "00612345678"})
		require.NoError(t, err)
		synctest.Wait() // the PBX's own question behind the answer is answered before the next request
		require.NoError(t, do(t.Context(), s, driver.Request{Op: cti.OpClearConnection, Connection: made.Connection}))
		_, err = s.Do(t.Context(), driver.Request{Op: cti.OpMakeCall, Device: "4001", Number: "9"})
		require.ErrorIs(t, err, cti.ErrInvalidDestination)
		require.NoError(t, s.Release(t.Context(), "4001"))
		require.NoError(t, s.Close())
		<-played
		var kinds []cti.Kind
		for _, ev := range sink.all() {
			require.Equal(t, "g1", ev.Global)
			kinds = append(kinds, ev.Kind)
		}
		require.Equal(t, []cti.Kind{cti.Originated, cti.Delivered, cti.Established, cti.ConnectionCleared}, kinds)
		require.Zero(t, s.Counters().Skipped)
	})
}
