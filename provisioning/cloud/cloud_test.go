package cloud_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/provisioning"
	"github.com/ctikit/ctikit/provisioning/cloud"
)

func TestProfiles(t *testing.T) {
	// The example of notes ch. 15, two systems.
	const text = `{"Client_Settings_File_Address": [
{"Profile_Name": "East", "Client_Settings_File_Url": "http://ipoeast.example.com/46xxsettings.txt"},
{"Profile_Name": "West", "Client_Settings_File_Url": "http://ipowest.example.com/46xxsettings.txt"}]}`
	profiles, err := cloud.DecodeProfiles([]byte(text))
	require.NoError(t, err)
	require.Equal(t, []cloud.Profile{{"East", "http://ipoeast.example.com/46xxsettings.txt"}, {"West", "http://ipowest.example.com/46xxsettings.txt"}}, profiles)
	out, err := cloud.EncodeProfiles(profiles)
	require.NoError(t, err)
	require.JSONEq(t, text, string(out))

	_, err = cloud.EncodeProfiles([]cloud.Profile{{"", "https://a.example.com/x"}, {"B", "https://192.0.2.1/x"}, {"B", "nothing"}})
	require.ErrorIs(t, err, ctikit.ErrInvalid)
	for _, want := range []string{"[0].Profile_Name: missing", "[1].Client_Settings_File_Url", "192.0.2.1 is an address", `[2].Profile_Name: duplicate "B": already used by Client_Settings_File_Address[1]`} {
		require.ErrorContains(t, err, want)
	}
	for _, bad := range []string{"", "[]", "{}", `{"Client_Settings_File_Address":[]}`, `{"Other":1}`, text + "x", text + "}", text + "]", strings.Repeat(" ", 1<<20) + text} {
		_, err := cloud.DecodeProfiles([]byte(bad))
		require.ErrorIs(t, err, ctikit.ErrInvalid, "%.40q", bad)
	}
}

func site() cloud.SpacesProfile {
	return cloud.SpacesProfile{Name: "Head Office", Address: "ipoffice.example.com", AccountsToken: true, STUNHost: "asbce.example.com", STUNPort: 3478, AutoFailover: true, NoLogDownload: true,
		Dialing: cloud.Dialing{Rules: cloud.SiteRules, OutsidePrefix: "9", CountryCode: "1", CityCodes: []string{"555", "777"}, PBXPrefix: "8", LongDistancePrefix: "1",
			InternationalPrefix: "011", ExtensionLengths: []int{3, 4}, NationalLengths: []int{10, 11}, RemoveAreaCode: true, ApplyToPlusNumber: true}}
}

func TestSpacesRoundTrip(t *testing.T) {
	plain := cloud.SpacesProfile{Name: "East", Address: "east.example.com"}
	own := cloud.SpacesProfile{Name: "West", Address: "west.example.com", Dialing: cloud.Dialing{Rules: cloud.UserRules}}
	out, err := cloud.EncodeSpaces("", []cloud.SpacesProfile{site(), plain, own})
	require.NoError(t, err)
	require.JSONEq(t, `{"IP_Office_Server_Profile":[
		{"Name":"Head Office","Address":"ipoffice.example.com","AccountsToken":true,"LogDownload":false,"STUNHost":"asbce.example.com","STUNPort":"3478","AutoFailover":true,
		 "DialRule":true,"OutsidePrefix":"9","CountryCode":"1","CityCode":"555,777","PbxPrefix":"8","LongDistancePrefix":"1","InternationalPrefix":"011",
		 "ExtensionLength":"3,4","NationalLength":"10,11","RemoveAreaCode":true,"ApplyToPlusNumber":true},
		{"Name":"East","Address":"east.example.com"},
		{"Name":"West","Address":"west.example.com","DialRule":false}]}`, string(out))
	back, notices, err := cloud.DecodeSpaces(out)
	require.NoError(t, err)
	require.Empty(t, notices)
	require.Equal(t, []cloud.SpacesProfile{site(), plain, own}, back)

	out, err = cloud.EncodeSpaces("Other_Key", []cloud.SpacesProfile{plain})
	require.NoError(t, err)
	_, notices, err = cloud.DecodeSpaces(out)
	require.NoError(t, err)
	require.Len(t, notices, 1)
}

// The manual's translated example is understood, and every translation reported.
func TestSpacesFrench(t *testing.T) {
	profiles, notices, err := cloud.DecodeSpaces([]byte(`{
  "Profil_Serveur_IP_Office":
  [{
    "Nom": "Siège vrai",
    "Adresse": "principal.exemple.com",
    "Jeton de compte": vrai
  }]
}`))
	require.NoError(t, err)
	require.Equal(t, []cloud.SpacesProfile{{Name: "Siège vrai", Address: "principal.exemple.com", AccountsToken: true}}, profiles)
	require.Len(t, notices, 5, "%v", notices)
	english, err := cloud.EncodeSpaces("", profiles)
	require.NoError(t, err)
	require.NotContains(t, string(english), "Nom")
	require.True(t, json.Valid(english))
}

