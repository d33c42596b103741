package setup

import (
	"fmt"
	"os"

	"github.com/ctikit/ctikit/internal/strictjson"
)

// ParseFile reads a file that the program cannot start without: a missing or
// wrong one is a [Mistake].
func ParseFile[T any](name string, parse func([]byte) (T, error)) (v T, err error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return v, Mistake{err}
	}
	if v, err = parse(data); err != nil {
		return v, Mistake{fmt.Errorf("%s: %w", name, err)}
	}
	return v, nil
}

// ParseJSON does so with a JSON file, which holds nothing that T does not know.
func ParseJSON[T any](name string) (T, error) {
	return ParseFile(name, func(text []byte) (v T, err error) { return v, strictjson.Decode(text, &v) })
}
