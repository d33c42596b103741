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
// The exit status is 0, also of -help; 1 where -analyse has an error among its findings, -diff
// found a difference, or the plan is wrong; 2 for wrong arguments.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/ctikit/ctikit/dialplan"
)

func main() {
	err := run(os.Args[1:], os.Stdin, os.Stdout)
	var usage usageError
	switch {
	case err == nil:
	case errors.As(err, &usage):
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// usageError is a mistake in the arguments.
type usageError string

func (e usageError) Error() string { return string(e) }

// helpAsked is the help text, for whoever asked for it.
type helpAsked string

func (helpAsked) Error() string { return "help" }

// options are the arguments.
type options struct {
	plan, preset, direction, spaces, profile, diff string
	explain, analyse                               bool
}

func parse(args []string) (o options, err error) {
	var help strings.Builder
	flags := flag.NewFlagSet("dialplan", flag.ContinueOnError)
	flags.SetOutput(&help)
	flags.StringVar(&o.plan, "plan", "", "read the plan from this JSON `file`")
	flags.StringVar(&o.preset, "preset", "", "use the preset plan of this `country`")
	flags.StringVar(&o.direction, "direction", "out", "`out` for dialled numbers, in for presented ones")
	flags.BoolVar(&o.explain, "explain", false, "tell every step")
	flags.BoolVar(&o.analyse, "analyse", false, "tell what is wrong with the plan, for all numbers at once")
	flags.StringVar(&o.diff, "diff", "", "compare with the plan of this `file`")
	flags.StringVar(&o.spaces, "spaces", "", "read Spaces profiles from this JSON `file`")
	flags.StringVar(&o.profile, "profile", "", "`name` of the profile")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return o, helpAsked(help.String())
	} else if err != nil {
		return o, usageError(strings.TrimSpace(help.String()))
	}
	sources := 0
	for _, given := range []string{o.plan, o.preset, o.spaces} {
		if given != "" {
			sources++
		}
	}
	switch {
	case flags.NArg() > 0:
		return o, usageError(fmt.Sprintf("%q: numbers are read from the standard input", flags.Arg(0)))
	case sources != 1:
		return o, usageError("give one of -plan FILE, -preset NAME and -spaces FILE -profile NAME")
	case o.direction != "out" && o.direction != "in":
		return o, usageError("-direction is out or in")
	case (o.spaces == "") != (o.profile == ""):
		return o, usageError("-spaces FILE and -profile NAME go together")
	case o.spaces != "" && (o.analyse || o.diff != "" || o.direction == "in"):
		return o, usageError("-spaces goes with none of -analyse, -diff and -direction in")
	case o.analyse && (o.diff != "" || o.explain || o.direction == "in"):
		return o, usageError("-analyse goes with none of -diff, -explain and -direction in")
	case o.diff != "" && o.explain:
		return o, usageError("-diff does not go with -explain")
	}
	return o, nil
}

func run(args []string, in io.Reader, out io.Writer) (err error) {
	o, err := parse(args)
	if help, ok := errors.AsType[helpAsked](err); ok {
		_, err := io.WriteString(out, string(help))
		return err
	}
	if err != nil {
		return err
	}
	w := bufio.NewWriter(out)
	defer func() { err = errors.Join(err, w.Flush()) }()
	if o.spaces != "" {
		return runSpaces(o, in, w)
	}
	plan, err := load(o)
	if err != nil {
		return err
	}
	switch {
	case o.analyse:
		return analyse(plan, w)
	case o.diff != "":
		other, err := loadFile(o.diff)
		if err != nil {
			return err
		}
		return diff(plan, other, o.direction, in, w)
	case o.direction == "in":
		return lines(in, func(number string) { incoming(plan, number, o.explain, w) })
	default:
		return lines(in, func(number string) { outgoing(plan, number, o.explain, w) })
	}
}

func load(o options) (*dialplan.Plan, error) {
	if o.preset != "" {
		config, ok := dialplan.Preset(o.preset)
		if !ok {
			return nil, usageError(fmt.Sprintf("no preset %q; there are %s", o.preset, strings.Join(dialplan.Presets(), ", ")))
		}
		return dialplan.New(config)
	}
	return loadFile(o.plan)
}

func loadFile(name string) (*dialplan.Plan, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	plan, err := dialplan.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return plan, nil
}

// lines calls do for every line, without its line break.
func lines(in io.Reader, do func(line string)) error {
	const longest = 1 << 20
	scanner := bufio.NewScanner(in)
	scanner.Buffer(nil, longest)
	n := 1
	for ; scanner.Scan(); n++ {
		do(scanner.Text())
	}
	if err := scanner.Err(); err != nil {
		return fmt.Errorf("standard input, line %d: %w", n, err)
	}
	return nil
}

// row writes columns with tabs between; a tab inside one becomes a blank.
func row(w io.Writer, columns ...string) {
	for i, column := range columns {
		columns[i] = strings.ReplaceAll(column, "\t", " ")
	}
	fmt.Fprintln(w, strings.Join(columns, "\t"))
}

func steps(w io.Writer, steps []string) {
	for _, step := range steps {
		fmt.Fprintln(w, "   ", step)
	}
}