func TestSpacesRefuses(t *testing.T) {
	for doc, want := range map[string]string{
		`{"IP_Office_Server_Profile":[{"Name":"A name too long","Address":"a"}]}`:                          "[0].Name: must be 1 to 14 characters, got 15",
		`{"IP_Office_Server_Profile":[{"Name":"a","Address":"a b"}]}`:                                      "[0].Address",
		`{"IP_Office_Server_Profile":[{"Name":"a","Address":"a"},{"Name":"a","Address":"b"}]}`:             "[1].Name",
		`{"IP_Office_Server_Profile":[{"Name":"a","Address":"a","STUNPort":"x"}]}`:                         "[0].STUNPort",
		`{"IP_Office_Server_Profile":[{"Name":"a","Address":"a","DialRule":"yes"}]}`:                       "[0].DialRule: must be true or false",
		`{"IP_Office_Server_Profile":[{"Name":["a"],"Address":"a"}]}`:                                      "[0].Name: must be a text",
		`{"IP_Office_Server_Profile":[{"Name":"a","Nom":"b","Address":"a"}]}`:                              "[0].Nom: duplicate of Name",
		`{"IP_Office_Server_Profile":[{"Name":"a","Address":"a","DialRule":true,"OutsidePrefix":"x"}]}`:    "[0].OutsidePrefix",
		`{"IP_Office_Server_Profile":[{"Name":"a","Address":"a","DialRule":true,"ExtensionLength":"99"}]}`: "[0].ExtensionLength: must be between 1 and 20, got 99",
		`{"IP_Office_Server_Profile":[]}`:                                                                  "must be 1 to 1000 profiles, got 0",
		`{}`:                                                                                               "got 0 keys",
		`{"a":[],"b":[]}`:                                                                                  "got 2 keys",
		`vrai`:                                                                                             "must be an object, got true",
	} {
		_, _, err := cloud.DecodeSpaces([]byte(doc))
		require.ErrorIs(t, err, ctikit.ErrInvalid, doc)
		require.ErrorContains(t, err, want)
	}
	_, _, err := cloud.DecodeSpaces([]byte(`{"IP_Office_Server_Profile":[{"Name":"a","Address":"a"}]}]`))
	require.ErrorIs(t, err, ctikit.ErrInvalid)
	profiles, notices, err := cloud.DecodeSpaces([]byte(`{"IP_Office_Server_Profile":[{"Name":"a","Address":"a","STUNPort":3478,"AutoFailover":"true","Colour":"red"}]}`))
	require.NoError(t, err)
	require.Equal(t, 3478, profiles[0].STUNPort)
	require.True(t, profiles[0].AutoFailover)
	require.Len(t, notices, 3)
}

// Dialling rules that no client would look at are passed over when read, and
// refused when written.
func TestSpacesIdleRules(t *testing.T) {
	profiles, notices, err := cloud.DecodeSpaces([]byte(`{"IP_Office_Server_Profile":[{"Name":"a","Address":"a","DialRule":false,"OutsidePrefix":"9","CityCode":"555, 777"}]}`))
	require.NoError(t, err)
	require.Equal(t, []string{"[0].CityCode: used only if DialRule is true", "[0].OutsidePrefix: used only if DialRule is true"}, texts(notices))
	require.Equal(t, cloud.Dialing{Rules: cloud.UserRules}, profiles[0].Dialing)
	profiles, _, err = cloud.DecodeSpaces([]byte(`{"IP_Office_Server_Profile":[{"Name":"a","Address":"a","DialRule":true,"CityCode":"555, 777"}]}`))
	require.NoError(t, err)
	require.Equal(t, []string{"555", "777"}, profiles[0].Dialing.CityCodes)

	idle := cloud.SpacesProfile{Name: "a", Address: "a", Dialing: cloud.Dialing{Rules: cloud.UserRules, OutsidePrefix: "9", RemoveAreaCode: true}}
	_, err = cloud.EncodeSpaces("", []cloud.SpacesProfile{idle})
	require.ErrorIs(t, err, ctikit.ErrInvalid, "what would be lost in silence is refused")
	require.ErrorContains(t, err, "[0].Dialing: rules are given, but Rules is not SiteRules")
}

func texts(notices ctikit.Problems) (out []string) {
	for _, n := range notices {
		out = append(out, n.String())
	}
	return out
}

type records map[string][]string

func (r records) LookupTXT(_ context.Context, name string) ([]string, error) { return r.find(name) }

func (r records) LookupHost(_ context.Context, name string) ([]string, error) { return r.find(name) }

