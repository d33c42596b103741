package gateway

import (
	"encoding/json"
	"fmt"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/strictjson"
)

// extensionData is an extension in the configuration document; its own password
// hides the other one.
type extensionData struct {
	cti.Extension
	Password string `json:"password,omitempty"`
}

// extensionBinding is what the sealed password of an extension is bound to.
func extensionBinding(number cti.DeviceID) ctikit.Binding {
	return ctikit.Binding{Kind: ctikit.BindExtension, ID: string(number)}
}

func (o SectionOptions) encodeExtensions(extensions []cti.Extension) (json.RawMessage, error) {
	out := make([]extensionData, 0, len(extensions))
	for i, e := range extensions {
		password, err := o.sealPassword(e.Password, extensionBinding(e.Number))
		if err != nil {
			return nil, fmt.Errorf("[%d].password: %w", i, err)
		}
		out = append(out, extensionData{e, password})
	}
	return json.Marshal(out)
}

func (o SectionOptions) decodeExtensions(data json.RawMessage, inUse []cti.Extension) ([]cti.Extension, error) {
	var in []extensionData
	if err := strictjson.Decode(data, &in); err != nil {
		return nil, err
	}
	kept := make(map[cti.DeviceID]ctikit.Secret, len(inUse))
	for _, e := range inUse {
		kept[e.Number] = e.Password
	}
	var ps ctikit.Problems
	out := make([]cti.Extension, len(in))
	for i, d := range in {
		var err error
		out[i] = d.Extension
		if out[i].Password, err = o.openPassword(d.Password, extensionBinding(d.Number), kept[d.Number]); err != nil {
			ps.AddUnder(fmt.Sprintf("[%d].password", i), err)
		}
	}
	return out, ps.Err()
}
