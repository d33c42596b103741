package provisioning_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/provisioning"
)

func TestVersion(t *testing.T) {
	for text, want := range map[string]string{"11.1.3.0.0 build 19": "11.1.3 build 19", "3.06": "3.6", "11": "11.0", "11.1.2.4": "11.1.2.4"} {
		v, err := provisioning.ParseVersion(text)
		require.NoError(t, err)
		require.Equal(t, want, v.String())
	}
	for _, text := range []string{"", "x", "1.2.3.4.5.6", "1..2", "-1", "1.2 build x", "99999999999"} {
		_, err := provisioning.ParseVersion(text)
		require.Error(t, err, text)
	}
	v, err := provisioning.ParseVersion("11.1.3.0.0 build 19")
	require.NoError(t, err)
	require.Equal(t, "11.1.3.0.0 build 19", v.Full())
	require.True(t, provisioning.NewVersion(11, 1, 2, 4).Before(v))
	require.True(t, provisioning.NewVersion(11, 1, 3).Before(v))
	require.False(t, v.Before(v))
	doc, err := json.Marshal(map[string]provisioning.Version{"a": v, "b": {}})
	require.NoError(t, err)
	require.JSONEq(t, `{"a":"11.1.3 build 19","b":""}`, string(doc))
	var back map[string]provisioning.Version
	require.NoError(t, json.Unmarshal(doc, &back))
	require.Equal(t, v, back["a"])
	require.True(t, back["b"].IsZero())
}

// Every gate: the release before it is refused by name, the first one is not.
func TestFeatureGates(t *testing.T) {
	for feature, gate := range map[provisioning.Feature][2]string{
		provisioning.Specials: {"11.1.2.3", "11.1.2.4"}, provisioning.CallHandover: {"11.1.2.9", "11.1.3"}, provisioning.TwinningChoice: {"11.1.2.9", "11.1.3"},
		provisioning.OpusCodec: {"11.1.1.9", "11.1.2"}, provisioning.VDI: {"11.1.1.9", "11.1.2"}, provisioning.SpacesCalling: {"11.1.1.0", "11.1.1.1"},
		provisioning.CellularDirect: {"11.1.2.3", "11.1.2.4"}, provisioning.PickupOwnCall: {"11.1.2.3", "11.1.2.4"},
	} {
		before, err := provisioning.ParseVersion(gate[0])
		require.NoError(t, err)
		first, err := provisioning.ParseVersion(gate[1])
		require.NoError(t, err)
		err = feature.Check(before, provisioning.System{})
		require.ErrorIs(t, err, ctikit.ErrUnsupported)
		require.ErrorContains(t, err, "IP Office "+before.String())
		require.NoError(t, feature.Check(first, provisioning.System{}))
		require.Equal(t, first, feature.Since())
	}
	require.Error(t, provisioning.OpusCodec.Check(provisioning.NewVersion(12), provisioning.System{IP500V2: true}))
	require.Error(t, provisioning.VDI.CheckClient(provisioning.NewVersion(3, 21)))
	require.NoError(t, provisioning.VDI.CheckClient(provisioning.NewVersion(3, 22)))
	require.ErrorContains(t, provisioning.SpacesCallingSIP.CheckClient(provisioning.NewVersion(3, 15)), "needs 3.16")
	for _, f := range provisioning.Features() {
		require.NotEmpty(t, f.String())
	}
}

func TestOS(t *testing.T) {
	for _, text := range []string{"windows", "acw"} {
		o, err := provisioning.ParseOS(text)
		require.NoError(t, err)
		require.Equal(t, provisioning.Windows, o)
	}
	_, err := provisioning.ParseOS("BeOS")
	require.Error(t, err)
	doc, err := json.Marshal(provisioning.AllOS())
	require.NoError(t, err)
	require.JSONEq(t, `["Android","iOS","macOS","Windows"]`, string(doc))
	var back []provisioning.OS
	require.NoError(t, json.Unmarshal(doc, &back))
	require.Equal(t, provisioning.AllOS(), back)
}

func ExampleFeature_Check() {
	err := provisioning.CallHandover.Check(provisioning.NewVersion(11, 1, 2, 4), provisioning.System{})
	fmt.Println(err)
	// Output: call handover: not supported by IP Office 11.1.2.4, needs 11.1.3 or later
}
