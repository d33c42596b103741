package catalogue_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/internal/testenv"
	"github.com/ctikit/ctikit/provisioning/catalogue"
	"github.com/ctikit/ctikit/provisioning/settings"
)

func vector(t testing.TB, name string) *settings.File {
	t.Helper()
	src, err := os.ReadFile(testenv.Vectors(t, "settings", name))
	require.NoError(t, err)
	f, err := settings.Parse(name, src)
	require.NoError(t, err)
	return f
}

// The built-in entries agree with the list of facts beside the vectors.
func TestWorkplaceAgreesWithFacts(t *testing.T) {
	text, err := os.ReadFile(testenv.Standards(t, "settings", "workplace_ipo_params.json"))
	require.NoError(t, err)
	var facts []struct {
		Name    string
		Kind    string
		Allowed any
		Default any
	}
	require.NoError(t, json.Unmarshal(text, &facts))
	require.NotEmpty(t, facts)
	c := catalogue.Workplace()
	for _, fact := range facts {
		p, ok := c.Lookup(fact.Name)
		require.True(t, ok, fact.Name)
		require.NotEmpty(t, p.Description, fact.Name)
		list, _ := fact.Allowed.([]any)
		switch {
		case len(list) > 0 && fact.Kind != "enum" && p.Kind != catalogue.ChoiceList:
			require.EqualValues(t, list[0], p.Min, fact.Name)
			require.EqualValues(t, list[1], p.Max, fact.Name)
		case len(list) > 0:
			require.Len(t, p.Allowed, len(list), fact.Name)
			for i := range list {
				require.Equal(t, list[i], p.Allowed[i], fact.Name)
			}
		}
		if number, ok := fact.Default.(float64); ok {
			require.True(t, p.DefaultKnown)
			require.Equal(t, json.Number(p.Default).String(), strings.TrimSuffix(json.Number(p.Default).String(), ".0"))
			require.EqualValues(t, number, atoi(t, p.Default), fact.Name)
		}
	}
}

func atoi(t *testing.T, s string) (n int) {
	require.NoError(t, json.Unmarshal([]byte(s), &n))
	return n
}

// Whatever real systems and the manual send to clients is known and in range.
func TestWorkplaceAcceptsRealFiles(t *testing.T) {
	c := catalogue.Workplace()
	for _, name := range []string{"example-46xxsettings.txt", "ipoffice-11.0.4.0.txt"} {
		f := vector(t, name)
		res, err := settings.Evaluation{Vars: map[string]string{"MODEL4": "acw", "SIG_IN_USE": "SIP"}}.Run(f)
		require.NoError(t, err)
		require.NotEmpty(t, res.Settings)
		for _, s := range res.Settings {
			if s.Name == "USBLOGINSTAT" { // a telephones' parameter on the clients' way
				continue
			}
			_, known := c.Nearest(s.Name)
			require.True(t, known, s.Name)
			require.Empty(t, c.Check(s.Name, s.Value), "%s %s", s.Name, s.Value)
		}
	}
}

func TestCheck(t *testing.T) {
	c := catalogue.Workplace()
	for _, test := range []struct{ name, value, want string }{
		{"DSCPAUD", "63", ""}, {"DSCPAUD", "64", "out-of-range"}, {"DSCPAUD", "x", "out-of-range"}, {"dscpaud", `"46"`, ""}, {"DSCPAUD", `""`, ""}, {"DSCPAUD", "$X", ""},
		{"SIPREGPROXYPOLICY", `"alternate"`, ""}, {"SIPREGPROXYPOLICY", "both", "out-of-range"},
		{"MEDIAENCRYPTION", "1,2,9", ""}, {"MEDIAENCRYPTION", "1,3", "out-of-range"}, {"MEDIAENCRYPTION", "1,2,9,10", "out-of-range"},
		{"TRUSTCERTS", "a.pem,b.pem", ""}, {"TRUSTCERTS", "a.pem, b.pem", "list-with-spaces"}, {"TRUSTCERTS", strings.Repeat("x", 256), "too-long"},
		{"SIP_CONTROLLER_LIST", "a.example.com:5061;transport=tls,10.0.0.1", ""}, {"SIP_CONTROLLER_LIST", "[2001:db8::1]:5061;transport=tcp", ""},
		{"SIP_CONTROLLER_LIST", "a:0", "out-of-range"}, {"SIP_CONTROLLER_LIST", "a;transport=sctp", "out-of-range"}, {"SIP_CONTROLLER_LIST", "[x]:1", "out-of-range"}, {"SIP_CONTROLLER_LIST", "a b", "out-of-range"},
		{"SETTINGS_FILE_URL", "https://a/46xxsettings.txt", ""}, {"SETTINGS_FILE_URL", "ftp://a/x", "out-of-range"},
		{"ISO_SYSTEM_LANGUAGE", "en_GB", ""}, {"ISO_SYSTEM_LANGUAGE", "en-GB", "out-of-range"},
		{"FQDN_IP_MAP", "a.example.com=10.0.0.1", ""}, {"FQDN_IP_MAP", "a=b", "out-of-range"},
		{"CELLULAR_DIRECT_NUMBER_LIST", `"911","9911"`, ""}, {"CELLULAR_DIRECT_NUMBER_LIST", `"help"`, "out-of-range"},
		{"PHNOL", "9", ""}, {"PHNOL", "99*", "too-long"}, {"PHNOL", "x", "out-of-range"}, {"PHNDPLENGTH", `"10","7","3"`, ""}, {"PHNDPLENGTH", "2", "out-of-range"},
		{"SP_AC", "555", "obsolete-parameter"}, {"NOSUCH", "1", ""},
	} {
		var got []string
		for _, p := range c.Check(test.name, test.value) {
			require.Contains(t, p.Message, strings.ToUpper(test.name))
			got = append(got, string(p.Code))
		}
		require.Equal(t, test.want, strings.Join(got, ","), "%s %s", test.name, test.value)
	}
}

