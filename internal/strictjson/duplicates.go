package strictjson

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/ctikit/ctikit"
)

// Duplicates reports the members of objects that repeat an earlier name, which
// [Decode] accepts as package encoding/json does: the last one wins. Text that is
// not JSON has no duplicates.
func Duplicates(data []byte) (ps ctikit.Problems) {
	if json.Valid(data) { // which bounds the depth, too
		addDuplicates(&ps, "", json.NewDecoder(bytes.NewReader(data)))
	}
	return ps
}

// addDuplicates reads one value.
func addDuplicates(ps *ctikit.Problems, path string, in *json.Decoder) {
	token, _ := in.Token()
	open, _ := token.(json.Delim)
	if open == 0 {
		return
	}
	seen := map[string]bool{}
	for i := 0; in.More(); i++ {
		at := path + "[" + strconv.Itoa(i) + "]"
		if open == '{' {
			token, _ = in.Token()
			name, _ := token.(string)
			if at = memberPath(path, name); seen[name] {
				ps.Add(at, "duplicate field")
			}
			seen[name] = true
		}
		addDuplicates(ps, at, in)
	}
	_, _ = in.Token() // the closing bracket
}
