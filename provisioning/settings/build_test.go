package settings_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/provisioning/settings"
)

func TestBuilder(t *testing.T) {
	var b settings.Builder
	b.Comment("made for a test")
	b.If("MODEL4", "acw", "W")
	b.Elide("ELSEWHERE")
	b.Goto("ELSEWHERE")
	b.Label("W")
	b.Set("COUNTRY", "Saudi Arabia")
	b.Set("SIPDOMAIN", "example.com")
	b.Set("PHNOL", "")
	b.SetQuoted("PSTN_VM_NUM", "VM.user@example.com")
	b.SetInt("HTTPPORT", 8411)
	b.SetBool("ENABLE_IM", true)
	b.SetBool("ENABLE_PPM", false)
	b.SetList("CELLULAR_DIRECT_NUMBER_LIST", "911", "9911")
	b.SetList("LOCKED_PREFERENCES")
	b.Add("SOFTKEY", "type=blank")
	b.Comment("")
	b.Get("46xxspecials.txt")
	out, err := b.Bytes()
	require.NoError(t, err)
	require.Equal(t, `## made for a test
IF $MODEL4 SEQ acw GOTO W
GOTO ELSEWHERE
# W
SET COUNTRY "Saudi Arabia"
SET SIPDOMAIN example.com
SET PHNOL ""
SET PSTN_VM_NUM "VM.user@example.com"
SET HTTPPORT 8411
SET ENABLE_IM 1
SET ENABLE_PPM 0
SET CELLULAR_DIRECT_NUMBER_LIST "911","9911"
SET LOCKED_PREFERENCES ""
ADD SOFTKEY "type=blank"

GET 46xxspecials.txt
`, string(out))
	require.Empty(t, settings.Linter{Elided: []string{"ELSEWHERE"}}.Lint(parse(t, string(out)))[1:], "the declared label is all there is to say")

	windows := settings.Builder{CRLF: true, Macros: true}
	windows.Set("MYCERTCN", "phone $MACADDR")
	out, err = windows.Bytes()
	require.NoError(t, err)
	require.Equal(t, "SET MYCERTCN \"phone $MACADDR\"\r\n", string(out))
}

func TestBuilderRefuses(t *testing.T) {
	for name, write := range map[string]func(*settings.Builder){
		"line feed":        func(b *settings.Builder) { b.Set("A", "1\nSET B 2") },
		"carriage return":  func(b *settings.Builder) { b.Set("A", "1\rSET B 2") },
		"NUL":              func(b *settings.Builder) { b.Set("A", "1\x00") },
		"quote":            func(b *settings.Builder) { b.Set("A", `1" 2`) },
		"macro":            func(b *settings.Builder) { b.Set("A", "$MACADDR") },
		"invalid UTF-8":    func(b *settings.Builder) { b.Set("A", "caf\xe9") },
		"redacted":         func(b *settings.Builder) { b.Set("A", ctikit.Redacted) },
		"lower case":       func(b *settings.Builder) { b.Set("a", "1") },
		"no name":          func(b *settings.Builder) { b.Set("", "1") },
		"blank in name":    func(b *settings.Builder) { b.Set("A B", "1") },
		"list element":     func(b *settings.Builder) { b.SetList("A", "1,2") },
		"list quote":       func(b *settings.Builder) { b.SetList("A", `"`) },
		"comment":          func(b *settings.Builder) { b.Comment("x\nSET A 1") },
		"tag with a blank": func(b *settings.Builder) { b.Label("two words") },
		"tag with a line":  func(b *settings.Builder) { b.Label("X\nSET") },
		"no tag":           func(b *settings.Builder) { b.Label("") },
		"label twice":      func(b *settings.Builder) { b.Label("X"); b.Label("x") },
		"missing label":    func(b *settings.Builder) { b.Goto("X") },
		"label before":     func(b *settings.Builder) { b.Label("X"); b.Goto("X") },
		"if without value": func(b *settings.Builder) { b.If("MODEL4", "", "X"); b.Label("X") },
		"if with a blank":  func(b *settings.Builder) { b.If("MODEL4", "a b", "X"); b.Label("X") },
		"if variable":      func(b *settings.Builder) { b.If("$M", "a", "X"); b.Label("X") },
		"get up":           func(b *settings.Builder) { b.Get("../x") },
		"get absolute":     func(b *settings.Builder) { b.Get("/x") },
		"get scheme":       func(b *settings.Builder) { b.Get("http:x") },
		"get blank":        func(b *settings.Builder) { b.Get("a b") },
		"get nothing":      func(b *settings.Builder) { b.Get("") },
	} {
		var b settings.Builder
		write(&b)
		out, err := b.Bytes()
		require.ErrorIs(t, err, ctikit.ErrInvalid, name)
		require.Nil(t, out, name)
	}
	var b settings.Builder
	b.Set("a", "\x00")
	b.Goto("X")
	_, err := b.Bytes()
	require.ErrorContains(t, err, `must be of A-Z, 0-9 and _, got "a"`)
	require.ErrorContains(t, err, "0x00")
	require.ErrorContains(t, err, "no label X", "all problems at once")
}

func TestFormat(t *testing.T) {
	f := parse(t, "\uFEFFset a  \"x  y\"  # c\r\nif  $M SEQ b goto  x \n# x \t\n \nIF bad  \n##  c  \nget f\nSET A ")
	got := f.Format()
	require.Equal(t, "SET A \"x  y\" # c\nIF $M SEQ b GOTO x\n# x\n\nIF bad  \n##  c\nGET f\nSET A\n", got.String())
	require.Equal(t, got.String(), got.Format().String())
}
