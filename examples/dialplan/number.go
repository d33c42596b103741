package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/ctikit/ctikit/dialplan"
)

func outgoing(plan *dialplan.Plan, number string, explain bool, w io.Writer) {
	e := plan.Explain(number)
	result := e.Result
	if e.Err != nil {
		result = reason(e.Err)
	}
	row(w, number, result, e.Rule, strconv.FormatBool(e.ExternalPrefix))
	if explain {
		steps(w, e.Steps)
	}
}

// reason is the output column of a number that cannot be dialled.
func reason(err error) string {
	var number *dialplan.NumberError
	if errors.As(err, &number) {
		err = number.Err // the number stands in the first column
	}
	return "error: " + err.Error()
}

func incoming(plan *dialplan.Plan, number string, explain bool, w io.Writer) {
	caller, how := plan.ExplainIncoming(number)
	row(w, number, caller.Lookup, caller.Kind.String(), caller.E164)
	if explain {
		steps(w, how)
	}
}

func runSpaces(o options, in io.Reader, w io.Writer) error {
	data, err := os.ReadFile(o.spaces)
	if err != nil {
		return err
	}
	profiles, err := dialplan.ParseSpaces(data)
	if err != nil {
		return fmt.Errorf("%s: %w", o.spaces, err)
	}
	profile, ok := profiles[o.profile]
	if !ok {
		names := strings.Join(slices.Sorted(maps.Keys(profiles)), ", ")
		return usageError(fmt.Sprintf("%s has no profile %q; there are %s", o.spaces, o.profile, names))
	}
	for _, finding := range profile.Warnings() {
		fmt.Fprintln(os.Stderr, finding)
	}
	return lines(in, func(number string) {
		e := profile.Explain(number)
		result := e.Result
		if e.Err != nil {
			result = reason(e.Err)
		}
		row(w, number, result, string(e.Class), strconv.FormatBool(e.OutsidePrefix))
		if o.explain {
			steps(w, e.Steps)
		}
	})
}

// errFindings makes the exit status of -analyse.
var errFindings = errors.New("the plan has errors")

func analyse(plan *dialplan.Plan, w io.Writer) error {
	var err error
	for _, finding := range plan.Analyse() {
		fmt.Fprintln(w, finding)
		if finding.Severity == dialplan.Error {
			err = errFindings
		}
	}
	return err
}

// errDifferent makes the exit status of -diff.
var errDifferent = errors.New("the plans differ")

// diff compares two plans on the numbers given, and by proof.
func diff(a, b *dialplan.Plan, direction string, in io.Reader, w io.Writer) error {
	var different error
	compare, text := dialplan.Equivalent, outgoingText
	if direction == "in" {
		compare, text = dialplan.EquivalentIncoming, incomingText
	}
	err := lines(in, func(number string) {
		if x, y := text(a, number), text(b, number); x != y {
			different = errDifferent
			row(w, number, x, y)
		}
	})
	if err != nil {
		return err
	}
	c := compare(a, b)
	switch {
	case !c.Equal:
		different = errDifferent
		fmt.Fprintf(w, "differ: %s gives %s (%s) and %s (%s)\n", c.Number, c.A, orNone(c.RuleA), c.B, orNone(c.RuleB))
	case c.Proved:
		fmt.Fprintln(w, "equivalent: proved for all numbers")
	default:
		fmt.Fprintln(w, "no difference found, without proof")
		for _, pair := range c.Open {
			fmt.Fprintf(w, "open: %s and %s\n", orNone(pair[0]), orNone(pair[1]))
		}
	}
	return different
}

func orNone(rule string) string {
	if rule == "" {
		return "no rule"
	}
	return "rule " + rule
}

func outgoingText(plan *dialplan.Plan, number string) string {
	dialled, err := plan.Outgoing(number)
	if err != nil {
		return reason(err)
	}
	return dialled
}

func incomingText(plan *dialplan.Plan, number string) string {
	return plan.Identify(number).String()
}
