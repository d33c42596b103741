package message

import (
	"slices"
	"strconv"
)

// FailureClass is the category of an error (ECMA-269 12.2.29). The values are
// the tags of ECMA-285.
type FailureClass uint8

// Failure is the negative answer to a service: a category and the number of
// the error within it, both as in ECMA-285.
type Failure struct {
	Class  FailureClass
	Number int64
}

// Name is the name that ECMA-285 gives the error, "" for a number that it lacks.
func (f Failure) Name() string {
	if int(f.Class) >= len(failureNames) || f.Number < 0 || f.Number >= int64(len(failureNames[f.Class])) {
		return ""
	}
	return failureNames[f.Class][f.Number]
}

// String is category, name and number: "operation invalidCalledDeviceID (6)".
func (f Failure) String() string {
	if f.Class == UnspecifiedError {
		return f.Class.String()
	}
	s := f.Class.String()
	if n := f.Name(); n != "" {
		s += " " + n
	}
	return s + " (" + strconv.FormatInt(f.Number, 10) + ")"
}

// FailureByName finds an error by the name that ECMA-285 gives it within a category.
func FailureByName(class FailureClass, name string) (Failure, bool) {
	if int(class) < len(failureNames) && name != "" {
		if n := slices.Index(failureNames[class], name); n >= 0 {
			return Failure{class, int64(n)}, true
		}
	}
	return Failure{Class: class}, class == UnspecifiedError
}
