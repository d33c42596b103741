package dialplan_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/dialplan"
)

func TestSpacesProfileList(t *testing.T) {
	profiles, err := dialplan.ParseSpaces([]byte(`[
		{"Name": "off", "Address": "a.example", "AccountsToken": "x", "LogDownload": true, "STUNHost": "s", "STUNPort": "3478", "AutoFailover": false,
		 "OutsidePrefix": "9", "CountryCode": "1"},
		{"Name": "own", "DialRule": false, "OutsidePrefix": "9", "CountryCode": "1", "LongDistancePrefix": "1", "ApplyToPlusNumber": true},
		{"Name": "on", "DialRule": true, "OutsidePrefix": "9", "CountryCode": "1", "LongDistancePrefix": "1", "ApplyToPlusNumber": true,
		 "CityCode": ["303", "3035"], "PbxPrefix": "538", "ExtensionLength": [4], "NationalLength": 10, "RemoveAreaCode": true}
	]`))
	require.NoError(t, err)
	for _, test := range []struct{ profile, number, want string }{
		{"off", "+1 (303) 555", "+1303555"},
		{"own", "+1 303 555 1234", "913035551234"},
		{"on", "+1 303 555 1234", "9551234"}, // the longest city code counts
		{"on", "+1 303 666 1234", "96661234"},
		{"on", "5381234", "1234"}, // PBX prefix and an extension
		{"on", "12", "912"},
	} {
		got, err := profiles[test.profile].Outgoing(test.number)
		require.NoError(t, err)
		require.Equal(t, test.want, got, "%+v", test)
	}
	e := profiles["on"].Explain("5381234")
	require.Equal(t, dialplan.SpacesPbx, e.Class)
	require.False(t, e.OutsidePrefix)
	require.NotEmpty(t, e.Steps)
	_, err = profiles["on"].Outgoing("ring")
	require.ErrorIs(t, err, dialplan.ErrEmpty)
}

func TestSpacesMistakes(t *testing.T) {
	_, err := dialplan.ParseSpaces([]byte(`[
		{"Name": "a", "OutsidePrefix": "x", "CityCode": ["", "a"], "ExtensionLength": "3,x", "NationalLength": [0], "Emergency": ["?"], "Foo": 1},
		{"Name": "a"}, 7]`))
	paths, text := problems(t, err)
	for _, want := range []string{
		"profiles[0].OutsidePrefix", "profiles[0].CityCode[0]", "profiles[0].CityCode[1]", "profiles[0].ExtensionLength", "profiles[0].NationalLength",
		"profiles[0].Emergency[0]", "profiles[0].Foo", "profiles[1].Name", "profiles[2]",
	} {
		require.Contains(t, paths, want, text)
	}
}

func TestSpacesWarning(t *testing.T) {
	spaces, err := dialplan.NewSpaces(dialplan.SpacesProfile{ExtensionLength: dialplan.Lengths{4, 9}, NationalLength: dialplan.Lengths{9}})
	require.NoError(t, err)
	warnings := spaces.Warnings()
	require.Len(t, warnings, 1)
	require.Equal(t, ctikit.SeverityWarning, warnings[0].Severity)
}
