// Package dialplan makes numbers diallable and presented numbers searchable
// (TWP guide, chapter 5).
//
// A [Plan] is built once from [Parameters] and [Rule]s and is then immutable
// and safe for concurrent use. [Plan.Outgoing] turns what a user types, or what
// is on a contact card, into what the PBX must be sent; [Plan.Incoming]
// turns the number that the PBX presents into the number to look up in the
// directory, and into E.164.
//
//	plan, err := dialplan.New(dialplan.Config{
//		Parameters: dialplan.Parameters{
//			InternationalPrefix: "00", CountryPrefix: "33", NationalPrefix: "0", ExternalPrefix: "0",
//			InternalLength: 4, ReverseInternalLength: 4, NationalLength: dialplan.Lengths{9},
//			Emergency: []string{"15", "17", "18", "112"},
//		},
//	})
//	dialled, err := plan.Outgoing("+33 (0)1 55 17 20 90") // "00155172090"
//
// or from a preset of a country ([Preset]), or from JSON ([Parse]).
//
// # Outgoing
//
// The input is reduced to one or two forms. The light form keeps digits, a
// leading + and parentheses, and # and * where the number starts with one of
// them (a service code); the strict form is the light one without parentheses.
// Emergency numbers are left alone. Otherwise the rules are tried in order of
// priority, each on the light form and then on the strict form; the first that
// matches at the start of the number is applied, and no other. The result is
// the rule's value and the rest of the number. The external prefix is added
// where the number was international (+), the rule's value does not place it
// itself, and the result is longer than an internal number; and where no rule
// matched and the number is longer than an internal one.
//
// A rule's pattern is literal text with placeholders ([-InternationalPrefix-],
// [-CountryPrefix-], [-NationalPrefix-], [-ExternalPrefix-]), or, in square
// brackets, a .NET regular expression. [StandardRules] says which rules every
// plan has by default.
//
// # How it is fast, and how it can prove things
//
// All rules are merged into one automaton, whose walk over the number finds
// the winning rule whatever their number. What has no automaton (look-around,
// back-references) stays on the regular expression engine and is tried only
// where it ranks before that winner. The same automaton lets [Plan.Analyse]
// and [Equivalent] prove statements about all numbers at once, with a number
// as the witness.
//
// Patterns that could take a backtracking matcher exponentially long are
// refused when the plan is built.
//
// # Around a plan
//
// [Plan.Explain] reports every step of a transformation, [Plan.Witnesses] gives a
// number per rule as test vectors, and [Generate] writes a rule from a wish in
// words. Plans are read from and written to JSON, rules to JSON and CSV as
// well. [Current] holds a plan that is replaced while it is in use, and gives
// its part of the configuration document.
//
// [Spaces] holds the dialling rules of Avaya Spaces and Workplace profiles,
// which are parameters without rules.
package dialplan
