package dialplan_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/dialplan"
)

func TestBadNumbers(t *testing.T) {
	plan := france(t)
	for _, number := range []string{"", "+", "(+)", "abc", "\x00\x07\x1b", "\xff\xfe", "()", "\u202e\u200f", strings.Repeat("x", 10_000), "＋"} {
		_, err := plan.Outgoing(number)
		require.ErrorIs(t, err, dialplan.ErrEmpty, "%q", number)
		var named *dialplan.NumberError
		require.ErrorAs(t, err, &named)
		require.LessOrEqual(t, len(named.Number), 48)
		require.Equal(t, dialplan.Caller{}, plan.Identify(number))
	}
	for _, number := range []string{strings.Repeat("1", 33), strings.Repeat("1", 10_000), strings.Repeat("(", 10_000) + "1", "+" + strings.Repeat("1", 32)} {
		_, err := plan.Outgoing(number)
		require.ErrorIs(t, err, dialplan.ErrTooLong, "%.40q", number)
		require.Equal(t, dialplan.Caller{}, plan.Identify(number))
	}
	for number, want := range map[string]string{
		"\u202a+33 1 55 17 20 90\u202c":        "00155172090", // marks around a number copied from a message
		"\u200f0155172090":                     "00155172090",
		"01\u00a055\u202f17\u200920\u201190":   "00155172090",
		"0\xff1\x005\xc35172090":               "00155172090",
		"０１５５１７２０９０":                           "00155172090",
		"＋３３１５５１７２０９０":                         "00155172090",
		"Tel: 01 55 17 20 90":                  "00155172090",
		strings.Repeat(" ", 9_990) + "1889":    "1889",
		strings.Repeat("1", 32):                "0" + strings.Repeat("1", 32),
		"+33 (0)1 55 17 20 90 " + "ext please": "00155172090",
	} {
		got, err := plan.Outgoing(number)
		require.NoError(t, err, "%q", number)
		require.Equal(t, want, got, "%q", number)
	}
}

func TestAppendOutgoing(t *testing.T) {
	plan := france(t)
	out, err := plan.AppendOutgoing([]byte("dial "), "+3912334477")
	require.NoError(t, err)
	require.Equal(t, "dial 0003912334477", string(out))
	out, err = plan.AppendOutgoing([]byte("dial "), "+")
	require.Error(t, err)
	require.Equal(t, "dial ", string(out))
	// A + that stands in dst already does not count as the result's own.
	out, err = plan.AppendOutgoing([]byte("+"), "0155172090")
	require.NoError(t, err)
	require.Equal(t, "+00155172090", string(out))
}

func TestAllocations(t *testing.T) {
	plan := france(t)
	dst := make([]byte, 0, 64)
	for _, number := range []string{"+33 1 55 17 20 90", "01 55 17 20 90", "112", "1889", "０１５５", "+33 (0)1 55"} {
		allocated := testing.AllocsPerRun(100, func() { _, _ = plan.AppendOutgoing(dst, number) })
		if !raceEnabled {
			require.Zero(t, allocated, number)
		}
	}
}

func TestCallerForms(t *testing.T) {
	config, _ := dialplan.Preset("FR")
	config.Remove = "0"
	plan, err := dialplan.New(config)
	require.NoError(t, err)
	caller := plan.Identify("00155172090")
	require.Equal(t, []string{"0155172090", "+33155172090"}, caller.Forms(), "the national form is the look-up number")
	require.Equal(t, []string{"155172090", "+33155172090", "0155172090"}, plan.Identify("0155172090").Forms())
	require.Equal(t, []string{"+3912334477"}, plan.Identify("+3912334477").Forms())
	require.Equal(t, []string{"4001"}, plan.Identify("4001").Forms())
	require.Empty(t, plan.Identify("anonymous").Forms())
}

func TestRuleThatLeavesNothing(t *testing.T) {
	plan, err := dialplan.New(dialplan.Config{Rules: []dialplan.Rule{{Name: "gone", Pattern: `[\d+]`, Value: ""}}})
	require.NoError(t, err)
	_, err = plan.Outgoing("123")
	require.ErrorIs(t, err, dialplan.ErrEmpty)
	require.ErrorContains(t, err, "gone")
}

func TestRulesOfLength(t *testing.T) {
	plan, err := dialplan.New(dialplan.Config{
		Parameters: dialplan.Parameters{InternalLength: 16},
		Rules:      []dialplan.Rule{{Pattern: "1", Value: "9", MinLength: 3, MaxLength: 4}, {Pattern: "+1", Value: "8", MaxLength: 3}},
	})
	require.NoError(t, err)
	for number, want := range map[string]string{"12": "12", "123": "923", "1(2)34": "9234", "12345": "12345", "+123": "823", "+1234": "+1234"} {
		got, err := plan.Outgoing(number)
		require.NoError(t, err)
		require.Equal(t, want, got, number)
	}
}

// FuzzNumbers: whatever is typed, the result can be dialled or there is a typed error.
func FuzzNumbers(f *testing.F) {
	for _, seed := range []string{"+33 (0)1", "#31#06", "\xff１", "(((+", "00155172090", strings.Repeat("9", 40)} {
		f.Add(seed)
	}
	config, _ := dialplan.Preset("FR")
	plan, err := dialplan.New(config)
	require.NoError(f, err)
	profile, err := dialplan.NewSpaces(dialplan.SpacesProfile{OutsidePrefix: "9", CountryCode: "1", ExtensionLength: dialplan.Lengths{4}, NationalLength: dialplan.Lengths{10}})
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, number string) {
		got, err := plan.Outgoing(number)
		e := plan.Explain(number)
		require.Equal(t, err == nil, e.Err == nil)
		require.Equal(t, got, e.Result)
		if err == nil {
			require.Empty(t, strings.Trim(got, "0123456789#*"), "%q", number)
		} else {
			var named *dialplan.NumberError
			require.ErrorAs(t, err, &named)
		}
		spaces, errSpaces := profile.Outgoing(number)
		require.Equal(t, err == nil, errSpaces == nil)
		require.Empty(t, strings.Trim(spaces, "+0123456789#*"))
		lookup, e164, internal := plan.Incoming(number)
		require.True(t, utf8.ValidString(lookup+e164))
		require.False(t, internal && len(lookup) > 4)
	})
}

// Long inputs are read once and no further than needed.
func TestLongInputIsCheap(t *testing.T) {
	plan := france(t)
	long := strings.Repeat("1", 1<<20)
	allocated := testing.AllocsPerRun(100, func() { _, _ = plan.Outgoing(long) })
	require.LessOrEqual(t, allocated, 4.0)
}
