package settings_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/provisioning/settings"
)

type vocabulary struct{}

func (vocabulary) Nearest(name string) (string, bool) {
	return map[string]string{"COUNTRI": "COUNTRY"}[name], !strings.HasPrefix(name, "COUNTRI") && name != "NOSUCH"
}

func (vocabulary) Check(name, value string) ctikit.Problems {
	if name == "PORT" && value == "99999" {
		return ctikit.Problems{{Code: settings.OutOfRange, Severity: ctikit.SeverityError, Message: "PORT is 0 to 65535"}}
	}
	return nil
}

func (vocabulary) Supports(name, model string) bool { return name != "PHONEONLY" || model != "acw" }

// Every code, by the smallest file that has it.
func TestLintCodes(t *testing.T) {
	for _, test := range []struct{ src, want string }{
		{"GOTO X\n", "1:6 missing-label"},
		{"# X\nGOTO X\n", "2:6 backward-goto"},
		{"GOTO X\n# X\n# X\n", "3:3 duplicate-label, 3:3 unused-label"},
		{"# X\n", "1:3 unused-label"},
		{"GOTO x\n# X\n", "1:6 label-case"},
		{"GOTO MY_TAG\n# MY TAG\n", "1:6 missing-label, 2:1 label-with-blanks"},
		{"GOTO TAG\n#TAG\n", "1:6 missing-label, 2:1 label-without-blank"},
		{"# Set the default SUBSCRIBE timer\n", ""},
		{"GOTO X\nSET A 1\nSET B 1\n# X\n", "2:1 unreachable-after-goto"},
		{"GET f\nSET A 1\n", "2:1 unreachable-after-get"},
		{"IF $A EQ b GOTO X\n", "1:1 bad-if"},
		{"GOTO\n", "1:1 bad-statement"},
		{"GOTO  \n", "1:1 bad-statement"},
		{"SNE A b\n", "1:1 unknown-verb"},
		{" SET A 1\n", "1:1 indented-statement"},
		{"GET ../x\n", "1:5 unsafe-get"},
		{"SET A-B 1\n", "1:6 invalid-name"},
		{"SET A\n", "1:5 value-missing"},
		{"SET A\n\"x\"\n", "1:5 value-on-next-line"},
		{"SET A \"x\n", "1:7 unbalanced-quote"},
		{"SET A \"x\" y\n", "1:11 unbalanced-quote"},
		{"SET A x\"y\n", "1:8 unbalanced-quote"},
		{"SET A \u201Cx\u201D\n", "1:7 smart-quote"},
		{"SET A \x93x\x94\n", "1:7 non-utf8, 1:7 smart-quote"},
		{"SET A x y\n", "1:8 blank-in-unquoted-value"},
		{"SET A x # y\n", "1:9 trailing-comment"},
		{"SET A \"x\" # y\n", "1:11 trailing-comment"},
		{"SET A x, y\n", "1:9 list-with-spaces"},
		{"SET A " + strings.Repeat("x", 256) + "\n", "1:7 too-long"},
		{"SET A \x00\n", "1:7 control-character"},
		{"SET A caf\xe9\n", "1:10 non-utf8"},
		{"\uFEFFSET A 1\n", "1:1 byte-order-mark"},
		{"SET A 1\r\nSET B 1\n", "1:1 mixed-line-ends"},
		{"SET A 1\nSET A 2\n", "2:1 duplicate-set"},
		{"SET PHONEKEY 1\nSET PHONEKEY 2\nSET B 1\nADD B 2\n", ""},
		{"IF $MODEL4 SEQ acw GOTO W\nSET A 1\nGOTO END\n# W\nSET A 2\n# END\n", ""},
		{"SET COUNTRI x\n", "1:5 unknown-parameter"},
		{"SET NOSUCH x\n", "1:5 unknown-parameter"},
		{"SET PORT 99999\n", "1:10 out-of-range"},
		{"IF $MODEL4 SEQ acw GOTO W\n# W\nSET PHONEONLY 1\n", "3:1 not-supported-on-model"},
		{"SET POLICY x\n", "1:12 contradicts-profile"},
		{"SET PASSWORD x\n", "1:5 secret-in-clear, 1:5 secret-over-http"},
		{"SET PASSWORD \"\"\n", ""},
	} {
		linter := settings.Linter{Vocabulary: vocabulary{}, Require: map[string][]string{"POLICY": {"alternate"}}, OverHTTP: true,
			IsSecret: func(name string) bool { return name == "PASSWORD" }}
		var got []string
		for _, f := range linter.Lint(parse(t, test.src)) {
			require.NotEmpty(t, f.Message)
			got = append(got, strings.TrimSuffix(f.Position.String(), ":")+" "+string(f.Code))
		}
		require.Equal(t, test.want, strings.Join(got, ", "), "%q", test.src)
	}
}

func TestLintElided(t *testing.T) {
	found := settings.Linter{Elided: []string{"x"}}.Lint(parse(t, "GOTO X\n"))
	require.Len(t, found, 1)
	require.Equal(t, ctikit.SeverityInfo, found[0].Severity)
}

// What each model loses by a missing label, most first.
func TestLintLosses(t *testing.T) {
	src := "IF $MODEL4 SEQ acw GOTO W\nIF $MODEL4 SEQ aca GOTO A\n# W\nSET X 1\n# A\nGOTO NONE\nSET B 1\nSET C 1\nSET X 2\n"
	var got []string
	for _, f := range (settings.Linter{}).Lint(parse(t, src)) {
		if f.Code == settings.SettingsLost {
			got = append(got, f.String())
		}
	}
	require.Equal(t, []string{"6:1: settings-lost: without the label NONE MODEL4=(other) loses 3 parameters (B, C, X), MODEL4=aca 3 (B, C, X), MODEL4=acw 3 (B, C, X)"}, got)

	src = "IF $MODEL4 SEQ a GOTO X\nIF $MODEL4 SEQ b GOTO X\nIF $MODEL4 SEQ c GOTO X\nIF $MODEL4 SEQ d GOTO X\nIF $MODEL4 SEQ e GOTO X\n# X\nGOTO NONE\nSET A 1\nSET B 1\nSET C 1\nSET D 1\n"
	found := fmt.Sprint((settings.Linter{}).Lint(parse(t, src)))
	require.Contains(t, found, "MODEL4=(other) loses 4 parameters (A, B, C, ...), MODEL4=a 4 (A, B, C, ...)")
	require.Contains(t, found, "and 2 more")
}

func TestFindingsHoldNoSecret(t *testing.T) {
	linter := settings.Linter{IsSecret: func(name string) bool { return name == "ADMIN_PASSWORD" }, Require: map[string][]string{"ADMIN_PASSWORD": {"x"}}}
	for _, f := range linter.Lint(parse(t, "SET ADMIN_PASSWORD 27238\nSET ADMIN_PASSWORD 27238\n")) {
		require.NotContains(t, f.String(), "27238")
	}
}

func TestRedact(t *testing.T) {
	isSecret := func(name string) bool { return name == "PASSWORD" }
	f := parse(t, "SET PASSWORD \"a b\" # x\r\n## set password 123\nSET PASSWORD\n \"456\"\nSET PASSWORD \"\"\nSET A 1\n#SET\tPASSWORD\t789")
	require.Equal(t, "SET PASSWORD [redacted]\r\n## set password [redacted]\nSET PASSWORD\n[redacted]\nSET PASSWORD \"\"\nSET A 1\n#SET\tPASSWORD\t[redacted]", f.Redact(isSecret).String())
	require.Equal(t, f.String(), f.Redact(func(string) bool { return false }).String())
}
