package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
)

// limitsFile holds the figures that must not rise: rows of a name and a number,
// comments after #.
const limitsFile = "internal/measure/limits.txt"

// limited are the figures that limits.txt may hold, by name.
func limited(m *module) map[string]float64 {
	all, open := m.sumAll(), m.sum(isImportable)
	return map[string]float64{
		"shared":    math.Ceil(10*all.sharedPercent()) / 10, // one digit, so that it can be written as it is compared
		"long":      float64(len(all.longLines)),
		"functions": float64(len(all.longFunctions)),
		"aliases":   float64(len(open.aliases)),
	}
}

// limit is a row of limits.txt.
type limit struct {
	name  string
	value float64
}

func readLimits(file string) (limits []limit, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(text)) {
		line, _, _ = strings.Cut(line, "#")
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		if len(fields) != 2 {
			return nil, fmt.Errorf("%s: want a name and a number, got %q", file, line)
		}
		value, err := strconv.ParseFloat(fields[1], 64)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: invalid number %q", file, fields[0], fields[1])
		}
		limits = append(limits, limit{fields[0], value})
	}
	return limits, nil
}

// compareLimits fails if a figure is higher than limits.txt permits.
func compareLimits(out io.Writer, file string, m *module) error {
	limits, err := readLimits(file)
	if err != nil {
		return err
	}
	now := limited(m)
	var risen []error
	for _, l := range limits {
		value, known := now[l.name]
		switch {
		case l.name == pathLimit: // held by a test of its own
		case !known:
			risen = append(risen, fmt.Errorf("%s: unknown figure %q", file, l.name))
		case value > l.value:
			risen = append(risen, fmt.Errorf("%s rose to %v, limit %v; see measure -names", l.name, value, l.value))
		case value < l.value:
			fmt.Fprintf(out, "%s fell to %v, limit %v; lower it with measure -lower\n", l.name, value, l.value)
		default:
			fmt.Fprintf(out, "%s is %v\n", l.name, value)
		}
	}
	return errors.Join(risen...)
}

// lowerLimits writes the figures that have fallen, and no others.
func lowerLimits(file string, m *module) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	now := limited(m)
	var out strings.Builder
	for line := range bytes.Lines(text) {
		row, _, _ := strings.Cut(string(line), "#")
		fields := strings.Fields(row)
		if len(fields) == 2 {
			value, known := now[fields[0]]
			if old, err := strconv.ParseFloat(fields[1], 64); err == nil && known && value < old {
				out.WriteString(strings.Replace(string(line), fields[1], strconv.FormatFloat(value, 'f', -1, 64), 1))
				continue
			}
		}
		out.Write(line)
	}
	return os.WriteFile(file, []byte(out.String()), 0o644)
}
