// Command dialplan tests a dial plan (TWP guide 5.3, "Test du plan de
// numérotation"): numbers in, one per line, and out comes what would be sent
// to the PBX, with the rule that said so.
//
//	dialplan -plan FILE [-direction out|in] [-explain] [-diff FILE]
//	dialplan -plan FILE -analyse
//	dialplan -spaces FILE -profile NAME
//
// Outgoing: input, output, rule, external prefix added; with tabs between.
// Incoming: input, look-up number, kind, E.164. A number that cannot be dialled
// has "error: …" for its output. -preset NAME stands in for -plan FILE.
//
// The exit status is 0, also of -help; 1 where -analyse has an error among its
// findings or -diff found a difference; 2 for wrong arguments or a wrong plan.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/ctikit/ctikit/dialplan"
	"github.com/ctikit/ctikit/examples/internal/report"
	"github.com/ctikit/ctikit/examples/internal/setup"
)

func main() {
	os.Exit(setup.Exit("dialplan", testPlan(os.Args[1:], os.Stdin, os.Stdout, os.Stderr), os.Stderr))
}

type options struct {
	plan, preset, direction, spaces, profile, diff string
	explain, analyse                               bool
}

func parseOptions(args []string, errs io.Writer) (o options, err error) {
	flags := setup.Flags("dialplan", "shows what would be sent to the PBX for each line, or checks a plan.", errs)
	flags.StringVar(&o.plan, "plan", "", "read the plan from this JSON `file`")
	flags.StringVar(&o.preset, "preset", "", "use the preset plan of this `country`")
	flags.StringVar(&o.direction, "direction", "out", "`out` for dialled numbers, in for presented ones")
	flags.BoolVar(&o.explain, "explain", false, "show every step")
	flags.BoolVar(&o.analyse, "analyse", false, "check the plan, for all numbers at once")
	flags.StringVar(&o.diff, "diff", "", "compare with the plan of this `file`")
	flags.StringVar(&o.spaces, "spaces", "", "read Spaces profiles from this JSON `file`")
	flags.StringVar(&o.profile, "profile", "", "`name` of the profile")
	if err := setup.Parse(flags, args); err != nil {
		return o, err
	}
	in := o.direction == "in"
	sources := slices.DeleteFunc([]string{o.plan, o.preset, o.spaces}, func(s string) bool { return s == "" })
	switch {
	case len(sources) != 1 || (o.spaces == "") != (o.profile == ""):
		err = errors.New("give one of -plan FILE, -preset NAME and -spaces FILE -profile NAME")
	case !in && o.direction != "out":
		err = errors.New("-direction is out or in")
	case o.spaces != "" && (o.analyse || o.diff != "" || in):
		err = errors.New("-spaces goes with none of -analyse, -diff and -direction in")
	case o.analyse && (o.diff != "" || o.explain || in):
		err = errors.New("-analyse goes with none of -diff, -explain and -direction in")
	case o.diff != "" && o.explain:
		err = errors.New("-diff does not go with -explain")
	default:
		return o, nil
	}
	return o, setup.Mistake{Err: err}
}

func testPlan(args []string, in io.Reader, out, errs io.Writer) (err error) {
	o, err := parseOptions(args, errs)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(out)
	defer func() { err = errors.Join(err, w.Flush()) }()
	if o.spaces != "" {
		return o.testSpaces(in, w, errs)
	}
	plan, err := o.readPlan()
	switch {
	case err != nil:
		return err
	case o.analyse:
		return analysePlan(plan, w)
	case o.diff != "":
		return o.comparePlans(plan, in, w)
	case o.direction == "in":
		return setup.Lines(in, func(number string) {
			caller, steps := plan.ExplainIncoming(number)
			o.printRow(w, steps, number, caller.Lookup, caller.Kind.String(), caller.E164)
		})
	}
	return setup.Lines(in, func(number string) {
		e := plan.Explain(number)
		o.printRow(w, e.Steps, number, dialledText(e.Result, e.Err), e.Rule, strconv.FormatBool(e.ExternalPrefix))
	})
}

func (o *options) readPlan() (*dialplan.Plan, error) {
	if o.preset == "" {
		return setup.ParseFile(o.plan, dialplan.Parse)
	}
	config, ok := dialplan.Preset(o.preset)
	if !ok {
		known := strings.Join(dialplan.Presets(), ", ")
		return nil, setup.Mistake{Err: fmt.Errorf("unknown preset %q; must be one of %s", o.preset, known)}
	}
	return dialplan.New(config)
}

// printRow writes what became of a number, and with -explain how.
func (o *options) printRow(w io.Writer, steps []string, columns ...string) {
	report.Row(w, columns...)
	if o.explain {
		for _, step := range steps {
			fmt.Fprintln(w, "   ", step)
		}
	}
}

// dialledText is the column of what is dialled.
func dialledText(dialled string, err error) string {
	if err == nil {
		return dialled
	}
	if number, ok := errors.AsType[*dialplan.NumberError](err); ok {
		err = number.Err // the number stands in the first column
	}
	return "error: " + err.Error()
}

func (o *options) testSpaces(in io.Reader, w, errs io.Writer) error {
	profiles, err := setup.ParseFile(o.spaces, dialplan.ParseSpaces)
	if err != nil {
		return err
	}
	profile, ok := profiles[o.profile]
	if !ok {
		names := strings.Join(slices.Sorted(maps.Keys(profiles)), ", ")
		return setup.Mistake{Err: fmt.Errorf("%s has no profile %q; must be one of %s", o.spaces, o.profile, names)}
	}
	for _, finding := range profile.Warnings() {
		fmt.Fprintln(errs, finding)
	}
	return setup.Lines(in, func(number string) {
		e := profile.Explain(number)
		o.printRow(w, e.Steps, number, dialledText(e.Result, e.Err), string(e.Class), strconv.FormatBool(e.OutsidePrefix))
	})
}

// Errors of -analyse and of -diff.
var errFindings, errDifferent = errors.New("the plan has errors"), errors.New("the plans differ")

func analysePlan(plan *dialplan.Plan, w io.Writer) (err error) {
	findings := plan.Analyse()
	for _, finding := range findings {
		fmt.Fprintln(w, finding)
	}
	if findings.Errors() {
		err = errFindings
	}
	return err
}

// comparePlans compares the plan with that of -diff: on the numbers given, and by proof.
func (o *options) comparePlans(plan *dialplan.Plan, in io.Reader, w io.Writer) error {
	other, err := setup.ParseFile(o.diff, dialplan.Parse)
	if err != nil {
		return err
	}
	prove, text := dialplan.Equivalent, func(p *dialplan.Plan, number string) string {
		return dialledText(p.Outgoing(number))
	}
	if o.direction == "in" {
		prove = dialplan.EquivalentIncoming
		text = func(p *dialplan.Plan, number string) string { return p.Identify(number).String() }
	}
	different := false
	err = setup.Lines(in, func(number string) {
		if x, y := text(plan, number), text(other, number); x != y {
			different = true
			report.Row(w, number, x, y)
		}
	})
	if err != nil {
		return err
	}
	proof := prove(plan, other)
	fmt.Fprintln(w, proof)
	if different || !proof.Equal {
		return errDifferent
	}
	return nil
}
