package settings_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/provisioning/settings"
)

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"SET A 1\r\n# X\nIF $MODEL4 SEQ acw GOTO X\nGET f\nADD A \"x\"\n", "SET A\n\"x\"\n", "\uFEFF# X\n", "SET A \x93x\x94 # y", "IF \"a b\" SEQ $B GOTO",
		"SET L \"1\", \"2\"# x\nSET L \"1\",2\n", "# X\nGOTO X\nGOTO Y\nSET A $MODEL4\n",
	} {
		f.Add([]byte(seed))
	}
	linter := settings.Linter{Vocabulary: vocabulary{}, IsSecret: func(name string) bool { return name == "A" }}
	f.Fuzz(func(t *testing.T, src []byte) {
		file, err := settings.Parse("", src)
		if err != nil {
			require.ErrorIs(t, err, settings.ErrTooLarge)
			return
		}
		require.Equal(t, string(src), file.String())
		for _, finding := range linter.Lint(file) {
			require.LessOrEqual(t, finding.Position.Offset, len(src))
			require.GreaterOrEqual(t, finding.Position.Column, 1)
		}
		formatted := file.Format()
		require.Equal(t, formatted.String(), formatted.Format().String(), "formatting again changes nothing")
		e := settings.Evaluation{Vars: map[string]string{"MODEL4": "acw"}, Dialect: settings.Dialect{AllowBackward: true, JoinLines: true, MaxSteps: 10_000}}
		before, errBefore := e.Run(file)
		after, errAfter := e.Run(formatted)
		require.Equal(t, errBefore == nil, errAfter == nil)
		require.Equal(t, values(before), values(after), "formatting changes nothing that a telephone receives")
		if n := len(values(before)); errBefore == nil {
			redacted, err := e.Run(file.Redact(func(string) bool { return true }))
			require.NoError(t, err)
			require.LessOrEqual(t, len(values(redacted)), n)
		}
	})
}

func values(r *settings.Result) map[string]string {
	v := map[string]string{}
	for _, s := range r.Settings {
		v[s.Name] = s.Value
	}
	return v
}

func FuzzMerge(f *testing.F) {
	f.Add("SET A 1\n# X\n", "SET A 2\r\n# X\n", "SET A 3\n# X")
	f.Add("a\nb\nc\nd\n", "a\nc\nb\nd\n", "d\nb\n")
	f.Fuzz(func(t *testing.T, base, next, local string) { checkMerge(t, base, next, local) })
}
