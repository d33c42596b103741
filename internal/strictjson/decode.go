// Package strictjson decodes JSON that a person wrote. It refuses unknown fields
// and text after the value, and reports every problem at once with its path.
package strictjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/ctikit/ctikit"
)

// Decode decodes data into a pointer as package encoding/json does. Its error is
// a [ctikit.Problems]: every value that cannot be decoded with its path, or the
// line and column where the text is not JSON ("line 2, column 12: …"). It shows
// no value of a field except in what the value's own type reports about it, so
// no password.
func Decode(data []byte, into any) error { return DecodeAt("", data, into) }

// DecodeAt is [Decode] for the part of a document at path, "links".
func DecodeAt(path string, data []byte, into any) error {
	in := json.NewDecoder(bytes.NewReader(data))
	in.DisallowUnknownFields()
	err := in.Decode(into)
	var ps ctikit.Problems
	var syntax *json.SyntaxError
	switch {
	case err == nil:
		end := in.InputOffset()
		if _, more := in.Token(); !errors.Is(more, io.EOF) {
			ps.Add(path, "%s: unexpected text after the value", position(data, end))
		}
	case errors.As(err, &syntax):
		ps.Add(path, "%s: %w", position(data, syntax.Offset-1), err)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		ps.Add(path, "%s: the text ends too early: %w", position(data, int64(len(data))), io.ErrUnexpectedEOF)
	default:
		if ps = explain(path, data, into); ps == nil {
			ps.AddUnder(path, err)
		}
	}
	return ps.Err()
}

// position returns the line and column of an offset.
func position(data []byte, offset int64) string {
	before := data[:min(max(offset, 0), int64(len(data)))]
	line, column := 1+bytes.Count(before, []byte("\n")), len(before)-bytes.LastIndexByte(before, '\n')
	return fmt.Sprintf("line %d, column %d", line, column)
}
