// Package enum prints and reads the names of enumerations.
package enum

import (
	"fmt"
	"strconv"
	"strings"
)

// Name returns the name of value i, or kind and the number for a value without
// one: "Protocol(9)".
func Name(names []string, i int, kind string) string {
	if i < len(names) && names[i] != "" {
		return names[i]
	}
	return kind + "(" + strconv.Itoa(i) + ")"
}

// Value returns the number of a name, in any case. The error lists the names.
func Value(names []string, name, kind string) (int, error) {
	for i, n := range names {
		if strings.EqualFold(n, name) {
			return i, nil
		}
	}
	return 0, fmt.Errorf("unknown %s %q: must be one of %s", kind, name, strings.Join(names, ", "))
}
