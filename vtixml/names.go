package vtixml

import (
	"strings"
	"unicode"

	"github.com/ctikit/ctikit/cti"
)

// The dialect writes operations, kinds, states and causes by the names that
// package cti has for them, which are those of ECMA-269.
var (
	operationNames, operationOf = operationElements()
	kindOf                      = invertNames(func(i int) cti.Kind { return cti.Kind(i) }, "Kind(")
	stateOf                     = invertNames(func(i int) cti.LocalState { return cti.LocalState(i) }, "LocalState(")
	causeOf                     = invertNames(func(i int) cti.Cause { return cti.Cause(i) }, "Cause(")
	agentOf                     = invertNames(func(i int) cti.AgentState { return cti.AgentState(i) }, "AgentState(")
	setTypeOf                   = invertNames(func(i int) cti.SetType { return cti.SetType(i) }, "SetType(")
)

// operationElements are the element names of requests: "make call" is <makeCall>.
func operationElements() (names map[cti.Operation]string, of map[string]cti.Operation) {
	names, of = map[cti.Operation]string{}, map[string]cti.Operation{}
	for _, op := range carried.List() {
		var b strings.Builder
		upper := false
		for _, r := range op.String() {
			switch {
			case r == ' ':
				upper = true
			case upper:
				b.WriteRune(unicode.ToUpper(r))
				upper = false
			default:
				b.WriteRune(r)
			}
		}
		names[op], of[b.String()] = b.String(), op
	}
	return names, of
}

// carried are the operations of the dialect. Forwards and features-only
// monitors go over CSTA (TWP guide 4.1); opening has separate messages.
var carried = cti.FullCTI().Without(cti.OpGetForwarding, cti.OpSetForwarding, cti.OpMonitorFeatures,
	cti.OpReleaseFeatures, cti.OpOpen)

// invertNames inverts the String method of an enumeration.
func invertNames[T interface{ String() string }](value func(int) T, unnamed string) map[string]T {
	of := map[string]T{}
	for i := 1; i < 256; i++ {
		if name := value(i).String(); !strings.HasPrefix(name, unnamed) {
			of[name] = value(i)
		}
	}
	return of
}
