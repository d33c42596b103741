package catalogue

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// platformLines returns the lines after "supported by:", without their indentation.
func platformLines(doc []string) (lines []string) {
	if _, rest, ok := strings.Cut(doc[0], ":"); ok && strings.TrimSpace(rest) != "" {
		lines = append(lines, strings.TrimSpace(rest))
	} else if m := supported.FindStringIndex(doc[0]); !ok {
		lines = append(lines, strings.TrimSpace(doc[0][m[1]:]))
	}
	for _, line := range doc[1:] {
		if text := strings.TrimSpace(line); platform.MatchString(text) {
			lines = append(lines, text)
		}
	}
	return slices.DeleteFunc(lines, func(s string) bool { return s == "" })
}

// platform is how a line about a platform begins.
var platform = regexp.MustCompile(`^(Avaya (IX )?(Workplace|Equinox|Vantage)|Vantage|` +
	`J1\d\d|J1xx|J100|96x[01]|96xx|16xx|B189|H1xx|H175|K1[567]5|All )`)

// families are the values of MODEL4 that a word in a platform's name stands for.
var families = []struct{ words, models []string }{
	{[]string{"Workplace", "Equinox"}, []string{"aca", "aci", "acm", "acw"}},
	{[]string{"Vantage"}, []string{"K155", "K165", "K175"}},
	{[]string{"J100", "J1xx"}, []string{"J129", "J139", "J159", "J169", "J179", "J189"}},
	{[]string{"96x1", "96xx"}, []string{"9601", "9608", "9611", "9621", "9641"}},
	{[]string{"96x0", "96xx"}, []string{"9610", "9620", "9630", "9640", "9650", "9670"}},
	{[]string{"16xx"}, []string{"1603", "1608", "1616"}},
	{[]string{"H1xx"}, []string{"H175"}},
}

// singles are the values of MODEL4 that platforms name themselves.
var singles = []string{"J129", "J139", "J159", "J169", "J179", "J189", "B189", "H175", "K155", "K165", "K175"}

// modelsNamedIn returns the values of MODEL4 that a line names.
func modelsNamedIn(line string) (found []string) {
	isSeparator := func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	for word := range strings.FieldsFuncSeq(line, isSeparator) {
		if slices.Contains(singles, word) {
			found = append(found, word)
		}
	}
	return found
}

// platformModels returns the values of MODEL4 that platforms stand for; nil where a line
// says something else, so that nothing is called unsupported by mistake.
func platformModels(platforms []string) []string {
	var out []string
	for _, line := range platforms {
		if strings.HasPrefix(line, "All ") {
			return nil
		}
		found := modelsNamedIn(line)
		for _, f := range families {
			if slices.ContainsFunc(f.words, func(word string) bool { return strings.Contains(line, word) }) {
				found = append(found, f.models...)
			}
		}
		if len(found) == 0 {
			return nil
		}
		out = append(out, found...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