func TestNearest(t *testing.T) {
	c := catalogue.Workplace()
	for name, want := range map[string]string{"COUNTRY": "COUNTRY", "COUNTRI": "COUNTRY", "SIPDOMIAN": "SIPDOMAIN", "ENABLE_OPUSS": "ENABLE_OPUS", "XYZ": "", "QQQQQQ": ""} {
		got, known := c.Nearest(name)
		require.Equal(t, want, got)
		require.Equal(t, name == want, known)
	}
	require.True(t, c.Supports("APPCAST_URL", "acw"))
	require.False(t, c.Supports("APPCAST_URL", "aci"))
	require.True(t, c.Supports("NOSUCH", "aci"))
}

func TestSecrets(t *testing.T) {
	c := catalogue.Workplace()
	for name, want := range map[string]bool{"ADMIN_PASSWORD": true, "procpswd": true, "SCA1_PASSWORD": true, "PRESERVE_LOGIN_PASSWORD": false, "PKCS12_PASSWD_RETRY": false, "PHONE_LOCK_PASSWORD_LENGTH": false, "NVVPNPSWDTYPE": false} {
		require.Equal(t, want, c.IsSecret(name), name)
	}
}

func TestTemplate(t *testing.T) {
	c := catalogue.Parse(vector(t, "vendor-template-2022-07-22.txt"))
	set, withPlatforms, choices, integers, defaults := 0, 0, 0, 0, 0
	for _, name := range c.Names() {
		p, _ := c.Lookup(name)
		if p.AddOnly {
			continue
		}
		set++
		if len(p.Platforms) > 0 {
			withPlatforms++
		}
		if p.Kind == catalogue.Choice {
			choices++
		}
		if p.Kind == catalogue.Integer {
			integers++
		}
		if p.DefaultKnown {
			defaults++
		}
	}
	t.Logf("%d parameters, %d with platforms, %d choices, %d integers, %d defaults", set, withPlatforms, choices, integers, defaults)
	require.Equal(t, 1008, set, "as grep counts them")
	require.Greater(t, withPlatforms, 800)
	require.Greater(t, choices, 400)
	require.Greater(t, integers, 80)
	require.Greater(t, defaults, 500)

	// Read by hand in the template.
	p, _ := c.Lookup("DSCPVID")
	require.Equal(t, catalogue.Integer, p.Kind)
	require.Equal(t, []int{0, 63}, []int{p.Min, p.Max})
	require.Equal(t, "34", p.Default)
	require.Contains(t, p.Models, "acw")
	require.NotContains(t, p.Models, "9608")
	p, _ = c.Lookup("QLEVEL_MIN")
	require.Equal(t, []string{"1", "2", "3", "4", "5", "6"}, p.Allowed)
	require.Equal(t, "1", p.Default)
	p, _ = c.Lookup("SIPREGPROXYPOLICY")
	require.Equal(t, []string{"alternate", "simultaneous"}, p.Allowed)
	p, _ = c.Lookup("TRUSTCERTS")
	require.True(t, p.DefaultKnown)
	require.Empty(t, p.Default)
	require.Len(t, p.Examples, 2)
	require.True(t, c.IsSecret("ADMIN_PASSWORD"))
	_, known := c.Nearest("SOFTKEY_ACTIVE")
	require.True(t, known, "shown with ADD only")
}

// The template's own examples are values that what was read from it accepts,
// but for few: prose is not uniform.
func TestTemplateAcceptsItsExamples(t *testing.T) {
	c := catalogue.Parse(vector(t, "vendor-template-2022-07-22.txt"))
	examples, refused := 0, 0
	for _, name := range c.Names() {
		p, _ := c.Lookup(name)
		for _, value := range p.Examples {
			examples++
			for _, problem := range c.Check(name, value) {
				refused++
				require.NotEqual(t, ctikit.SeverityError, problem.Severity)
				t.Log(name, value, problem.Message)
			}
		}
	}
	require.Greater(t, examples, 1100)
	require.Less(t, refused, examples/50)
}

func TestJoin(t *testing.T) {
	template, err := settings.Parse("", []byte("## DSCPAUD is it\n##  Valid values are 0 through 9\n## SET DSCPAUD 3\n## SET NEWONE 1\n"))
	require.NoError(t, err)
	both := catalogue.Join(catalogue.Workplace(), catalogue.Parse(template))
	p, _ := both.Lookup("DSCPAUD")
	require.Equal(t, 63, p.Max, "the built-in entry counts")
	_, known := both.Nearest("NEWONE")
	require.True(t, known)
}

func FuzzParse(f *testing.F) {
	f.Add("## A is\n##  Value  Operation\n##   0   off\n##   1   on (default)\n##  This parameter is supported by:\n##   J100 SIP R1\n## SET A 1\n", "1")
	f.Fuzz(func(t *testing.T, text, value string) {
		file, err := settings.Parse("", []byte(text))
		if err != nil {
			return
		}
		c := catalogue.Join(catalogue.Parse(file), catalogue.Workplace())
		for _, name := range c.Names() {
			c.Check(name, value)
		}
		nearest, _ := c.Nearest(value)
		if nearest != "" {
			_, known := c.Lookup(nearest)
			require.True(t, known)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	f := vector(b, "vendor-template-2022-07-22.txt")
	b.ReportAllocs()
	for b.Loop() {
		catalogue.Parse(f)
	}
}
