package readme

import (
	"bytes"
	"encoding/xml"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/internal/testenv"
)

var update = flag.Bool("update", false, "record docs/gateway.svg anew")

// shown are the scenes of the gateway example that the picture shows.
var shown = []string{
	"Supervision", "Calling +33 (0)1 23 45 67 89", "A call comes in for 2000", "A forward of 1000, over CSTA",
	"Link pbx2:3199 dies", "More capacity on link 0, while running", "The link is back", "Summary",
}

// TestGatewayView: docs/gateway.svg shows what examples/gateway prints: each of
// its lines is printed. Record it anew with
//
//	go test ./internal/readme -run TestGatewayView -update
func TestGatewayView(t *testing.T) {
	root := testenv.Root(t)
	cmd := exec.Command("go", "run", "./examples/gateway")
	cmd.Dir = root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	printed := view(string(out))

	file := filepath.Join(root, "docs", "gateway.svg")
	if *update {
		require.NoError(t, os.WriteFile(file, picture(printed), 0o644))
	}
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	var seen []string
	for _, line := range drawn(t, data) {
		seen = append(seen, steady(line))
	}
	require.Greater(t, len(seen), 40)
	var expected []string
	for _, line := range printed {
		expected = append(expected, steady(line))
	}
	require.ElementsMatch(t, expected, seen, "the program prints something else now: record the picture anew with -update")
}

// view takes the scenes shown out of the program's output, without the lines of
// progress, which differ from run to run.
func view(out string) []string {
	lines := []string{"$ go run ./examples/gateway"}
	showing := false
	text := strings.Split(strings.TrimRight(out, "\n"), "\n")
	for i, line := range text {
		if i+1 < len(text) && strings.HasPrefix(text[i+1], "───") {
			showing = false
			for _, heading := range shown {
				showing = showing || line == heading
			}
		}
		if showing && !progress.MatchString(line) {
			lines = append(lines, strings.TrimRight(line, " "))
		}
	}
	for lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

var (
	progress = regexp.MustCompile(`^(supervised|returned): \d+ of \d+$`)
	measured = regexp.MustCompile(`\b\d+(\.\d+)?(ms|s)\b`)
	counted  = regexp.MustCompile(`^((?:events|gaps|snapshots) .*?)\d+$`)
)

// steady makes lines of different runs equal: times and counts of events vary,
// a dead link is now waiting, now connecting, and columns are as wide as that.
func steady(line string) string {
	line = counted.ReplaceAllString(measured.ReplaceAllString(line, "…"), "$1…")
	return strings.Join(strings.Fields(strings.ReplaceAll(line, "connecting", "waiting")), " ")
}

const (
	lineHeight = 17.0
	charWidth  = 7.83 // of DejaVu Sans Mono at 13 px
	headHeight = 34.0
)

// picture draws lines as a terminal shows them.
func picture(lines []string) []byte {
	widest := 0
	for _, l := range lines {
		widest = max(widest, utf8.RuneCountInString(l))
	}
	width, height := float64(widest)*charWidth+36, float64(len(lines))*lineHeight+headHeight+22
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" role="img" aria-label="go run ./examples/gateway, as a terminal shows it">`+"\n", width, height)
	b.WriteString(`<style>text{font-family:"DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:13px;fill:#d5dde5;white-space:pre}.h{fill:#8fd0ff;font-weight:bold}.p{fill:#9be59b}</style>` + "\n")
	fmt.Fprintf(&b, `<rect width="%.0f" height="%.0f" rx="8" fill="#1b2430"/>`+"\n", width, height)
	b.WriteString(`<circle cx="20" cy="18" r="6" fill="#e0655c"/><circle cx="40" cy="18" r="6" fill="#e4b44c"/><circle cx="60" cy="18" r="6" fill="#63b560"/>` + "\n")
	for i, l := range lines {
		class := ""
		switch {
		case i == 0:
			class = ` class="p"`
		case strings.HasPrefix(l, "───"), i+1 < len(lines) && strings.HasPrefix(lines[i+1], "───"):
			class = ` class="h"`
		}
		var escaped bytes.Buffer
		_ = xml.EscapeText(&escaped, []byte(l)) // a bytes.Buffer takes everything
		fmt.Fprintf(&b, `<text%s x="18" y="%.0f" xml:space="preserve">%s</text>`+"\n", class, headHeight+float64(i+1)*lineHeight, escaped.String())
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// drawn returns the lines of a picture.
func drawn(t *testing.T, svg []byte) []string {
	var parsed struct {
		Lines []string `xml:"text"`
	}
	require.NoError(t, xml.Unmarshal(svg, &parsed))
	return parsed.Lines
}
