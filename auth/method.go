package auth

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/auth/params"
)

// MethodsParameter is the application parameter that holds the methods of a
// user, a group or a domain (TWP guide 6.1).
const MethodsParameter = "AuthMethods"

// Method is one way of signing in, named as in the parameter AuthMethods.
type Method string

// The methods of TWP guide chapter 6.
const (
	WindowsSecurity Method = "WindowsSecurity" // the Windows session, proved over HTTP Negotiate (6.2)
	LDAP            Method = "LDAP"            // bind at a directory server (6.3)
	TWS             Method = "TWS"             // local password (6.4)
	None            Method = "None"            // the user name alone (6.5); see [NewNone]
)

// ParseMethods reads a value of AuthMethods: one or several methods joined by
// "|", tried in that order. Case and blanks around a word do not matter. An
// empty value, an unknown word and a word given twice are errors, all reported
// at once as [ctikit.Problems], each at the word: "[1]" is the second.
func ParseMethods(value string) ([]Method, error) {
	var methods []Method
	var ps ctikit.Problems
	i := -1
	for word := range strings.SplitSeq(value, "|") {
		i++
		path := fmt.Sprintf("[%d]", i)
		method, ok := methodNamed(strings.TrimSpace(word))
		switch {
		case !ok:
			ps.Add(path, "%q is not one of WindowsSecurity, LDAP, TWS, None", clip(word))
		case slices.Contains(methods, method):
			ps.Add(path, "duplicate %s", method)
		default:
			methods = append(methods, method)
		}
		if len(ps) == 8 { // a value of a megabyte shall not give a report of ten
			break
		}
	}
	if err := ps.Err(); err != nil {
		return nil, err
	}
	return methods, nil
}

func methodNamed(word string) (Method, bool) {
	for _, m := range [...]Method{WindowsSecurity, LDAP, TWS, None} {
		if strings.EqualFold(word, string(m)) {
			return m, true
		}
	}
	return "", false
}

// Definitions returns the application parameters of this package, for
// [params.New]: AuthMethods, with byDefault for those for whom nothing is set;
// "" permits no sign-in by default. An import of a configuration cannot bring in
// None where it was not.
func Definitions(byDefault string) []params.Definition {
	return []params.Definition{{
		Name:    MethodsParameter,
		Default: byDefault,
		Check: func(value string) error {
			_, err := ParseMethods(value)
			return err
		},
		Weaker: func(old, new string) bool { return allowsNone(new) && !allowsNone(old) },
	}}
}

func allowsNone(value string) bool {
	methods, err := ParseMethods(value)
	return err == nil && slices.Contains(methods, None)
}
