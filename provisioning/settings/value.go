package settings

import "strings"

// cutValue splits what follows the name of a SET into the value and what comes
// after its closing quote; after is the offset of the latter. A text without a
// leading or without a closing quote is one value.
func cutValue(s string) (value string, after int) {
	i := 0
	for i < len(s) && s[i] == '"' {
		end := strings.IndexByte(s[i+1:], '"')
		if end < 0 {
			return s, len(s)
		}
		i += end + 2
		next := i + len(s[i:]) - len(strings.TrimLeft(s[i:], blanks))
		if next == len(s) || s[next] != ',' {
			return s[:i], next
		}
		next++
		next += len(s[next:]) - len(strings.TrimLeft(s[next:], blanks))
		if next == len(s) || s[next] != '"' {
			return s, len(s) // "a",b: no list of quoted strings
		}
		i = next
	}
	return s, len(s)
}

// Unquote returns the text of a value as written: what is between the quotes of
// a single quoted string, everything else unchanged. A list of quoted strings
// keeps its quotes; [SplitList] takes it apart.
func Unquote(value string) string {
	if len(value) >= 2 && value[0] == '"' && strings.IndexByte(value[1:], '"') == len(value)-2 {
		return value[1 : len(value)-1]
	}
	return value
}

// SplitList returns the elements of a value as written: telephones write lists
// as a,b,c or "a,b,c", Workplace also as "a","b" (SETTINGS of LOCKED_PREFERENCES,
// CELLULAR_DIRECT_NUMBER_LIST, PHNDPLENGTH). The empty value has no elements.
func SplitList(value string) []string {
	text := Unquote(value)
	if text == "" {
		return nil
	}
	if text != value || value[0] != '"' {
		return strings.Split(text, ",")
	}
	var list []string
	for i := 0; i < len(value); {
		end := strings.IndexByte(value[i+1:], '"')
		if end < 0 {
			return []string{value}
		}
		list = append(list, value[i+1:i+1+end])
		next := strings.IndexByte(value[i+end+2:], '"')
		if next < 0 {
			return list
		}
		i += end + 2 + next
	}
	return list
}

// commentIndex returns the offset of a comment after an unquoted value: a blank,
// then "#". -1 if there is none.
func commentIndex(bare string) int {
	if strings.HasPrefix(bare, `"`) {
		return -1
	}
	for i := 1; i < len(bare); i++ {
		if bare[i] == '#' && (bare[i-1] == ' ' || bare[i-1] == '\t') {
			return i
		}
	}
	return -1
}
