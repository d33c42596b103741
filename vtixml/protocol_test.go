package vtixml_test

import (
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
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
	for state := cti.AgentNull; state <= cti.AgentWorkingAfterCall; state++ {
		require.Contains(t, string(page), "`"+state.String()+"`")
	}
}
