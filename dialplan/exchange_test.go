package dialplan_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/dialplan"
	"github.com/ctikit/ctikit/internal/testenv"
)

func TestConfigRoundTrip(t *testing.T) {
	data, err := os.ReadFile(testenv.Vectors(t, "dialplan", "france.json"))
	require.NoError(t, err)
	config, err := dialplan.ParseConfig(data)
	require.NoError(t, err)
	config.Rules[0].Disabled, config.Rules[1].MinLength, config.Rules[2].Description = true, 3, "the guide's"
	config.NoStandardRules, config.NationalLength = true, dialplan.Lengths{9, 10}
	config.Add, config.Remove, config.NationalPrefixInNumbers = "0", "00", true
	written, err := json.Marshal(config)
	require.NoError(t, err)
	again, err := dialplan.ParseConfig(written)
	require.NoError(t, err)
	require.Equal(t, config, again)
	var decoded dialplan.Config
	require.NoError(t, json.Unmarshal(written, &decoded))
	require.Equal(t, config, decoded)
}

func TestRulesRoundTrip(t *testing.T) {
	want := []dialplan.Rule{
		{Name: "a", Priority: 5, Pattern: "+331551718", Value: "18", MinLength: 11, MaxLength: 11, Description: "one, \"two\"; three\nfour"},
		{Name: "b", Priority: -1, Disabled: true, Pattern: `[(\+|[-InternationalPrefix-])?([^\)]+)\([^\]]+\)]`, Value: "[-ExternalPrefix-][-InternationalPrefix-]$2"},
	}
	for _, comma := range []rune{0, ',', ';', '\t'} {
		data, err := dialplan.RulesCSV(want, comma)
		require.NoError(t, err)
		got, err := dialplan.ParseRulesCSV(data)
		require.NoError(t, err, "%s", data)
		require.Equal(t, want, got)
	}
	data, err := json.Marshal(want)
	require.NoError(t, err)
	got, err := dialplan.ParseRules(data)
	require.NoError(t, err)
	require.Equal(t, want, got)

	for _, comma := range "\"|x\n" {
		_, err = dialplan.RulesCSV(want, comma)
		require.ErrorContains(t, err, "separator", "a file that ParseRulesCSV would not read")
	}
}

func TestCSVMistakes(t *testing.T) {
	_, err := dialplan.ParseRulesCSV([]byte("\uFEFFPriority;Pattern;Value;Enabled\n1;2;3\n\nx;+;0;maybe\n5;#;#;\n"))
	paths, text := problems(t, err)
	require.Equal(t, []string{"line 2", "line 4, Priority", "line 4, Enabled"}, paths, text)
	for data, want := range map[string]string{
		"":                                  "no heading",
		"Pattern,Colour":                    `unknown column "Colour"`,
		"Pattern":                           "no column Value",
		"Pattern,Value\n\"1,2":              "quot",
		"Pattern,Value,MinLength\n1,2,3000": "",
	} {
		rules, err := dialplan.ParseRulesCSV([]byte(data))
		if want == "" { // the plan says what is wrong with the rule itself
			require.NoError(t, err)
			_, err = dialplan.New(dialplan.Config{Rules: rules})
			require.ErrorContains(t, err, "Rules[0].MinLength")
			continue
		}
		require.ErrorContains(t, err, want)
	}
}

func TestGenerate(t *testing.T) {
	config, _ := dialplan.Preset("FR")
	for _, test := range []struct {
		name    string
		wish    dialplan.Wish
		numbers map[string]string
	}{
		{"direct numbers become extensions", dialplan.Wish{Name: "ddi", Start: "0155171", Length: 10, Keep: 4, AllForms: true}, map[string]string{
			"01 55 17 18 89": "1889", "+33155171889": "1889", "0033155171889": "1889", "015517188": "0015517188", "0155172090": "00155172090",
		}},
		{"digits left out", dialplan.Wish{Start: "0155", Length: 10, Become: "8", Keep: 4}, map[string]string{"0155171889": "81889", "01(55)171889": "81889", "01551718890": "001551718890"}},
		{"any length", dialplan.Wish{Start: "77", Become: "[-ExternalPrefix-]00"}, map[string]string{"77123456": "000123456", "77": "000"}},
		{"all the same", dialplan.Wish{Start: "+44", Become: "9", Keep: dialplan.KeepNone}, map[string]string{"+442079460000": "9"}},
		{"part of the start is kept", dialplan.Wish{Start: "5551", Length: 6, Become: "2", Keep: 3}, map[string]string{"555123": "2123"}},
	} {
		test.wish.Priority = 5
		rules, err := dialplan.Generate(config.Parameters, test.wish)
		require.NoError(t, err, test.name)
		changed := config
		changed.Rules = rules
		plan, err := dialplan.New(changed)
		require.NoError(t, err, test.name)
		for number, want := range test.numbers {
			got, err := plan.Outgoing(number)
			require.NoError(t, err)
			require.Equal(t, want, got, "%s: %s by %+v", test.name, number, rules)
		}
	}
	_, err := dialplan.Generate(config.Parameters, dialplan.Wish{Start: "x", Length: 99, Keep: -2, Become: "$1", AllForms: true})
	paths, _ := problems(t, err)
	require.Equal(t, []string{"Start", "Length", "Keep", "Become", "AllForms"}, paths)
	_, err = dialplan.Generate(config.Parameters, dialplan.Wish{Start: "1", Become: "abc"})
	require.ErrorContains(t, err, "Become")
}