func (r records) find(name string) ([]string, error) {
	if name == "broken.example.com" {
		return nil, &net.DNSError{Err: "timeout", Name: name, IsTimeout: true}
	}
	if found, ok := r[name]; ok {
		return found, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func TestVerifyDomain(t *testing.T) {
	dns := records{"example.com": {"v=spf1 -all", " avaya-code-1 "}}
	ctx := context.Background()
	require.NoError(t, cloud.VerifyDomain(ctx, dns, "example.com", "avaya-code-1"))
	require.ErrorIs(t, cloud.VerifyDomain(ctx, dns, "example.com", "avaya-code"), cloud.ErrNotVerified)
	require.ErrorIs(t, cloud.VerifyDomain(ctx, dns, "example.org", "avaya-code-1"), cloud.ErrNotVerified)
	err := cloud.VerifyDomain(ctx, dns, "broken.example.com", "avaya-code-1")
	require.Error(t, err)
	require.NotErrorIs(t, err, cloud.ErrNotVerified, "what could not be looked up is not known to be absent")
	require.ErrorIs(t, cloud.VerifyDomain(ctx, dns, "example.com", " "), ctikit.ErrInvalid)
	require.ErrorIs(t, cloud.VerifyDomain(ctx, dns, "", "x"), ctikit.ErrInvalid)
	var _ cloud.TXTResolver = new(net.Resolver)
	var _ cloud.HostResolver = new(net.Resolver)
}

func TestSyncProfiles(t *testing.T) {
	dns := records{"east.example.com": {"192.0.2.1"}, "west.example.com": {"192.0.2.2"}}
	nodes := []cloud.Node{{"East", "east.example.com", true}, {"West", "west.example.com", false}, {"", "", false}}
	ctx := context.Background()
	for sync, want := range map[cloud.Sync]int{cloud.SyncOff: 0, cloud.SyncNode: 1, cloud.SyncAll: 2} {
		profiles, err := cloud.SyncProfiles(ctx, dns, sync, nodes)
		require.NoError(t, err)
		require.Len(t, profiles, want)
	}
	_, err := cloud.SyncProfiles(ctx, dns, cloud.SyncAll, []cloud.Node{{"A", "", false}, {"B", "192.0.2.1", false}, {"C", "none.example.com", false}})
	require.ErrorContains(t, err, "nodes[0]")
	require.ErrorContains(t, err, "nodes[1]")
	require.ErrorContains(t, err, "nodes[2].registrar: none.example.com does not resolve")
	_, err = cloud.SyncProfiles(ctx, dns, cloud.SyncAll, []cloud.Node{{"A", "east.example.com", false}, {"A", "west.example.com", false}})
	require.ErrorIs(t, err, ctikit.ErrInvalid, "unique in the network")
}

func TestAccountURL(t *testing.T) {
	ip500, server := provisioning.System{IP500V2: true}, provisioning.System{}
	require.NoError(t, cloud.CheckAccountURL(ip500, "accounts-ipo.avayacloud.com"))
	require.NoError(t, cloud.CheckAccountURL(server, "https://accounts.avayacloud.com/"))
	require.ErrorIs(t, cloud.CheckAccountURL(server, "accounts.zang.io"), cloud.ErrOutdatedAccount)
	require.ErrorIs(t, cloud.CheckAccountURL(server, "accounts-ipo.avayacloud.com"), ctikit.ErrInvalid)
}

func FuzzDecodeSpaces(f *testing.F) {
	f.Add([]byte(`{"IP_Office_Server_Profile":[{"Name":"a","Address":"a","DialRule":true,"CityCode":"1,2"}]}`))
	f.Add([]byte(`{"Profil_Serveur_IP_Office":[{"Nom":"a\"vrai","Adresse":"a","Jeton de compte":faux}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		profiles, _, err := cloud.DecodeSpaces(data)
		if err != nil {
			require.ErrorIs(t, err, ctikit.ErrInvalid)
			return
		}
		out, err := cloud.EncodeSpaces("", profiles)
		require.NoError(t, err)
		_, notices, err := cloud.DecodeSpaces(out)
		require.NoError(t, err)
		require.Empty(t, notices, "what we write needs no indulgence")
	})
}

func Example() {
	out, err := cloud.EncodeProfiles([]cloud.Profile{{Name: "Head Office", URL: provisioning.SettingsURL("ipoffice.example.com")}})
	fmt.Print(string(out), err)
	// Output:
	// {
	//   "Client_Settings_File_Address": [
	//     {
	//       "Profile_Name": "Head Office",
	//       "Client_Settings_File_Url": "https://ipoffice.example.com/46xxsettings.txt"
	//     }
	//   ]
	// }
	// <nil>
}

func ExampleWriteUsers() {
	leftOut, err := cloud.WriteUsers(os.Stdout, []cloud.User{
		{Email: "user1@example.com", FirstName: "teressa", LastName: "green", WorkPhone: "+33 1 23 45"},
		{FirstName: "no", LastName: "identity"},
	}, cloud.Format{Separator: ';', Domain: "example.com"})
	fmt.Println(leftOut, err)
	// Output:
	// email;firstname;lastname;workphone
	// user1@example.com;teressa;green;+33 1 23 45
	// 1 <nil>
}
