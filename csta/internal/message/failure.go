package message

import "strconv"

// FailureClass is the category of an error (ECMA-269 12.2.29). The values are
// the tags of ECMA-285.
type FailureClass uint8

// The categories.
const (
	OperationError FailureClass = iota
	SecurityError
	StateError
	SystemResourceError
	SubscribedResourceError
	PerformanceError
	PrivateDataError
	UnspecifiedError
)

var failureClassNames = [...]string{"operation", "security", "stateIncompatibility", "systemResourceAvailability",
	"subscribedResourceAvailability", "performanceManagement", "privateData", "unspecified"}

// String is the name as in ECMA-285.
func (c FailureClass) String() string { return name(failureClassNames[:], int(c), "FailureClass") }

// MarshalText encodes the category by name.
func (c FailureClass) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// Failure is the negative answer to a service: a category and the number of
// the error within it, both as in ECMA-285.
type Failure struct {
	Class  FailureClass
	Number int64
}

// Name is the name that ECMA-285 gives the error, "" for a number that it lacks.
func (f Failure) Name() string {
	if int(f.Class) < len(failureNames) {
		return failureNames[f.Class][f.Number]
	}
	return ""
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
	if int(class) < len(failureNames) {
		for n, known := range failureNames[class] {
			if known == name {
				return Failure{class, n}, true
			}
		}
	}
	return Failure{Class: class}, class == UnspecifiedError
}
