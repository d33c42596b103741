// Package strictjson decodes JSON that a person wrote: no field that nobody
// knows, nothing behind it, and every mistake at once, each with its path.
package strictjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Decode decodes data into a pointer as package encoding/json does. Its error
// names every value that cannot be decoded, "links[2].location: …", several on
// lines of their own after their number; or the line and column where the text is no JSON. It holds no value of
// a field other than what the value's own type says of it, so no password.
func Decode(data []byte, into any) error {
	in := json.NewDecoder(bytes.NewReader(data))
	in.DisallowUnknownFields()
	err := in.Decode(into)
	if err == nil {
		end := in.InputOffset()
		if _, more := in.Token(); !errors.Is(more, io.EOF) {
			return fmt.Errorf("%s: something follows the value", place(data, end))
		}
		return nil
	}
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("%s: %w", place(data, syntax.Offset-1), err)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%s: the text ends too early: %w", place(data, int64(len(data))), io.ErrUnexpectedEOF)
	}
	if all := explain(data, into); all != nil {
		return all
	}
	return err
}

// place tells where an offset is.
func place(data []byte, offset int64) string {
	before := data[:min(max(offset, 0), int64(len(data)))]
	return fmt.Sprintf("line %d, column %d", 1+bytes.Count(before, []byte("\n")), len(before)-bytes.LastIndexByte(before, '\n'))
}
