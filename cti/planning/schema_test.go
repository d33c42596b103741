package planning

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSchemaNamesWhatReadTakes compares the schema's members with the types.
func TestSchemaNamesWhatReadTakes(t *testing.T) {
	type object struct {
		Properties           map[string]json.RawMessage
		Required             []string
		AdditionalProperties *bool
	}
	var doc struct {
		object
		Defs map[string]object `json:"$defs"`
	}
	require.NoError(t, json.Unmarshal(Schema(), &doc))
	for name, typ := range map[string]any{"": Table{}, "link": Link{}, "row": Row{}, "site": Site{}, "path": Path{}} {
		o := doc.Defs[name]
		if name == "" {
			o = doc.object
		}
		require.NotNil(t, o.AdditionalProperties, name)
		require.False(t, *o.AdditionalProperties, name)
		fields := reflect.TypeOf(typ)
		require.Len(t, o.Properties, fields.NumField(), name)
		for i := range fields.NumField() {
			member, options, _ := strings.Cut(fields.Field(i).Tag.Get("json"), ",")
			require.Contains(t, o.Properties, member, name)
			if options != "" {
				require.False(t, slices.Contains(o.Required, member), "%s.%s may be left out", name, member)
			}
		}
	}
}
