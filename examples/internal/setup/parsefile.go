package setup

import (
	"fmt"
	"os"
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
