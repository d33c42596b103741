package message

import "strconv"

// Operation is a service. The values are the operation codes of ECMA-285, so
// that CSTA III needs no table; those from 1000 on exist in XML only.
type Operation uint16

// NoOperation is the zero value: not a service.
const NoOperation Operation = 0

// String is the name that ECMA-285 gives the operation, spelt as there.
func (o Operation) String() string {
	if name, ok := operationNames[o]; ok {
		return name
	}
	return "operation " + strconv.Itoa(int(o))
}

// MarshalText encodes the operation by name.
func (o Operation) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// Answered reports whether the operation has a result (ECMA-285: the others
// are marked ALWAYS RESPONDS FALSE).
func (o Operation) Answered() bool {
	switch o {
	case EventReport, SnapshotCallData, SnapshotDeviceData, SwitchingFunctionDevices, SystemRegisterAbort,
		ApplicationSessionTerminated:
		return false
	}
	return true
}

// Operations lists the services that the model knows, in no order.
func Operations() []Operation {
	out := make([]Operation, 0, len(operationNames))
	for o := range operationNames {
		out = append(out, o)
	}
	return out
}

// valueName returns the name of a value, or its type and number.
func valueName(names []string, i int, kind string) string {
	if i < len(names) {
		return names[i]
	}
	return kind + "(" + strconv.Itoa(i) + ")"
}
