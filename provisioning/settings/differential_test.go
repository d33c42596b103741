package settings_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/internal/testenv"
	"github.com/ctikit/ctikit/provisioning/settings"
)

// plain reads a file line by line with regular expressions, by the letter of the
// guides. It shares no code with the evaluator.
func plain(text string, vars map[string]string) (values map[string]string, missing string) {
	set := regexp.MustCompile(`(?i)^(SET|ADD)[ \t]+(\S+)[ \t]+("[^"]*"|[^" \t#][^"#]*?)[ \t]*(?:#.*)?$`)
	jump := regexp.MustCompile(`(?i)^GOTO[ \t]+(\S+)`)
	test := regexp.MustCompile(`(?i)^IF[ \t]+\$(\S+)[ \t]+SEQ[ \t]+(\S+)[ \t]+GOTO[ \t]+(\S+)`)
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	values = map[string]string{}
	for i := 0; i < len(lines); i++ {
		tag := ""
		if m := set.FindStringSubmatch(lines[i]); m != nil {
			name := strings.ToUpper(m[2])
			if old, ok := values[name]; ok && strings.EqualFold(m[1], "ADD") && old != `""` {
				m[3] = old + "," + m[3]
			}
			values[name] = m[3]
		} else if m := jump.FindStringSubmatch(lines[i]); m != nil {
			tag = m[1]
		} else if m := test.FindStringSubmatch(lines[i]); m != nil {
			if v, ok := vars[strings.ToUpper(m[1])]; ok && v == m[2] {
				tag = m[3]
			}
		}
		if tag == "" {
			continue
		}
		label := regexp.MustCompile(`(?i)^# ` + regexp.QuoteMeta(tag) + `[ \t]*$`)
		next := slices.IndexFunc(lines[i+1:], label.MatchString)
		if next < 0 {
			return values, tag
		}
		i += next
	}
	return values, ""
}

func compare(t *testing.T, f *settings.File, vars map[string]string) {
	want, missing := plain(f.String(), vars)
	got, err := settings.Evaluation{Vars: vars}.Run(f)
	require.NoError(t, err)
	require.Equal(t, want, values(got), "%s %v %q", f.Name, vars, f.String()[:min(2000, len(f.String()))])
	require.Equal(t, missing, got.Stop.Tag)
}

func TestEvaluateAgainstPlainReader(t *testing.T) {
	for _, f := range vectors(t) {
		cases, err := f.Cases("MODEL4", "SIG_IN_USE")
		require.NoError(t, err)
		for _, c := range cases {
			if f.Name == template && c.Vars["MODEL4"] < "J159" {
				continue // the plain reader is slow; a few models will do
			}
			compare(t, f, c.Vars)
		}
	}
	rnd := testenv.Rand(t)
	for range 1000 {
		f := parse(t, randomProgram(rnd))
		compare(t, f, map[string]string{"A": "1", "B": "2"})
	}
}

func randomProgram(rnd *rand.Rand) string {
	var b strings.Builder
	pick := func(of ...string) string { return of[rnd.IntN(len(of))] }
	for range rnd.IntN(20) {
		name, tag := pick("A", "B", "c"), pick("X", "Y", "z")
		fmt.Fprintf(&b, pick("SET %[1]s %[3]s", "set  %[1]s\t%[3]s  ", "ADD %[1]s %[3]s", "# %[2]s", "# %[2]s ", "#  %[2]s", "#%[2]s", "GOTO %[2]s", "goto %[2]s", "IF $%[1]s SEQ %[3]s GOTO %[2]s", "IF $NONE SEQ 1 GOTO %[2]s", "## %[1]s", " SET %[1]s 9", "SNE %[1]s%[2]s%[3]s", "SET %[1]s \"%[3]s %[2]s\" # why"), name, tag, pick("1", "2", "3"))
		b.WriteString(pick("\n", "\r\n"))
	}
	return regexp.MustCompile(`%!\(EXTRA[^\n]*`).ReplaceAllString(b.String(), "")
}

// Where git merges without a conflict, the result is the same.
func TestMergeAgainstGit(t *testing.T) {
	git := testenv.Tool(t, "git", "git")
	rnd := testenv.Rand(t)
	dir := t.TempDir()
	clean := 0
	for range 150 {
		var base []string
		for i := range 5 + rnd.IntN(30) {
			base = append(base, fmt.Sprintf("SET P%d 1", i))
		}
		next, local := edited(rnd, base, "vendor"), edited(rnd, base, "site")
		paths := make([]string, 3)
		for i, lines := range [][]string{local, base, next} {
			paths[i] = filepath.Join(dir, fmt.Sprint(i))
			require.NoError(t, os.WriteFile(paths[i], []byte(strings.Join(lines, "\n")+"\n"), 0o600))
		}
		want, err := exec.Command(git, append([]string{"merge-file", "--stdout"}, paths...)...).Output()
		if err != nil {
			continue // git found a conflict, or lines side by side that it does not tell apart
		}
		clean++
		text := func(lines []string) *settings.File { return parse(t, strings.Join(lines, "\n")+"\n") }
		got, conflicts := merge(t, text(base), text(next), text(local))
		require.Equal(t, string(want), got)
		require.Empty(t, conflicts)
	}
	require.Greater(t, clean, 10, "so few that nothing was compared")
}

// edited changes, deletes and adds some lines.
func edited(rnd *rand.Rand, base []string, who string) []string {
	var out []string
	for i, line := range base {
		switch rnd.IntN(30) {
		case 0:
			out = append(out, fmt.Sprintf("SET P%d %s", i, who))
		case 1:
		case 2:
			out = append(out, line, fmt.Sprintf("SET NEW_%s_%d 1", who, i))
		default:
			out = append(out, line)
		}
	}
	return out
}