func TestSection(t *testing.T) {
	ctx := context.Background()
	current := dialplan.NewCurrent(france(t))
	var kept []dialplan.Config
	var refuse error
	part := current.Section("dialplan", func(_ context.Context, c dialplan.Config) error {
		kept = append(kept, c)
		return refuse
	})
	require.Equal(t, "dialplan", part.Name)
	data, items, err := part.Export(ctx)
	require.NoError(t, err)
	require.Equal(t, 6, items)

	changed := []byte(strings.Replace(string(data), `"ExternalPrefix":"0"`, `"ExternalPrefix":"9"`, 1))
	dials := func() string {
		dialled, err := current.Outgoing("+3912334477")
		require.NoError(t, err)
		return dialled
	}
	items, err = part.Import(ctx, ctikit.Import{Data: changed, DryRun: true})
	require.NoError(t, err)
	require.Equal(t, 6, items)
	require.Equal(t, "0003912334477", dials(), "a dry run changes nothing")
	require.Empty(t, kept)

	_, err = part.Import(ctx, ctikit.Import{Data: []byte(`{"InternalLength": -1, "Rules": [{"Pattern": ""}]}`)})
	paths, _ := problems(t, err)
	require.Len(t, paths, 2)
	refuse = errors.New("disk full")
	_, err = part.Import(ctx, ctikit.Import{Data: changed})
	require.ErrorIs(t, err, refuse)
	require.Equal(t, "0003912334477", dials(), "what could not be kept is not used")

	refuse = nil
	_, err = part.Import(ctx, ctikit.Import{Data: changed})
	require.NoError(t, err)
	require.Equal(t, "9003912334477", dials())
	lookup, e164, internal := current.Incoming("4001")
	require.Equal(t, []any{"4001", "", true}, []any{lookup, e164, internal})
	lookup, e164, internal = current.Dialled("90155172090")
	require.Equal(t, []any{"0155172090", "+33155172090", false}, []any{lookup, e164, internal})
}

// FuzzParse: a document gives a plan or mistakes; a plan's configuration gives the same plan.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"CountryPrefix":"33","InternationalPrefix":"00","NationalLength":"9,10","Rules":[{"Pattern":"[(\\d)]","Value":"${1}0"}]}`))
	f.Add([]byte(`{"Rules":[{"Pattern":"+","Value":"[-ExternalPrefix-]","Enabled":false}],"StandardRules":false,"Emergency":"112,15"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		plan, err := dialplan.Parse(data)
		if err != nil {
			var m ctikit.Problems
			require.ErrorAs(t, err, &m)
			require.NotEmpty(t, m)
			return
		}
		written, err := json.Marshal(plan.Config())
		require.NoError(t, err)
		again, err := dialplan.Parse(written)
		require.NoError(t, err, "%s", written)
		require.Equal(t, plan.Config(), again.Config())
		for _, number := range []string{"+33155", "0155(17)", "#1"} {
			x, errX := plan.Outgoing(number)
			y, errY := again.Outgoing(number)
			require.Equal(t, x, y)
			require.Equal(t, errX == nil, errY == nil)
		}
	})
}

// FuzzParseRulesCSV: rules that are read are written and read again as they are.
func FuzzParseRulesCSV(f *testing.F) {
	f.Add([]byte("Name;Pattern;Value\na;+;00\n"))
	f.Add([]byte("Pattern,Value,Enabled\n\"[(\\d)]\",$1,false\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		rules, err := dialplan.ParseRulesCSV(data)
		if err != nil {
			var m ctikit.Problems
			require.ErrorAs(t, err, &m)
			return
		}
		written, err := dialplan.RulesCSV(rules, ';')
		require.NoError(t, err)
		again, err := dialplan.ParseRulesCSV(written)
		require.NoError(t, err)
		require.Equal(t, rules, again)
	})
}

// FuzzParseSpaces: profiles are read or refused with every mistake.
func FuzzParseSpaces(f *testing.F) {
	f.Add([]byte(`[{"Name":"a","DialRule":true,"OutsidePrefix":"9","ExtensionLength":"3,5"}]`))
	f.Add([]byte(`{"a":{"CityCode":["303"],"NationalLength":10}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		profiles, err := dialplan.ParseSpaces(data)
		if err != nil {
			var m ctikit.Problems
			require.ErrorAs(t, err, &m)
			return
		}
		for _, profile := range profiles {
			_, err := profile.Outgoing("+1 303 555 0123")
			require.NoError(t, err)
		}
	})
}
